"""When to ask a carrier next: by what is likely to happen, and by what just went wrong. Pure.

A call is worth most where a scan is likely. `tracking.hazards` says how likely at each age of
the last scan, local hour and weekday; calls are laid so that between two of them the same
amount of that (raised to an exponent, which is the density of calls) goes by. So a burst is
followed closely, a night without scans is slept through, and a silence is asked about less and
less. `pressure` stretches all of it to a budget; limits stretch it as far as they must.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from lib.vocabulary import TERMINAL, Status
from tracking.gaps import AGES, DAYS, HOURS, local_hours
from tracking.hazards import Hazard

#: How much density goes by between two calls at pressure 1: about twelve calls a day for a
#: parcel that is scanned three times a day, two for one of which a carrier tells next to nothing.
SHARE: Final = 0.4
#: However little is likely, a parcel is asked about this often, whatever the pressure. Out for
#: delivery is what shoppers watch.
LONGEST: Final[dict[Status, timedelta]] = {
    Status.OUT_FOR_DELIVERY: timedelta(minutes=30),
    Status.IN_TRANSIT: timedelta(hours=12),
}
LONGEST_USUALLY: Final = timedelta(hours=24)
SHORTEST: Final = timedelta(minutes=5)
SLOWEST_PACE: Final = 24.0
#: Given up, but carriers do find parcels: a look every other day costs next to nothing.
GIVEN_UP: Final = frozenset({Status.LOST_OR_DESTROYED, Status.EXPIRED})
SELDOM: Final = timedelta(days=2)
#: What is pushed is asked about only to notice that the pushes stopped.
PUSHED_PRESSURE: Final = 6.0
PUSHED_LONGEST: Final[dict[Status, timedelta]] = {Status.OUT_FOR_DELIVERY: timedelta(hours=3)}
PUSHED_LONGEST_USUALLY: Final = timedelta(hours=24)
#: A new label is unknown to most carriers for a while: ask soon, then less.
NOT_FOUND_STEPS: Final = (
    timedelta(minutes=20),
    timedelta(minutes=40),
    timedelta(hours=1),
    timedelta(hours=2),
)
FIRST_RETRY: Final = timedelta(minutes=2)
LONGEST_RETRY: Final = timedelta(hours=6)
#: Spread, so that parcels imported together are not asked together for ever.
SPREAD: Final = 0.1

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_OLDEST: Final = len(AGES) - 1


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything that decides when one parcel is asked about next.

    `heard_at`: its last scan, or when we began to follow it. `offset`: of the clock at its last
    place, east of UTC. `first`, `last`: the window of local days that we promise. `asked_today`:
    calls of this UTC day, the one just made among them, of at most `daily_cap`. `pressure` and
    `pace` stretch intervals, the first to a budget, the second because the account runs short:
    only the second stretches what `LONGEST` promises. `factor` scales every interval. `tries`
    counts "not found" in a row.
    """

    status: Status
    now: datetime
    heard_at: datetime
    hazard: Hazard
    offset: timedelta = timedelta()
    first: date | None = None
    last: date | None = None
    pushed: bool = False
    found: bool = True
    tries: int = 0
    asked_today: int = 0
    daily_cap: int | None = None
    pressure: float = 1.0
    pace: float = 1.0
    factor: float = 1.0


def after_answer(asking: Asking) -> datetime | None:
    """The next time after a readable answer; None once nothing more is expected."""
    status, now = asking.status, asking.now
    if status in TERMINAL and status is not Status.LOST_OR_DESTROYED:
        return None
    if status in GIVEN_UP:
        interval = SELDOM * _later()
    elif not asking.found and status is Status.PENDING:
        interval = NOT_FOUND_STEPS[min(asking.tries, len(NOT_FOUND_STEPS) - 1)] * _later()
    else:
        interval = max(_likely(asking), SHORTEST)
    if asking.daily_cap is not None and asking.asked_today >= asking.daily_cap:
        interval = max(interval, _next_day(now) - now)
    return now + max(interval * asking.factor, timedelta(seconds=1))


