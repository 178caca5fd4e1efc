"""What a person did about answers: answered them, needs no answer, belongs to this order."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from merchants.models import User
from notifications.answers import receivers
from notifications.models import Answer
from tracking.models import Order, Recipient


def unanswered() -> QuerySet[Answer]:
    """What waits for a person, oldest first; in the merchant's scope."""
    return Answer.objects.filter(state=Answer.State.OPEN).order_by("received_at", "pk")


def answered(*, order_id: int, by: User, now: datetime) -> int:
    """Somebody wrote back about this order: all that was asked has its answer."""
    return Answer.objects.filter(order_id=order_id, state=Answer.State.OPEN).update(
        state=Answer.State.DONE, taken_by=by, answered_at=now
    )


def needs_no_answer(*, answer: Answer, by: User, now: datetime) -> bool:
    """Somebody read it, and that is all; False where it was seen to before."""
    return bool(
        Answer.objects.filter(pk=answer.pk, state=Answer.State.OPEN).update(
            state=Answer.State.NOTED, taken_by=by, answered_at=now
        )
    )


def used(*, answer: Answer, now: datetime) -> None:
    """Its place became the order's pin, or was passed on."""
    Answer.objects.filter(pk=answer.pk, used_at__isnull=True).update(used_at=now)


def give_to(*, answer: Answer, order: Order, now: datetime) -> bool:
    """A person says which order is meant; whoever waits for answers hears of it. False where it
    has one already. In the merchant's scope."""
    buyer = Recipient.objects.filter(order=order, role=Recipient.Role.BUYER).first()
    given = Answer.objects.filter(pk=answer.pk, order__isnull=True).update(
        order=order, recipient=buyer, found_by=Answer.FoundBy.PERSON
    )
    if not given:
        return False
    answer.refresh_from_db()
    if answer.state == Answer.State.OPEN:
        receivers.tell(answer, now=now)
    return True
