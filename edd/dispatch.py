"""The way out of the warehouse: when work on an order begins, when the carrier takes it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from edd.calendars import Calendar, Day, DayRule, pickup_calendar, warehouse_calendar
from edd.handling import Handled, handled
from edd.vocabulary import Parcel, Rules

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
#: On half a day, orders after this local hour wait for the next day.
_NOON: Final = time(12)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A warehouse's days and the days on which a carrier collects there.

    All datetimes are in the warehouse's own zone.
    """

    warehouse: Calendar
    pickup: Calendar
    cut_off: time

    def cautious(self) -> Dispatch:
        """The same with every day resting that may rest."""
        return Dispatch(self.warehouse.cautious(), self.pickup.cautious(), self.cut_off)

    def cut_off_on(self, day: date) -> time:
        """Who orders before it is worked on that day."""
        short = self.warehouse.kind(day) is Day.HALF
        return min(self.cut_off, _NOON) if short else self.cut_off

    def is_missed(self, moment: datetime) -> bool:
        """Whether the day's cut-off has passed."""
        return moment.time() >= self.cut_off_on(moment.date())

    def begins(self, placed: datetime) -> date:
        """The day on which work on an order begins."""
        missed = self.is_missed(placed)
        return self.warehouse.next_working(placed.date() + _DAY if missed else placed.date())

    def planned(self, placed: datetime, handling_days: int) -> date:
        """The day on which the carrier is to take the order."""
        packed = self.warehouse.add_working_days(self.begins(placed), handling_days)
        return self.pickup.next_working(packed)

    def possible(self, now: datetime) -> date:
        """The next day on which something can still be handed over."""
        return self.pickup.next_working(now.date() + _DAY if self.is_missed(now) else now.date())

    def next_cut_off(self, now: datetime) -> datetime:
        """The next moment after which an order waits for another working day."""
        day = self.begins(now)
        shown = datetime.combine(day, self.cut_off_on(day), tzinfo=now.tzinfo)
        return _reached(shown, after=now).astimezone(now.tzinfo)


def _reached(local: datetime, *, after: datetime) -> datetime:
    """When the clock on the warehouse's wall shows this time first, after that moment; in UTC.

    A night when clocks go back shows it twice, and one when they go forward not at all: then it
    is reached where they jump over it.
    """
    for fold in (0, 1):
        moment = local.replace(fold=fold).astimezone(UTC)
        shown = moment.astimezone(local.tzinfo)
        if shown.replace(tzinfo=None) == local.replace(tzinfo=None) and moment > after:
            return moment
    moment = local.replace(fold=1).astimezone(UTC)  # in a gap, the earlier of the two readings
    while moment.astimezone(local.tzinfo).replace(tzinfo=None) < local.replace(tzinfo=None):
        moment += _MINUTE
    return moment


def handled_as(parcel: Parcel, rules: Rules) -> Handled:
    """The handling of these goods, by the merchant's rules."""
    return handled(parcel, rules.handling, days=rules.handling_days, cut_off=rules.cut_off)


def dispatch_of(parcel: Parcel, rules: Rules) -> Dispatch:
    """The way out for one parcel."""
    return _dispatch(
        parcel.from_country or rules.country,
        parcel.carrier,
        parcel.service,
        handled_as(parcel, rules).cut_off,
        rules.rest_days,
        rules.closures,
        rules.day_rules,
    )


@lru_cache(maxsize=1024)
def _dispatch(
    country: str,
    carrier: str,
    service: str,
    cut_off: time,
    rest_days: tuple[int, ...],
    closures: tuple[date, ...],
    rules: tuple[DayRule, ...],
) -> Dispatch:
    warehouse = warehouse_calendar(country, rest_days=rest_days, closures=closures, rules=rules)
    return Dispatch(warehouse, pickup_calendar(warehouse, carrier, service, rules), cut_off)
