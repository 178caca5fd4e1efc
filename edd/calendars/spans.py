"""A stretch of a calendar as people tell it: runs of days that are alike, with a name. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from edd.calendars.calendar import Calendar, DayFacts
from edd.calendars.days import Day

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both included, that are alike: of one kind and name, certain or not.

    A feast that is only expected is one span with the days before and after on which it may fall.
    """

    first: date
    last: date
    kind: Day
    name: str
    certain: bool


def facts_of(calendar: Calendar, first: date, last: date, language: str = "en") -> list[DayFacts]:
    """Each day from first to last."""
    count = (last - first).days + 1
    return [calendar.facts(first + _DAY * n, language) for n in range(count)]


def special(days: list[DayFacts]) -> list[Span]:
    """The runs of days that are not what their weekday is usually."""
    return list(_runs([day for day in days if day.name or not day.certain]))


def slow(days: list[DayFacts]) -> list[tuple[date, date]]:
    """The stretches of slow days (Ramadan): first and last day of each."""
    found: list[tuple[date, date]] = []
    for one in days:
        if one.slow and found and one.day - found[-1][1] == _DAY:
            found[-1] = (found[-1][0], one.day)
        elif one.slow:
            found.append((one.day, one.day))
    return found


def _runs(days: list[DayFacts]) -> Iterator[Span]:
    run: list[DayFacts] = []
    for one in [*days, None]:
        if run and (one is None or not _goes_on(run[-1], one)):
            yield _span(run)
            run = []
        if one is not None:
            run.append(one)


def _span(run: list[DayFacts]) -> Span:
    kinds, certain = {one.kind for one in run}, all(one.certain for one in run)
    kind = run[0].kind if len(kinds) == 1 else Day.REST
    return Span(run[0].day, run[-1].day, kind, run[0].name, certain)


def _goes_on(before: DayFacts, one: DayFacts) -> bool:
    alike = (before.kind, before.certain) == (one.kind, one.certain) or (before.soft and one.soft)
    return alike and before.name == one.name and one.day - before.day == _DAY
