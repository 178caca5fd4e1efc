"""The year's peaks: when shops are busy or couriers rest, and what a banner may say then. Pure.

Days come from the date engine's calendars: national holidays, feasts as counted and as confirmed
by the operator, Ramadan. What the moon decides is not certain before it is confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from edd.calendars import DayRule, feasts, ramadan
from edd.calendars.islamic import SLOW_IN_RAMADAN
from edd.calendars.national import english_names

#: So long before it begins a peak is suggested.
AHEAD: Final = timedelta(days=14)
#: Where the last Friday of November is White, not Black.
_WHITE: Final = frozenset({"AE", "SA", "KW", "QA", "BH", "OM", "EG", "JO", "LB", "IQ"})
#: Where 11 November is a day of sales.
_SINGLES: Final = frozenset(
    {"CN", "HK", "MO", "TW", "SG", "MY", "TH", "VN", "PH", "ID", "AE", "SA"}
)
#: Two feasts of one kind are months apart; so near it is the same.
_SAME: Final = timedelta(days=20)
_DAY: Final = timedelta(days=1)

Days = tuple[date, date, bool]
"""First day, last day, and whether they are certain."""
_Find = Callable[[str, int], Days | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A peak that comes every year. `find` says when it is in a country in a year, None for not
    at all; the banner begins `lead` days before, and ends `trail` days after."""

    slug: str
    name: Promise
    text: Promise
    find: _Find
    lead: int = 7
    trail: int = 0


@dataclass(frozen=True, slots=True)
class Peak:
    """One peak of one year, for these countries: its days, and those that its banner would stand.

    Where it is not `certain`, the banner stands a day longer: the feast may begin a day later.
    """

    kind: Kind
    key: str
    countries: tuple[str, ...]
    first: date
    last: date
    certain: bool

    def begins(self, today: date) -> date:
        """The banner's first day."""
        return max(today, self.first - _DAY * self.kind.lead)

    @property
    def ends(self) -> date:
        """The banner's last day."""
        return self.last + _DAY * (self.kind.trail + (not self.certain))

    def is_near(self, today: date) -> bool:
        """Whether it is time for its banner."""
        return self.first - self.kind.lead * _DAY - AHEAD <= today <= self.ends


def coming(
    countries: Iterable[str], *, today: date, rules: Sequence[DayRule] = (), days: int = 365
) -> list[Peak]:
    """The peaks that end on or after `today` and begin within so many days, in order.

    `countries` are those that parcels go to; `rules` are what is said about days, where a feast
    is confirmed.
    """
    wanted = sorted({*countries})
    found = []
    for kind in KINDS:
        for year in (today.year - 1, today.year, today.year + 1):
            peak = _peak(kind, wanted, year, rules)
            if peak and peak.ends >= today and peak.first <= today + timedelta(days=days):
                found.append(peak)
    return sorted(found, key=lambda one: (one.first, one.key))


def _peak(kind: Kind, countries: list[str], year: int, rules: Sequence[DayRule]) -> Peak | None:
    """One peak for all the countries that have it: from the earliest first day to the last."""
    by_country = {}
    for country in countries:
        days = kind.find(country, year)
        if days is not None:
            by_country[country] = _confirmed(kind, country, days, rules)
    if not by_country:
        return None
    all_days = by_country.values()
    return Peak(
        kind,
        key=f"{kind.slug}-{year}",
        countries=tuple(by_country),
        first=min(first for first, _last, _sure in all_days),
        last=max(last for _first, last, _sure in all_days),
        certain=all(sure for _first, _last, sure in all_days),
    )


def _confirmed(kind: Kind, country: str, days: Days, rules: Sequence[DayRule]) -> Days:
    """The feast's days as somebody said for certain, else as expected."""
    for rule in rules:
        speaks = rule.name == kind.slug and rule.certain and rule.country in {"", country}
        if speaks and rule.first and rule.last and abs(rule.first - days[0]) <= _SAME:
            return rule.first, rule.last, True
    return days


def _feast(slug: str) -> _Find:
    def find(country: str, year: int) -> Days | None:
        for one in feasts(country, year):
            if one.feast == slug:
                return one.first, one.last, one.sure
        return None

    return find


