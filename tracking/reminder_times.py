"""When a shopper is to be reminded of what, and whether it is still true then. Pure.

Days are local dates of the destination, times of the day its wall clock's: a change of clocks
between now and then moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from edd.zones import destination_zone
from lib.vocabulary import Status
from tracking.details import read_details
from tracking.models import Order, Reminder, Shipment

What = Reminder.What

TOMORROW_AT: Final = time(17)
TODAY_AT: Final = time(7, 30)
PICKUP_AT: Final = time(10)
#: A wider window names no day that somebody could stay at home for.
WIDEST: Final = timedelta(days=1)

_DAY: Final = timedelta(days=1)
#: Somebody holds it, and it is not at the door yet.
_COMING: Final = frozenset({Status.PICKED_UP, Status.IN_TRANSIT, Status.CUSTOMS})


@dataclass(frozen=True, slots=True)
class Due:
    """One moment: what is said then, and about which day."""

    what: str
    day: date
    at: datetime

    @property
    def key(self) -> str:
        """The key of the change that comes of it."""
        return f"{self.what}:{self.day}"


def zone_of(shipment: Shipment, order: Order) -> ZoneInfo:
    """Whose clock it is."""
    return ZoneInfo(shipment.edd_zone or destination_zone(order.country, order.region, order.city))


def moments(shipment: Shipment, order: Order) -> list[Due]:
    """Every moment that follows from the parcel as it is now, also those that are over."""
    zone = zone_of(shipment, order)
    found = []
    first, last = shipment.edd_first, shipment.edd_last
    if first is not None and last is not None and last - first <= WIDEST:
        found += [
            Due(What.ARRIVING_TOMORROW, last, _at(last - _DAY, TOMORROW_AT, zone)),
            Due(What.ARRIVING_TODAY, last, _at(last, TODAY_AT, zone)),
        ]
    point = read_details(shipment.details).pickup_point
    if point is not None and point.last_day is not None:
        day = point.last_day
        found.append(Due(What.PICKUP_DEADLINE, day, _at(day - _DAY, PICKUP_AT, zone)))
    return found


def is_true(due: Due, shipment: Shipment, order: Order, *, is_unheard: bool, now: datetime) -> bool:
    """Whether this may be said now. `is_unheard`: the carrier's feed is dead, so we do not know."""
    if now.astimezone(zone_of(shipment, order)).date() != _day_of(due):
        return False
    status = Status(shipment.status)
    if due.what == What.PICKUP_DEADLINE:
        return status is Status.AVAILABLE_FOR_PICKUP
    # Who waits for a document, or has not been scanned for too long, does not come by a date.
    is_stuck = shipment.action_required or shipment.stalled or shipment.return_leg
    return status in _COMING and not is_stuck and not is_unheard


def _day_of(due: Due) -> date:
    """The local day on which it is said."""
    return due.day if due.what == What.ARRIVING_TODAY else due.day - _DAY


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
