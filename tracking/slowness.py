"""Whether parcels of a carrier to a place run late against all custom. Pure.

What is compared is the share of parcels that had not come by the end of the day that their
shoppers were first promised: of those promised for the last three days, or the last seven, with
those of the same weekdays in the eight weeks before. It is measured by how much such shares
scatter from week to week anyway, not by chance alone, and one bad week of the eight is forgiven.

A warehouse that packs late, or a shop that promises too much, is not a slow network: at least three
merchants must be affected, most of those with enough parcels, and it must still stand out when the
one that weighs most is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median
from typing import Final

_DAY: Final = timedelta(days=1)
#: Days that are looked at together; a strike is seen by the short one, a drift by the long one.
WINDOWS: Final = (3, 7)
WEEKS: Final = 8
FEWEST_WEEKS: Final = 4
#: So many days of history are read.
HISTORY: Final = 7 * WEEKS + max(WINDOWS)

FEWEST_MERCHANTS: Final = 3
FEWEST_PARCELS: Final = 30
#: A merchant's own share says something from so many parcels on.
FEWEST_OF_MERCHANT: Final = 4
#: How far a share must be above the usual one: in standard deviations, and outright.
STANDS_OUT: Final = 6.0
STANDS_OUT_WITHOUT_ONE: Final = 4.0
RISE: Final = 0.2
#: And of the merchants with enough parcels, so many must be above it by half of that rise.
AGREEING: Final = 2 / 3
#: Shares scatter at least so much more than by chance alone.
_LEAST_SCATTER: Final = 2.0
#: A share of 0 or 1 of few parcels is no certainty.
_LEAST_SHARE: Final = 0.02

#: It is over when the last three days are so near to the usual share again.
OVER_WITHIN: Final = 0.07
FEWEST_TO_END: Final = 10
#: Without enough parcels to judge it ends by itself.
ENDS_AFTER: Final = 10

MOST_DAYS_SUGGESTED: Final = 14


@dataclass(frozen=True, slots=True)
class Tally:
    """Parcels promised for a day, and how many of them had not come by its end."""

    due: int = 0
    late: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.due + other.due, self.late + other.late)

    @property
    def share(self) -> float:
        return self.late / self.due if self.due else 0.0


Days = Mapping[date, Mapping[int, Tally]]
"""By promised day and merchant."""


@dataclass(frozen=True, slots=True)
class Slow:
    """What stands out: `late` and `usual` are shares (0–1), `since` the first day of it."""

    since: date
    late: float
    usual: float
    parcels: int
    merchants: int
    score: float


def judge(days: Days, *, last: date) -> Slow | None:
    """Whether parcels promised up to `last`, a day that is over everywhere, stand out."""
    found = [slow for window in WINDOWS if (slow := _judge(days, last, window)) is not None]
    slow = max(found, key=lambda one: one.score, default=None)
    if slow is None or is_over(days, slow.usual, last=last, seen_on=last):
        return None
    return slow


def _judge(days: Days, last: date, window: int) -> Slow | None:
    now = _by_merchant(days, last, window)
    total = sum(now.values(), Tally())
    if len(now) < FEWEST_MERCHANTS or total.due < FEWEST_PARCELS:
        return None
    usual = _usual(days, last, window)
    if usual is None:
        return None
    share, scatter = usual
    if total.share - share < RISE or not _is_shared(now, share, scatter):
        return None
    score = _score(total, share, scatter)
    if score < STANDS_OUT:
        return None
    since = _since(days, share, last=last)
    return Slow(since, total.share, share, total.due, len(now), score)


def _is_shared(now: Mapping[int, Tally], share: float, scatter: float) -> bool:
    """Whether it is no single merchant's: most are late, and without the worst it stands out."""
    telling = [one for one in now.values() if one.due >= FEWEST_OF_MERCHANT]
    agreeing = sum(one.share - share >= RISE / 2 for one in telling)
    if agreeing < FEWEST_MERCHANTS or agreeing < AGREEING * len(telling):
        return False
    total = sum(now.values(), Tally())
    worst = max(now.values(), key=lambda one: one.late - share * one.due)
    rest = Tally(total.due - worst.due, total.late - worst.late)
    return rest.share - share >= RISE and _score(rest, share, scatter) >= STANDS_OUT_WITHOUT_ONE


