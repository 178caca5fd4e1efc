"""Milestones of the order: placed, confirmed, packed. Each once, whoever says it first."""

from __future__ import annotations

from datetime import datetime

from lib.vocabulary import ORDER_MILESTONES, Milestone
from tracking.models import Change, Order
from tracking.outbox import NewChange, write


def order_milestone(
    order: Order, milestone: Milestone, *, at: datetime, is_moving: bool
) -> list[NewChange]:
    """The changes that this milestone means; written already, they change nothing.

    Earlier milestones are implied: they are filled silently. Nothing older than
    `order.announce_from`, and nothing once a parcel is on its way, is announced.
    """
    reached = ORDER_MILESTONES.index(milestone)
    return [
        NewChange(
            merchant_id=order.merchant_id,
            order_id=order.pk,
            shipment_id=None,
            kind=Change.Kind.MILESTONE,
            key=name.value,
            at=at,
            announce=name is milestone and at >= order.announce_from and not is_moving,
        )
        for name in ORDER_MILESTONES[: reached + 1]
    ]


def reach_order_milestone(
    *, order: Order, milestone: Milestone, at: datetime, now: datetime
) -> None:
    """Write the order's milestone and its column; nothing happens the second time.

    Raises ValueError for a milestone that belongs to the parcel.
    """
    if milestone not in ORDER_MILESTONES:
        raise ValueError(f"{milestone} belongs to a parcel, not to the order")
    moving = Change.objects.filter(
        order_id=order.pk, shipment__isnull=False, kind=Change.Kind.MILESTONE
    ).exists()
    columns = {Milestone.CONFIRMED: "confirmed_at", Milestone.PACKED: "packed_at"}
    reached = ORDER_MILESTONES.index(milestone)
    updates = {
        column: at
        for name, column in columns.items()
        if ORDER_MILESTONES.index(name) <= reached and getattr(order, column) is None
    }
    if updates:
        for column in updates:
            setattr(order, column, at)
        Order.objects.filter(pk=order.pk).update(**updates, updated_at=now)
    write(order_milestone(order, milestone, at=at, is_moving=moving), now=now)
