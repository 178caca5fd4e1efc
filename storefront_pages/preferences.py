"""How we write to this shopper: the page behind every message's last line.

Exempt from CSRF tokens for the reason that `lookup` gives; the link's token is the authority.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib import limits
from lib.languages import OWN_NAMES
from lib.phones import masked_email, masked_phone
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.channels.registry import Kind, Reach
from notifications.channels.webpush import public_key
from notifications.consent import choose, handle_of, phone_of, preference_of, suppressed
from notifications.groups import GROUPS, is_wanted, topics_without
from notifications.models import Preference, PushSubscription
from notifications.rules import channels_on
from notifications.text_limits import SMS
from storefront_pages import languages
from storefront_pages.access import Part
from storefront_pages.code_limits import wait_words
from storefront_pages.shop import Addresses, addresses, shell
from storefront_pages.stamps import Stamp, stamp
from storefront_pages.views import merchant_of, no_page, opened, private, shop_today
from tracking.models import Link, Order, Recipient

#: Before the names of the switches of groups: a channel might be called the same.
_TOPIC: Final = "about_"
#: Says that the form asked for kinds of messages at all: without it, no switch means nothing.
_ASKS_KINDS: Final = "kinds"
#: Changes through one link in an hour.
CHANGES_A_LINK: Final = (30, 3600)


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds the link: the order it leads to and the person it was made for."""

    token: str
    marked: Stamp
    order: Order
    where: Addresses

    @property
    def merchant(self) -> Merchant:
        return self.marked.merchant

    def recipient(self) -> Recipient | None:
        """The link's person, else the buyer; in the merchant's scope."""
        link = Link.objects.filter(pk=self.marked.link_id).first()
        people = Recipient.objects.filter(order_id=self.order.pk)
        mine = people.filter(pk=link.recipient_id).first() if link else None
        return mine or people.filter(role=Recipient.Role.BUYER).first()

    def language(self, request: HttpRequest) -> str:
        wish = self.marked.recipient_language or self.order.language
        return languages.choose(request, self.merchant, order_language=wish)


def held_by(
    request: HttpRequest, token: str, slug: str, *, ends: bool = False
) -> Held | HttpResponse:
    """The link's holder; the shop's "no such page" where the link leads nowhere.

    `ends`: with the order's page. Whoever wants no more messages may say so after that.
    """
    if ends:
        found = opened(request, token, slug, now=datetime.now(UTC))
        if isinstance(found, HttpResponse):
            return found
        assert found.order is not None
        return Held(token, found, found.order, addresses(request, found.merchant))
    own: Merchant | None = getattr(request, "own_domain", None)
    marked = stamp(token, merchant_slug=own.slug if own else slug)
    if marked is None or marked.order is None:
        return no_page(request, marked.merchant if marked else merchant_of(request, slug))
    return Held(token, marked, marked.order, addresses(request, marked.merchant))


def wait_to_change(held: Held) -> int:
    """Counts one more change through this link; seconds to wait, 0 when there is no need."""
    limit, seconds = CHANGES_A_LINK
    name = f"preferences:{held.merchant.pk}:{held.marked.link_id}"
    window = limits.count(name, limit=limit, seconds=seconds)
    return window.seconds_left if window.is_over else 0


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def preferences(request: HttpRequest, token: str, merchant: str = "") -> HttpResponse:
    """Channel, language, kinds, silence. A post is answered with 303 back to the page."""
    held = held_by(request, token, merchant)
    if isinstance(held, HttpResponse):
        return held
    with merchant_scope(held.merchant.pk):
        person = held.recipient()
        if person is None:
            return no_page(request, held.merchant)
        language = held.language(request)
        if request.method == "POST":
            response, language = _posted(request, held, person, language=language)
        else:
            with translation.override(language):
                response = _form(request, held, person, language=language)
    response.headers["Cache-Control"] = "no-store"
    languages.speak(response, request, language=language, path=held.where.root)
    return response


def _posted(
    request: HttpRequest, held: Held, person: Recipient, *, language: str
) -> tuple[HttpResponse, str]:
    """The answer, and the language that it and what follows is in."""
    wait = wait_to_change(held)
    if wait:
        with translation.override(language):
            return _form(request, held, person, language=language, wait=wait), language
    chosen = _save(request, held, person, language=language)
    response: HttpResponse = redirect(f"{request.path}?saved=1&lang={chosen}")
    response.status_code = 303
    return response, chosen


def _save(request: HttpRequest, held: Held, person: Recipient, *, language: str) -> str:
    """Keep what was posted; returns the language to go on in."""
    offered = languages.offered(held.merchant)
    wish = request.POST.get("language", "")
    chosen_language = wish if wish in offered else language
    known = {row["name"] for row in _rows(held, person)}
    posted = set(request.POST)
    choose(
        recipient=person,
        channels=known & posted,
        language=chosen_language,
        is_muted="mute" in posted,
        now=datetime.now(UTC),
        **(_kinds(held, person, posted) if _ASKS_KINDS in posted else {}),
    )
    Recipient.objects.filter(pk=person.pk).update(language=chosen_language)
    return chosen_language


