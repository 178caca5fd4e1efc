"""What merging changed in memory becomes rows: many orders with a handful of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Model

from lib.signing import new_token
from stores.facts import facts_of, is_set
from stores.fulfilling import extra_of
from stores.held import Held
from stores.models import OrderVersion
from stores.saying import origin_value
from stores.stamps import instant, moment
from tracking import outbox
from tracking.carrier_change import believe
from tracking.cash import ask_for_cash
from tracking.changes import order_milestone
from tracking.entering import Entering, NewParcel, enter, prepare
from tracking.ingest import review
from tracking.models import (
    Consent,
    Link,
    Order,
    OrderItem,
    Recipient,
    Refund,
    ShipmentItem,
)
from tracking.needed_fields import ask_with_more
from tracking.orders import fill_keys, refresh_orders, settle
from tracking.outbox import NewChange
from tracking.reminders import foresee_dispatch
from tracking.shop_word import correct_number, withdraw
from tracking.writing import insert_many, update_many

#: The columns that follow from what people typed; see `tracking.orders.fill_keys`.
_KEYS: Final = frozenset({"number_key", "name_key", "email_key", "phone_key"})
#: What a parcel's date hangs on.
_DATED_BY: Final = frozenset(
    {
        "country", "region", "city", "placed_at", "ship_from_country", "ship_from", "tags",
        "promised_first", "promised_last",
    }
)  # fmt: skip
_BESIDE: Final = (OrderItem, Recipient, Refund, Consent)


def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(str(one.column) for one in model._meta.concrete_fields if not one.primary_key)


_COLUMNS: Final = {model: _columns(model) for model in (Order, *_BESIDE)}


def write(held: Sequence[Held], *, now: datetime) -> set[str]:
    """Save all of it; in the merchant's scope and one transaction.

    Returns the external ids of new orders that somebody else made meanwhile: nothing of
    them is saved, they are to be merged again. Raises `tracking.entering.NumberTaken`.
    """
    entering = _entering(held, now=now)
    lost = _insert_orders([one for one in held if one.is_new], entering)
    held = [one for one in held if one.order.external_id not in lost]
    # Before they are written: what is new of them is told by what they lack.
    facts = facts_of(held, now=now)
    fresh = [one.order for one in held if one.is_new]
    owing = [one.order for one in held if is_set(one, "cod_amount")]
    _update(held)
    _insert_beside(held)
    _keep_versions(held)
    changed = [one for one in held if one.is_changed]
    _write_changes(changed, facts, now=now)
    foresee_dispatch(fresh, now=now)
    parcels = [
        each for one in changed for each in entering.get(one.order.external_id, ())
    ]  # fmt: skip
    enter(parcels, now=now)
    _keep_parcels(changed, parcels, now=now)
    ask_for_cash(owing, now=now)
    known = [one for one in changed if not one.is_new]
    if moved := [pk for one in known for pk in _dated_anew(one)]:
        review(moved, now=now)
    if known:
        refresh_orders([one.order.pk for one in known], now=now)
    return lost


def _dated_anew(one: Held) -> list[int]:
    """The parcels whose date may move: another destination, day, warehouse, or other contents."""
    _, columns = one.touched.get((Order, one.order.pk), (None, set()))
    if columns & _DATED_BY:
        return [shipment.pk for shipment in one.parcels.values()]
    return [shipment.pk for key, shipment in one.parcels.items() if key in one.packed]


def _entering(held: Sequence[Held], *, now: datetime) -> dict[str, list[Entering]]:
    """The parcels that are new, by their orders' external ids; dated, and not written yet."""
    wanted = [
        NewParcel(
            order=one.order,
            tracking_number=said.tracking_number,
            carrier=said.carrier,
            external_id=said.external_id,
            service=said.service[:60],
            extra=extra_of(said),
            shipped_at=min(said.shipped_at, now) if said.shipped_at else None,
            ship_from=origin_value(said.ship_from),
            skus=_skus(one, key),
        )
        for one in held
        for key, said in one.arriving.items()
    ]
    found: dict[str, list[Entering]] = defaultdict(list)
    for each in prepare(wanted, now=now):
        found[each.shipment.order.external_id].append(each)
    return found


def _skus(one: Held, key: str) -> list[str]:
    """Of what is in the parcel of this number; of all lines where nobody said what is."""
    inside = [one.lines[place] for place in one.contents.get(key, ())]
    return [line.sku for line in inside or one.lines if line.sku and line.quantity]


