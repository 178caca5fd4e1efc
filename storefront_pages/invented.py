"""Orders that were never placed, one for each state a shopper may meet: for previews.

Model instances that are never saved, derived from invented scans by the same code as true
ones. No row is read or written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext, override, pgettext_lazy

from edd.estimate import Rules
from edd.zones import destination_zone
from merchants.models import Merchant
from storefront_pages.story import Parcel, Story
from tracking.derive import derive
from tracking.fold import MappedEvent
from tracking.models import Event, Order, OrderItem, Shipment, Watch

NUMBER: Final = "1042"
CARRIER: Final = "aramex"
_TRACKING_NUMBER: Final = "47218830956"
_CITIES: Final = {
    "AE": "Dubai", "SA": "Riyadh", "KW": "Kuwait City", "QA": "Doha", "BH": "Manama",
    "OM": "Muscat", "JO": "Amman", "LB": "Beirut", "EG": "Cairo", "GB": "London",
    "IN": "Mumbai", "TR": "Istanbul",
}  # fmt: skip

#: Where an invented parcel is sent from and sorted, in the shop's own country.
_ELSEWHERE: Final = {
    "AE": "Abu Dhabi", "SA": "Jeddah", "KW": "Ahmadi", "QA": "Al Khor", "BH": "Riffa",
    "OM": "Sohar", "JO": "Aqaba", "LB": "Tripoli", "EG": "Alexandria", "GB": "Manchester",
    "IN": "Delhi", "TR": "Ankara",
}  # fmt: skip

Scan = tuple[float, str, str]
"""Hours ago, sub-status, the carrier's own words."""
Days = tuple[int, int]
"""The first and the last day of a window, counted from today."""

_PICKED: Final = ("picked_up.accepted", "Shipment picked up from shipper")
_HUB: Final = ("transit.arrived_facility", "Arrived at sorting facility")
#: Scans of these are made before the parcel is near its receiver.
_FAR: Final = frozenset({_PICKED[0], _HUB[0], "delay.weather"})
_DEPOT: Final = ("transit.at_delivery_depot", "Received at delivery depot")
_OUT: Final = ("out.on_vehicle", "Out for delivery")
_WAY: Final[tuple[Scan, ...]] = ((52, *_PICKED), (41, *_HUB), (20, *_DEPOT))


@dataclass(frozen=True, slots=True)
class Invented:
    """One state: how it is called in a list, and what makes it.

    `stage` is the furthest of the order's own milestones: 0 placed, 1 confirmed, 2 packed.
    `days` is the window shown, `was` the one that was shown first where it moved.
    """

    key: str
    label: Promise
    scans: tuple[Scan, ...] = ()
    stage: int = 2
    days: Days = (2, 4)
    was: Days | None = None
    cash: bool = False
    cancelled: bool = False


PREVIEW_STATES: Final[tuple[Invented, ...]] = (
    Invented("placed", pgettext_lazy("state of a parcel", "Placed"), stage=0),
    Invented("confirmed", pgettext_lazy("state of a parcel", "Confirmed"), stage=1),
    Invented("packed", pgettext_lazy("state of a parcel", "Packed")),
    Invented("shipped", pgettext_lazy("state of a parcel", "Picked up"), ((3, *_PICKED),)),
    Invented(
        "in_transit",
        pgettext_lazy("state of a parcel", "In transit"),
        ((52, *_PICKED), (5, *_HUB)),
    ),
    Invented(
        "customs",
        pgettext_lazy("state of a parcel", "Customs needs a document"),
        (*_WAY, (2, "customs.information_required", "Held: documents required")),
    ),
    Invented(
        "late",
        pgettext_lazy("state of a parcel", "Late"),
        ((52, *_PICKED), (5, "delay.weather", "Delayed due to weather")),
        was=(-1, 0),
    ),
    Invented(
        "silent",
        pgettext_lazy("state of a parcel", "Silent, as is usual"),
        ((81, *_PICKED), (70, *_HUB)),
    ),
    Invented(
        "out_for_delivery",
        pgettext_lazy("state of a parcel", "Out for delivery, cash on delivery"),
        (*_WAY, (2, *_OUT)),
        days=(0, 0),
        cash=True,
    ),
    Invented(
        "attempt_failed",
        pgettext_lazy("state of a parcel", "Delivery attempt failed"),
        (*_WAY, (5, *_OUT), (0.5, "attempt.nobody_home", "Consignee not available")),
        days=(1, 2),
    ),
    Invented(
        "pickup",
        pgettext_lazy("state of a parcel", "Ready for pickup"),
        (*_WAY, (2, "pickup.ready", "Ready for collection")),
    ),
    Invented(
        "problem",
        pgettext_lazy("state of a parcel", "Address problem"),
        (*_WAY, (2, "exception.address", "Incomplete address")),
    ),
    Invented(
        "delivered",
        pgettext_lazy("state of a parcel", "Delivered"),
        (*_WAY, (5, *_OUT), (0.5, "delivered.signed", "Delivered, signed by consignee")),
        days=(0, 0),
    ),
    Invented(
        "returning",
        pgettext_lazy("state of a parcel", "Returning"),
        (*_WAY, (2, "returning.started", "Returning to shipper")),
    ),
    Invented(
        "lost",
        pgettext_lazy("state of a parcel", "Lost"),
        ((220, *_PICKED), (200, *_HUB), (2, "lost.declared", "Shipment declared lost")),
        was=(-6, -4),
    ),
    Invented("cancelled", pgettext_lazy("state of a parcel", "Cancelled"), stage=0, cancelled=True),
)
_BY_KEY: Final = {state.key: state for state in PREVIEW_STATES}


