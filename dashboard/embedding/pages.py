"""Put it in your shop: what to copy for date, order page, look-up and app, and how it looks."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.embedding.snippets import Snippets
from dashboard.shell import address, page
from lib.languages import OWN_NAMES
from merchants.access import MerchantRequest, member_view
from merchants.models import Brand, Merchant, PublishableKey, Role
from storefront_pages.embed_script import script_path
from storefront_pages.frame import preview_frame
from storefront_pages.invented import invented, invented_story
from storefront_pages.languages import written
from storefront_pages.order_shape import order_shape
from storefront_pages.origins import origins_of

#: Route and name of each part, in the order of the tabs.
_PARTS: Final[tuple[tuple[str, Promise], ...]] = (
    ("embed", gettext_lazy("Delivery date")),
    ("embed_order", gettext_lazy("Order page")),
    ("embed_lookup", gettext_lazy("Look-up box")),
    ("embed_app", pgettext_lazy("a program on a phone", "Your app")),
)


@require_safe
@member_view(Role.ADMIN)
def date(request: MerchantRequest) -> HttpResponseBase:
    """The date widget for product, cart and checkout, alive beside what is copied."""
    key = _live_key(request.merchant)
    context = {
        "key": key.key if key else "",
        "key_url": address(request, "publishable", key.pk) if key else "",
        "new_key_url": address(request, "publishable_new"),
        "script": script_path("date"),
        "language": get_language() or "en",
        "policy": _policy(settings.BASE_URL, "script-src", "connect-src") if key else "",
        "snippets": _of_date(Snippets(request.merchant, key.key)) if key else [],
    }
    return _page(request, "date.html", context, current="embed")


@require_safe
@member_view(Role.ADMIN)
def order(request: MerchantRequest) -> HttpResponseBase:
    """The order's page in a frame: without a script, or as an element that knows its height."""
    snippets = Snippets(request.merchant, "")
    context = {
        "origins": sorted(origins_of(request.merchant)),
        "keys_url": address(request, "keys"),
        "frame_url": address(request, "embed_frame"),
        "policy": "\n".join(
            (_policy(settings.BASE_URL, "script-src"), _policy(snippets.page_host, "frame-src"))
        ),
        "snippets": [
            _snippet(_("Any page, without a script"), snippets.text("order.html")),
            _snippet(_("As high as what it says"), snippets.text("order_element.html")),
            _snippet("Shopify", snippets.text("order.liquid")),
            _snippet("WooCommerce", snippets.text("order.php")),
        ],
    }
    return _page(request, "order.html", context, current="embed_order")


@require_safe
@member_view(Role.ADMIN)
def frame(request: MerchantRequest) -> HttpResponseBase:
    """The frame with an invented order, in the shop's look."""
    brand = Brand.objects.first() or Brand(merchant=request.merchant)
    return preview_frame(
        merchant=request.merchant, brand=brand, language=_language(request), now=timezone.now()
    )


@require_safe
@member_view(Role.ADMIN)
def lookup(request: MerchantRequest) -> HttpResponseBase:
    """The form for FAQ and contact pages, in each of the shop's languages."""
    snippets = Snippets(request.merchant, "")
    names = OWN_NAMES
    with override(_language(request)):
        labels = {
            "number": _("Order or tracking number"),
            "proof": _("E-mail, phone or postcode"),
            "submit": _("Show my order"),
        }
    context = {
        "labels": labels,
        "language": _language(request),
        "action": snippets.lookup_path,
        "policy": _policy(snippets.page_host, "form-action"),
        "snippets": [
            _snippet(names[code], snippets.text("lookup.html", language=code))
            for code in written(request.merchant)
        ],
    }
    return _page(request, "lookup.html", context, current="embed_lookup")


@require_safe
@member_view(Role.ADMIN)
def app(request: MerchantRequest) -> HttpResponseBase:
    """The order as JSON, with an invented one to look at."""
    snippets = Snippets(request.merchant, "")
    context = {
        "origins": sorted(origins_of(request.merchant)),
        "keys_url": address(request, "keys"),
        "docs_url": "/api/docs/",
        "snippets": [_snippet(_("Ask for an order, and ask again"), snippets.text("app.txt"))],
        "sample": _sample(request.merchant, language=_language(request), now=timezone.now()),
    }
    return _page(request, "app.html", context, current="embed_app")


def _page(
    request: MerchantRequest, template: str, context: dict[str, Any], *, current: str
) -> HttpResponseBase:
    around = {
        "crumbs": [
            {"label": pgettext("for programs", "API, webhooks"), "url": address(request, "keys")}
        ],
        "tabs": [
            {"label": label, "url": address(request, route), "current": route == current}
            for route, label in _PARTS
        ],
    }
    return page(request, f"embedding/{template}", around | context, current="keys")


def _of_date(snippets: Snippets) -> list[dict[str, str]]:
    reserve = _("In the theme’s style sheet, so that nothing moves")
    return [
        _snippet(_("Any page"), snippets.text("date.html")),
        _snippet(reserve, snippets.text("date.css")),
        _snippet("Shopify", snippets.text("date.liquid")),
        _snippet("WooCommerce", snippets.text("date.php")),
    ]


def _snippet(title: str, text: str) -> dict[str, str]:
    return {"title": title, "text": text}


def _live_key(merchant: Merchant) -> PublishableKey | None:
    """The newest key that works: what is copied must."""
    live = PublishableKey.objects.filter(merchant=merchant, revoked_at__isnull=True, is_on=True)
    return live.order_by("-pk").first()


def _policy(host: str, *directives: str) -> str:
    """What a shop with a Content-Security-Policy adds to it, for what is on this host."""
    return "\n".join(f"{directive} {host};" for directive in directives)


def _language(request: MerchantRequest) -> str:
    """The reader's language where the shop speaks it, else the shop's."""
    codes = written(request.merchant)
    return next((code for code in codes if code == get_language()), codes[0])


def _sample(merchant: Merchant, *, language: str, now: datetime) -> str:
    story = invented_story(merchant, invented("out_for_delivery"), language=language, now=now)
    page_url = Snippets(merchant, "").link
    with override(language):
        shaped = order_shape(story, page_url=page_url, notice=None)
    return json.dumps(shaped, ensure_ascii=False, indent=2)
