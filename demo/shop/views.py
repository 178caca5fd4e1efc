"""The demonstration's shop up to the purchase: shelf, product, cart, checkout."""

from __future__ import annotations

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.form_fields import components
from demo.shop.forms import Checkout, filled_in
from demo.shop.goods import Product
from demo.shop.page import Here, line_row, places, promise, shop_page, show
from demo.shop.people import shopper_of
from demo.shop.posting import NotTaken
from demo.shop.purchase import buy
from lib.languages import OWN_NAMES
from storefront_pages import languages

log = logging.getLogger("homeward.demo")


@require_safe
@shop_page
def shelf(here: Here) -> HttpResponse:
    """Everything there is to buy."""
    goods = [
        {
            "name": product.name(here.language),
            "price": here.money(product.price),
            "drawing": product.drawing,
            "url": here.url("product", product.slug),
        }
        for product in here.visit.goods
    ]
    context = {"goods": goods, "promise": promise(here), "places": places(here)}
    return show(here, "shelf.html", context)


@require_safe
@shop_page
def product(here: Here, product: str) -> HttpResponse:
    """One thing to buy, with the date on which it would come."""
    found = _wanted(here, product)
    context = {
        "product": {
            "slug": found.slug,
            "name": found.name(here.language),
            "story": found.story(here.language),
            "price": here.money(found.price),
            "drawing": found.drawing,
        },
        "promise": promise(here),
        "places": places(here),
        "cart_url": here.url("cart"),
    }
    return show(here, "product.html", context)


@shop_page
def cart(here: Here) -> HttpResponse:
    """What was chosen; a post changes one line of it: `add` more, or have so many (`set`)."""
    if here.request.method == "POST":
        wanted = _wanted(here, here.request.POST.get("product", ""))
        typed = here.request.POST.get("quantity", "")
        quantity = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
        if here.request.POST.get("do") == "set":
            here.visit.put(wanted, quantity)
        else:
            here.visit.add(wanted, quantity)
        return redirect(here.url("cart"))
    context = {
        "lines": [line_row(here, line) for line in here.visit.lines],
        "total": here.money(here.visit.total),
        "promise": promise(here),
        "places": places(here),
        "cart_url": here.url("cart"),
        "checkout_url": here.url("checkout"),
        "shelf_url": here.url("shelf"),
    }
    return show(here, "cart.html", context)


@require_POST
@shop_page
def place(here: Here) -> HttpResponse:
    """Deliver to another country; leads back to the page where it was chosen."""
    here.visit.go_to(here.request.POST.get("country", ""))
    back = here.request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours and back.startswith("/") else here.url("shelf"))


@shop_page
def checkout(here: Here) -> HttpResponse:
    """Address and payment, filled in; a post buys."""
    if not here.visit.lines:
        return redirect(here.url("thanks" if here.visit.order_id else "cart"))
    if here.request.method != "POST":
        return _checkout(here, _form(here), status=200)
    form = _form(here)
    if not form.is_valid():
        return _checkout(here, form, status=422)
    here.visit.go_to(form.buyer.country, form.buyer.city)
    try:
        order_id = buy(
            merchant=here.merchant,
            lines=here.visit.lines,
            buyer=form.buyer,
            language=here.language,
            now=here.now,
        )
    except NotTaken as problem:
        log.warning("the demonstration's order was not taken: %s", problem)
        words = _("Homeward did not take the order just now. Please try again in a moment.")
        return _checkout(here, form, status=502, problem=words)
    here.visit.bought(order_id)
    return redirect(here.url("thanks"))


def _wanted(here: Here, slug: str) -> Product:
    found = here.visit.product(slug)
    if found is None:
        raise Http404
    return found


def _form(here: Here) -> Checkout:
    """What was typed, or an invented shopper of the chosen country."""
    offered = languages.offered(here.merchant)
    names = OWN_NAMES
    choices = [(code, str(names[code])) for code in offered]
    if here.request.method == "POST":
        return Checkout(here.request.POST, languages=choices)
    country = here.visit.country
    first = filled_in(
        shopper_of(country, here.language),
        country=country,
        city=here.visit.city(here.language),
        language=here.language,
    )
    return Checkout(initial=first, languages=choices)


def _checkout(here: Here, form: Checkout, *, status: int, problem: str = "") -> HttpResponse:
    fields = {field["name"]: field for field in components(form)}
    country, city = (str(form[name].value() or "") for name in ("country", "city"))
    known = dict(form.fields["country"].choices)  # type: ignore[attr-defined]
    context = {
        "fields": fields,
        "payments": [
            {"value": value, "label": label, "checked": form["payment"].value() == value}
            for value, label in form.fields["payment"].choices  # type: ignore[attr-defined]
        ],
        "problem": problem,
        "lines": [line_row(here, line) for line in here.visit.lines],
        "total": here.money(here.visit.total),
        "promise": promise(here, country=country if country in known else "", city=city),
    }
    return show(here, "checkout.html", context, status=status)
