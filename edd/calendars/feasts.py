"""When a country expects a feast: the days an operator confirms or moves. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from edd.calendars import islamic
from edd.calendars.national import english_names, national_year

#: A feast asked for by a day is expected at most so far from it.
_NEAR: Final = timedelta(days=20)
#: Days of rest with gaps no longer than this (a weekend) are one feast.
_GAP: Final = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class FeastDays:
    """The days of rest of one feast, `first` to `last`; `begins` is the feast's own first day
    (1 Shawwal, 10 Dhu al-Hijja). `sure`: nobody has to confirm it any more."""

    feast: str
    first: date
    begins: date
    last: date
    sure: bool


def feasts(country: str, year: int) -> list[FeastDays]:
    """The feasts whose rest begins in this year, in order."""
    return sorted(
        (one for feast in islamic.FEASTS for one in _of(country, feast, year)),
        key=lambda one: one.first,
    )


def feast_days(country: str, feast: str, *, near: date) -> FeastDays | None:
    """That feast as expected near this day; None where this country knows none."""
    if feast not in islamic.FEASTS:
        return None
    found = [one for year in (near.year - 1, near.year) for one in _of(country, feast, year)]
    found = [one for one in found if abs(one.begins - near) <= _NEAR]
    return min(found, key=lambda one: abs(one.begins - near), default=None)


def _of(country: str, feast: str, year: int) -> list[FeastDays]:
    years = (year, year + 1)
    known = [national_year(country, "", one) for one in years]
    days = sorted(day for one in known for day in one.feasts.get(feast, ()))
    groups: list[list[date]] = []
    for day in days:
        if groups and day - groups[-1][-1] <= _GAP:
            groups[-1].append(day)
        else:
            groups.append([day])
    soft = known[0].soft | known[1].soft
    return [
        FeastDays(feast, group[0], _begins(country, feast, group), group[-1], not soft & {*group})
        for group in groups
        if group[0].year == year
    ]


def _begins(country: str, feast: str, days: list[date]) -> date:
    """The day as counted, else the first that is not the day of Arafah."""
    for one in islamic.counted(feast, days[0].year):
        if one in days:
            return one
    names: dict[date, str] = {}
    for year in {day.year for day in days}:
        names |= english_names(country, "", year, "public")
    return next((day for day in days if "arafa" not in names[day].casefold()), days[0])
