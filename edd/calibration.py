"""The weekly guard: are dates kept as often as they say, and what to ask for where they are not.

Pure. A level that is asked for (90) is answered by a quantile of the distribution; where the
distribution is wrong, another quantile keeps 90 of 100. Which one, the parcels that came say:
`edd.scoring.needed` is the level that each of them needed, whatever level was asked for at the
time. So the guard judges today's answer on all recent parcels and never waits for the effect of
its last correction: that wait makes adaptive schemes swing (a promise is judged weeks later).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from edd.scoring import level_for, share_within, wilson

#: Fewer parcels than this correct nothing.
ENOUGH: Final = 100
#: So many parcels weigh as much as the belief that the distribution is right.
_PRIOR: Final = 100
#: The guard looks at so much of the past, and corrects no more often than this.
LOOKS_BACK: Final = timedelta(weeks=8)
EVERY: Final = timedelta(weeks=1)
#: A correction smaller than this, in per cent, is none.
_LEAST: Final = 0.5
#: Beyond these a window would be a point, or the whole calendar.
_LOWEST: Final = 50.0
_HIGHEST: Final = 99.0


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What is asked for instead of a level; carrier "" is for all that have none of their own."""

    carrier: str
    level: int
    adjusted: float


@dataclass(frozen=True, slots=True)
class Correction:
    """What the guard found: of `n` parcels the share `came` was in time under the level that
    was asked for (`before`); `adjusted` keeps the promise."""

    before: float
    adjusted: float
    n: int
    came: float


def adjusted_level(level: int, carrier: str, calibrations: Iterable[Calibrated]) -> float:
    """The quantile, in per cent, that keeps `level` of 100 at this carrier; itself by default."""
    of_all = float(level)
    for one in calibrations:
        if one.level == level and one.carrier == carrier:
            return one.adjusted
        if one.level == level and not one.carrier:
            of_all = one.adjusted
    return of_all


def correction(histogram: Sequence[int], *, level: int, current: float) -> Correction | None:
    """What to ask for from now on; None where the level is kept or too little is known.

    `histogram` counts recent parcels by the level they needed; `current` is what is asked for.
    Outside the Wilson band the new answer is the empirical quantile of the needed levels,
    shrunk towards no correction at all by how few parcels speak for it.
    """
    n = sum(histogram)
    if n < ENOUGH:
        return None
    came = share_within(histogram, current)
    if wilson(round(came * n), n).holds(level / 100):
        return None
    wanted = level_for(histogram, level / 100)
    adjusted = level + (wanted - level) * n / (n + _PRIOR)
    adjusted = round(min(max(adjusted, _LOWEST), _HIGHEST), 1)
    if abs(adjusted - current) < _LEAST:
        return None
    return Correction(before=current, adjusted=adjusted, n=n, came=came)
