"""Parcels in the states that a shopper may meet, made through the one door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate
from lib.vocabulary import Milestone
from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tracking.changes import reach_order_milestone
from tracking.ingest import Heard, ingest
from tracking.links import link_for, page_path
from tracking.models import Order, Shipment, Watch

DUBAI = ZoneInfo("Asia/Dubai")

#: What a page under a signed link must never hold.
SECRETS = {
    "customer_name": "Sara Al Mansoori",
    "customer_email": "sara.hidden@shopper.example",
    "customer_phone": "+971 50 765 4321",
    "line1": "Villa 14, Street 22b",
    "line2": "Behind Gate 9",
    "landmark": "Opposite the pharmacy",
    "postcode": "88417",
    "city": "Dubai",
}


def order(merchant: Merchant, **fields: Any) -> Order:
    return factories.order(merchant, **(SECRETS | fields))


def scan(hours_ago: float, sub_status: str, now: datetime = NOW, **fields: Any) -> CarrierEvent:
    values: dict[str, Any] = {
        "code": sub_status.upper()[:20],
        "sub_status": sub_status,
        "at": (now - timedelta(hours=hours_ago)).astimezone(fields.pop("zone", DUBAI)),
        "description": "Said by the carrier",
        "place": Place(city="Dubai", country="AE"),
    }
    return CarrierEvent(**(values | fields))


def parcel(
    merchant: Merchant,
    *events: CarrierEvent,
    of: Order | None = None,
    window: tuple[date, date] | None = None,
    now: datetime = NOW,
    **fields: Any,
) -> Shipment:
    """A parcel of Aramex that these scans were heard about; `window` is the carrier's own."""
    number = fields.pop("tracking_number", f"44{Shipment.objects.count() + 1:08d}")
    made = factories.shipment(
        merchant,
        order=of or order(merchant, **fields),
        carrier="aramex",
        tracking_number=number,
        now=now,
    )
    edd = DateWindow(*window, "Asia/Dubai") if window else None
    update = TrackingUpdate(made.tracking_number, tuple(events), edd=edd)
    ingest(heard=[Heard(made.pk, update)], source="poll", now=now)
    Watch.objects.filter(shipment=made).update(
        asked_at=now - timedelta(minutes=12),
        answered_at=now - timedelta(minutes=12),
        next_ask_at=now + timedelta(minutes=18),
        result="unchanged",
    )
    made.refresh_from_db()
    return made


def window(
    shipment: Shipment, first: int, last: int, *, was: tuple[int, int] | None = None
) -> None:
    """Set the dates shown, as days of November 2026; `was` is what we promised first."""
    shown = (date(2026, 11, first), date(2026, 11, last))
    promised = (date(2026, 11, was[0]), date(2026, 11, was[1])) if was else shown
    Shipment.objects.filter(pk=shipment.pk).update(
        edd_first=shown[0],
        edd_last=shown[1],
        promised_first=promised[0],
        promised_last=promised[1],
        delayed=was is not None and shown[1] > promised[1],
    )


def path(merchant: Merchant, of: Order) -> str:
    return page_path(link_for(order=of), merchant=merchant)


Scene = Callable[[Merchant], Order]


def placed(merchant: Merchant) -> Order:
    return order(merchant)


def confirmed(merchant: Merchant) -> Order:
    made = order(merchant)
    reach_order_milestone(order=made, milestone=Milestone.CONFIRMED, at=NOW, now=NOW)
    return made


def packed(merchant: Merchant) -> Order:
    made = order(merchant)
    reach_order_milestone(order=made, milestone=Milestone.PACKED, at=NOW, now=NOW)
    return made


def shipped(merchant: Merchant) -> Order:
    return _with_window(merchant, 14, 16, scan(3, "picked_up.accepted"))


def in_transit(merchant: Merchant) -> Order:
    return _with_window(
        merchant, 12, 14, scan(20, "picked_up.accepted"), scan(5, "transit.arrived_facility")
    )


def silent(merchant: Merchant) -> Order:
    return _with_window(merchant, 14, 16, scan(70, "transit.generic"))


def late(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(30, "picked_up.accepted"), scan(5, "delay.weather"))
    window(made, 12, 14, was=(10, 10))
    return made.order


def feed_down(merchant: Merchant) -> Order:
    made = parcel(merchant, scan(9, "transit.generic"))
    window(made, 14, 16)
    Watch.objects.filter(shipment=made).update(
        result="unavailable", failures=5, answered_at=NOW - timedelta(hours=3)
    )
    return made.order


def out(merchant: Merchant) -> Order:
    made = parcel(
        merchant,
        scan(40, "picked_up.accepted"),
        scan(20, "transit.at_delivery_depot"),
        scan(2, "out.on_vehicle"),
        cod_amount="149.00",
    )
    window(made, 12, 12)
    return made.order


def attempt_failed(merchant: Merchant) -> Order:
    made = parcel(
        merchant,
        scan(40, "picked_up.accepted"),
        scan(5, "out.on_vehicle"),
        scan(1, "attempt.nobody_home"),
    )
    window(made, 13, 14)
    return made.order


def pickup(merchant: Merchant) -> Order:
    return parcel(merchant, scan(30, "transit.generic"), scan(2, "pickup.ready")).order


def customs(merchant: Merchant) -> Order:
    return parcel(
        merchant, scan(30, "transit.generic"), scan(2, "customs.information_required")
    ).order


def delivered(merchant: Merchant) -> Order:
    return parcel(
        merchant,
        scan(40, "picked_up.accepted"),
        scan(26, "transit.generic"),
        scan(3, "out.on_vehicle"),
        scan(0.5, "delivered.signed"),
    ).order


def returning(merchant: Merchant) -> Order:
    return parcel(merchant, scan(40, "transit.generic"), scan(2, "returning.started")).order


def lost(merchant: Merchant) -> Order:
    return parcel(merchant, scan(90, "transit.generic"), scan(2, "lost.declared")).order


def unreadable(merchant: Merchant) -> Order:
    return parcel(merchant, scan(2, "unknown", code="ZZ9")).order


def two_of_three(merchant: Merchant) -> Order:
    made = order(merchant)
    for n in range(3):
        last = scan(2, "delivered.generic") if n < 2 else scan(2, "transit.generic")
        one = parcel(merchant, scan(40, "picked_up.accepted"), last, of=made)
        window(one, 13, 13)
    return made


def cancelled(merchant: Merchant) -> Order:
    return order(merchant, cancelled_at=NOW)


def _with_window(merchant: Merchant, first: int, last: int, *events: CarrierEvent) -> Order:
    made = parcel(merchant, *events)
    window(made, first, last)
    return made.order
