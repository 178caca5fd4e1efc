"""Step four: where orders come from. A shop platform, or one parcel typed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dashboard.parcels.adding import connect_panels, form_context, new_parcel_form, save
from dashboard.setup.frame import setup_page
from dashboard.shell import address
from merchants.access import MerchantRequest
from merchants.founding import note_step
from stores import registry
from stores.models import StoreConnection
from stores.sandbox_orders import SLUG
from tracking.models import Shipment


def store(request: MerchantRequest) -> HttpResponseBase:
    """The form of one parcel, and the platforms. What waits for its carrier says so here."""
    here = address(request, "setup_step", "store")
    posted = request.method == "POST"
    form = new_parcel_form(request, posted=posted)
    if posted and form.is_valid() and save(request, form) is not None:
        note_step(merchant=request.merchant, step="store", outcome="done")
        response = redirect(here)
        response.status_code = 303
        return response
    mine = list(Shipment.objects.exclude(carrier=SLUG).order_by("-pk")[:5])
    taken = set(StoreConnection.objects.filter(is_active=True).values_list("platform", flat=True))
    context: dict[str, Any] = form_context(request, form) | {
        "panels": connect_panels(request, mine, onward=here, is_primary=True),
        "parcels": [
            {"number": one.tracking_number, "url": address(request, "order", one.order_id)}
            for one in mine
        ],
        "platforms": [
            {
                "name": one.name,
                "url": address(request, "store_connect", one.slug),
                "detail": _("Connected") if one.slug in taken else "",
            }
            for one in sorted(registry.STORES.values(), key=lambda one: one.name)
        ],
        "is_done": bool(mine or taken) and not form.is_bound,
    }
    return setup_page(request, "store", "store.html", context, status=400 if form.is_bound else 200)
