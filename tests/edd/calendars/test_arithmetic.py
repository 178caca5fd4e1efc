"""Laws of adding days: more days are never earlier, more rest is never earlier, moods in order."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edd.calendars import (
    Calendar,
    Day,
    DayRule,
    delivery_calendar,
    pickup_calendar,
    warehouse_calendar,
    working_days,
)

COUNTRIES = ["AE", "SA", "IN", "CN", "KR", "JP", "BR", "DE", "US", "XX"]
DAYS = st.dates(date(2021, 6, 1), date(2030, 12, 31))
COUNTS = st.integers(0, 25)


@st.composite
def calendars(draw: st.DrawFn, rules: tuple[DayRule, ...] = ()) -> Calendar:
    country = draw(st.sampled_from(COUNTRIES))
    return build(draw(st.sampled_from(["warehouse", "delivery", "pickup"])), country, rules)


def build(part: str, country: str, rules: tuple[DayRule, ...] = ()) -> Calendar:
    warehouse = warehouse_calendar(country, rules=rules)
    if part == "warehouse":
        return warehouse
    if part == "pickup":
        return pickup_calendar(warehouse, "aramex", rules=rules)
    return delivery_calendar(country, "aramex", rules=rules)


@given(calendar=calendars(), day=DAYS, count=COUNTS)
def test_more_days_or_a_later_start_are_never_earlier(
    calendar: Calendar, day: date, count: int
) -> None:
    for one in (calendar, calendar.cautious(), calendar.hopeful()):
        landed = one.add_working_days(day, count)
        assert landed <= one.add_working_days(day, count + 1)
        assert landed <= one.add_working_days(day + timedelta(days=1), count)


@given(calendar=calendars(), day=DAYS, count=COUNTS)
def test_hope_is_never_later_than_the_usual_nor_that_than_caution(
    calendar: Calendar, day: date, count: int
) -> None:
    usual = calendar.add_working_days(day, count)
    assert calendar.hopeful().add_working_days(day, count) <= usual
    assert usual <= calendar.cautious().add_working_days(day, count)


@given(
    part=st.sampled_from(["warehouse", "delivery", "pickup"]),
    country=st.sampled_from(COUNTRIES),
    day=DAYS,
    count=COUNTS,
    after=st.integers(-5, 40),
    length=st.integers(1, 30),
    kind=st.sampled_from([Day.REST, Day.HALF]),
)
def test_a_rule_of_rest_never_makes_a_date_earlier(
    part: str, country: str, day: date, count: int, after: int, length: int, kind: Day
) -> None:
    first = day + timedelta(days=after)
    usual = build(part, country)
    # Half a day would be a gain on a day of rest: only working days are cut.
    days = [first + timedelta(days=n) for n in range(length)]
    moods = (usual, usual.cautious())
    cut = [
        one
        for one in days
        if kind is Day.REST or all(mood.kind(one) is Day.WORKS for mood in moods)
    ]
    ruled = build(part, country, tuple(DayRule(first=one, last=one, kind=kind) for one in cut))
    for before, now in ((usual, ruled), (usual.cautious(), ruled.cautious())):
        assert before.add_working_days(day, count) <= now.add_working_days(day, count)


@given(calendar=calendars(), day=DAYS, count=st.integers(0, 800))
def test_array_says_the_same_as_asking_day_by_day(
    calendar: Calendar, day: date, count: int
) -> None:
    asked = [calendar.is_working(day + timedelta(days=n)) for n in range(count)]
    assert working_days(calendar, day, count).tolist() == asked


def test_array_of_a_year_is_made_once_and_cannot_be_written() -> None:
    calendar = delivery_calendar("AE", "aramex")
    found = working_days(calendar, date(2026, 1, 1), 365)
    assert np.shares_memory(found, working_days(calendar, date(2026, 3, 1), 10))
    with pytest.raises(ValueError, match="read-only"):
        found[0] = True


def test_array_begins_after_a_leap_day() -> None:
    # 28 February 2028 is a Monday.
    found = working_days(Calendar("US"), date(2028, 2, 28), 7)
    assert found.tolist() == [True, True, True, True, True, False, False]
