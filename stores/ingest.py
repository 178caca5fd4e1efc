"""The one writer of orders: whatever a shop, a program or a form says becomes rows here.

An order is known again by (source, external id). What is said later is merged, one or many at
a time by the same rules (`stores.merging`): a known value is never blanked, a parcel never
removed, and an older version of the order never overwrites a newer one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import DataError, IntegrityError, transaction

from merchants.models import Merchant
from stores.address_answers import settle_addresses
from stores.fulfilling import add_one
from stores.held import Held, held
from stores.merging import merge
from stores.rows import write
from stores.saying import clip
from stores.vocabulary import FulfilmentUpdate, OrderUpdate
from tracking.entering import NumberTaken
from tracking.models import Order, Shipment

#: An order first seen later than this after it was placed is history: it is not announced.
FRESH: Final = timedelta(days=2)
#: So many orders are held in memory and written together.
BATCH: Final = 500
#: Values that no column takes: an amount of 40 digits, a NUL in a name.
_UNFIT: Final = (DataError, IntegrityError, ValueError, ArithmeticError)

_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Saved:
    """The order as it stands; whether this call made it, and whether it changed anything."""

    order: Order
    created: bool
    changed: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """An update that could not be written; the others were."""

    problem: str


def save_order(
    *,
    merchant: Merchant,
    source: str,
    update: OrderUpdate,
    now: datetime,
    status_map: Mapping[str, str] = _NOTHING,
) -> Saved:
    """Make or merge one order, with its lines, recipients and parcels; in the merchant's scope.

    `source` is "api", "form", "csv" or a connection's `source`. `status_map` maps the
    shop's own statuses and tags to "confirmed" or "packed". Two callers with the same order
    at the same time wait for each other.
    """
    intake = _Intake(merchant, source, status_map, now)
    (saved,) = intake.save([update])
    if saved.changed:
        saved.order.refresh_from_db()
    return saved


def save_parcel(*, order: Order, parcel: FulfilmentUpdate, now: datetime) -> tuple[Shipment, bool]:
    """Make or merge one parcel of an order beside its others; whether it is new.

    In the merchant's scope. Raises ValueError for a number without letters and digits.
    """
    with transaction.atomic():
        one = held(order.source, [order.external_id])[order.external_id]
        key = add_one(one, parcel, now=now)
        is_new = key in one.arriving
        write([one], now=now)
    shipments = Shipment.objects.filter(order_id=order.pk, number_key=key)
    return shipments.order_by("pk")[0], is_new


def save_orders(
    *,
    merchant: Merchant,
    source: str,
    updates: Sequence[OrderUpdate],
    now: datetime,
    status_map: Mapping[str, str] = _NOTHING,
) -> list[Saved | Refused]:
    """The same for many, some hundred times as fast; what became of each, in their order.

    One that cannot be written is refused alone. The orders in the answers are as merged:
    what follows for those that were known (status, search) is in the database only.
    """
    intake = _Intake(merchant, source, status_map, now)
    found: list[Saved | Refused] = []
    for start in range(0, len(updates), BATCH):
        found += intake.save_each(updates[start : start + BATCH])
    return found


@dataclass(frozen=True, slots=True)
class _Intake:
    merchant: Merchant
    source: str
    status_map: Mapping[str, str]
    now: datetime

    def save_each(self, updates: Sequence[OrderUpdate]) -> list[Saved | Refused]:
        """All of them together; where that fails in halves, until the bad one is alone."""
        try:
            return list(self.save(updates))
        except _UNFIT as error:
            if len(updates) == 1:
                return [Refused(str(error).partition("\n")[0][:300])]
        half = len(updates) // 2
        return self.save_each(updates[:half]) + self.save_each(updates[half:])

    def save(self, updates: Sequence[OrderUpdate]) -> list[Saved]:
        """All or none. A number that was just taken by somebody else is looked at once more."""
        try:
            with transaction.atomic():
                return self._save(updates)
        except NumberTaken:
            with transaction.atomic():
                return self._save(updates)

    def _save(self, updates: Sequence[OrderUpdate]) -> list[Saved]:
        """One update of each order; what comes of an order's next one depends on the rows."""
        ids = [clip("external_id", update.external_id) for update in updates]
        orders = held(self.source, ids)
        firsts: dict[str, int] = {}
        for n, external_id in enumerate(ids):
            if firsts.setdefault(external_id, n) == n:
                one = orders.setdefault(external_id, self._new(external_id, updates[n]))
                merge(one, updates[n], self.status_map, now=self.now)
        lost = write(list(orders.values()), now=self.now)
        changed = [one.order for one in orders.values() if one.is_changed]
        settle_addresses(
            [order for order in changed if order.external_id not in lost], now=self.now
        )
        found = {
            n: Saved(orders[one].order, orders[one].is_new, orders[one].is_changed)
            for one, n in firsts.items()
            # The others somebody else made between our look and our insert, which waited.
            if one not in lost
        }
        rest = [n for n in range(len(ids)) if n not in found]
        if rest:
            found |= zip(rest, self._save([updates[n] for n in rest]), strict=True)
        return [found[n] for n in range(len(ids))]

    def _new(self, external_id: str, update: OrderUpdate) -> Held:
        placed_at = min(update.placed_at or self.now, self.now)
        is_fresh = self.now - placed_at < FRESH
        order = Order(
            merchant=self.merchant,
            source=self.source,
            external_id=external_id,
            placed_at=None,
            announce_from=placed_at if is_fresh else self.now,
        )
        return Held(order, is_new=True)
