"""What the brand editor shows in its frames: the shopper's page and a message, in a look."""

from __future__ import annotations

from copy import copy
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.http import HttpResponseBase, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.framed_mail import framed
from dashboard.languages.names import both_names, message_language
from dashboard.languages.words import message_words
from dashboard.shell import address
from lib.languages import OWN_NAMES
from lib.vocabulary import Milestone
from merchants.access import MerchantRequest, member_view
from merchants.looks import draft_of, dressed
from merchants.models import BrandDraft, Role
from notifications.preview import render_preview
from storefront_pages.banners import preview_banner
from storefront_pages.colours import is_hex
from storefront_pages.invented import invented
from storefront_pages.languages import offered
from storefront_pages.preview import PREVIEW_STATES, Scheme, framed_page, preview_page

#: So many languages stand side by side; more are a list.
FEW: Final = 4
_SCHEMES: Final = ("light", "dark")
#: What is told by mail in each state; in the others customers get no message.
_TOLD: Final[dict[str, Milestone]] = {
    "placed": Milestone.PLACED,
    "confirmed": Milestone.CONFIRMED,
    "packed": Milestone.PACKED,
    "shipped": Milestone.SHIPPED,
    "in_transit": Milestone.IN_TRANSIT,
    "late": Milestone.DELAYED,
    "out_for_delivery": Milestone.OUT_FOR_DELIVERY,
    "attempt_failed": Milestone.ATTEMPT_FAILED,
    "delivered": Milestone.DELIVERED,
}


@require_safe
@member_view(Role.ADMIN)
def brand_page(request: MerchantRequest) -> HttpResponseBase:
    """The shopper's page of an invented parcel, in the look of the draft.

    The query says `state` (a key of PREVIEW_STATES), `lang`, `seen_by` (light, dark or the
    machine's) and may override `accent`, `background`, `font` and `radius` of the look.
    """
    draft, now = draft_of(request.merchant), timezone.now()
    seen = shown(request.GET, offered(request.merchant))
    html = preview_page(
        merchant=dressed(request.merchant, draft),
        brand=_overridden(draft, request.GET),
        state=seen["state"],
        language=seen["lang"],
        now=now,
        scheme=cast(Scheme, seen["seen_by"]),
        banner=preview_banner(request.merchant, language=seen["lang"], now=now),
    )
    return framed_page(html)


@require_safe
@member_view(Role.ADMIN)
def brand_preview(request: MerchantRequest) -> HttpResponseBase:
    """The message about that state as customers would get it, in the look of the draft."""
    draft = draft_of(request.merchant)
    seen = shown(request.GET, offered(request.merchant))
    told = _TOLD.get(seen["state"])
    if told is None:
        with override(seen["lang"]):
            return framed(render_to_string("mail/no_message.html"))
    rendered = render_preview(
        merchant=dressed(request.merchant, draft),
        brand=draft,
        milestone=told,
        language=message_language(request.merchant, wish=seen["lang"]),
        now=timezone.now(),
    )
    return framed(rendered.html)


def shown(query: QueryDict, languages: list[str]) -> dict[str, str]:
    """What the previews show: state, language, day or night, "page" or "mail"; no stray word.

    Without a wish it is the language of whoever looks, where the shop speaks it.
    """
    scheme = query.get("seen_by", "")
    wishes = (query.get("lang", ""), get_language() or "", languages[0])
    return {
        "state": invented(query.get("state", "")).key,
        "lang": next(wish for wish in wishes if wish in languages),
        "seen_by": scheme if scheme in _SCHEMES else "",
        "show": "mail" if query.get("show") == "mail" else "page",
    }


def preview_facts(request: MerchantRequest, seen: str) -> dict[str, Any]:
    """For the right side of the editor: what may be chosen, what is, and the frames' addresses."""
    codes = offered(request.merchant)
    names = [(code, OWN_NAMES[code]) for code in codes]
    if len(codes) > FEW:
        names = [(code, both_names(code)) for code in codes]
    now = shown(request.POST if request.method == "POST" else request.GET, codes)
    query = urlencode({name: now[name] for name in ("state", "lang", "seen_by")} | {"v": seen})
    return {
        **now,
        "states": [{"value": one.key, "label": one.label} for one in PREVIEW_STATES],
        "languages": [{"value": code, "label": name, "lang": code} for code, name in names],
        "is_long": len(codes) > FEW,
        "messages_say": message_words(request.merchant),
        "schemes": [
            {"value": "", "label": pgettext("day or night", "Automatic")},
            {"value": "light", "label": _("By day")},
            {"value": "dark", "label": _("By night")},
        ],
        "shows": [
            {"value": "page", "label": _("Page")},
            {"value": "mail", "label": _("Message")},
        ],
        "page_url": f"{address(request, 'brand_page')}?{query}",
        "mail_url": f"{address(request, 'brand_preview')}?{query}",
    }


def _overridden(draft: BrandDraft, query: QueryDict) -> BrandDraft:
    """The look with what the query says otherwise; what is no colour or size is left as it was."""
    found = copy(draft)
    for name in ("accent", "background"):
        if is_hex(query.get(name, "")):
            setattr(found, name, query[name])
    found.font = query.get("font", found.font)
    radius = query.get("radius", "")
    if radius.isascii() and radius.isdigit() and len(radius) < 4:
        found.radius = int(radius)
    return found