class _Kinds(TypedDict, total=False):
    """What `choose` takes beside the channels; left out, it stays as it was."""

    muted_topics: set[str]
    muted_orders: set[int]
    wants_marketing: bool


def _kinds(held: Held, person: Recipient, posted: set[str]) -> _Kinds:
    """Which messages, of what was posted."""
    before = preference_of(person)
    orders = set(before.muted_orders if before else ()) - {held.order.pk}
    return {
        "muted_topics": topics_without({name.removeprefix(_TOPIC) for name in posted}),
        "muted_orders": orders | ({held.order.pk} if "mute_order" in posted else set()),
        "wants_marketing": "offers" in posted,
    }


def _form(
    request: HttpRequest, held: Held, person: Recipient, *, language: str, wait: int = 0
) -> HttpResponse:
    chosen = preference_of(person)
    names = OWN_NAMES
    context = framed(held, language=language) | {
        "saved": "saved" in request.GET and not wait,
        "error": wait_words(wait) if wait else "",
        "channels": _rows(held, person),
        "topics": _topics(chosen),
        "offers": bool(chosen and chosen.wants_marketing),
        "is_order_muted": bool(chosen and held.order.pk in chosen.muted_orders),
        "is_muted": bool(chosen and chosen.is_muted),
        "language": language,
        "language_options": [
            {"value": code, "label": names[code]} for code in languages.offered(held.merchant)
        ],
        "push": _push(held),
        "phone_url": f"{held.where.page(held.token)}phone/" if texts_go(held) else "",
    }
    response = render(request, "storefront/preferences.html", context)
    return refused(response, wait=wait) if wait else response


def refused(response: HttpResponse, *, wait: int) -> HttpResponse:
    """The same page, which came too often: 429, and in how many seconds to come again."""
    response.status_code = 429
    response.headers["Retry-After"] = str(wait)
    return response


def framed(held: Held, *, language: str) -> dict[str, Any]:
    """The context of a page beside the order's: the shop around it, and the way back."""
    today = shop_today(held.merchant)
    return shell(held.merchant, held.marked.brand, held.where, language=language, today=today) | {
        "order_number": held.order.number,
        "page_url": held.where.page(held.token),
    }


def texts_go(held: Held) -> bool:
    """Whether a phone number helps: the shop writes text messages, and this reader may add one."""
    writes = any(kind.slug == SMS for kind in channels_on(held.merchant))
    return writes and held.marked.access.may(Part.ADD_PHONE)


def _topics(chosen: Preference | None) -> list[dict[str, Any]]:
    """The kinds of messages, as switches."""
    muted = chosen.muted_topics if chosen else ()
    return [
        {
            "name": f"{_TOPIC}{group.slug}",
            "label": group.label,
            "help": group.help,
            "warning": group.warning,
            "checked": is_wanted(group, muted),
        }
        for group in GROUPS
    ]


def _rows(held: Held, person: Recipient) -> list[dict[str, Any]]:
    """The channels that can reach this person, as switches."""
    chosen = preference_of(person)
    kinds = channels_on(held.merchant)
    in_use = wanted(chosen, kinds)
    rows = []
    for kind in kinds:
        to, detail = _address(kind, held, person)
        if not detail:
            continue
        banned = suppressed(kind.slug, to, merchant_id=held.merchant.pk)
        rows.append(
            {
                "name": kind.slug,
                "label": kind.label,
                "icon": kind.icon,
                "detail": detail,
                "checked": kind.slug in in_use and not banned,
                "note": _("This address is closed to our messages.") if banned else "",
            }
        )
    return rows


def wanted(chosen: Preference | None, kinds: Iterable[Kind]) -> set[str]:
    """The channels in use: those chosen, else those that the shop uses. Of two that ring the same
    phone, the second is used where the first does not reach."""
    return {kind.slug for kind in kinds} if chosen is None else set(chosen.channels)


def _address(kind: Kind, held: Held, person: Recipient) -> tuple[str, str]:
    """The address and as much of it as a link may show; empty where there is none."""
    if kind.reach is Reach.EMAIL:
        return person.email.lower(), masked_email(person.email)
    if kind.reach is Reach.PHONE:
        number = phone_of(person, held.order, held.merchant)
        return number, masked_phone(number)
    if kind.reach is Reach.FEED:
        return "", ""  # it is there anyway, and disturbs nobody
    if kind.reach is Reach.HANDLE:
        address = handle_of(person, kind.slug)
        return address, str(kind.label) if address else ""
    browsers = PushSubscription.objects.filter(
        order_id=held.order.pk, recipient_id=person.pk, gone_at__isnull=True
    ).count()
    words = ngettext("%(n)s browser", "%(n)s browsers", browsers) % {"n": browsers}
    return "", words if browsers else ""


def _push(held: Held) -> dict[str, str] | None:
    """What the script needs to subscribe this browser; None where push is not set up or off."""
    key = public_key()
    if not key or not any(kind.reach is Reach.BROWSER for kind in channels_on(held.merchant)):
        return None
    return {
        "key": key,
        "worker": f"{held.where.root}push-worker.js",
        "scope": held.where.root,
        "subscribe": f"{held.where.page(held.token)}push/",
    }
