"""What follows from the moon: Ramadan's slow days, and the feasts that are not sure before it.

The Umm al-Qura calendar (`hijridate`) counts ahead; whether a month has begun is decided by who
sees the moon, so an announced feast may come a day earlier or later than counted.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_noop
from hijridate import Gregorian, Hijri

#: Feasts that an operator confirms; a rule with this name says when one is.
FEASTS: Final = {
    "eid_al_fitr": gettext_noop("Eid al-Fitr"),
    "eid_al_adha": gettext_noop("Eid al-Adha"),
}
#: What the English names of a feast's days contain (the eve of Arafah belongs to Eid al-Adha).
_WORDS: Final = {"eid_al_fitr": ("fitr",), "eid_al_adha": ("adha", "arafa")}
#: Month and day of the feast in the Hijri calendar.
_DATES: Final = {"eid_al_fitr": (10, 1), "eid_al_adha": (12, 10)}

#: Where working hours are shorter in Ramadan, by law (six hours of eight in the Emirates and Saudi
#: Arabia: Cabinet Resolution 1 of 2022 art. 15, Saudi Labour Law art. 98)
#: or by custom.
SLOW_IN_RAMADAN: Final = frozenset(
    {"AE", "SA", "KW", "QA", "BH", "OM", "EG", "JO", "IQ", "YE", "PS", "LY", "DZ", "MA", "TN", "PK"}
)
#: How much of a working day's work is done on a day of Ramadan there.
_RAMADAN_SHARE: Final = 0.75
_RAMADAN: Final = 9
_DAY: Final = timedelta(days=1)


def slow_share(country: str, day: date) -> float:
    """How much of a working day's work is done on this day: 1, or less in Ramadan."""
    slow = country in SLOW_IN_RAMADAN and day in ramadan(day.year)
    return _RAMADAN_SHARE if slow else 1.0


@lru_cache(maxsize=64)
def ramadan(year: int) -> frozenset[date]:
    """The days of Ramadan in a Gregorian year, as counted; empty beyond the tables (2077)."""
    found: set[date] = set()
    for hijri_year in _hijri_years(year):
        first = Hijri(hijri_year, _RAMADAN, 1)
        start = date.fromisoformat(first.to_gregorian().isoformat())
        found |= {start + _DAY * n for n in range(first.month_length())}
    return frozenset(day for day in found if day.year == year)


def counted(feast: str, year: int) -> tuple[date, ...]:
    """The day or days of this Gregorian year on which the feast begins, as counted."""
    month, day = _DATES[feast]
    found = (
        date.fromisoformat(Hijri(hijri_year, month, day).to_gregorian().isoformat())
        for hijri_year in _hijri_years(year)
    )
    return tuple(one for one in found if one.year == year)


def feast_of(english_name: str) -> str:
    """The feast that a holiday with this English name belongs to; "" for other holidays."""
    folded = english_name.casefold()
    return next((feast for feast, words in _WORDS.items() if any(w in folded for w in words)), "")


def _hijri_years(year: int) -> range:
    try:
        first = Gregorian(year, 1, 1).to_hijri().year
        return range(first, Gregorian(year, 12, 31).to_hijri().year + 1)
    except OverflowError:
        return range(0)
