"""Twelve months of a calendar for a page: grids, and beside each what is special in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton

from dashboard.clock import Clock
from dashboard.dates.calendar_words import MARKS, Mark, day_words, mark_of, mark_of_span, span_name
from edd.calendars import Calendar, Day, DayFacts
from edd.calendars.spans import facts_of, slow, special
from lib.formats import locale_of

MONTHS: Final = 12
_DAY: Final = timedelta(days=1)


def next_months(calendar: Calendar, clock: Clock) -> list[list[DayFacts]]:
    """The days of this month and the eleven after it."""
    found = []
    first = clock.today.replace(day=1)
    for _number in range(MONTHS):
        following = (first + _DAY * 32).replace(day=1)
        found.append(facts_of(calendar, first, following - _DAY, clock.language))
        first = following
    return found


def months(shown: list[list[DayFacts]], clock: Clock, *, country: str) -> list[dict[str, Any]]:
    """What `dashboard/dates/_month.html` draws."""
    starts = _first_weekday(country, clock.language)
    return [_month(days, clock, starts) for days in shown]


def legend(shown: list[list[DayFacts]]) -> list[Mark]:
    """The marks that appear, in a fixed order."""
    found = {mark_of(day) for days in shown for day in days}
    return [mark for key, mark in MARKS.items() if key in found]


def _month(days: Sequence[DayFacts], clock: Clock, starts: int) -> dict[str, Any]:
    first = days[0].day
    days_of = locale_of(clock.language).days
    # Babel fills in one language's wide names of "stand-alone" with another's, once that is read.
    short, full = days_of["stand-alone"]["narrow"], days_of["format"]["wide"]
    order = [(starts + n) % 7 for n in range(7)]
    lead = (first.weekday() - starts) % 7
    cells: list[dict[str, Any] | None] = [None] * lead
    cells += [_cell(day, clock) for day in days]
    cells += [None] * (-len(cells) % 7)
    return {
        "name": str(format_skeleton("yMMMM", first, locale=locale_of(clock.language))),
        "weekdays": [{"short": str(short[n]), "long": str(full[n])} for n in order],
        "weeks": [cells[n : n + 7] for n in range(0, len(cells), 7)],
        "notes": _notes(list(days), clock),
    }


def _cell(day: DayFacts, clock: Clock) -> dict[str, Any]:
    return {
        "number": day.day.day,
        "iso": day.day.isoformat(),
        "mark": mark_of(day),
        "words": day_words(day),
        "is_today": day.day == clock.today,
    }


def _notes(days: list[DayFacts], clock: Clock) -> list[dict[str, Any]]:
    """The special days of a month in words, and its slow ones."""
    found: list[tuple[date, dict[str, Any]]] = []
    for span in special(days):
        mark = MARKS[mark_of_span(span)]
        when = clock.brief(span.first, span.last)
        found.append((span.first, {"when": when, "name": span_name(span.name), "mark": mark}))
    for first, last in slow([day for day in days if day.kind is not Day.REST or not day.name]):
        when = clock.brief(first, last)
        found.append((first, {"when": when, "name": span_name("ramadan"), "mark": MARKS["slow"]}))
    return [note for _first, note in sorted(found, key=lambda one: one[0])]


def _first_weekday(country: str, language: str) -> int:
    """On which weekday a week begins there (0 = Monday)."""
    try:
        return Locale.parse(f"{locale_of(language).language}_{country}").first_week_day
    except (UnknownLocaleError, ValueError):
        return locale_of(language).first_week_day
