"""Marks and words that shoppers give after a delivery: taken, changed, exported, erased.

The only writer of Feedback and FeedbackPolicy. What may be said when is pure, so that the page
offers exactly what is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lib.personal_data import Person
from lib.vocabulary import Status
from tracking.models import Feedback, FeedbackPolicy, Order, Recipient, Shipment
from tracking.orders import touch

MARKS: Final = (1, 2, 3, 4, 5)
#: Up to this mark somebody is unhappy.
LOW: Final = 2
LONGEST: Final = 1000
#: So long after a delivery people are asked, and so long after their first mark they may change it.
ASKED_FOR: Final = timedelta(days=60)
CHANGED_FOR: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Given:
    """What was kept; `is_low_now` where a mark has just become a low one."""

    feedback: Feedback
    is_low_now: bool


def is_asked(shipment: Shipment, *, now: datetime) -> bool:
    """Whether people are asked about this parcel: it came, not long ago, and nobody doubts it."""
    if shipment.status != Status.DELIVERED or shipment.disputed:
        return False
    return shipment.delivered_at is not None and now - shipment.delivered_at < ASKED_FOR


def may_change(given_at: datetime, *, now: datetime) -> bool:
    """Whether what was given then may still be changed."""
    return now - given_at < CHANGED_FOR


def judges_shop(role: str) -> bool:
    """Whose bargain it was: a receiver and a front desk judge the delivery alone."""
    return role in {"", Recipient.Role.BUYER}


def take(
    *,
    order: Order,
    shipment: Shipment | None,
    role: str,
    mark: int | None,
    words: str,
    language: str,
    now: datetime,
) -> Given | None:
    """Keep a mark for the parcel's carrier (without a parcel: for the shop), and words if any.

    In a transaction, in the merchant's scope. None where nothing is asked, or not any more, and
    where words come without any mark. Empty words take back nothing; raises ValueError for a
    mark that is none and for words longer than LONGEST.
    """
    if (mark is not None and mark not in MARKS) or len(words) > LONGEST:
        raise ValueError("no such mark, or too many words")
    # Two taps at once would both find no mark.
    Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if not _is_open(order, shipment, role, now=now):
        return None
    about = Feedback.About.SHOP if shipment is None else Feedback.About.CARRIER
    who = role or Recipient.Role.BUYER
    known = Feedback.objects.filter(order=order, shipment=shipment, about=about, role=who).first()
    if known is None and mark is None:
        return None
    if known is not None and not may_change(known.given_at, now=now):
        return None
    before = known.mark if known is not None else None
    row = known or Feedback(
        merchant_id=order.merchant_id, order=order, shipment=shipment, about=about, role=who,
        given_at=now,
    )  # fmt: skip
    row.mark, row.words = mark or row.mark, words or row.words
    row.language, row.changed_at = language, now
    row.save()
    touch(order.pk, now=now)
    return Given(row, is_low_now=row.mark <= LOW and (before is None or before > LOW))


def _is_open(order: Order, shipment: Shipment | None, role: str, *, now: datetime) -> bool:
    if shipment is not None:
        return is_asked(shipment, now=now)
    parcels = Shipment.objects.filter(order=order)
    return judges_shop(role) and any(is_asked(one, now=now) for one in parcels)


def opens_cases() -> bool:
    """Whether a low mark opens a case for the merchant in scope."""
    return FeedbackPolicy.objects.filter(opens_cases=True).exists()


def save_feedback_policy(*, merchant_id: int, opens_cases: bool, now: datetime) -> None:
    """Keep the merchant's choice. It counts for marks that come from now on."""
    FeedbackPolicy.objects.update_or_create(
        merchant_id=merchant_id, defaults={"opens_cases": opens_cases, "changed_at": now}
    )


def feedback_of(order: Order) -> list[Feedback]:
    """What was said of this order, newest first; one query."""
    return list(
        Feedback.objects.filter(order=order).select_related("shipment").order_by("-given_at", "-pk")
    )


def export_person(person: Person) -> list[dict[str, Any]]:
    """The marks and words of this person's orders, oldest first."""
    rows = Feedback.objects.filter(order_id__in=person.order_ids).order_by("given_at", "pk")
    return [
        {
            "order": row.order_id,
            "about": row.about,
            "by": row.role,
            "at": row.given_at.isoformat(),
            "mark": row.mark,
            "words": row.words,
        }
        for row in rows
    ]


def erase_person(person: Person) -> int:
    """Blank the words; a mark alone is nobody's."""
    rows = Feedback.objects.filter(order_id__in=person.order_ids).exclude(words="")
    return rows.update(words="")
