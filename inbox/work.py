"""Taking stored deliveries to work on, and noting what became of them.

A delivery is pushed ahead when it is taken, not when it fails: a worker that is killed
over it leaves it waiting like any other failure, and no poison row is retried at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from inbox.models import Delivery, Outcome

#: How long a delivery rests after its first, second … attempt. After the last it has failed.
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
ATTEMPTS: Final = len(WAITS) + 1


def due(*, now: datetime, limit: int) -> list[int]:
    """Ids of deliveries whose time has come, oldest first; call it in `every_merchant`."""
    waiting = Delivery.objects.filter(outcome=Outcome.WAITING, next_attempt_at__lte=now)
    return list(waiting.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


def claim(delivery_id: int, *, now: datetime) -> Delivery | None:
    """Take one due delivery; None when it is done, resting or in somebody's hands.

    Call it in `every_merchant`; the claim counts from the end of that transaction.
    """
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True)
        .filter(pk=delivery_id, outcome=Outcome.WAITING, next_attempt_at__lte=now)
        .first()
    )
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.next_attempt_at = now + WAITS[min(delivery.attempts, len(WAITS)) - 1]
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def finish(delivery_id: int, *, outcome: Outcome, problem: str = "", now: datetime) -> None:
    """This delivery is through: done, ignored, or failed for good with the reason in words."""
    Delivery.objects.filter(pk=delivery_id).update(
        outcome=outcome, problem=problem, finished_at=now, next_attempt_at=None
    )


def put_off(delivery: Delivery, *, problem: str, now: datetime) -> bool:
    """Note why the attempt failed; it waits as `claim` set. Returns whether that was the last."""
    if delivery.attempts >= ATTEMPTS:
        finish(
            delivery.pk,
            outcome=Outcome.FAILED,
            problem=f"{problem} Given up after {delivery.attempts} attempts.",
            now=now,
        )
        return True
    Delivery.objects.filter(pk=delivery.pk).update(problem=problem)
    return False


def replay(delivery_id: int, *, now: datetime) -> bool:
    """Work on a finished delivery again, from its stored bytes; in the merchant's scope.

    The next sweep takes it. Returns False where there is nothing to replay: unknown, still
    waiting, or its content was erased.
    """
    return (
        Delivery.objects.filter(pk=delivery_id)
        .exclude(outcome=Outcome.WAITING)
        .exclude(body=b"")
        .update(
            outcome=Outcome.WAITING, attempts=0, problem="", next_attempt_at=now, finished_at=None
        )
        == 1
    )
