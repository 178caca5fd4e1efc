"""How a merchant's dates were kept, from sums: three queries, however many dates were judged."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Sum

from edd.models import Calibration, DateScore
from edd.scoring import BINS, Kept, total

OURS: Final = DateScore.Whose.OURS.value
CARRIER: Final = DateScore.Whose.CARRIER.value
ORDER, HANDOVER, WAY = "order", "handover", "way"
#: The shop's own promise, as a source of the date that was shown.
SHOP: Final = "merchant"
_SUMS: Final = ("n", "in_time", "inside", "arrived", "days_off")

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line:
    """Dates of one kind in the whole period."""

    whose: str
    carrier: str
    lane: str
    stage: str
    level: int
    source: str
    kept: Kept
    told: Kept


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the report shows. `weeks` are our first dates by week, oldest first;
    `needed` is the histogram of `edd.scoring.bin_of` at order and hand-over."""

    lines: Sequence[Line]
    weeks: Sequence[tuple[date, Kept]]
    needed: Sequence[int]
    calibrations: Sequence[Calibration]

    def ours(self, stage: str) -> list[Line]:
        return [one for one in self.lines if (one.whose, one.stage) == (OURS, stage)]

    def carriers(self) -> list[Line]:
        return [one for one in self.lines if one.whose == CARRIER]

    def shops(self) -> list[Line]:
        return [one for one in self.ours(ORDER) if one.source == SHOP]

    @property
    def level(self) -> int:
        """The level, in per cent, that most first dates were given at."""
        by_level = grouped(self.ours(ORDER) or self.ours(HANDOVER), lambda one: one.level)
        return max(by_level, key=lambda level: by_level[level].n, default=90)


def figures(merchant_id: int, *, today: date, days: int) -> Figures:
    """The last `days` days, in whole weeks; in the merchant's scope."""
    since = today - timedelta(days=days)
    scores = DateScore.objects.filter(merchant_id=merchant_id, week__gt=since - timedelta(days=7))
    kinds = ("whose", "carrier", "lane", "stage", "level", "source")
    sums = {name: Sum(name) for name in (*_SUMS, "told", "told_in_time")}
    found = scores.order_by().values_list(*kinds).annotate(**sums)
    lines = [
        Line(
            whose, carrier, lane, stage, level, source,
            kept=Kept(n, in_time, inside, arrived, days_off),
            told=Kept(told, told_in_time),
        )
        for whose, carrier, lane, stage, level, source, n, in_time, inside, arrived, days_off, told,
        told_in_time in found
    ]  # fmt: skip
    by_week = (
        scores.filter(whose=OURS, stage=ORDER)
        .order_by("week")
        .values_list("week")
        .annotate(**{name: Sum(name) for name in _SUMS})
    )
    return Figures(
        lines=lines,
        weeks=[(week, Kept(*row)) for week, *row in by_week],
        needed=_needed(merchant_id, since),
        calibrations=list(
            Calibration.objects.filter(merchant_id=merchant_id).order_by("-since", "carrier")[:20]
        ),
    )


def grouped(lines: Iterable[Line], key: Callable[[Line], K]) -> dict[K, Kept]:
    """The counts by whatever `key` says, most dates first."""
    found: dict[K, Kept] = {}
    for line in lines:
        found[key(line)] = found.get(key(line), Kept()) + line.kept
    return dict(sorted(found.items(), key=lambda item: -item[1].n))


def whole(lines: Iterable[Line]) -> Kept:
    return total(line.kept for line in lines)


def _needed(merchant_id: int, since: date) -> list[int]:
    """The histogram of the needed levels, added up where it lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bar.place, sum(bar.value::int) FROM edd_datescore s"
            " CROSS JOIN jsonb_array_elements_text(s.needed) WITH ORDINALITY AS bar (value, place)"
            " WHERE s.merchant_id = %s AND s.week > %s AND s.whose = %s AND s.stage IN (%s, %s)"
            " GROUP BY bar.place",
            [merchant_id, since - timedelta(days=7), OURS, ORDER, HANDOVER],
        )
        counts = dict(cursor.fetchall())
    return [int(counts.get(place + 1, 0)) for place in range(BINS)]