def after_failure(
    *, now: datetime, failures: int, retry_after: float | None, factor: float = 1.0
) -> datetime:
    """The next time after a failed call: what the carrier asked for, else 2, 4, 8 … minutes.

    Never None: a failure never loses a parcel from the schedule.
    """
    wait: timedelta = min(FIRST_RETRY * 2 ** min(failures, 10), LONGEST_RETRY) * factor
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, 86_400.0)))
    return now + max(wait * _later(), timedelta(seconds=1))


def pace(*, used: int, allowed: int | None, now: datetime) -> float:
    """How much an account must stretch its intervals to last until the UTC day ends, 1 to 24.

    Follows how far the calls `used` are ahead of the hours, ever more as the rest gets short; a
    tenth of the day's calls is free at its beginning.
    """
    if not allowed:
        return 1.0
    over = 1 - (_next_day(now) - now) / _DAY
    spent = used / allowed
    if spent >= 1:
        return SLOWEST_PACE
    rest = (1 - over) / (1 - spent)
    stretch = spent / (over + 0.1) * rest * rest
    return min(max(stretch, 1.0), SLOWEST_PACE)


def _likely(asking: Asking) -> timedelta:
    """How long until a share of what is likely has gone by; early by up to a tenth, never late."""
    share = SHARE * asking.pressure * (PUSHED_PRESSURE if asking.pushed else 1.0)
    longest = _longest(asking) / _HOUR
    walk = _Walk(asking, least=share / longest, weight=_nearness(asking))
    start, ahead = 0.0, share * asking.pace
    if asking.daily_cap is not None:
        midnight = (_next_day(asking.now) - asking.now) / _HOUR
        left = asking.daily_cap - asking.asked_today
        if left <= 0:
            # The walk begins with the new day, so that a day's end is not followed by a rush.
            start = midnight
        else:
            ahead = max(ahead, walk.go(0.0, hours=midnight)[1] / left)
    ahead *= 1 - SPREAD * random.random()  # noqa: S311 - not a secret
    return timedelta(hours=walk.go(start, density=ahead)[0])


class _Walk:
    """Through the hours to come, hour by hour and age by age."""

    def __init__(self, asking: Asking, *, least: float, weight: float) -> None:
        self._cells, self._days = asking.hazard.density, asking.hazard.day_density
        self._now = local_hours(asking.now, asking.offset)
        self._age = max((asking.now - asking.heard_at) / _HOUR, 0.0)
        self._least, self._weight = least, weight

    def go(
        self, start: float, *, density: float = math.inf, hours: float = math.inf
    ) -> tuple[float, float]:
        """From `start` hours ahead until so much density or time went by.

        Returns where that is, in hours from now, and the density that went by.
        """
        cells, days, least, weight = self._cells, self._days, self._least, self._weight
        at, gone = self._now + start, 0.0
        heard = self._now - self._age
        place = bisect_right(AGES, self._age + start) - 1
        turns = heard + AGES[place + 1] if place < _OLDEST else math.inf
        hour = int(at)
        end = at + hours
        while True:
            until = min(hour + 1.0, turns, end)
            rate = max(
                cells[place * HOURS + hour % HOURS] * days[hour // HOURS % DAYS] * weight, least
            )
            step = rate * (until - at)
            if gone + step >= density:
                return at + (density - gone) / rate - self._now, density
            gone += step
            if until == end:
                return end - self._now, gone
            at = until
            if at >= turns:
                place += 1
                turns = heard + AGES[place + 1] if place < _OLDEST else math.inf
            if at >= hour + 1:
                hour += 1


def _longest(asking: Asking) -> timedelta:
    if asking.pushed:
        return PUSHED_LONGEST.get(asking.status, PUSHED_LONGEST_USUALLY)
    return LONGEST.get(asking.status, LONGEST_USUALLY)


def _nearness(asking: Asking) -> float:
    """More calls as the promised days come near, fewer while nothing can be over yet."""
    if asking.last is None:
        return 1.0
    today = (asking.now + asking.offset).date()
    if today > asking.last:
        return 1.0
    ahead = ((asking.first or asking.last) - today).days
    if ahead <= 1:
        return 1.25
    return 1.0 if ahead <= 7 else 0.75


def _next_day(now: datetime) -> datetime:
    """When the next UTC day begins: carriers' daily limits are counted by it."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY


def _later() -> float:
    return 1 + random.uniform(0, SPREAD)  # noqa: S311 - not a secret
