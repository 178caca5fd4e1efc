"""Whether orders that are paid at the door are to be confirmed by the customer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.shell import address, go, page
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from tracking.cash import asks_for_cash, save_cash_policy


@require_http_methods(["GET", "POST"])
@member_view(Role.ADMIN)
def cash(request: MerchantRequest) -> HttpResponseBase:
    """One switch."""
    asks = asks_for_cash()
    if request.method == "POST":
        wanted = "asks" in request.POST
        if wanted != asks:
            save_cash_policy(merchant_id=request.merchant.pk, asks=wanted, now=timezone.now())
            record(
                merchant=request.merchant, user=request.user, action="cash.changed",
                subject=request.merchant.slug, asks=[asks, wanted],
            )  # fmt: skip
        messages.success(request, _("Saved. It counts for orders that come from now on."))
        return go(request, "cash")
    context = {
        "sentence": _("Before they are dispatched, the customer is asked whether they stand."),
        "asks": asks,
        "addresses_url": address(request, "addresses"),
        "rules_url": address(request, "message_rules"),
    }
    return page(request, "cash.html", context, current="orders")
