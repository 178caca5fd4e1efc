"""When it may come, as one distribution over days, and every question that it answers. Pure.

A promise is its quantile at the level that a merchant chose, a window lies between two
quantiles, the single best date is where most of it lies, and the risk of being late is what
lies after a promise. All of them come from the same numbers, so they never contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: The earliest day of a window: this share comes before it, at most.
EARLIEST: Final = 0.05
#: Rounding of sums, so that 0.9 reached by ten times 0.09 counts as reached.
_EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """The chance of each day: `mass[k]` is that of `start` + k days; local dates, one zone.

    The masses are not negative and sum to one at most; what is missing comes later than the
    last day. Raises ValueError for anything else.
    """

    start: date
    mass: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.mass.ndim != 1 or not len(self.mass) or np.any(self.mass < 0):
            raise ValueError("a distribution needs days, and no day's chance is negative")
        if not 0 < float(self.mass.sum()) <= 1 + 1e-6:
            raise ValueError("the chances of all days sum to more than one, or to nothing")

    def day(self, place: int) -> date:
        return self.start + timedelta(days=int(place))

    def quantile(self, share: float) -> date:
        """The first day by which at least `share` (0–1) of such parcels have come.

        The last day where that many never do.
        """
        reached = np.cumsum(self.mass) >= share - _EPSILON
        return self.day(int(np.argmax(reached)) if reached.any() else len(self.mass) - 1)

    def window(self, level: float) -> tuple[date, date]:
        """First and last day: at most `EARLIEST` come before it, `level` by its last day."""
        return min(self.quantile(EARLIEST), self.quantile(level)), self.quantile(level)

    def best(self) -> date:
        """The single likeliest day; of equals the earliest."""
        return self.day(int(np.argmax(self.mass)))

    def risk_after(self, day: date) -> float:
        """The chance (0–1) that it comes after `day`."""
        kept = (day - self.start).days + 1
        return float(min(1.0, max(0.0, 1.0 - self.mass[: max(kept, 0)].sum())))

    def not_before(self, day: date) -> Distribution:
        """Given that it has not come before `day`: earlier days are off, the others weigh more.

        Where nothing is left at all, `day` itself is all that can be said.
        """
        skip = (day - self.start).days
        if skip <= 0:
            return self
        left = self.mass[skip:]
        open_share = 1.0 - float(self.mass[:skip].sum())
        if not len(left) or left.sum() <= _EPSILON or open_share <= _EPSILON:
            return Distribution(day, np.ones(1))
        return Distribution(day, left / max(open_share, float(left.sum())))

    def later(self, days: int) -> Distribution:
        """Everything so many days later."""
        return Distribution(self.start + timedelta(days=days), self.mass)


def mix(parts: Sequence[tuple[float, Distribution]]) -> Distribution:
    """Several distributions in one; weights are shares and sum to one."""
    start = min(part.start for _, part in parts)
    end = max(part.day(len(part.mass)) for _, part in parts)
    mass: NDArray[np.float64] = np.zeros((end - start).days)
    for weight, part in parts:
        at = (part.start - start).days
        mass[at : at + len(part.mass)] += weight * part.mass
    return Distribution(start, mass)


def as_numbers(found: Distribution) -> dict[str, Any]:
    """For a chart or a record: the first day, and the chance of each day in per mille."""
    return {"start": str(found.start), "mass": [round(float(one), 4) for one in found.mass]}
