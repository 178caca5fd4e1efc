"""Days at a destination: its calendar, its today, the first day a courier can come. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from edd.calendars import Calendar, delivery_calendar
from edd.vocabulary import Estimate, Parcel, Rules, Source

DAY: Final = timedelta(days=1)
#: A late parcel's window moves back by so many delivery days at a time.
STEP: Final = 2
#: Beyond this many steps nothing is known any more; the window restarts at today.
MOST_STEPS: Final = 15
#: From this local hour on a parcel that is not with the courier yet comes tomorrow at the earliest.
_ROUNDS_LEAVE: Final = time(12)


class Days:
    """The destination's calendar, its today, and the first day a courier can still come."""

    def __init__(self, parcel: Parcel, rules: Rules, now: datetime) -> None:
        self.zone = parcel.to_zone or "UTC"
        self.clock = clock_of(self.zone)
        self.calendar = delivery_calendar(
            parcel.to_country, parcel.carrier, parcel.service, parcel.to_region, rules.day_rules
        )
        #: For first and last days, as long as a day of rest is not sure.
        self.hopeful, self.cautious = self.calendar.hopeful(), self.calendar.cautious()
        self.now = now
        local = now.astimezone(self.clock)
        self.today = local.date()
        self.hour = local.time()
        self.last_scan = self.of(parcel.last_event_at) if parcel.last_event_at else self.today
        # A scan from the future is a carrier's clock that is wrong; today is the latest we believe.
        self.last_scan = min(self.last_scan, self.today)

    def of(self, moment: datetime) -> date:
        """The local date of an instant."""
        return moment.astimezone(self.clock).date()

    def earliest(self) -> date:
        """The first day on which a parcel that is still on the road can be handed over."""
        too_late = self.hour >= _ROUNDS_LEAVE
        return self.calendar.next_working(self.today + DAY if too_late else self.today)

    def estimate(self, first: date, last: date, source: Source, why: Iterable[str]) -> Estimate:
        return Estimate(first, max(first, last), self.zone, source, tuple(why))


def not_past(first: date, last: date, earliest: date, calendar: Calendar) -> tuple[date, date, int]:
    """The window moved back in steps until it can be kept; and by how many steps."""
    steps = 0
    while last < earliest and steps < MOST_STEPS:
        first = calendar.next_working(last + DAY)
        last = calendar.cautious().add_working_days(last, STEP)
        steps += 1
    if last < earliest:
        first, last = earliest, calendar.cautious().add_working_days(earliest, STEP)
    return max(first, earliest), last, steps


@lru_cache(maxsize=512)
def clock_of(name: str) -> ZoneInfo:
    """The zone of that IANA name."""
    return ZoneInfo(name)
