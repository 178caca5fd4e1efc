"""Somebody is taken off an order: what waits for them is not sent, their browsers are forgotten."""

from __future__ import annotations

from notifications.models import Message, PushSubscription
from notifications.reasons import TAKEN_OFF, Unsent
from tracking.models import Recipient


def withdraw(recipient: Recipient) -> None:
    """In the merchant's scope, in the transaction that takes them off."""
    Message.objects.filter(
        recipient=recipient, state__in=[Message.State.PLANNED, Message.State.WAITING]
    ).update(
        state=Message.State.SKIPPED, reason=TAKEN_OFF, reason_code=Unsent.TAKEN_OFF, due_at=None
    )
    PushSubscription.objects.filter(recipient=recipient).delete()
