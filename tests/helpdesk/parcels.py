"""Parcels with a history, told to the product through its one door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tracking.ingest import Heard, ingest, review
from tracking.models import Shipment


def scanned(
    merchant: Merchant, *scans: tuple[float, str], now: datetime = NOW, **fields: Any
) -> Shipment:
    """A parcel with (hours ago, sub-status) scans, ordered two days before the first of them."""
    first = max((hours for hours, _ in scans), default=0)
    values = {"placed_at": now - timedelta(hours=first, days=2), "now": now}
    parcel = factories.shipment(merchant, **(values | fields))
    hear(parcel, *scans, now=now)
    return parcel


def hear(parcel: Shipment, *scans: tuple[float, str], now: datetime = NOW) -> None:
    """Take in these scans, then look at the clock once, and read the parcel again."""
    events = tuple(
        CarrierEvent(
            code=sub_status.upper()[:20],
            sub_status=sub_status,
            at=now - timedelta(hours=hours),
            description="Shipment scanned",
            place=Place(city="Dubai", country="AE"),
        )
        for hours, sub_status in scans
    )
    update = TrackingUpdate(parcel.tracking_number, events)
    ingest(heard=[Heard(parcel.pk, update)], source="poll", now=now)
    review([parcel.pk], now=now)
    parcel.refresh_from_db()
    parcel.order.refresh_from_db()
