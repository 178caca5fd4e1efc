"""How many orders one shop sends, by hour of its own week; and how busy it is just now. Pure.

Two things are learned, hour by hour, each hour once:

- **The week.** Counts and exposure of 168 hours, each decayed when its hour comes round again
  (half of it is forgotten in `HALF_LIFE_WEEKS`). A thin hour leans on its day and its hour of
  day, and those lean on the average of all: orders as pseudo-counts, no calendar of weekends.
- **The level.** How the last orders compare with the week: a gamma distribution (`orders`,
  `expected`) that remembers some dozens of orders and some days, and returns to 1. It follows
  sales, campaigns, Ramadan and closures, and its width is what makes the distribution of
  counts a gamma-Poisson (negative binomial) one, as real traffic is. The steady model of
  Harvey and Fernandes, "Time Series Models for Count or Qualitative Observations",
  J. Business & Economic Statistics 7 (1989), with a return to the mean.

An hour in which the level is far from 1 teaches the week less (`STRANGE`): after a sale the
expectation is not too high, after a closure not too low.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

HOURS: Final = 168
#: A feed forgets half of what it was within the weeks that bring so many orders, within limits:
#: a busy one follows Ramadan's hours within days, a small one needs months to know itself.
HALF_LIFE_ORDERS: Final = 1200.0
HALF_LIFE_WEEKS: Final = (3.0, 10.0)
#: A day and an hour of day lean on the average, an hour of the week on both, with as many orders.
LEAN_ON_AVERAGE: Final = 6.0
LEAN_ON_DAY: Final = 12.0
#: The level remembers no more orders than this, nor longer than this, and starts so wide.
LEVEL_ORDERS: Final = 80.0
LEVEL_HOURS: Final = 36.0
LEVEL_PRIOR: Final = 30.0
#: What lies outside of this factor teaches the week only as if it lay on its edge.
STRANGE: Final = 2.0
#: Before so many (decayed) orders in so many hours nothing is said about silence.
FEWEST_ORDERS: Final = 20.0
FEWEST_HOURS: Final = 14 * 24.0

_KEPT_AN_HOUR: Final = math.exp(-1 / LEVEL_HOURS)


@dataclass(slots=True)
class Arrivals:
    """What is known of one feed. `counts` and `hours`: 168 each, Monday 0:00 local first."""

    counts: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    hours: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    level_orders: float = LEVEL_PRIOR
    level_expected: float = LEVEL_PRIOR
    #: Hours learned in all; not decayed.
    learned: int = 0

    @property
    def evidence(self) -> float:
        """Orders that the week rests on, decayed."""
        return sum(self.counts)

    @property
    def dares(self) -> bool:
        """Whether there is enough to judge a silence by."""
        return self.learned >= FEWEST_HOURS and self.evidence >= FEWEST_ORDERS

    @property
    def level(self) -> float:
        """How busy the feed is just now, compared with its week; 1 is as usual."""
        return self.level_orders / self.level_expected

    def learn(self, hour: int, orders: int) -> None:
        """Take in one hour that is over and of which all orders are known.

        `hour` is that of the week (`hour_of_week`). Calling it twice for one hour counts it
        twice: who calls keeps the moment learned until.
        """
        average = self._average()
        expected = self._rate(hour, average)
        kept = self._kept_a_week(average)
        if expected:
            self._follow(orders, expected)
        weight, share = 1.0, 1.0
        if self.dares:
            weight = min(self.level * STRANGE, 1.0)
            share = min(STRANGE / self.level, 1.0) if orders else 1.0
        self.counts[hour] = self.counts[hour] * kept + orders * share
        self.hours[hour] = self.hours[hour] * kept + weight
        self.learned += 1

    def rate(self, hour: int) -> float:
        """Orders expected in this hour of the week, at a level of 1."""
        return self._rate(hour, self._average())

    def week(self) -> list[float]:
        """The expected orders of all 168 hours, at a level of 1."""
        average = self._average()
        if not average:
            return [0.0] * HOURS
        hours = [self._hour(hour, average) for hour in range(24)]
        days = [average * self._day(day, average) for day in range(7)]
        parents = [day * hour for day in days for hour in hours]
        # As `_leaning`, which calling 168 times takes most of a look at a feed.
        return [
            parent * (count + LEAN_ON_DAY) / (seen * parent + LEAN_ON_DAY)
            for parent, count, seen in zip(parents, self.counts, self.hours, strict=True)
        ]

    def _rate(self, hour: int, average: float) -> float:
        parent = average * self._day(hour // 24, average) * self._hour(hour % 24, average)
        return self._leaning(hour, parent)

    def _kept_a_week(self, average: float) -> float:
        weekly = average * HOURS
        shortest, longest = HALF_LIFE_WEEKS
        half_life = HALF_LIFE_ORDERS / weekly if weekly else longest
        return math.pow(0.5, 1 / min(max(half_life, shortest), longest))

    def _average(self) -> float:
        hours = sum(self.hours)
        return sum(self.counts) / hours if hours else 0.0

    def _day(self, day: int, average: float) -> float:
        part = slice(day * 24, day * 24 + 24)
        return _factor(self.counts[part], self.hours[part], average)

    def _hour(self, hour: int, average: float) -> float:
        part = slice(hour, None, 24)
        return _factor(self.counts[part], self.hours[part], average)

    def _leaning(self, hour: int, parent: float) -> float:
        if not parent:
            return 0.0
        said = self.counts[hour] + LEAN_ON_DAY
        return parent * said / (self.hours[hour] * parent + LEAN_ON_DAY)

    def _follow(self, orders: int, expected: float) -> None:
        kept = _KEPT_AN_HOUR
        said = LEVEL_PRIOR + (self.level_orders - LEVEL_PRIOR) * kept + orders
        due = LEVEL_PRIOR + (self.level_expected - LEVEL_PRIOR) * kept + expected
        shrink = min(LEVEL_ORDERS / max(said, due), 1.0)
        self.level_orders, self.level_expected = said * shrink, due * shrink


def _factor(counts: list[float], hours: list[float], average: float) -> float:
    """How a day or an hour of day compares with the average of all."""
    return (sum(counts) + LEAN_ON_AVERAGE) / (sum(hours) * average + LEAN_ON_AVERAGE)


def hour_of_week(moment: datetime, zone: ZoneInfo) -> int:
    """Which of the 168 local hours this moment lies in; Monday 0:00 is 0."""
    local = moment.astimezone(zone)
    return local.weekday() * 24 + local.hour
