"""New rules for dates: a merchant's open parcels are dated again, in the background, quietly.

Whoever changes the rules asks for it with one row. A sweep works through the parcels by id, a
batch a transaction, and notes how far it came; asking again begins anew. A flag that the new rules
raise is told by the next look that finds it still true.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from lib.vocabulary import TERMINAL
from merchants.scope import every_merchant, merchant_scope
from tracking.ingest import review
from tracking.models import Redating, Shipment

LEASE: Final = timedelta(minutes=5)
_BATCH: Final = 200
#: A sweep ends after this long and leaves the rest to the next one.
_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class _Wish:
    """One merchant's row as it was claimed."""

    pk: int
    merchant_id: int
    wanted_at: datetime
    after_id: int


def date_again(*, merchant_id: int, now: datetime) -> None:
    """Ask that this merchant's open parcels be dated anew; in its scope.

    In the transaction that changes the rules, so that nobody dates by the old ones afterwards.
    """
    Redating.objects.update_or_create(
        merchant_id=merchant_id, defaults={"wanted_at": now, "after_id": 0, "due_at": now}
    )


def is_dating(merchant_id: int) -> bool:
    """Whether dates are still being worked out anew; in the merchant's scope."""
    return Redating.objects.filter(merchant_id=merchant_id).exists()


def redate_due(*, now: datetime) -> int:
    """Take the wishes that are due and work on them for some seconds; how many parcels."""
    with every_merchant("any merchant may have changed its rules"):
        wishes = _claim(now=now)
    started, parcels = time.monotonic(), 0
    for wish in wishes:
        after: int | None = wish.after_id
        while after is not None and time.monotonic() - started < _SECONDS:
            with merchant_scope(wish.merchant_id):
                after, dated = _batch(wish, after, now=now)
            parcels += dated
    return parcels


def _claim(*, now: datetime) -> list[_Wish]:
    rows = list(
        Redating.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=now)
        .order_by("due_at", "pk")[:50]
    )
    Redating.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
    return [_Wish(row.pk, row.merchant_id, row.wanted_at, row.after_id) for row in rows]


def _batch(wish: _Wish, after_id: int, *, now: datetime) -> tuple[int | None, int]:
    """Date the next parcels and note it: the last one's id (None: no more), and how many.

    A parcel that time alone calls for is left to its review, which may have news to tell.
    """
    mine = Redating.objects.filter(pk=wish.pk, wanted_at=wish.wanted_at)
    ids = list(
        Shipment.objects.filter(pk__gt=after_id)
        .exclude(status__in=TERMINAL)
        .exclude(Q(watch__review_at__isnull=False) & Q(watch__review_at__lte=now))
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH]
    )
    review(ids, now=now, silent=True, tells_later=True)
    if len(ids) < _BATCH:
        mine.delete()
        return None, len(ids)
    # Zero rows: the merchant asked again meanwhile, and the next sweep begins from the start.
    is_mine = mine.update(after_id=ids[-1], due_at=now)
    return (ids[-1] if is_mine else None), len(ids)
