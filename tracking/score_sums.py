"""The only writer of `DateScore`: sums of the outcomes, changed by what came and what went.

The cost is that of the outcomes that changed, however many there are already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from django.db import connection

from edd.models import DateScore
from edd.scoring import BINS, bin_of
from tracking.models import Verdict

#: The space of our advisory locks in which merchants are numbered.
_LOCK: Final = 6001
_SUMS: Final = ("n", "in_time", "inside", "arrived", "days_off", "told", "told_in_time")


class Key(NamedTuple):
    """What outcomes are counted by; columns of both tables."""

    week: date
    whose: str
    carrier: str
    lane: str
    stage: str
    level: int
    source: str


class Counted(NamedTuple):
    """One outcome as far as it is counted."""

    key: Key
    verdict: str
    days_off: int | None
    needed: float | None
    told: bool


@dataclass(slots=True)
class _Change:
    sums: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_SUMS, 0))
    needed: list[int] = field(default_factory=lambda: [0] * BINS)

    def add(self, one: Counted, by: int) -> None:
        in_time = one.verdict != Verdict.LATE
        values = {
            "n": 1,
            "in_time": in_time,
            "inside": one.verdict == Verdict.INSIDE,
            "arrived": one.days_off is not None,
            "days_off": abs(one.days_off or 0),
            "told": one.told,
            "told_in_time": one.told and in_time,
        }
        for name, value in values.items():
            self.sums[name] += by * int(value)
        if one.needed is not None:
            self.needed[bin_of(one.needed)] += by

    @property
    def is_none(self) -> bool:
        return not any(self.sums.values()) and not any(self.needed)


def lock(merchant_id: int) -> None:
    """One at a time changes a merchant's sums, until its transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, merchant_id % 2**31])


def change(merchant_id: int, *, gone: Iterable[Counted], come: Iterable[Counted]) -> None:
    """Take these outcomes out of the sums and put those in.

    Under the lock, in the merchant's scope, and in the transaction that writes the outcomes.
    """
    changes: dict[Key, _Change] = defaultdict(_Change)
    for by, rows in ((-1, gone), (1, come)):
        for one in rows:
            changes[one.key].add(one, by)
    changes = {key: found for key, found in changes.items() if not found.is_none}
    scores = DateScore.objects.filter(merchant_id=merchant_id)
    known = {
        key: row
        for row in scores.filter(week__in={key.week for key in changes})
        if (key := Key(*(getattr(row, name) for name in Key._fields))) in changes
    }
    for key, found in changes.items():
        row = known.get(key) or DateScore(
            merchant_id=merchant_id, **key._asdict(), **dict.fromkeys(_SUMS, 0)
        )
        for name, by in found.sums.items():
            setattr(row, name, getattr(row, name) + by)
        bars = [was + by for was, by in zip(row.needed or [0] * BINS, found.needed, strict=True)]
        row.needed = bars if any(bars) else []
        known[key] = row
    fresh = [row for row in known.values() if row.pk is None]
    empty = [row.pk for row in known.values() if row.pk is not None and row.n == 0]
    kept = [row for row in known.values() if row.pk is not None and row.n > 0]
    scores.filter(pk__in=empty).delete()
    DateScore.objects.bulk_update(kept, [*_SUMS, "needed"], batch_size=200)
    DateScore.objects.bulk_create(fresh)
