"""Facts of a whole order as changes: cancelled, held up at the shop, given back, on its way.

Here are their keys and when they are news. They are written by whoever learns the fact, in the
same transaction: what a shop said by `stores.facts`, what parcels did by `tell_dispatch`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from edd.zones import destination_zone
from lib.vocabulary import Milestone, Status
from tracking.derive import Derived
from tracking.models import Change, Order, OrderItem, Shipment, ShipmentItem
from tracking.outbox import NewChange, write

CANCELLED: Final = "cancelled"
#: What `Order.hold` may be; the keys are "on_hold:1", "out_of_stock:2".
ON_HOLD: Final = "on_hold"
OUT_OF_STOCK: Final = "out_of_stock"
HOLDS: Final = (ON_HOLD, OUT_OF_STOCK)
#: The shop goes on ("goes_on:1"): for the order's story, nobody is told.
GOES_ON: Final = "goes_on"
REFUND: Final = "refund"
PARTLY_DISPATCHED: Final = "partly_dispatched"
ALL_DELIVERED: Final = "all_delivered"


def order_change(
    order: Order,
    key: str,
    *,
    at: datetime,
    announce: bool = True,
    data: Mapping[str, Any] | None = None,
) -> NewChange:
    """A change of the order itself. What is older than the order's first news is told to nobody."""
    return NewChange(
        merchant_id=order.merchant_id,
        order_id=order.pk,
        shipment_id=None,
        kind=Change.Kind.ORDER,
        key=key,
        at=at,
        announce=announce and at >= order.announce_from,
        data=dict(data or {}),
    )


def plain_amount(amount: Decimal) -> str:
    """ "12.50"; the third decimal only where it says something (Kuwait, Oman …)."""
    in_cents = amount.quantize(Decimal("0.01"))
    return str(in_cents if in_cents == amount else amount.normalize())


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """How much of an order is on its way or has come. Pieces where every parcel says what is in
    it, else parcels; `waiting` are titles of what is in no parcel that moves."""

    sent: int
    of: int
    unit: str
    parcels: int
    delivered: int
    waiting: tuple[str, ...] = ()

    @property
    def is_partly(self) -> bool:
        return 0 < self.sent < self.of

    @property
    def is_all_delivered(self) -> bool:
        """Every parcel of several came, and nothing waits that somebody knows of."""
        return 1 < self.parcels == self.delivered and self.sent == self.of


@dataclass(slots=True)
class _Rows:
    """What hangs on one order. Parcels: id to (has left, is delivered)."""

    parcels: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    lines: list[tuple[int, str, int]] = field(default_factory=list)
    contents: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))


def on_the_way(order_ids: Iterable[int]) -> dict[int, OnTheWay]:
    """How far these orders are, by id; three queries. In the merchant's scope."""
    rows = {order_id: _Rows() for order_id in order_ids}
    shipments = Shipment.objects.filter(order_id__in=rows).exclude(status=Status.CANCELLED)
    for order_id, pk, status, reached in shipments.values_list(
        "order_id", "pk", "status", "milestones"
    ):
        rows[order_id].parcels[pk] = (Milestone.SHIPPED in reached, status == Status.DELIVERED)
    lines = OrderItem.objects.filter(order_id__in=rows, quantity__gt=0)
    for order_id, *line in lines.values_list("order_id", "pk", "title", "quantity"):
        rows[order_id].lines.append((line[0], line[1], line[2]))
    contents = ShipmentItem.objects.filter(shipment__order_id__in=rows)
    for order_id, shipment_id, item_id, quantity in contents.values_list(
        "shipment__order_id", "shipment_id", "item_id", "quantity"
    ):
        rows[order_id].contents[shipment_id][item_id] = quantity
    return {order_id: _counted(one) for order_id, one in rows.items()}


def _counted(rows: _Rows) -> OnTheWay:
    moving = [pk for pk, (has_left, _) in rows.parcels.items() if has_left]
    n, delivered = len(rows.parcels), sum(came for _, came in rows.parcels.values())
    if not rows.lines or not all(rows.contents.get(pk) for pk in rows.parcels):
        return OnTheWay(len(moving), n, "parcels", n, delivered)
    sent: dict[int, int] = defaultdict(int)
    for pk in moving:
        for item_id, quantity in rows.contents[pk].items():
            sent[item_id] += quantity
    return OnTheWay(
        sent=sum(min(sent[pk], quantity) for pk, _, quantity in rows.lines),
        of=sum(quantity for _, _, quantity in rows.lines),
        unit="pieces",
        parcels=n,
        delivered=delivered,
        waiting=tuple(title for pk, title, quantity in rows.lines if sent[pk] < quantity),
    )


def tell_dispatch(derived: Sequence[Derived], *, now: datetime) -> None:
    """Write that an order left in part, once a day, or came as a whole, once.

    After parcels were derived and written, with their orders locked (`tracking.orders`): of two
    that come at the same moment the second sees the first. What is not told of the parcel is not
    told of its order.
    """
    left = _reached(derived, Milestone.SHIPPED)
    came = _reached(derived, Milestone.DELIVERED)
    if not left and not came:
        return
    orders = {one.shipment.order_id: one.shipment.order for one in derived}
    changes = []
    for order_id, found in on_the_way({*left, *came}).items():
        order = orders[order_id]
        if order_id in left and found.is_partly:
            zone = ZoneInfo(destination_zone(order.country, order.region, order.city))
            key = f"{PARTLY_DISPATCHED}:{now.astimezone(zone).date()}"
            data = {
                "sent": found.sent,
                "of": found.of,
                "unit": found.unit,
                "waiting": list(found.waiting),
            }
            changes.append(order_change(order, key, at=now, announce=left[order_id], data=data))
        if order_id in came and found.is_all_delivered:
            data = {"parcels": found.parcels}
            changes.append(
                order_change(order, ALL_DELIVERED, at=now, announce=came[order_id], data=data)
            )
    write(changes, now=now)


def _reached(derived: Sequence[Derived], milestone: Milestone) -> dict[int, bool]:
    """The orders of parcels that reached it just now, and whether any news of them is told."""
    found: dict[int, bool] = {}
    for one in derived:
        fresh = [change for change in one.changes if change.kind == Change.Kind.MILESTONE]
        if any(change.key == milestone for change in fresh):
            told = any(change.announce for change in fresh)
            found[one.shipment.order_id] = found.get(one.shipment.order_id, False) or told
    return found