def _ramadan(country: str, year: int) -> Days | None:
    """The month that begins in this year; some years have none, or two."""
    if country not in SLOW_IN_RAMADAN:
        return None
    days = ramadan(year) | ramadan(year + 1)
    first = min((day for day in days if day.year == year and day - _DAY not in days), default=None)
    if first is None or first - _DAY in ramadan(year - 1):
        return None
    last = first
    while last + _DAY in days:
        last += _DAY
    return first, last, False


def _named(*words: str, only: str = "") -> _Find:
    """The public holidays of a country whose English names have one of these words."""

    def find(country: str, year: int) -> Days | None:
        if only and country != only:
            return None
        names = english_names(country, "", year, "public")
        days = [day for day, name in names.items() if any(w in name.casefold() for w in words)]
        return (min(days), max(days), True) if days else None

    return find


def _last_friday(*, is_white: bool) -> _Find:
    """The day after the fourth Thursday of November, and the Monday after it."""

    def find(country: str, year: int) -> Days | None:
        if (country in _WHITE) != is_white:
            return None
        first = date(year, 11, 1)
        thursday = first + _DAY * ((3 - first.weekday()) % 7 + 21)
        return thursday + _DAY, thursday + _DAY * 4, True

    return find


def _singles_day(country: str, year: int) -> Days | None:
    day = date(year, 11, 11)
    return (day, day, True) if country in _SINGLES else None


KINDS: Final = (
    Kind(
        "ramadan",
        _("Ramadan"),
        _("During Ramadan couriers work shorter hours. A delivery may take a day longer."),
        _ramadan,
        lead=3,
    ),
    Kind(
        "eid_al_fitr",
        _("Eid al-Fitr"),
        _("Couriers rest over Eid al-Fitr. What you order now may arrive after the holiday."),
        _feast("eid_al_fitr"),
    ),
    Kind(
        "eid_al_adha",
        _("Eid al-Adha"),
        _("Couriers rest over Eid al-Adha. What you order now may arrive after the holiday."),
        _feast("eid_al_adha"),
    ),
    Kind(
        "white_friday",
        _("White Friday"),
        _("Around White Friday there are more parcels than usual. Some take a few days longer."),
        _last_friday(is_white=True),
        lead=1,
        trail=7,
    ),
    Kind(
        "black_friday",
        _("Black Friday"),
        _("Around Black Friday there are more parcels than usual. Some take a few days longer."),
        _last_friday(is_white=False),
        lead=1,
        trail=7,
    ),
    Kind(
        "national_day_ae",
        _("National Day of the Emirates"),
        _("Couriers rest over the National Day holiday. What you order now may arrive after it."),
        _named("national day", only="AE"),
        lead=4,
    ),
    Kind(
        "national_day_sa",
        _("Saudi National Day"),
        _("Couriers rest on Saudi National Day. What you order now may arrive after it."),
        _named("national day", only="SA"),
        lead=4,
    ),
    Kind(
        "diwali",
        _("Diwali"),
        _("Before Diwali there are more parcels than usual. Some take a few days longer."),
        _named("diwali", "deepavali"),
        lead=10,
        trail=2,
    ),
    Kind(
        "singles_day",
        _("Singles’ Day"),
        _("Around Singles’ Day there are more parcels than usual. Some take a few days longer."),
        _singles_day,
        lead=1,
        trail=7,
    ),
    Kind(
        "lunar_new_year",
        _("Lunar New Year"),
        _("Couriers rest over Lunar New Year. What you order now may arrive after the holiday."),
        _named("lunar new year", "chinese new year", "spring festival", "korean new year"),
        lead=10,
        trail=3,
    ),
    Kind(
        "chuseok",
        _("Chuseok"),
        _("Couriers rest over Chuseok. What you order now may arrive after the holiday."),
        _named("chuseok"),
    ),
    Kind(
        "christmas",
        _("Christmas"),
        _("Before Christmas there are more parcels than usual, and couriers rest on the holidays."),
        _named("christmas"),
        lead=14,
        trail=1,
    ),
)  # fmt: skip
