"""Words about days: the most specific counts, weekdays leave holidays alone."""

from __future__ import annotations

from datetime import date

from edd.calendars import (
    Day,
    DayRule,
    delivery_calendar,
    pickup_calendar,
    warehouse_calendar,
)
from tests.edd.calendars.reading import days, resting

WEEK = (date(2026, 11, 9), date(2026, 11, 15))  # Monday to Sunday
WEDNESDAY = date(2026, 11, 11)


def test_the_most_specific_word_counts() -> None:
    country = DayRule(country="AE", first=WEDNESDAY, last=WEDNESDAY, name="Storm")
    carrier = DayRule(
        country="AE", carrier="aramex", first=WEDNESDAY, last=WEDNESDAY, kind=Day.WORKS
    )
    express = DayRule(
        country="AE", carrier="aramex", service="Express", first=WEDNESDAY, last=WEDNESDAY,
        kind=Day.HALF,
    )  # fmt: skip
    rules = (country, carrier, express)
    kinds = [
        delivery_calendar("AE", *who, rules=rules).kind(WEDNESDAY)
        for who in (("smsa",), ("aramex",), ("aramex", "express"))
    ]
    assert kinds == [Day.REST, Day.WORKS, Day.HALF]


def test_among_equals_the_first_counts() -> None:
    ours = DayRule(country="AE", first=WEDNESDAY, last=WEDNESDAY, kind=Day.WORKS)
    theirs = DayRule(country="AE", first=WEDNESDAY, last=WEDNESDAY, kind=Day.REST)
    assert delivery_calendar("AE", "aramex", rules=(ours, theirs)).is_working(WEDNESDAY)
    assert not delivery_calendar("AE", "aramex", rules=(theirs, ours)).is_working(WEDNESDAY)


def test_a_rule_of_one_part_leaves_the_others_alone() -> None:
    closed = DayRule(part="warehouse", first=WEDNESDAY, last=WEDNESDAY, name="Stocktaking")
    assert resting(warehouse_calendar("AE", rules=(closed,)), WEDNESDAY, WEDNESDAY) == [WEDNESDAY]
    assert delivery_calendar("AE", "aramex", rules=(closed,)).is_working(WEDNESDAY)


def test_a_rule_of_a_region_is_known_by_code_or_name() -> None:
    flood = DayRule(country="DE", region="BY", first=WEDNESDAY, last=WEDNESDAY)
    for region in ("BY", "DE-BY", "Bayern"):
        assert not delivery_calendar("DE", "gls", "", region, (flood,)).is_working(WEDNESDAY)
    assert delivery_calendar("DE", "gls", "", "Berlin", (flood,)).is_working(WEDNESDAY)


def test_a_region_that_is_no_code_is_compared_as_it_is() -> None:
    flood = DayRule(country="AE", region="Fujairah", first=WEDNESDAY, last=WEDNESDAY)
    calendar = delivery_calendar("AE", "aramex", "", "fujairah", (flood,))
    assert not calendar.is_working(WEDNESDAY)


def test_weekday_rule_moves_the_weekly_rest() -> None:
    sunday = DayRule(country="AE", carrier="aramex", weekday=7, kind=Day.WORKS)
    friday = DayRule(country="AE", carrier="aramex", weekday=5, kind=Day.REST)
    rules = (sunday, friday)
    assert resting(delivery_calendar("AE", "aramex", rules=rules), *WEEK) == [date(2026, 11, 13)]


def test_weekday_rule_makes_no_holiday_a_working_day() -> None:
    # National Day 2028 falls on a Saturday.
    saturday = DayRule(country="AE", carrier="dhl_express", weekday=6, kind=Day.WORKS)
    calendar = delivery_calendar("AE", "dhl_express", rules=(saturday,))
    assert calendar.is_working(date(2028, 11, 25))
    assert not calendar.is_working(date(2028, 12, 2))


def test_friday_that_a_merchant_works_is_a_whole_day() -> None:
    friday = DayRule(country="AE", part="warehouse", weekday=5, kind=Day.WORKS)
    assert warehouse_calendar("AE").kind(date(2026, 11, 13)) is Day.HALF
    assert warehouse_calendar("AE", rules=(friday,)).kind(date(2026, 11, 13)) is Day.WORKS


def test_weekday_rule_of_a_season_counts_in_it_only() -> None:
    december = DayRule(
        country="DE", weekday=7, kind=Day.WORKS, first=date(2026, 12, 1), last=date(2026, 12, 20)
    )
    calendar = delivery_calendar("DE", "dhl_parcel_de", rules=(december,))
    sundays = [date(2026, 11, 29), date(2026, 12, 6), date(2026, 12, 27)]
    assert [calendar.is_working(day) for day in sundays] == [False, True, False]


def test_rest_that_may_not_come_is_not_hoped_for() -> None:
    strike = DayRule(
        country="DE", first=WEDNESDAY, last=WEDNESDAY, name="Strike announced", certain=False
    )
    calendar = delivery_calendar("DE", "gls", rules=(strike,))
    answers = (calendar, calendar.cautious(), calendar.hopeful())
    assert [one.is_working(WEDNESDAY) for one in answers] == [False, False, True]
    facts = calendar.facts(WEDNESDAY)
    assert (facts.name, facts.certain) == ("Strike announced", False)


def test_carrier_collects_where_both_work() -> None:
    # The warehouse rests on Monday and Tuesday; Aramex on Sunday.
    warehouse = warehouse_calendar("AE", rest_days=[1, 2])
    pickup = pickup_calendar(warehouse, "aramex")
    assert resting(pickup, *WEEK) == [date(2026, 11, 9), date(2026, 11, 10), date(2026, 11, 15)]


def test_rule_about_pickups_stops_no_packing() -> None:
    no_lorry = DayRule(part="pickup", first=WEDNESDAY, last=WEDNESDAY)
    warehouse = warehouse_calendar("AE", rules=(no_lorry,))
    pickup = pickup_calendar(warehouse, "aramex", rules=(no_lorry,))
    assert warehouse.is_working(WEDNESDAY)
    assert not pickup.is_working(WEDNESDAY)


def test_period_over_new_year_rests_in_both_years() -> None:
    closed = DayRule(
        part="warehouse", first=date(2026, 12, 28), last=date(2027, 1, 5), name="Winter break"
    )
    warehouse = warehouse_calendar("DE", rules=(closed,))
    assert resting(warehouse, date(2026, 12, 28), date(2027, 1, 6)) == days(
        date(2026, 12, 28), date(2027, 1, 5)
    )