def _score(tally: Tally, share: float, scatter: float) -> float:
    """How many standard deviations it lies above the usual share."""
    if not tally.due:
        return 0.0
    return (tally.share - share) / sqrt(scatter * share * (1 - share) / tally.due)


def _usual(days: Days, last: date, window: int) -> tuple[float, float] | None:
    """The usual share, and how many times chance it scatters; None while too little is known."""
    weeks = [
        sum(_by_merchant(days, last - 7 * week * _DAY, window).values(), Tally())
        for week in range(1, WEEKS + 1)
    ]
    known = [week for week in weeks if week.due >= FEWEST_PARCELS // 3]
    if len(known) < FEWEST_WEEKS:
        return None
    share = min(max(median(week.share for week in known), _LEAST_SHARE), 1 - _LEAST_SHARE)
    chance = share * (1 - share)
    excess = sorted((one.late - share * one.due) ** 2 / (chance * one.due) for one in known)
    return share, max(sum(excess[:-1]) / (len(known) - 2), _LEAST_SCATTER)


def _by_merchant(days: Days, last: date, window: int) -> dict[int, Tally]:
    found: dict[int, Tally] = {}
    for back in range(window):
        for merchant, tally in days.get(last - back * _DAY, {}).items():
            found[merchant] = found.get(merchant, Tally()) + tally
    return {merchant: tally for merchant, tally in found.items() if tally.due}


def _since(days: Days, share: float, *, last: date) -> date:
    """The day from which on more came late than usual: behind the lowest sum of what is above."""
    lowest, since, height = 0.0, last, 0.0
    for back in range(max(WINDOWS) * 2 - 1, -1, -1):
        day = last - back * _DAY
        if height <= lowest:
            lowest, since = height, day
        tally = sum(days.get(day, {}).values(), Tally())
        height += tally.late - (share + RISE / 2) * tally.due
    return since


def is_over(days: Days, usual: float, *, last: date, seen_on: date) -> bool:
    """Whether what stood out is gone, or can no longer be judged; `seen_on` is when it last did."""
    recent = sum(_by_merchant(days, last, WINDOWS[0]).values(), Tally())
    if recent.due >= FEWEST_TO_END:
        return recent.share - usual <= OVER_WITHIN
    return (last - seen_on).days >= ENDS_AFTER


@dataclass(frozen=True, slots=True)
class Wait:
    """By how many days a parcel missed its promised day; of one that is still out: so far."""

    days: int
    is_open: bool


def days_behind(waits: Sequence[Wait], *, usual: float) -> int:
    """So many days more on the promise, and no more parcels than usual would be late.

    Parcels that are still out count as long as they are out (Kaplan and Meier 1958): a strike of
    two days has shown nobody a third one. Where too many are out to say, a day more than was seen.
    """
    left, out = 1.0, len(waits)
    for day, (came, still) in _by_days(waits).items():
        left *= 1 - came / out
        out -= came + still
        if left <= max(usual, _LEAST_SHARE):
            return min(max(day, 1), MOST_DAYS_SUGGESTED)
    longest = max((wait.days for wait in waits), default=0)
    return min(longest + 1, MOST_DAYS_SUGGESTED)


def _by_days(waits: Iterable[Wait]) -> dict[int, tuple[int, int]]:
    """How many came so late, and how many are out so long; the least late first."""
    found: dict[int, tuple[int, int]] = {}
    for wait in waits:
        came, still = found.get(max(wait.days, 0), (0, 0))
        found[max(wait.days, 0)] = (came + (not wait.is_open), still + wait.is_open)
    return dict(sorted(found.items()))
