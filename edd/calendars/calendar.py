"""Which days count, and how much: one calendar, asked day by day or as an array.

A calendar gives three answers about days that are not sure yet: the usual one takes a feast when
it is expected; the cautious one also rests the day before and after it, and counts half-days and
Ramadan as less than a day's work (for the last day of a window); the hopeful one rests only when
rest is certain (for the first day).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from edd.calendars import facts, islamic, national
from edd.calendars.days import Day, DayRule
from edd.calendars.facts import Keeps
from edd.calendars.national import NationalYear, national_year

Mood = Literal["usual", "cautious", "hopeful"]

_DAY: Final = timedelta(days=1)
#: The longest rest we believe in; a calendar that rests longer is configured wrongly.
_LONGEST_REST: Final = 60
#: A day's work, in eighths; half a day; and what may be missing at the end of some days' work:
#: it is still done on the last of them.
_FULL: Final = 8
_HALF: Final = _FULL // 2
_MAY_LACK: Final = _FULL // 2
#: What is written behind the name of a day that is only expected.
_LABEL: Final = re.compile(r" \([^()]*\)$")
#: A confirmed feast replaces the expected one when they are so near.
_SAME_FEAST: Final = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class DayFacts:
    """One day in a calendar.

    `name` says why it is no usual day ("" on a weekly day of rest); a feast's days have its key
    of `islamic.FEASTS`. What is not `certain` may turn out the other way, and is `soft` because
    a feast is expected only; `slow` is a day of Ramadan.
    """

    day: date
    kind: Day
    name: str
    certain: bool
    slow: bool
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count.

    `country` is ISO 3166-1 alpha-2 (unknown or empty: Saturday and Sunday rest, no
    holidays). `rest_days` are ISO weekdays (1 = Monday) that replace the country's own
    weekend; None keeps it. `closures` are further days off. `region` is the country's ISO
    3166-2 subdivision for regional holidays, ignored where it is not one. `rules` are those
    about this calendar, most specific first. Where `slows`, a half-day and a day of Ramadan are
    less than a working day. `also` must work too: a parcel is collected where both do.
    """

    country: str
    rest_days: frozenset[int] | None = None
    closures: frozenset[date] = frozenset()
    region: str = ""
    rules: tuple[DayRule, ...] = ()
    keeps: Keeps = "public"
    slows: bool = False
    mood: Mood = "usual"
    also: Calendar | None = None
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)
    _moods: dict[Mood, Calendar] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def cautious(self) -> Calendar:
        """The same for a last day: what may be rest is rest, and slow days are slow."""
        return self._in("cautious")

    def hopeful(self) -> Calendar:
        """The same for a first day: only what is certain is rest."""
        return self._in("hopeful")

    def kind(self, day: date) -> Day:
        """What this day is."""
        year = self._year(day.year)
        return _KINDS[year.kinds[day.toordinal() - year.starts]]

    def is_working(self, day: date) -> bool:
        """Whether work is done on this day, and be it for half of it."""
        year = self._year(day.year)
        return year.shares[day.toordinal() - year.starts] > 0

    def next_working(self, day: date) -> date:
        """This day where it works, else the first one after it that does."""
        for _ in range(_LONGEST_REST):
            if self.is_working(day):
                return day
            day += _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The day on which the work of `count` days after `day` is done; 0 is `next_working(day)`.

        Without slow days that is the working day `count` working days later. A slow day does a
        part of a day's work, and half a day that lacks at the end is still done: in Ramadan three
        days' work takes four.
        """
        day = self.next_working(day)
        left = count * _FULL - _MAY_LACK
        while left > 0:
            day = self.next_working(day + _DAY)
            year = self._year(day.year)
            left -= year.shares[day.toordinal() - year.starts] or _FULL
        return day

    def weekly_rest(self, year: int) -> list[int]:
        """The ISO weekdays of weekly rest in a year, rules about weekdays counted."""
        week = national.days_of(year)[-7:]
        known = self._national(year)
        weekly = [rule for rule in self.rules if rule.weekday]
        kinds = {day.isoweekday(): _of_the_week(self, known, weekly, day) for day in week}
        return sorted(weekday for weekday, kind in kinds.items() if kind is Day.REST)

    def facts(self, day: date, language: str = "en") -> DayFacts:
        """The day in words, holidays in this language where their names are known in it."""
        hoped, feared = self.hopeful().kind(day), self.cautious().kind(day)
        certain, kind = hoped == feared, self.kind(day)
        slow = islamic.slow_share(self.country, day) < 1
        if kind is Day.WORKS and certain:
            return DayFacts(day, kind, "", certain, slow)
        name, soft = self._name(day, language)
        return DayFacts(day, kind, name, certain, slow, soft)

    def _name(self, day: date, language: str) -> tuple[str, bool]:
        """Why a day is no usual one, and whether that is only expected."""
        rule = next((r for r in self.rules if not r.weekday and r.covers(day)), None)
        if rule is not None:
            return rule.name, False
        known = self._national(day.year)
        settled = _settled(self, [known])
        names = national.own_names(self.country, self.region, day.year, language)
        for one in (day, day - _DAY, day + _DAY):
            if one in known.soft and one not in settled:
                feast = next((name for name, on in known.feasts.items() if one in on), "")
                return feast or _LABEL.sub("", names.get(one, "")), True
        if day in known.holidays - settled or day in known.halves:
            usual = facts.HALF_DAY_NAMES.get((day.month, day.day), "")
            return names.get(day, usual), False
        return self.also._name(day, language) if self.also else ("", False)

    def _in(self, mood: Mood) -> Calendar:
        if self.mood == mood:
            return self
        if mood not in self._moods:
            also = self.also._in(mood) if self.also else None
            slows = self.slows or mood == "cautious"
            self._moods[mood] = replace(self, mood=mood, slows=slows, also=also)
        return self._moods[mood]

    def _national(self, year: int) -> NationalYear:
        return national_year(self.country, self.region, year, self.keeps)

    def _year(self, year: int) -> _Year:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = _Year.of(self, year)
        return found


#: How the kinds are kept in a year's bytes.
_KINDS: Final = (Day.REST, Day.HALF, Day.WORKS)
_CODES: Final = {kind: code for code, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class _Year:
    """A year of one calendar, a byte a day; `starts` is the ordinal of its first day."""

    starts: int
    kinds: bytes
    shares: bytes
    working: NDArray[np.bool_]

    @staticmethod
    def of(calendar: Calendar, year: int) -> _Year:
        days = national.days_of(year)
        kinds = bytes(_CODES[kind] for kind in _kinds(calendar, year, days))
        if calendar.also is not None:
            kinds = bytes(map(min, kinds, calendar.also._year(year).kinds))
        shares = bytes(
            _share(calendar, day, _KINDS[code]) for day, code in zip(days, kinds, strict=True)
        )
        working = np.frombuffer(shares, dtype=np.uint8) > 0
        working.flags.writeable = False
        return _Year(days[0].toordinal(), kinds, shares, working)


def _kinds(calendar: Calendar, year: int, days: list[date]) -> list[Day]:
    known = calendar._national(year)
    resting = _holidays(calendar, year)
    weekly = [rule for rule in calendar.rules if rule.weekday]
    dated = [rule for rule in calendar.rules if not rule.weekday]
    found = []
    for day in days:
        rule = next((rule for rule in dated if _speaks(rule, day, calendar.mood)), None)
        if day in calendar.closures:
            kind = Day.REST
        elif rule is not None:
            kind = rule.kind
        elif day in resting:
            kind = Day.REST
        else:
            kind = _of_the_week(calendar, known, weekly, day)
        found.append(kind)
    return found


def _of_the_week(calendar: Calendar, known: NationalYear, weekly: list[DayRule], day: date) -> Day:
    """A day that is no holiday: the weekly rest, changed by rules about weekdays."""
    rule = next((rule for rule in weekly if _speaks(rule, day, calendar.mood)), None)
    if rule is not None and rule.kind is not Day.WORKS:
        return rule.kind
    if rule is None:
        own = calendar.rest_days
        rests = day in known.weekly if own is None else day.isoweekday() in own
        if rests:
            return Day.REST
        return Day.HALF if day in known.halves else Day.WORKS
    short = facts.HALF_WEEKDAYS.get(calendar.country, (0, 0))[0] == rule.weekday
    return Day.HALF if day in known.halves and not short else Day.WORKS


def _speaks(rule: DayRule, day: date, mood: Mood) -> bool:
    """Whether a rule covers a day, in this mood: hope does not hear of a rest that may not come."""
    return rule.covers(day) and (rule.certain or mood != "hopeful")


def _holidays(calendar: Calendar, year: int) -> frozenset[date]:
    """The holidays of a year; those that are not sure by the calendar's mood."""
    near = [calendar._national(one) for one in (year - 1, year, year + 1)]
    settled = _settled(calendar, near)
    soft = frozenset().union(*(one.soft for one in near)) - settled
    firm = near[1].holidays - soft - settled
    if calendar.mood == "usual":
        return firm | soft
    shifted = [soft, {day - _DAY for day in soft}, {day + _DAY for day in soft}]
    if calendar.mood == "cautious":
        return firm.union(*shifted)
    return firm | soft.intersection(*shifted)


