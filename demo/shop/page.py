"""What every page of the shop has around it: the merchant's look, the cart, the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from demo.shop.forms import countries
from demo.shop.visit import Line, Visit
from demo.shop.warehouse import COURIER
from edd.before_order import promise_before_order
from lib import limits
from lib.formats import money
from merchants.models import Brand, Merchant, PublishableKey
from merchants.scope import merchant_scope
from storefront_pages import languages
from storefront_pages.date_promise import date_promise
from storefront_pages.embed_script import script_path
from storefront_pages.shop import Addresses, brand_facts, shell
from storefront_pages.views import shop_today

#: Posts from one address in a minute: a purchase costs us work, a click on a plus sign too.
POSTS_A_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Here:
    """One request in one shop."""

    request: HttpRequest
    merchant: Merchant
    visit: Visit
    language: str
    now: datetime

    def url(self, name: str, *args: str) -> str:
        return reverse(f"demo-shop:{name}", args=[self.merchant.slug, *args])

    def money(self, amount: Any) -> str:
        return money(amount, self.merchant.currency, self.language)


View = Callable[..., HttpResponse]


def shop_page(view: View) -> View:
    """The shop and its visitor, in the visitor's language; the view gets them as `Here`."""

    @wraps(view)
    def shown(request: HttpRequest, merchant: str, *args: str, **kwargs: str) -> HttpResponse:
        found = Merchant.objects.filter(slug=merchant).first()
        if found is None:
            raise Http404
        if request.method == "POST" and _is_too_many(request):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        language = languages.choose(request, found)
        here = Here(request, found, Visit(request, found), language, datetime.now(UTC))
        with translation.override(language):
            response = view(here, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        languages.speak(response, request, language=language, path=here.url("shelf"))
        return response

    return shown


def _is_too_many(request: HttpRequest) -> bool:
    name = f"demo-shop:{limits.client_address(request)}"
    return limits.count(name, limit=POSTS_A_MINUTE, seconds=60).is_over


def show(here: Here, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page inside the shop."""
    around = _around(here)
    return render(here.request, f"demo/shop/{template}", around | context, status=status)


def _around(here: Here) -> dict[str, Any]:
    """The context of `demo/shop/base.html`."""
    with merchant_scope(here.merchant.pk):
        brand = Brand.objects.first()
    where = Addresses(f"/p/{here.merchant.slug}/")
    found = shell(
        here.merchant,
        brand_facts(brand),
        where,
        language=here.language,
        today=shop_today(here.merchant),
    )
    found["brand"]["home_url"] = here.url("shelf")
    found["footer"] = [
        {"label": _("Where is my order?"), "url": where.lookup},
        {"label": _("Mailbox"), "url": "/demo/mailbox/"},
        {"label": pgettext("the demonstration's telephone", "Phone"), "url": "/demo/phone/"},
        {"label": _("Dashboard"), "url": f"/app/{here.merchant.slug}/"},
    ]
    return found | {
        "tagline": found["brand"]["tagline"],
        "cart": {"url": here.url("cart"), "pieces": here.visit.pieces},
        "place_url": here.url("place"),
        "back": here.request.path,
        "widget": _widget(here),
    }


def _widget(here: Here) -> dict[str, str] | None:
    """What `<homeward-date>` is told, as a shop's theme would; None for a shop without a key."""
    live = PublishableKey.objects.filter(merchant=here.merchant, revoked_at=None, is_on=True)
    key = live.order_by("-pk").first()
    if key is None:
        return None
    return {
        "script": script_path("date"),
        "key": key.key,
        "language": here.language,
        "country": here.visit.country,
        "city": here.visit.city(here.language),
        "carrier": COURIER,
    }


def promise(here: Here, *, country: str = "", city: str = "") -> dict[str, Any]:
    """The date widget for the visitor's place, or for the one just typed."""
    country = country or here.visit.country
    city = city or here.visit.city(here.language)
    with merchant_scope(here.merchant.pk):
        made = promise_before_order(
            merchant=here.merchant, country=country, city=city, carrier=COURIER, now=here.now
        )
    return date_promise(made, country=country, city=city, language=here.language)


def places(here: Here) -> dict[str, Any]:
    """The choice of the country beside the date."""
    options = [{"value": code, "label": label} for code, label in countries()]
    return {"options": options, "value": here.visit.country}


def line_row(here: Here, line: Line) -> dict[str, Any]:
    """A line of the cart as the templates take it."""
    return {
        "slug": line.product.slug,
        "name": line.product.name(here.language),
        "drawing": line.product.drawing,
        "url": here.url("product", line.product.slug),
        "quantity": line.quantity,
        "price": here.money(line.product.price),
        "total": here.money(line.total),
    }
