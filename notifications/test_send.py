"""A message to oneself: what a customer would get, at the address of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max

from lib.vocabulary import ORDER_MILESTONES, Milestone
from merchants.models import Brand, Merchant, User
from notifications.models import Message
from notifications.preview import invented, of_order, parcel_of
from notifications.rendering import Own
from notifications.telling import own_words
from notifications.templates.mail import letter
from notifications.templates.sending import send_to_oneself
from tracking.models import Change, Recipient

CHANNEL: Final = "email"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it. `is_queued`: a Message row waits for its sender; else it went out at
    once. `problem` is why it did not, in the provider's words; empty when it did."""

    to: str
    is_queued: bool = False
    problem: str = ""


def send_test(
    *, merchant: Merchant, user: User, milestone: Milestone, language: str, now: datetime
) -> Sent:
    """Send this milestone's message to the person who asks; in the merchant's scope.

    With an order it is the newest order's own message, a row like any other with purpose TEST.
    Without one it is the preview's invented parcel, sent at once and not kept. Never to anybody
    but `user`, whose address is proved.
    """
    told = Change.objects.filter(merchant_id=merchant.pk).select_related("order")
    if milestone not in ORDER_MILESTONES:
        told = told.filter(order__shipments__isnull=False)
    change = told.order_by("-order_id", "pk").first()
    own = own_words(merchant).get((CHANNEL, milestone.value, language), Own())
    telling = (
        of_order(
            merchant=merchant, order=change.order, topic=milestone.value, language=language,
            now=now, own=own,
        )
        if change
        else None
    )  # fmt: skip
    if change is None or telling is None:
        return _send_invented(merchant, user, milestone, language, now=now)
    recipient = Recipient.objects.get(order=change.order, role=Recipient.Role.BUYER)
    rendered = letter(telling)
    Message.objects.create(
        merchant_id=merchant.pk,
        order=change.order,
        shipment=parcel_of(change.order, milestone.value),
        change=change,
        recipient=recipient,
        channel=CHANNEL,
        purpose=Message.Purpose.TEST,
        sequence=_next_sequence(change, recipient),
        topic=milestone.value,
        language=language,
        to=user.email,
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        due_at=now,
        created_at=now,
    )
    return Sent(user.email, is_queued=True)


def _next_sequence(change: Change, recipient: Recipient) -> int:
    mine = Message.objects.filter(
        change=change, recipient=recipient, channel=CHANNEL, purpose=Message.Purpose.TEST
    )
    return int(mine.aggregate(last=Max("sequence"))["last"] or 0) + 1


def _send_invented(
    merchant: Merchant, user: User, milestone: Milestone, language: str, *, now: datetime
) -> Sent:
    own = own_words(merchant).get((CHANNEL, milestone.value, language), Own())
    brand = Brand.objects.filter(merchant_id=merchant.pk).first()
    telling = invented(
        merchant=merchant, topic=milestone.value, language=language, now=now, own=own, brand=brand
    )
    return Sent(user.email, problem=send_to_oneself(merchant, user, telling, now=now))
