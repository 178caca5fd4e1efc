"""How well dates were kept: shares with their intervals, and which level each would have needed.

Pure. "In time" everywhere means: came on or before the last day that was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, sqrt
from typing import Final

from edd.distribution import Distribution

#: Fewer than this say nothing about a share, and the report says so instead.
FEWEST: Final = 30
#: The 97.5 % quantile of the normal distribution: intervals are at 95 %.
_Z: Final = 1.959964
#: Levels, in per cent, of which a date's record keeps the days. Dense where promises are made.
RECORDED: Final = (5, 10, 25, 50, 75, 80, 85, 90, 93, 95, 97, 98, 99)
#: Bars of the histogram of needed levels, each this many per cent wide: 80, 90 and 95 are edges.
BINS: Final = 40
BIN_WIDTH: Final = 100 / BINS


@dataclass(frozen=True, slots=True)
class Interval:
    """Two shares between 0 and 1."""

    low: float
    high: float

    def holds(self, share: float) -> bool:
        return self.low <= share <= self.high


def wilson(hits: int, n: int) -> Interval:
    """The score interval of a share at 95 %: honest for few and for shares near 0 or 1.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
    J. Am. Stat. Assoc. 22 (1927), 209–212. Raises ValueError unless 0 ≤ hits ≤ n and n > 0.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"{hits} of {n} is no share")
    share, weight = hits / n, _Z**2 / n
    centre = (share + weight / 2) / (1 + weight)
    half = _Z * sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of dates that were judged. `days_off` sums the days outside the windows, either
    side, of the `arrived` of them whose day is known (lost parcels never came)."""

    n: int = 0
    in_time: int = 0
    inside: int = 0
    arrived: int = 0
    days_off: int = 0

    @property
    def is_enough(self) -> bool:
        return self.n >= FEWEST

    @property
    def share(self) -> float:
        """In time, between 0 and 1; of none it is 0."""
        return self.in_time / self.n if self.n else 0.0

    @property
    def share_inside(self) -> float:
        return self.inside / self.n if self.n else 0.0

    @property
    def interval(self) -> Interval:
        return wilson(self.in_time, self.n) if self.n else Interval(0.0, 1.0)

    @property
    def mean_days_off(self) -> float:
        return self.days_off / self.arrived if self.arrived else 0.0

    def __add__(self, other: Kept) -> Kept:
        return Kept(
            self.n + other.n,
            self.in_time + other.in_time,
            self.inside + other.inside,
            self.arrived + other.arrived,
            self.days_off + other.days_off,
        )


def total(parts: Iterable[Kept]) -> Kept:
    return sum(parts, Kept())


def record(chances: Distribution) -> dict[str, object]:
    """What is kept of a distribution beside its date: days from its start, by level in per cent."""
    days = {str(level): (chances.quantile(level / 100) - chances.start).days for level in RECORDED}
    return {"start": chances.start.isoformat(), "days": days}


def needed(kept: Mapping[str, object], arrived: date) -> float | None:
    """The smallest level, in per cent, whose last day would have been kept; None: no record.

    That is where the outcome fell in the distribution (the probability integral transform),
    taken from the promise's side: at most as much as the level that was asked for means "in
    time", exactly, at every level that is recorded. Between those it is a straight line; what
    came after the 99 % day needed 100.
    """
    start, days = kept.get("start"), kept.get("days")
    if not isinstance(start, str) or not isinstance(days, Mapping):
        return None
    came = (arrived - date.fromisoformat(start)).days
    below_level, below_day = 0.0, None
    for level, last in sorted((int(level), int(last)) for level, last in days.items()):
        if last >= came:
            if below_day is None:
                return float(level)
            return below_level + (level - below_level) * (came - below_day) / (last - below_day)
        below_level, below_day = float(level), last
    return 100.0


def bin_of(level: float) -> int:
    """The bar of the histogram that a needed level falls in: what it is at most counts."""
    return min(max(ceil(level / BIN_WIDTH - 1e-9) - 1, 0), BINS - 1)


def share_within(histogram: Sequence[int], level: float) -> float:
    """The share of outcomes that needed at most this level; straight lines inside the bars."""
    whole = sum(histogram)
    if not whole:
        return 0.0
    full, part = divmod(level / BIN_WIDTH, 1)
    inside = sum(histogram[: int(full)])
    rest = histogram[int(full)] * part if int(full) < len(histogram) else 0.0
    return (inside + rest) / whole


def level_for(histogram: Sequence[int], share: float) -> float:
    """The level, in per cent, that this share of the outcomes needed at most; 100 of none."""
    target, seen = share * sum(histogram), 0
    for place, count in enumerate(histogram):
        if count and seen + count >= target:
            return (place + (target - seen) / count) * BIN_WIDTH
        seen += count
    return 100.0
