"""Orders that should have been handed over by now: the day, and whether anybody can know.

A day is over when one more working day of the warehouse has passed. What we cannot see is not
told: a shop that gives its parcels no numbers, a carrier that does not answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from carriers import registry
from edd.dispatch import dispatch_of, handled_as
from edd.estimate import Rules
from lib.vocabulary import Status
from tracking.dated_parcel import dated_parcel
from tracking.models import CashQuestion, Change, Order, OrderItem, Reminder, Shipment, Watch
from tracking.outages import carriers_not_heard
from tracking.outbox import NewChange

#: Nothing is handed over late before this; the rules then say when it would be.
FIRST_LOOK: Final = timedelta(days=1)
#: After that long nobody is told any more: something else has become of it.
GIVEN_UP: Final = timedelta(days=30)
#: Said at this local hour of the warehouse.
SAID_AT: Final = time(9)

_DAY: Final = timedelta(days=1)
#: The carrier told us within this time what it knows.
_HEARD: Final = timedelta(days=2)
#: Of so many of a shop's last orders half have parcels, else it sends without telling us.
_LOOKED_AT: Final = 50


@dataclass(frozen=True, slots=True)
class NotDispatched:
    """It was not handed over in time, and this is the change that says so."""

    change: NewChange


Found = NotDispatched | datetime | None
"""What came of a look: too late; look again then; nothing will come of it."""


def planned_day(order: Order, parcel: Shipment, rules: Rules, skus: Collection[str]) -> date:
    """The day on which the order is to be handed over, cautiously; local to the warehouse.

    After a hold it counts from the moment at which the shop went on. What was promised or wished
    for a later day need not leave before the day before that.
    """
    dated = dated_parcel(parcel, order, parcel, skus)
    way_out = dispatch_of(dated, rules).cautious()
    begun = max(order.placed_at, order.hold_changed_at or order.placed_at)
    local = begun.astimezone(ZoneInfo(rules.zone))
    days = [way_out.planned(local, handled_as(dated, rules).days)]
    if order.promised_first is not None:
        days.append(order.promised_first - _DAY)
    if wished := order.wish.get("day"):
        days.append(date.fromisoformat(wished) - _DAY)
    return max(days)


def too_late_at(planned: date, parcel: Shipment, order: Order, rules: Rules) -> datetime:
    """The morning after the working day that follows the planned one."""
    way_out = dispatch_of(dated_parcel(parcel, order, parcel, ()), rules).cautious()
    over = way_out.warehouse.add_working_days(planned, 1) + _DAY
    return datetime.combine(over, SAID_AT, tzinfo=ZoneInfo(rules.zone)).astimezone(UTC)


def look(orders: Sequence[Order], rules: Rules, *, now: datetime) -> dict[int, Found]:
    """What is to be said of these orders of one merchant, by id; in its scope."""
    ids = [order.pk for order in orders]
    parcels: dict[int, list[Shipment]] = defaultdict(list)
    rows = Shipment.objects.filter(order_id__in=ids).exclude(status=Status.CANCELLED)
    for parcel in rows.order_by("pk"):
        parcels[parcel.order_id].append(parcel)
    refused = set(
        CashQuestion.objects.filter(order_id__in=ids, confirmed=False).values_list(
            "order_id", flat=True
        )
    )
    skus = _skus(ids, rules)
    late: list[tuple[Order, date]] = []
    found: dict[int, Found] = dict.fromkeys(ids)
    for order in orders:
        mine = parcels[order.pk]
        if order.pk in refused or _is_over(order, mine, now=now):
            continue
        if order.hold:
            found[order.pk] = now + _DAY
            continue
        speaker = mine[0] if mine else Shipment(order=order)
        planned = planned_day(order, speaker, rules, skus[order.pk])
        moment = too_late_at(planned, speaker, order, rules)
        if moment > now:
            found[order.pk] = moment
        else:
            late.append((order, planned))
    seen = _seen([order for order, _ in late], parcels, now=now)
    found |= {
        order.pk: NotDispatched(_change(order, planned, now=now))
        for order, planned in late
        if order.pk in seen
    }
    return found


def _is_over(order: Order, parcels: Sequence[Shipment], *, now: datetime) -> bool:
    """Whether nobody waits for the hand-over any more."""
    is_given_up = order.cancelled_at is not None or now - order.placed_at > GIVEN_UP
    return is_given_up or any(parcel.picked_up_at for parcel in parcels)


def _skus(ids: Sequence[int], rules: Rules) -> dict[int, list[str]]:
    """What is in these orders, where a rule of the merchant asks for it."""
    found: dict[int, list[str]] = defaultdict(list)
    if any(rule.kind == "sku" for rule in rules.handling):
        lines = OrderItem.objects.filter(order_id__in=ids, quantity__gt=0)
        for order_id, sku in lines.values_list("order_id", "sku"):
            found[order_id].append(sku)
    return found


def _seen(
    late: Sequence[Order], parcels: Mapping[int, Sequence[Shipment]], *, now: datetime
) -> set[int]:
    """Those of which we would know if they had left."""
    ids = [parcel.pk for order in late for parcel in parcels[order.pk]]
    if not late:
        return set()
    heard = dict(
        Watch.objects.filter(shipment_id__in=ids).values_list("shipment_id", "answered_at")
    )
    unheard = carriers_not_heard(now=now)
    sources = {order.source for order in late if not parcels[order.pk]}
    gives = {source: _gives_numbers(source, now=now) for source in sources}
    return {
        order.pk
        for order in late
        if all(
            one.carrier not in unheard and _is_heard(one, heard.get(one.pk), now=now)
            for one in parcels[order.pk]
        )
        # Packed and without a number: it may have left without one.
        and (parcels[order.pk] or (order.packed_at is None and gives[order.source]))
    }


def _is_heard(parcel: Shipment, answered_at: datetime | None, *, now: datetime) -> bool:
    """Whether its carrier tells us what it knows; one that only pushes tells us by itself."""
    adapter = registry.CARRIERS.get(parcel.carrier)
    if adapter is not None and not adapter.is_asked:
        return True
    return answered_at is not None and now - answered_at <= _HEARD


def _gives_numbers(source: str, *, now: datetime) -> bool:
    """Whether most of a shop's orders have a parcel once they are old enough to have one."""
    sent = Exists(Shipment.objects.filter(order_id=OuterRef("pk")))
    recent = Order.objects.filter(
        source=source, cancelled_at=None, placed_at__range=(now - GIVEN_UP, now - 3 * _DAY)
    )
    flags = list(recent.order_by("-placed_at").values_list(sent, flat=True)[:_LOOKED_AT])
    return bool(flags) and 2 * sum(flags) >= len(flags)


def _change(order: Order, planned: date, *, now: datetime) -> NewChange:
    return NewChange(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        shipment_id=None,
        kind=Change.Kind.DUE,
        key=Reminder.What.NOT_DISPATCHED,
        at=now,
        data={"planned": planned.isoformat()},
    )
