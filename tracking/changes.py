"""Milestones of the order: placed, confirmed, packed. Each once, whoever says it first."""

from __future__ import annotations

from datetime import datetime

from lib.vocabulary import ORDER_MILESTONES, Milestone
from tracking.models import Change, Order
from tracking.outbox import NewChange, write


def reach_order_milestone(
    *, order: Order, milestone: Milestone, at: datetime, now: datetime, announce: bool = True
) -> None:
    """Write the order's milestone and its column; nothing happens the second time.

    Earlier milestones are implied: they are filled silently. Nothing older than
    `order.announce_from`, and nothing once a parcel is on its way, is announced.
    Raises ValueError for a milestone that belongs to the parcel.
    """
    if milestone not in ORDER_MILESTONES:
        raise ValueError(f"{milestone} belongs to a parcel, not to the order")
    reached = ORDER_MILESTONES.index(milestone)
    moving = Change.objects.filter(
        order_id=order.pk, shipment__isnull=False, kind=Change.Kind.MILESTONE
    ).exists()
    columns = {Milestone.CONFIRMED: "confirmed_at", Milestone.PACKED: "packed_at"}
    updates = {
        column: at
        for name, column in columns.items()
        if ORDER_MILESTONES.index(name) <= reached and getattr(order, column) is None
    }
    if updates:
        for column in updates:
            setattr(order, column, at)
        Order.objects.filter(pk=order.pk).update(**updates, updated_at=now)
    write(
        [
            NewChange(
                merchant_id=order.merchant_id,
                order_id=order.pk,
                shipment_id=None,
                kind=Change.Kind.MILESTONE,
                key=name.value,
                at=at,
                announce=announce
                and name is milestone
                and at >= order.announce_from
                and not moving,
            )
            for name in ORDER_MILESTONES[: reached + 1]
        ],
        now=now,
    )