def _settled(calendar: Calendar, years: list[NationalYear]) -> frozenset[date]:
    """Expected days of feasts of which somebody said when they are."""
    found: set[date] = set()
    for rule in calendar.rules:
        if rule.name in islamic.FEASTS and rule.certain and rule.first and rule.last:
            begins, ends = rule.first - _SAME_FEAST, rule.last + _SAME_FEAST
            for year in years:
                expected = year.feasts.get(rule.name, frozenset())
                found |= {day for day in expected if begins <= day <= ends}
    return frozenset(found)


def _share(calendar: Calendar, day: date, kind: Day) -> int:
    """How much of a day's work is done, in eighths."""
    if kind is Day.REST:
        return 0
    if not calendar.slows:
        return _FULL
    whole = _HALF if kind is Day.HALF else _FULL
    return int(whole * islamic.slow_share(calendar.country, day))


def working_days(calendar: Calendar, start: date, count: int) -> NDArray[np.bool_]:
    """Whether work is done on each of `count` days from `start` on; read-only where one year."""
    end = start + timedelta(days=max(count - 1, 0))
    years = [calendar._year(year) for year in range(start.year, end.year + 1)]
    offset = start.toordinal() - years[0].starts
    whole = years[0].working if len(years) == 1 else np.concatenate([y.working for y in years])
    return whole[offset : offset + count]
