"""Step three: the first carrier, or a parcel of the sandbox to see how it goes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carriers import registry
from carriers.models import CarrierAccount
from dashboard.parcels.sandbox import make, picker_context, scenario_form
from dashboard.setup.frame import setup_page
from dashboard.shell import address
from merchants.access import MerchantRequest
from merchants.founding import note_step
from stores.sandbox_orders import SLUG, is_offered
from tracking.links import link_for, page_url
from tracking.models import Recipient, Shipment


def carrier(request: MerchantRequest) -> HttpResponseBase:
    """The picker where there is a sandbox, and the carriers we can ask."""
    posted = request.method == "POST" and is_offered()
    form = scenario_form(request, posted=posted)
    if posted and form.is_valid() and make(request, form) is not None:
        note_step(merchant=request.merchant, step="carrier", outcome="done")
        response = redirect(address(request, "setup_step", "carrier"))
        response.status_code = 303
        return response
    here = address(request, "setup_step", "carrier")
    made = _made(request)
    context: dict[str, Any] = {
        "made": made,
        "carriers": _carriers(request, here),
        "is_offered": is_offered(),
        "submit": "" if made and not form.is_bound else _("Make this parcel"),
        "again": _("Make this parcel"),
    }
    if is_offered():
        context |= picker_context(form)
    status = 400 if form.is_bound else 200
    return setup_page(request, "carrier", "carrier.html", context, status=status)


def _made(request: MerchantRequest) -> dict[str, str] | None:
    """The newest parcel of the sandbox, with its page."""
    newest = Shipment.objects.filter(carrier=SLUG).select_related("order").order_by("-pk").first()
    if newest is None:
        return None
    buyer = Recipient.objects.filter(order=newest.order, role=Recipient.Role.BUYER).first()
    link = link_for(order=newest.order, recipient=buyer)
    return {
        "number": newest.tracking_number,
        "order": newest.order.number,
        "url": page_url(link, merchant=request.merchant),
        "order_url": address(request, "order", newest.order_id),
    }


def _carriers(request: MerchantRequest, here: str) -> list[dict[str, str]]:
    language = get_language() or "en"
    taken = set(CarrierAccount.objects.filter(is_active=True).values_list("carrier", flat=True))
    query = urlencode({"next": here})
    rows = [
        {
            "name": registry.name_of(one.slug, language=language),
            "url": f"{address(request, 'carrier_connect', one.slug)}?{query}",
            "detail": _("Connected") if one.slug in taken else "",
        }
        for one in registry.CARRIERS.values()
        if one.base_url
    ]
    return sorted(rows, key=lambda row: row["name"].casefold())
