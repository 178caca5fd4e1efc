"""A watchdog at work on one feed, hour by hour, as `stores.feed` does it on rows. No Django."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.feed_shops import Hour
from stores.feed.arrivals import Arrivals, hour_of_week
from stores.feed.silence import suspicious_at

#: A sweep by the shop's clock every so often counts orders as lost that are older than `LATE`.
QUARTER: Final = timedelta(minutes=15)
LATE: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Watched:
    """What a year of watching came to."""

    orders: int = 0
    #: Looks that found nothing, because nothing was wrong.
    needless: list[datetime] = field(default_factory=list)
    #: Orders missing when a webhook's death was noticed, one for each death.
    missing: list[float] = field(default_factory=list)
    #: The same with sales and the days' luck.
    lost: list[float] = field(default_factory=list)
    #: Expected orders missing when the silence or the next quarter-hourly sweep told.
    swept: list[float] = field(default_factory=list)
    #: Deaths that no silence would have told of within the horizon.
    unnoticed: int = 0

    def add(self, other: Watched) -> None:
        self.orders += other.orders
        self.needless += other.needless
        self.missing += other.missing
        self.lost += other.lost
        self.swept += other.swept
        self.unnoticed += other.unnoticed


@dataclass(slots=True)
class Dog:
    """Learns up to the last sign of life, and looks when silence becomes improbable."""

    zone: ZoneInfo
    arrivals: Arrivals = field(default_factory=Arrivals)
    since: datetime | None = None
    vain: int = 0
    waiting: list[Hour] = field(default_factory=list)
    due: datetime | None = None

    def hear(self, hour: Hour) -> list[datetime]:
        """One hour of a living feed; the moments at which it looked for nothing."""
        end = hour.start + timedelta(hours=1)
        looks: list[datetime] = []
        for at in (*hour.orders, end):
            looks += self._look_until(at)
            if at is not end:
                self.since, self.vain = at, 0
        self.waiting.append(hour)
        self._learn()
        return looks

    def noticed(self) -> datetime | None:
        """When it would look if nothing came any more."""
        if self.since is None:
            return None
        return suspicious_at(self.arrivals, self.since, self.zone, vain=self.vain)

    def _look_until(self, moment: datetime) -> list[datetime]:
        """Looks that fall due before the next order, as the row's due time has it."""
        looks: list[datetime] = []
        while self.due is not None and self.due <= moment:
            due = self.noticed()
            if due is not None and due <= moment:
                looks.append(due)
                self.since, self.vain = due, self.vain + 1
                self._learn()
                due = self.noticed()
            self.due = due
        return looks

    def _learn(self) -> None:
        """Silence teaches only once it is explained."""
        learned = False
        while (
            self.since is not None
            and self.waiting
            and self.waiting[0].start + timedelta(hours=1) <= self.since + timedelta(hours=1)
        ):
            hour = self.waiting.pop(0)
            self.arrivals.learn(hour_of_week(hour.start, self.zone), len(hour.orders))
            learned = True
        if learned or self.due is None:
            self.due = self.noticed()


def watch(
    hours: Iterable[Hour], zone: ZoneInfo, *, judged_from: datetime, deaths: float, seed: int = 1
) -> Watched:
    """Watch a feed; in a share `deaths` of its hours ask what if it died at that hour's end.

    Missing orders are those expected from the death to the notice.
    """
    chance = random.Random(seed)
    all_hours: Sequence[Hour] = list(hours)
    found, dog = Watched(), Dog(zone)
    for index, hour in enumerate(all_hours):
        looks = dog.hear(hour)
        if hour.start < judged_from:
            continue
        found.orders += len(hour.orders)
        found.needless += looks
        if chance.random() < deaths:
            at = hour.start + timedelta(hours=1)
            noticed = dog.noticed()
            if noticed is None or noticed > all_hours[-1].start:
                found.unnoticed += noticed is None and dog.arrivals.dares
            else:
                expected, likely = _missing(all_hours, index + 1, at, noticed)
                found.missing.append(expected)
                found.lost.append(likely)
                told = min(noticed, _swept(all_hours, index + 1))
                found.swept.append(_missing(all_hours, index + 1, at, told)[0])
    return found


def _swept(hours: Sequence[Hour], first: int) -> datetime:
    """When a quarter-hourly sweep first finds an order that a webhook should have brought."""
    for hour in hours[first:]:
        for at in hour.orders:
            late = at + LATE - hour.start
            return hour.start + QUARTER * -(-late // QUARTER)
    return hours[-1].start


def _missing(
    hours: Sequence[Hour], first: int, since: datetime, until: datetime
) -> tuple[float, float]:
    expected = likely = 0.0
    for hour in hours[first:]:
        if hour.start >= until:
            break
        end = min(until, hour.start + timedelta(hours=1))
        part = (end - max(since, hour.start)) / timedelta(hours=1)
        expected += hour.expected * part
        likely += hour.likely * part
    return expected, likely
