"""A person says whose parcel it is, or what its carrier needs to answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from carriers import registry
from dashboard.doorbell import ask_carriers
from dashboard.order_page import order_answer
from dashboard.parcels.adding import unreached
from dashboard.parcels.identity import CarrierForm, FieldsForm, wanted_of
from dashboard.shell import go
from merchants.access import MerchantRequest, member_view, record
from merchants.models import Role
from tracking.carrier_change import AlreadyFollowed, correct
from tracking.models import Order, Shipment
from tracking.needed_fields import fill_in


@require_POST
@member_view(Role.AGENT)
def carrier(request: MerchantRequest, shipment_id: int) -> HttpResponseBase:
    """Another carrier for this parcel; 409 when that one's parcel is followed already."""
    shipment = _parcel(shipment_id)
    form = CarrierForm(request.POST, shipment_id=shipment.pk)
    if not form.is_valid():
        why = {"why": form.errors["carrier"][0]}
        messages.error(request, _("Nothing was changed: %(why)s") % why)
        return order_answer(request, shipment.order, status=400)
    before, slug = shipment.carrier, form.cleaned_data["carrier"]
    try:
        correct(shipment_id=shipment.pk, carrier=slug, now=timezone.now())
    except AlreadyFollowed as refused:
        other = Order.objects.only("number").get(pk=refused.order_id)
        words = _(
            "%(number)s is followed with %(carrier)s already, in order %(order)s. Nothing was"
            " changed."
        )
        messages.error(request, words % {**_words(shipment, slug), "order": other.number})
        return order_answer(request, shipment.order, status=409)
    record(
        merchant=request.merchant, user=request.user, action="parcel.carrier_changed",
        subject=f"{shipment.order.number} · {shipment.tracking_number}", carrier=[before, slug],
    )  # fmt: skip
    ask_carriers()
    if unreached(slug, merchant_id=request.merchant.pk):
        messages.info(request, _("%(number)s waits for %(carrier)s now.") % _words(shipment, slug))
    else:
        adapter = registry.CARRIERS.get(slug)
        words = _("%(number)s is with %(carrier)s now.")
        if adapter is None or adapter.is_asked:
            words = _("%(number)s is with %(carrier)s now, who is asked at once.")
        messages.success(request, words % _words(shipment, slug))
    return go(request, "order", shipment.order_id)


@require_POST
@member_view(Role.AGENT)
def fields(request: MerchantRequest, shipment_id: int) -> HttpResponseBase:
    """What the carrier needs was typed: it is asked at once."""
    shipment = _parcel(shipment_id)
    wanted = wanted_of(shipment)
    form = FieldsForm(request.POST, shipment_id=shipment.pk, wanted=wanted)
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        messages.error(request, _("Nothing was kept: %(why)s") % {"why": problem})
        return order_answer(request, shipment.order, status=400)
    if wanted:
        fill_in(shipment=shipment, values=form.values(), now=timezone.now())
        record(
            merchant=request.merchant, user=request.user, action="parcel.field_added",
            subject=f"{shipment.order.number} · {shipment.tracking_number}",
            fields=", ".join(wanted),
        )  # fmt: skip
        ask_carriers()
        messages.success(request, _("Thank you. %(carrier)s is asked at once.") % _words(shipment))
    return go(request, "order", shipment.order_id)


def _parcel(shipment_id: int) -> Shipment:
    found = Shipment.objects.select_related("order__merchant")
    return get_object_or_404(found, pk=shipment_id)


def _words(shipment: Shipment, carrier: str = "") -> dict[str, str]:
    name = registry.name_of(carrier or shipment.carrier, language=get_language() or "en")
    return {"number": shipment.tracking_number, "carrier": name}
