"""The promotions of a shop: all of them in their order, and what is done with one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.clock import Clock, clock_for
from dashboard.selling.promotion_words import rate, rule_words, state
from dashboard.shell import address, go, page
from dashboard.shop_tabs import shop_tabs, tabs_label
from lib import formats
from merchants.access import MerchantRequest, may, member_view, record
from merchants.models import Role
from selling import promoting
from selling.counting import Counted, sums
from selling.models import Promotion

#: Days that the figures are of.
DAYS: Final = 30
_MOVES: Final = {"up": -1, "down": 1}


@require_safe
@member_view(Role.VIEWER)
def promotions(request: MerchantRequest) -> HttpResponseBase:
    """All in the order in which pages try them, with how often each was seen and clicked."""
    clock = clock_for(request.merchant)
    counted = sums(since=clock.today - timedelta(days=DAYS))
    found = list(Promotion.objects.all())
    rows = [
        _row(request, one, clock, counted.get(one.pk, Counted()), is_last=one is found[-1])
        for one in found
    ]
    new = {"label": _("New promotion"), "url": address(request, "promotion_new"), "icon": "plus"}
    may_change = may(request.role, Role.ADMIN)
    context = {
        "views": shop_tabs(request, "promotions"),
        "views_label": tabs_label(),
        "sentence": _(
            "One offer at most on a customer’s page, and none while a parcel is late, lost or in "
            "question."
        ),
        "action": new if may_change and rows else None,
        "rows": rows,
        "empty": _("No promotion yet. Customers look at their page several times an order."),
        "empty_action": new if may_change else None,
    }
    return page(request, "selling/promotions.html", context, current="promotions")


def _row(
    request: MerchantRequest, one: Promotion, clock: Clock, counted: Counted, *, is_last: bool
) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": str(one),
        "url": address(request, "promotion", one.pk),
        # One without a heading of its own is called by its kind already.
        "kind": one.get_kind_display() if one.title else "",
        "sentence": rule_words(one, clock),
        "views": formats.number(counted.views, clock.language),
        "clicks": formats.number(counted.clicks, clock.language),
        "rate": rate(counted, clock.language),
        "is_on": one.is_on,
        "is_first": one.position == 0,
        "is_last": is_last,
        "move_url": address(request, "promotion_move", one.pk),
        "switch_url": address(request, "promotion_switch", one.pk),
        **state(one, clock),
    }


@require_POST
@member_view(Role.ADMIN)
def switch(request: MerchantRequest, promotion_id: int) -> HttpResponseBase:
    """What was posted counts ("on" or nothing), so that a second click repeats nothing."""
    found = get_object_or_404(Promotion, pk=promotion_id)
    is_on = "is_on" in request.POST
    promoting.switch(promotion=found, is_on=is_on)
    _record(request, "promotion.switched", found, is_on=is_on)
    messages.success(request, _("It is on.") if is_on else _("It is off."))
    return go(request, "promotions")


@require_POST
@member_view(Role.ADMIN)
def move(request: MerchantRequest, promotion_id: int) -> HttpResponseBase:
    """Up or down by one place: the first that fits is shown."""
    found = get_object_or_404(Promotion, pk=promotion_id)
    promoting.move(promotion=found, by=_MOVES.get(request.POST.get("to", ""), 0))
    return go(request, "promotions")


@require_POST
@member_view(Role.ADMIN)
def remove(request: MerchantRequest, promotion_id: int) -> HttpResponseBase:
    """It goes, with its figures."""
    found = get_object_or_404(Promotion, pk=promotion_id)
    _record(request, "promotion.removed", found)
    promoting.remove(promotion=found)
    messages.success(request, _("The promotion is gone."))
    return go(request, "promotions")


def _record(request: MerchantRequest, action: str, found: Promotion, **detail: Any) -> None:
    record(
        merchant=request.merchant, user=request.user, action=action, subject=str(found), **detail
    )
