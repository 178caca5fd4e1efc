"""Who carries a parcel whose carrier nobody named: a hub that follows it says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from carriers.couriers import slug_listed
from tracking.candidates import UNKNOWN_CARRIER
from tracking.carrier_change import settle
from tracking.models import Shipment
from tracking.scans import Heard


def name_carriers(heard: Sequence[Heard], *, now: datetime) -> int:
    """Settle parcels of an unknown carrier by their hub's word; how many were settled.

    In the merchant's scope and a transaction, before the scans are taken in. Only a carrier of
    the hub's own list counts. The parcel keeps its id, its link, and its place at the hub.
    """
    told = {
        one.shipment_id: slug
        for one in heard
        if one.leg == 0 and one.hub and one.update.courier_code
        if (slug := slug_listed(one.hub, one.update.courier_code))
    }
    if not told:
        return 0
    unnamed = Shipment.objects.filter(
        pk__in=list(told), carrier=UNKNOWN_CARRIER, watch__candidates=[]
    )
    parcels = list(unnamed.select_for_update(of=("self",)).order_by("pk"))
    for shipment in parcels:
        settle(shipment, told[shipment.pk], now=now, stays_registered=True)
    return len(parcels)