def invented(key: str) -> Invented:
    """The state of this name; out for delivery, which shows most, for any other word."""
    return _BY_KEY.get(key, _BY_KEY["out_for_delivery"])


def invented_story(
    merchant: Merchant,
    state: Invented,
    *,
    language: str,
    now: datetime,
    look: Mapping[str, Any] | None = None,
) -> Story:
    """What `pages.track_context` takes; nothing of it is in the database."""
    order = _order(merchant, state, language=language, now=now)
    zone = ZoneInfo(destination_zone(order.country, order.region, order.city))
    with override(language):
        items = [
            (OrderItem(pk=1, order=order, title=gettext("Linen cushion cover"), quantity=2), 2),
            (OrderItem(pk=2, order=order, title=gettext("Table lamp"), quantity=1), 1),
        ]
    parcels = [_parcel(order, state, zone=zone, now=now)] if state.scans else []
    for parcel in parcels:
        parcel.contents = items
    return Story(
        merchant=merchant,
        order=order,
        parcels=parcels,
        loose=[] if parcels else items,
        zone=zone,
        now=now,
        language=language,
        look=look or {},
    )


def _order(merchant: Merchant, state: Invented, *, language: str, now: datetime) -> Order:
    first = max((hours for hours, *_ in state.scans), default=6)
    placed = now - timedelta(hours=first + 20)
    with override(language):
        name = gettext("Layla Haddad")
    return Order(
        pk=1,
        merchant=merchant,
        number=NUMBER,
        placed_at=placed,
        announce_from=placed,
        confirmed_at=placed + timedelta(hours=1) if state.stage >= 1 else None,
        packed_at=placed + timedelta(hours=16) if state.stage >= 2 else None,
        cancelled_at=now - timedelta(hours=2) if state.cancelled else None,
        currency=merchant.currency,
        cod_amount=Decimal("149.00") if state.cash else None,
        customer_name=name,
        city=_CITIES.get(merchant.country, ""),
        country=merchant.country,
        ship_from_country=merchant.country,
    )


def _parcel(order: Order, state: Invented, *, zone: ZoneInfo, now: datetime) -> Parcel:
    shipment = Shipment(
        pk=1,
        merchant=order.merchant,
        order=order,
        carrier=CARRIER,
        tracking_number=_TRACKING_NUMBER,
        created_at=order.placed_at,
    )
    events = [_event(shipment, scan, zone=zone, now=now) for scan in state.scans]
    derive(
        shipment=shipment,
        order=order,
        events=[MappedEvent(e.key, e.received_at, e.sub_status, place=e.city) for e in events],
        rules=Rules(zone=zone.key, country=order.country),
        carrier_window=None,
        now=now,
    )
    today = now.astimezone(zone).date()
    shipment.edd_first, shipment.edd_last = _window(today, state.days)
    was = _window(today, state.was or state.days)
    shipment.promised_first, shipment.promised_last = was
    shipment.edd_zone, shipment.edd_source = zone.key, ""
    shipment.delayed = state.was is not None
    newest = events[-1].received_at
    watch = Watch(
        shipment=shipment,
        carrier=CARRIER,
        carrier_said_at=newest,
        asked_at=now - timedelta(minutes=12),
        answered_at=now - timedelta(minutes=12),
        next_ask_at=now + timedelta(minutes=18),
        result="unchanged",
    )
    return Parcel(shipment, watch, events=events[::-1])


def _event(shipment: Shipment, scan: Scan, *, zone: ZoneInfo, now: datetime) -> Event:
    hours, sub_status, words = scan
    at = now - timedelta(hours=hours)
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return Event(
        shipment=shipment,
        key=sub_status,
        at=at,
        utc_offset=int(offset.total_seconds() // 60),
        sub_status=sub_status,
        description=words,
        city=_city(shipment.order, sub_status),
        country=shipment.order.country,
        received_at=at,
    )


def _city(order: Order, sub_status: str) -> str:
    return _ELSEWHERE.get(order.country, order.city) if sub_status in _FAR else order.city


def _window(today: date, days: Days) -> tuple[date, date]:
    return today + timedelta(days=days[0]), today + timedelta(days=days[1])
