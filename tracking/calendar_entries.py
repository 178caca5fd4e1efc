"""The events of an order's calendar: what they should say now, and what they said before.

Rows are written when a calendar is fetched and not before: nobody else needs them. The only writer
of CalendarEntry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from lib.vocabulary import Status
from tracking.answers import agreed_day, today_at
from tracking.details import read_details
from tracking.models import CalendarEntry, DeliveryAnswer, Order, Shipment

#: A delivery may still come: its day stands in the calendar.
_COMING: Final = frozenset(
    {
        Status.PENDING, Status.INFO_RECEIVED, Status.PICKED_UP, Status.IN_TRANSIT, Status.CUSTOMS,
        Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.EXCEPTION,
    }
)  # fmt: skip
_What = CalendarEntry.What
_State = CalendarEntry.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one event should say: days of the destination's calendar, both included."""

    shipment_id: int
    what: str
    first: date
    last: date
    is_sure: bool


def has_days(shipment: Shipment, *, today: date) -> bool:
    """Whether there is a day of this parcel to put into a calendar, and it is not over."""
    return any(one.last >= today for one in wanted(shipment, agreed=None))


def wanted(shipment: Shipment, *, agreed: date | None) -> Iterator[Wanted]:
    """The events that the parcel has now; `agreed` is the day that the carrier agreed to."""
    if shipment.return_leg:
        return
    if shipment.status == Status.AVAILABLE_FOR_PICKUP:
        point = read_details(shipment.details).pickup_point
        if point is not None and point.last_day is not None:
            last = point.last_day
            yield Wanted(shipment.pk, _What.PICKUP, last, last, is_sure=True)
        return
    if shipment.status not in _COMING:
        return
    if agreed is not None:
        yield Wanted(shipment.pk, _What.DELIVERY, agreed, agreed, is_sure=True)
    elif shipment.edd_last is not None:
        first = shipment.edd_first or shipment.edd_last
        yield Wanted(shipment.pk, _What.DELIVERY, first, shipment.edd_last, is_sure=False)


@transaction.atomic
def entries_of(order: Order, *, now: datetime) -> list[CalendarEntry]:
    """The order's events, brought up to date; in the merchant's scope.

    An event that has no day any more is cancelled and stays, so that calendars take it out.
    """
    # Two fetches at once would both raise the sequence.
    Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    parcels = list(Shipment.objects.filter(order=order).order_by("pk"))
    answers = list(DeliveryAnswer.objects.filter(order=order))
    today = today_at(order, now=now)
    now_wanted = {
        (one.shipment_id, one.what): one
        for parcel in parcels
        for one in wanted(parcel, agreed=agreed_day(parcel, answers, today=today))
    }
    rows = CalendarEntry.objects.filter(shipment__order=order)
    known = {(row.shipment_id, row.what): row for row in rows}
    for key, row in known.items():
        _move(row, now_wanted.get(key), now=now)
    fresh = [_new(order, one, now=now) for key, one in now_wanted.items() if key not in known]
    CalendarEntry.objects.bulk_create(fresh)
    return _sorted([*known.values(), *fresh])


def _new(order: Order, one: Wanted, *, now: datetime) -> CalendarEntry:
    return CalendarEntry(
        merchant_id=order.merchant_id,
        shipment_id=one.shipment_id,
        what=one.what,
        first=one.first,
        last=one.last,
        state=_state(one),
        changed_at=now,
    )


def _move(row: CalendarEntry, one: Wanted | None, *, now: datetime) -> None:
    """Take over what the event says now; a change is one more in its sequence."""
    said = (row.first, row.last, row.state)
    says = (one.first, one.last, _state(one)) if one else (row.first, row.last, _State.CANCELLED)
    if says == said:
        return
    row.first, row.last, row.state = says
    row.sequence += 1
    row.changed_at = now
    row.save(update_fields=["first", "last", "state", "sequence", "changed_at"])


def _state(one: Wanted) -> str:
    return _State.CONFIRMED if one.is_sure else _State.TENTATIVE


def _sorted(rows: Iterable[CalendarEntry]) -> list[CalendarEntry]:
    return sorted(rows, key=lambda row: (row.shipment_id, row.what))
