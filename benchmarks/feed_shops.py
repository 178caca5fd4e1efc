"""Invented shops' years of orders, for `benchmarks.watchdog`: real-shaped, seeded. No Django.

A shop's intensity of an hour is its size by the shape of its week (nights, evenings, its
country's weekend), by its season (growth or decline, Ramadan, White Friday, sale hours, a week
in which it is closed), by chance (busy and slow days, bursts within the hour). Orders are
Poisson counts of that: negative binomial ones, all in all.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

#: A simulated year begins here; eight weeks before it teach.
YEAR: Final = datetime(2025, 3, 15, tzinfo=UTC)
TEACHING: Final = timedelta(weeks=8)
DAYS: Final = 365

#: Orders of each local hour from midnight on, in shares of the day.
_PLAIN: Final = (
    8,
    4,
    2,
    1,
    1,
    1,
    2,
    5,
    9,
    13,
    16,
    18,
    18,
    17,
    16,
    16,
    17,
    19,
    22,
    25,
    27,
    26,
    21,
    14,
)
_RAMADAN: Final = (
    25,
    24,
    18,
    10,
    4,
    2,
    2,
    3,
    5,
    8,
    10,
    12,
    12,
    12,
    11,
    9,
    5,
    3,
    8,
    16,
    24,
    28,
    30,
    29,
)
COUNTRIES: Final = {
    # zone, weekend (Monday is 0), factor of the weekend, keeps Ramadan
    "AE": ("Asia/Dubai", (5, 6), 1.2, True),
    "SA": ("Asia/Riyadh", (4, 5), 1.25, True),
    "US": ("America/New_York", (5, 6), 0.75, False),
}
#: Ramadan of 2026, as expected: it lies within the year.
_RAMADAN_DAYS: Final = (datetime(2026, 2, 18, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC))
_WHITE_FRIDAY: Final = (datetime(2025, 11, 27, tzinfo=UTC), datetime(2025, 12, 1, tzinfo=UTC))
WHITE_FRIDAY_FACTOR: Final = 8.0
BURST_SHAPE: Final = 16.0
DAY_SPREAD: Final = 0.25


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: when orders came, and how many were to be expected.

    `expected` by the shop's week, season and trend; `likely` with its sales and the day's
    luck as well, which nobody can know before.
    """

    start: datetime
    expected: float
    likely: float
    orders: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """An invented shop. `a_day` orders on an ordinary day at the year's beginning."""

    a_day: float
    country: str
    seed: int

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(COUNTRIES[self.country][0])

    def year(self) -> Iterator[Hour]:
        """Every hour of the teaching weeks and of the year."""
        chance = random.Random(f"{self.country} {self.a_day} {self.seed}")
        trend = math.log(chance.choice((0.5, 0.8, 1.0, 1.0, 1.5, 2.5))) / DAYS
        closed = self._closure(chance)
        sales = self._sales(chance)
        busy = 1.0
        start = YEAR - TEACHING
        while start < YEAR + timedelta(days=DAYS):
            local = start.astimezone(self.zone)
            if local.hour == 0:
                busy = math.exp(chance.gauss(0, DAY_SPREAD) - DAY_SPREAD**2 / 2)
            days = (start - YEAR).total_seconds() / 86_400
            expected = self._shape(local) * math.exp(trend * days)
            if closed <= start < closed + timedelta(days=7):
                expected = 0.0
            sale = WHITE_FRIDAY_FACTOR if _WHITE_FRIDAY[0] <= local < _WHITE_FRIDAY[1] else 1.0
            likely = expected * busy * max(sale, sales.get(start, 1.0))
            burst = chance.gammavariate(BURST_SHAPE, 1 / BURST_SHAPE)
            count = poisson(chance, likely * burst)
            at = sorted(start + timedelta(seconds=chance.random() * 3600) for _ in range(count))
            yield Hour(start, expected, likely, tuple(at))
            start += timedelta(hours=1)

    def _shape(self, local: datetime) -> float:
        _, weekend, factor, keeps = COUNTRIES[self.country]
        fasting = keeps and _RAMADAN_DAYS[0] <= local < _RAMADAN_DAYS[1]
        shares = _RAMADAN if fasting else _PLAIN
        part = self.a_day * shares[local.hour] / sum(shares)
        return part * (factor if local.weekday() in weekend else 1.0)

    def _closure(self, chance: random.Random) -> datetime:
        """The beginning of a closed week, in every second shop."""
        if self.seed % 2:
            return YEAR + timedelta(days=10 * DAYS)
        return YEAR + timedelta(days=chance.randrange(20, 230))

    def _sales(self, chance: random.Random) -> dict[datetime, float]:
        """Ten evenings a year with three hours of sale."""
        found = {}
        for _ in range(10):
            start = YEAR + timedelta(days=chance.randrange(DAYS), hours=chance.randrange(13, 18))
            factor = chance.choice((3.0, 4.0, 6.0))
            found |= {start + timedelta(hours=n): factor for n in range(3)}
        return found


def poisson(chance: random.Random, mean: float) -> int:
    """A Poisson count (Knuth below 30, the normal curve above)."""
    if mean > 30:
        return max(round(chance.gauss(mean, math.sqrt(mean))), 0)
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
