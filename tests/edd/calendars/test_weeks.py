"""Working days: weekends with their history, holidays, couriers' own weeks."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from edd.calendars import Calendar, delivery_calendar, warehouse_calendar

DAYS = st.dates(date(2019, 1, 1), date(2029, 12, 31))
COUNTRIES = st.sampled_from(["AE", "SA", "DE", "US", "IN", "CN", "", "XX"])


def test_emirates_weekend_moved_in_2022() -> None:
    calendar = Calendar("AE")
    fridays_and_sundays = [
        date(2021, 11, 12),
        date(2021, 11, 14),
        date(2026, 11, 13),
        date(2026, 11, 15),
    ]
    assert [calendar.is_working(day) for day in fridays_and_sundays] == [False, True, True, False]


def test_saudi_weekend_is_friday_and_saturday() -> None:
    week = [date(2026, 11, day) for day in range(9, 16)]  # Monday to Sunday
    assert [Calendar("SA").is_working(day) for day in week] == [
        True, True, True, True, False, False, True,
    ]  # fmt: skip


def test_saudi_courier_delivers_on_saturday() -> None:
    saturday = date(2026, 11, 14)
    assert not Calendar("SA").is_working(saturday)
    assert delivery_calendar("SA", "aramex").is_working(saturday)
    assert not delivery_calendar("SA", "aramex").is_working(date(2026, 11, 13))


def test_national_day_rests_even_where_rest_days_are_own() -> None:
    assert not warehouse_calendar("AE", rest_days=[7]).is_working(date(2026, 12, 2))


def test_closures_rest() -> None:
    calendar = warehouse_calendar("AE", closures=[date(2026, 11, 12)])
    assert calendar.next_working(date(2026, 11, 12)) == date(2026, 11, 13)


def test_german_region_adds_its_own_holidays() -> None:
    epiphany = date(2026, 1, 6)
    assert Calendar("DE").is_working(epiphany)
    assert not Calendar("DE", region="BY").is_working(epiphany)
    assert Calendar("DE", region="nowhere").is_working(epiphany)


def test_unknown_country_rests_on_saturday_and_sunday() -> None:
    assert Calendar("XX").add_working_days(date(2026, 11, 13), 1) == date(2026, 11, 16)


def test_calendar_without_any_working_day_does_not_hang() -> None:
    calendar = Calendar("AE", rest_days=frozenset(range(1, 8)))
    assert calendar.add_working_days(date(2026, 11, 12), 2) > date(2026, 11, 12)


@given(country=COUNTRIES, day=DAYS, count=st.integers(0, 30))
def test_adding_working_days_lands_on_one_and_counts_them(
    country: str, day: date, count: int
) -> None:
    calendar = Calendar(country)
    landed = calendar.add_working_days(day, count)
    between = [
        date.fromordinal(n)
        for n in range(calendar.next_working(day).toordinal(), landed.toordinal())
    ]
    assert calendar.is_working(landed)
    assert sum(calendar.is_working(one) for one in between) == count
