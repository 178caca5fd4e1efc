"""When a carrier's feed counts as dead, and when it lives again. Pure.

A merchant's own account that fails is no outage: most merchants' accounts must fail together,
and at least two. "Silent" is judged by what the same hours of the week brought before, scaled
by how much we ask now. Opening asks for more than staying open does, so that a feed at the edge
does not flicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

#: Failing is judged over this time, recovery over the shorter one.
FAILING_WINDOW: Final = timedelta(minutes=15)
RECOVERY_WINDOW: Final = timedelta(minutes=10)
FEWEST_CALLS: Final = 8
FAILING_SHARE: Final = 0.6
WELL_SHARE: Final = 0.2
FEWEST_MERCHANTS: Final = 2

SILENT_WINDOW: Final = timedelta(hours=2)
NEWS_WINDOW: Final = timedelta(minutes=30)
WEEKS: Final = 4
FEWEST_WEEKS: Final = 2
#: So many parcels with news were to be expected, and there were none: no chance.
FEWEST_EXPECTED: Final = 30.0
FEWEST_ANSWERS: Final = 30


@dataclass(frozen=True, slots=True)
class Beat:
    """Counts of a span of time."""

    answered: int = 0
    failed: int = 0
    news: int = 0

    @property
    def failed_share(self) -> float:
        calls = self.answered + self.failed
        return self.failed / calls if calls else 0.0


def is_failing(window: Beat, *, merchants_failing: int, merchants_asked: int) -> bool:
    """Whether the carrier does not answer, whoever asks."""
    if window.answered + window.failed < FEWEST_CALLS or window.failed_share < FAILING_SHARE:
        return False
    enough = merchants_failing >= FEWEST_MERCHANTS
    return enough and merchants_failing >= FAILING_SHARE * merchants_asked


def is_well_again(recent: Beat) -> bool:
    """Whether a carrier that failed answers: three answers, and hardly a failure among them."""
    return recent.answered >= 3 and recent.failed_share <= WELL_SHARE


def expected_news(now: Beat, weeks: Sequence[Beat]) -> float:
    """How many parcels with news so many answers brought in the same hours of past weeks.

    0.0 while too few weeks are known.
    """
    known = [week for week in weeks if week.answered and week.news]
    if len(known) < FEWEST_WEEKS:
        return 0.0
    rate = sum(week.news for week in known) / sum(week.answered for week in known)
    return rate * now.answered


def is_silent(now: Beat, weeks: Sequence[Beat]) -> bool:
    """Whether answers come and not one of them says anything new, against all custom."""
    if now.news or now.answered < FEWEST_ANSWERS:
        return False
    return expected_news(now, weeks) >= FEWEST_EXPECTED


def speaks_again(recent: Beat) -> bool:
    """Whether a silent feed brings news: one scan may be an old one that came late."""
    return recent.news >= 3
