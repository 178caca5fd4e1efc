"""Reminders: rows first, and a change only of what is still true when its moment comes.

A parcel's rows are written when its date moves (`foresee`), one statement for all parcels of a
batch; what they say is never trusted. A sweep takes those that are due, looks at the parcel as it
is, and writes a change of the kind "due", or nothing. Either way the row is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection
from psycopg2.extras import execute_values

from edd.rules import load_rules
from merchants.scope import every_merchant, merchant_scope
from tracking.derive import Derived
from tracking.dispatch_due import FIRST_LOOK, Found, NotDispatched, look
from tracking.models import Change, Order, Reminder
from tracking.outages import carriers_not_heard
from tracking.outbox import NewChange, write
from tracking.reminder_times import is_true, moments

BATCH: Final = 300
#: Whoever dies holding reminders loses them after this time.
LEASE: Final = timedelta(minutes=5)

_UPSERT: Final = """
INSERT INTO tracking_reminder AS r (merchant_id, order_id, shipment_id, what, key, due_at)
VALUES %s
ON CONFLICT (merchant_id, order_id, shipment_id, what) DO UPDATE
SET key = EXCLUDED.key, due_at = EXCLUDED.due_at
WHERE r.key <> EXCLUDED.key OR r.due_at <> EXCLUDED.due_at
"""


def foresee(derived: Iterable[Derived], *, now: datetime) -> None:
    """Plan the reminders of parcels whose date, status or place of collection is new.

    In the transaction that writes them; one statement, none where no moment lies ahead.
    """
    rows = []
    for one in derived:
        shipment = one.shipment
        if one.new_date is None and not one.has_new_details:
            continue
        rows += [
            (shipment.merchant_id, shipment.order_id, shipment.pk, due.what, due.key, due.at)
            for due in moments(shipment, shipment.order)
            if due.at > now
        ]
    _upsert(rows)


def foresee_dispatch(orders: Iterable[Order], *, now: datetime) -> None:
    """Look after new orders until they leave: whether that is in time is found out later.

    One statement. History is left alone: nobody waits to be told of it.
    """
    _upsert(
        [
            (
                order.merchant_id, order.pk, None, Reminder.What.NOT_DISPATCHED,
                Reminder.What.NOT_DISPATCHED, max(order.placed_at + FIRST_LOOK, now),
            )
            for order in orders
            if order.cancelled_at is None and order.placed_at >= order.announce_from
        ]
    )  # fmt: skip


def _upsert(rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _UPSERT, rows, page_size=1000)


class Settled(NamedTuple):
    """How many reminders were taken, and how many of them became a change."""

    taken: int
    told: int


def remind_due(*, now: datetime) -> Settled:
    """Settle one batch of what is due, merchant by merchant."""
    with every_merchant("reminders of all merchants wait in one queue"):
        due = _claim(now=now)
        unheard = carriers_not_heard(now=now) if due else frozenset[str]()
    told = 0
    for merchant_id, ids in due.items():
        with merchant_scope(merchant_id):
            told += _settle(ids, unheard, now=now)
    return Settled(sum(len(ids) for ids in due.values()), told)


def _claim(*, now: datetime) -> dict[int, list[int]]:
    rows = list(
        Reminder.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=now)
        .order_by("due_at", "pk")
        .values_list("pk", "merchant_id")[:BATCH]
    )
    Reminder.objects.filter(pk__in=[pk for pk, _ in rows]).update(due_at=now + LEASE)
    found: dict[int, list[int]] = defaultdict(list)
    for pk, merchant_id in rows:
        found[merchant_id].append(pk)
    return dict(found)


def _settle(ids: Sequence[int], unheard: frozenset[str], *, now: datetime) -> int:
    """Write the changes of one merchant's reminders, and what is to be looked at again later.

    A date that moved after the claim has written another moment, and its row stays.
    """
    mine = Reminder.objects.filter(pk__in=ids, due_at=now + LEASE)
    rows = list(mine.select_related("order", "shipment"))
    changes = [change for row in rows if (change := _parcel_change(row, unheard, now=now))]
    looked = _look([row for row in rows if row.shipment is None], now=now)
    changes += [found.change for found in looked.values() if isinstance(found, NotDispatched)]
    later = {pk: found for pk, found in looked.items() if isinstance(found, datetime)}
    told = write(changes, now=now)
    mine.exclude(pk__in=later).delete()
    for pk, moment in later.items():
        mine.filter(pk=pk).update(due_at=moment)
    return told


def _look(rows: Sequence[Reminder], *, now: datetime) -> dict[int, Found]:
    """What is to be said of the orders of these reminders, by the reminder's id."""
    if not rows:
        return {}
    found = look([row.order for row in rows], load_rules(rows[0].merchant_id), now=now)
    return {row.pk: found[row.order_id] for row in rows}


def _parcel_change(row: Reminder, unheard: frozenset[str], *, now: datetime) -> NewChange | None:
    """The change, where the parcel as it is now still says so; None for an order's reminder."""
    shipment, order = row.shipment, row.order
    if shipment is None:
        return None
    due = next((due for due in moments(shipment, order) if due.key == row.key), None)
    if due is None:
        return None
    if not is_true(due, shipment, order, is_unheard=shipment.carrier in unheard, now=now):
        return None
    return NewChange(
        merchant_id=row.merchant_id,
        order_id=row.order_id,
        shipment_id=shipment.pk,
        kind=Change.Kind.DUE,
        key=due.key,
        at=now,
        data={"day": due.day.isoformat()},
    )
