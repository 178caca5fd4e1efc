"""After the purchase: the thank-you page with the order's page, and the warehouse backstage."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from demo.shop.forms import HandOver
from demo.shop.page import Here, shop_page, show
from demo.shop.posting import NotTaken
from demo.shop.purchase import PLATFORM
from demo.shop.stories import QUICK, TITLES
from demo.shop.warehouse import hand_over
from merchants.scope import merchant_scope
from tracking.links import link_for, page_path
from tracking.models import Order, Recipient

log = logging.getLogger("homeward.demo")


@require_safe
@shop_page
def thanks(here: Here) -> HttpResponse:
    """The order's page once Homeward has made it; until then this one looks again by itself."""
    if not here.visit.order_id:
        return redirect(here.url("shelf"))
    return _thanks(here, HandOver(), status=200)


@require_POST
@shop_page
def backstage(here: Here) -> HttpResponse:
    """Hand the visitor's order to the courier, once."""
    order = _order(here)
    if order is None or here.visit.tracking_number:
        return redirect(here.url("thanks"))
    form = HandOver(here.request.POST)
    if not form.is_valid():
        return _thanks(here, form, status=422)
    try:
        number = hand_over(
            merchant=here.merchant,
            order=order,
            scenario=form.cleaned_data["scenario"],
            gap_seconds=form.cleaned_data["seconds"],
            now=here.now,
        )
    except NotTaken as problem:
        log.warning("the demonstration's parcel was not taken: %s", problem)
        words = _("The courier did not answer. Please try again in a moment.")
        return _thanks(here, form, status=502, problem=words)
    here.visit.handed_over(number)
    return redirect(here.url("thanks"))


def _order(here: Here) -> Order | None:
    """What this visitor bought last, as soon as the shop's webhook was worked on."""
    if not here.visit.order_id:
        return None
    with merchant_scope(here.merchant.pk):
        return Order.objects.filter(
            source__startswith=f"{PLATFORM}:", external_id=here.visit.order_id
        ).first()


def _thanks(here: Here, form: HandOver, *, status: int, problem: str = "") -> HttpResponse:
    order = _order(here)
    context: dict[str, Any] = {
        "order": None,
        "problem": problem,
        "tracking_number": here.visit.tracking_number,
        "backstage_url": here.url("backstage"),
        "shelf_url": here.url("shelf"),
        "mailbox_url": "/demo/mailbox/",
        "phone_url": "/demo/phone/",
        "desk_url": f"/desk/{here.merchant.slug}/",
    }
    if order is not None:
        chosen = str(form["scenario"].value())
        context |= {
            "order": {"number": order.number, "name": order.customer_name},
            "page_url": _page_url(here, order),
            "quick": [_story(name, chosen) for name in QUICK],
            "others": [_story(name, chosen) for name in TITLES if name not in QUICK],
            "is_other": chosen not in QUICK,
            "seconds": {
                "value": form["seconds"].value(),
                "error": _errors(form, "seconds"),
            },
            "scenario_error": _errors(form, "scenario"),
        }
    return show(here, "thanks.html", context, status=status)


def _errors(form: HandOver, field: str) -> str:
    return " ".join(str(error) for error in form[field].errors)


def _story(name: str, chosen: str) -> dict[str, Any]:
    return {"value": name, "label": TITLES[name], "checked": name == chosen}


def _page_url(here: Here, order: Order) -> str:
    with merchant_scope(here.merchant.pk):
        buyer = Recipient.objects.filter(order=order, role=Recipient.Role.BUYER).first()
        return page_path(link_for(order=order, recipient=buyer), merchant=here.merchant)