def _insert_orders(fresh: Sequence[Held], entering: dict[str, list[Entering]]) -> set[str]:
    """In one order for everybody, so that two callers wait for each other and never cross."""
    fresh = sorted(fresh, key=lambda one: one.order.external_id)
    for one in fresh:
        order = one.order
        settle(order, [each.shipment for each in entering.get(order.external_id, ())])
    columns = _COLUMNS[Order]
    made = insert_many(
        Order,
        columns,
        [[getattr(one.order, column) for column in columns] for one in fresh],
        returning=("id", "external_id"),
    )
    ids = {external_id: pk for pk, external_id in made}
    for one in fresh:
        if one.order.external_id in ids:
            one.order.pk = ids[one.order.external_id]
            one.order._state.adding = False
    return {one.order.external_id for one in fresh} - ids.keys()


def _update(held: Sequence[Held]) -> None:
    """Rows that we had: those of a table with the same changed columns in one statement."""
    groups: dict[tuple[type[Model], tuple[str, ...]], list[Model]] = defaultdict(list)
    for one in held:
        for (model, _), (row, columns) in one.touched.items():
            if model is Order:
                fill_keys(one.order)
                columns = columns | _KEYS
            groups[model, tuple(sorted(columns))].append(row)
    for (model, names), rows in groups.items():
        values = [[row.pk, *(getattr(row, name) for name in names)] for row in rows]
        update_many(model, names, values)


def _insert_beside(held: Sequence[Held]) -> None:
    """New lines, people, refunds and consents; and the buyer's link from the first moment."""
    fresh: dict[type[Model], list[Any]] = defaultdict(list)
    for one in held:
        for row in one.fresh_rows():
            row.order_id = one.order.pk  # type: ignore[attr-defined]
            fresh[type(row)].append(row)
    for model in _BESIDE:
        columns, rows = _COLUMNS[model], fresh[model]
        values = [[getattr(row, column) for column in columns] for row in rows]
        # Their orders are locked, or ours alone until we commit: none of these can be known.
        made = insert_many(model, columns, values, returning=("id",))
        for row, (pk,) in zip(rows, made, strict=True):
            row.pk = pk
            row._state.adding = False
    buyers = [who for who in fresh[Recipient] if who.role == Recipient.Role.BUYER]
    insert_many(
        Link,
        ("token", "merchant_id", "order_id", "recipient_id"),
        [(new_token(), who.merchant_id, who.order_id, who.pk) for who in buyers],
    )


def _keep_versions(held: Sequence[Held]) -> None:
    """Which version each order is of now, where that changed."""
    columns = ("said_at", "stamps", "waiting")
    fresh: list[tuple[Any, ...]] = []
    known: list[tuple[Any, ...]] = []
    for one in held:
        stamps, version = one.stamps, one.version
        values = (moment(stamps.said_at), stamps.own, stamps.waiting)
        if version is None:
            if any(values):
                fresh.append((one.order.merchant_id, one.order.pk, *values))
        elif (instant(version.said_at), version.stamps, version.waiting) != (
            stamps.said_at, stamps.own, stamps.waiting,
        ):  # fmt: skip
            known.append((version.pk, *values))
    insert_many(OrderVersion, ("merchant_id", "order_id", *columns), fresh)
    update_many(OrderVersion, columns, known)


def _write_changes(held: Iterable[Held], facts: Sequence[NewChange], *, now: datetime) -> None:
    """Milestones of the order, and what else became of it."""
    milestones = [
        change
        for one in held
        for milestone, at in one.reached
        for change in order_milestone(one.order, milestone, at=at, is_moving=one.is_moving)
    ]
    outbox.write([*milestones, *facts], now=now)


def _keep_parcels(held: Sequence[Held], entered: Sequence[Entering], *, now: datetime) -> None:
    """What is said of parcels that we have, and what is in all of them."""
    for one in held:
        for shipment, carrier in one.named:
            believe(shipment, carrier, now=now)
        for right in one.renamed:
            number = right.said.tracking_number
            correct_number(right.shipment, number=number, carrier=right.said.carrier, now=now)
        for shipment in one.lacking:
            ask_with_more(shipment, now=now)
    withdraw([each for one in held for each in one.withdrawn.items()], now=now)
    fresh = {(each.shipment.order_id, each.shipment.number_key): each.shipment for each in entered}
    inside: list[tuple[Any, ...]] = []
    for one in held:
        for key in one.packed:
            parcel = fresh.get((one.order.pk, key)) or one.parcels.get(key)
            if parcel is None:
                continue  # taken back before it was ours
            if key in one.parcels:
                ShipmentItem.objects.filter(shipment=parcel).delete()
            inside += [
                (parcel.merchant_id, parcel.pk, one.lines[place].pk, count)
                for place, count in one.contents[key].items()
            ]
    insert_many(ShipmentItem, ("merchant_id", "shipment_id", "item_id", "quantity"), inside)
