"""One country's year, from the `holidays` package: weekends with their history, holidays, halves.

A year of one country is read once and kept as sets of days.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import holidays

from edd.calendars import facts, islamic
from edd.calendars.facts import Keeps

_DAY: Final = timedelta(days=1)
_SUPPORTED: Final = holidays.list_supported_countries()
_ENGLISH: Final = "en_US"
_ESTIMATED: Final = "estimated)"


@dataclass(frozen=True, slots=True)
class NationalYear:
    """`holidays` with the `soft` ones among them (whose date is an estimate), the days of each
    feast, the days of weekly rest, and days on which work ends at noon."""

    holidays: frozenset[date]
    soft: frozenset[date]
    weekly: frozenset[date]
    halves: frozenset[date]
    feasts: dict[str, frozenset[date]] = field(hash=False)


@lru_cache(maxsize=2048)
def national_year(country: str, region: str, year: int, keeps: Keeps = "public") -> NationalYear:
    """The year as one who keeps these holidays lives it; unknown countries rest on weekends."""
    days = days_of(year)
    if country not in _SUPPORTED:
        weekly = frozenset(day for day in days if day.isoweekday() > 5)
        return NationalYear(frozenset(), frozenset(), weekly, frozenset(), {})
    known = _read(country, region, year)
    names = english_names(country, region, year, keeps)
    feasts = {
        feast: frozenset(day for day, name in names.items() if islamic.feast_of(name) == feast)
        for feast in islamic.FEASTS
    }
    soft = frozenset(day for day, name in names.items() if _is_soft(country, day, name))
    # China works on some Sundays in lieu of a holiday's bridge.
    weekly = frozenset(
        day for day in days if known.is_weekend(day) and day not in known.weekend_workdays
    )
    return NationalYear(frozenset(names), soft, weekly, _halves(country, region, year), feasts)


@lru_cache(maxsize=2048)
def english_names(country: str, region: str, year: int, keeps: Keeps) -> dict[date, str]:
    """The holidays kept, by their English names."""
    if country not in _SUPPORTED or keeps == "none":
        return {}
    found = dict(_read(country, region, year))
    if keeps == "major" and country in facts.MAJOR:
        kept = facts.MAJOR[country]
        found = {day: n for day, n in found.items() if n.removesuffix(" (observed)") in kept}
    if keeps == "couriers" and country in facts.CUSTOMARY:
        customary = _read(country, region, year, category="optional")
        kept = facts.CUSTOMARY[country]
        found |= {day: name for day, name in customary.items() if name in kept}
    return {day: name for day, name in found.items() if day.year == year}


@lru_cache(maxsize=512)
def own_names(country: str, region: str, year: int, language: str) -> dict[date, str]:
    """All names of a year, halves and customary days included, in this language or English."""
    if country not in _SUPPORTED:
        return {}
    found: dict[date, str] = {}
    for category in ("half_day", "optional", "public"):
        if category in _class(country).supported_categories:
            found |= _read(country, region, year, category=category, language=language)
    return found


def subdivision(country: str, region: str) -> str:
    """The ISO 3166-2 subdivision (without its country) of a region's code or name; "" for none."""
    if not region or country not in _SUPPORTED:
        return ""
    folded = region.strip().casefold().removeprefix(f"{country.casefold()}-")
    return _subdivisions(country).get(folded, "")


def weekend(country: str, *, year: int) -> frozenset[int]:
    """The ISO weekdays (1 = Monday) on which this country rests in this year."""
    if country not in _SUPPORTED:
        return frozenset({6, 7})
    known = _read(country, "", year)
    week = days_of(year)[-7:]
    return frozenset(day.isoweekday() for day in week if known.is_weekend(day))


def days_of(year: int) -> list[date]:
    """All days of a year."""
    first = date(year, 1, 1)
    return [first + _DAY * n for n in range((date(year + 1, 1, 1) - first).days)]


def _is_soft(country: str, day: date, name: str) -> bool:
    if country in facts.UNMARKED:
        return day.year > facts.UNMARKED[country] and islamic.feast_of(name) != ""
    return _ESTIMATED in name


def _halves(country: str, region: str, year: int) -> frozenset[date]:
    found = {date(year, month, day) for month, day in facts.HALF_DAYS.get(country, ())}
    if country in facts.HALF_NAMES:
        category, names = facts.HALF_NAMES[country]
        read = _read(country, region, year, category=category)
        found |= {day for day, name in read.items() if not names or name in names}
    weekday, since = facts.HALF_WEEKDAYS.get(country, (0, year + 1))
    if year >= since:
        found |= {day for day in days_of(year) if day.isoweekday() == weekday}
    return frozenset(found)


@lru_cache(maxsize=4096)
def _read(
    country: str, region: str, year: int, *, category: str = "public", language: str = _ENGLISH
) -> Any:
    """The package's own object; English where it does not know the language."""
    known = _class(country).supported_languages
    spoken = next((one for one in (language, _ENGLISH) if one in known), None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # beyond the years it knows it says so, and goes on
        return holidays.country_holidays(
            country,
            subdiv=region if region in _SUPPORTED[country] else None,
            years=year,
            categories=(category,),
            language=spoken,
            expand=False,
        )


def _class(country: str) -> Any:
    return getattr(holidays, country)


@lru_cache(maxsize=256)
def _subdivisions(country: str) -> dict[str, str]:
    """Folded codes and names of a country's subdivisions."""
    found = {code.casefold(): code for code in _SUPPORTED[country]}
    for code, names in _class(country).get_subdivision_aliases().items():
        found |= {name.casefold(): code for name in names}
    return found
