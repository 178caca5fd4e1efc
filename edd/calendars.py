"""Working days: of a warehouse, and of a courier who often keeps others. Pure.

Weekends (with their history: the Emirates moved theirs in 2022) and public holidays come
from the `holidays` package; a year of one country is read once and kept as a set of days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import holidays

_DAY: Final = timedelta(days=1)
#: The longest rest we believe in; a calendar that rests longer is configured wrongly.
_LONGEST_REST: Final = 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count.

    `country` is ISO 3166-1 alpha-2 (unknown or empty: Saturday and Sunday rest, no
    holidays). `rest_days` are ISO weekdays (1 = Monday) that replace the country's own
    weekend; None keeps it. `closures` are further days off. `region` is the country's ISO
    3166-2 subdivision for regional holidays, ignored where it is not one.
    """

    country: str
    rest_days: frozenset[int] | None = None
    closures: frozenset[date] = frozenset()
    region: str = ""

    def is_working(self, day: date) -> bool:
        """Whether work is done on this day."""
        if day in self.closures:
            return False
        year = _year(self.country, self.region, day.year)
        if self.rest_days is None:
            return day not in year.rest
        return day.isoweekday() not in self.rest_days and day not in year.holidays

    def next_working(self, day: date) -> date:
        """This day where it works, else the first one after it that does."""
        for _ in range(_LONGEST_REST):
            if self.is_working(day):
                return day
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The working day `count` working days after `day`; 0 is `next_working(day)`."""
        day = self.next_working(day)
        for _ in range(count):
            day = self.next_working(day + _DAY)
        return day


@dataclass(frozen=True, slots=True)
class _Year:
    """One country's year: its public holidays, and all days it rests (weekends included)."""

    holidays: frozenset[date]
    rest: frozenset[date]


@lru_cache(maxsize=1024)
def _year(country: str, region: str, year: int) -> _Year:
    days = [date(year, 1, 1) + _DAY * n for n in range(366)]
    days = [day for day in days if day.year == year]
    supported = holidays.list_supported_countries()
    if country not in supported:
        return _Year(frozenset(), frozenset(day for day in days if day.isoweekday() > 5))
    known = holidays.country_holidays(
        country, subdiv=region if region in supported[country] else None, years=year
    )
    return _Year(
        frozenset(day for day in days if day in known),
        frozenset(day for day in days if not known.is_working_day(day)),
    )


def weekend(country: str, *, year: int) -> frozenset[int]:
    """The ISO weekdays (1 = Monday) on which this country rests in this year."""
    if country not in holidays.list_supported_countries():
        return frozenset({6, 7})
    return frozenset(day + 1 for day in holidays.country_holidays(country, years=year).weekend)


_FRIDAY, _SUNDAY, _NEVER = frozenset({5}), frozenset({7}), frozenset[int]()

#: Couriers that deliver on days when offices rest; "" is every carrier without a line of
#: its own there. Public holidays still count. Where nothing is said, the country's weekend.
#: Source: the carriers' public service pages and FIELD notes of merchants; a default only.
_COURIER_REST: Final[dict[tuple[str, str], frozenset[int]]] = {
    # Saudi Arabia and its neighbours: Saturday is a delivery day, Friday is not.
    ("SA", ""): _FRIDAY, ("KW", ""): _FRIDAY, ("QA", ""): _FRIDAY,
    ("BH", ""): _FRIDAY, ("OM", ""): _FRIDAY, ("EG", ""): _FRIDAY, ("JO", ""): _FRIDAY,
    # The Emirates: Saturday yes, Friday until the prayer, Sunday no.
    ("AE", "aramex"): _SUNDAY, ("AE", "smsa"): _SUNDAY, ("AE", "imile"): _SUNDAY,
    ("AE", "jtexpress"): _SUNDAY, ("AE", "sandbox"): _SUNDAY,
    # India delivers on Saturday everywhere.
    ("IN", ""): _SUNDAY, ("IN", "delhivery"): _NEVER,
    # Letters and parcels on Saturday in Europe and North America.
    ("GB", "royalmail"): _SUNDAY, ("GB", "evri"): _SUNDAY, ("DE", "dhl_parcel_de"): _SUNDAY,
    ("DE", "hermes"): _SUNDAY, ("FR", "colissimo"): _SUNDAY, ("FR", "laposte"): _SUNDAY,
    ("US", "usps"): _SUNDAY, ("US", "lasership"): _NEVER, ("US", "veho"): _NEVER,
    ("CN", ""): _NEVER, ("JP", ""): _NEVER, ("KR", ""): _SUNDAY,
}  # fmt: skip

#: International express keeps office days, whoever the carrier is.
_OFFICE_DAY_SERVICES: Final = ("worldwide", "international", "express worldwide", "expedited")


@lru_cache(maxsize=4096)
def delivery_calendar(country: str, carrier: str, service: str = "") -> Calendar:
    """The days on which this carrier delivers in this country with this service."""
    rest = _COURIER_REST.get((country, carrier), _COURIER_REST.get((country, "")))
    if service.casefold().startswith(_OFFICE_DAY_SERVICES) and country not in _GULF:
        rest = None
    return Calendar(country, rest)


_GULF: Final = frozenset({"AE", "SA", "KW", "QA", "BH", "OM"})


def warehouse_calendar(
    country: str, *, rest_days: Iterable[int] = (), closures: Iterable[date] = ()
) -> Calendar:
    """The days on which a merchant's warehouse hands parcels over.

    No rest days mean the country's own; a week of seven is a mistake and means the same.
    """
    own = frozenset(rest_days)
    return Calendar(country, own if 0 < len(own) < 7 else None, frozenset(closures))
