"""Presents: whom they are for hears of them on the day they come, and never what is in them.

Somebody must be at the door, and the courier calls the receiver that day anyway; before it, every
message is a surprise spoilt. The order may say otherwise (`Order.gift_tells`), and so may the buyer
who named the receiver (`Recipient.is_surprise`).
"""

from __future__ import annotations

from typing import Final

from lib.vocabulary import Milestone
from notifications.reasons import GIFT, NO_REASON, Reason, Unsent
from tracking.models import Order, Recipient

#: What is about the door, and must be known there.
DELIVERY_DAY: Final = frozenset(
    {
        "arriving_today", Milestone.OUT_FOR_DELIVERY.value, Milestone.DELIVERED.value,
        Milestone.ATTEMPT_FAILED.value, "pickup_ready", "pickup_deadline",
    }
)  # fmt: skip


def against_gift(topic: str, recipient: Recipient, order: Order) -> Reason:
    """Why this is kept from whom the present is for; empty for everybody else."""
    if recipient.role != Recipient.Role.RECEIVER:
        return NO_REASON
    if recipient.is_surprise and topic not in DELIVERY_DAY:
        return Reason(Unsent.GIFT, GIFT)
    if not order.is_gift:
        return NO_REASON
    if order.gift_tells == Order.GiftTells.EVERYTHING:
        return NO_REASON
    if order.gift_tells != Order.GiftTells.NOTHING and topic in DELIVERY_DAY:
        return NO_REASON
    return Reason(Unsent.GIFT, GIFT)
