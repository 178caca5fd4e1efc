"""Business days as numbers: how many lie between two dates, and the date after so many.

Dates are ordinals (`date.toordinal`), so that whole columns are counted at once. What happens
on a day of rest counts as the next business day's: a parcel that came on a Saturday is in time
for Monday. How often that happens is learned too (`weekdays.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from edd.calendars import Calendar

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """One calendar between two dates: `works[k]` says whether `first` + k works."""

    first: int
    works: Bools
    #: Business days up to and including each day.
    counted: Ints
    #: The business days themselves, as places in `works`.
    places: Ints

    def works_on(self, days: Ints) -> Bools:
        found: Bools = self.works[days - self.first]
        return found

    def between(self, start: Ints, end: Ints) -> Ints:
        """Business days from each `start` to its `end`; 0 on the same day."""
        begin, stop = start - self.first, end - self.first
        found = self.counted[stop] - self.counted[begin] + ~self.works[stop]
        return np.where(stop <= begin, 0, found)

    def steps(self, start: int, count: int) -> Ints:
        """The dates of 0, 1 … `count` - 1 business days after `start`; 0 is `start` itself."""
        at = int(self.counted[start - self.first])
        days = self.places[at : at + count - 1] + self.first
        return np.concatenate(([start], days))


def clock(calendar: Calendar, first: date, last: date) -> Clock:
    """`calendar` from `first` to `last`, both included."""
    return _clock(calendar, first.toordinal(), last.toordinal())


@lru_cache(maxsize=512)
def _clock(calendar: Calendar, first: int, last: int) -> Clock:
    works = np.array(
        [calendar.is_working(date.fromordinal(day)) for day in range(first, last + 1)], dtype=bool
    )
    return Clock(first, works, np.cumsum(works, dtype=np.int64), np.flatnonzero(works))


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Times that are counted, one a parcel: of the warehouse, or on the road.

    `start` and `end` are ordinals; `end` is 0 while it is open. `clock` is the place in
    `clocks` of the calendar that counts.
    """

    start: Ints
    end: Ints
    clock: Ints
    clocks: Sequence[Clock]

    def __len__(self) -> int:
        return len(self.start)

    def chosen(self, which: NDArray[np.int64] | Bools) -> Spans:
        return Spans(self.start[which], self.end[which], self.clock[which], self.clocks)

    def ended_by(self, day: int) -> Bools:
        """Which had ended before `day`."""
        found: Bools = (self.end > 0) & (self.end < day)
        return found

    def lengths(self, until: int) -> Ints:
        """Business days of each, as known before `until`: to its end, or so far."""
        end = np.where(self.ended_by(until), self.end, until - 1)
        found = np.zeros(len(self), dtype=np.int64)
        for place, one in enumerate(self.clocks):
            mine = self.clock == place
            found[mine] = one.between(self.start[mine], np.maximum(end[mine], self.start[mine]))
        return found
