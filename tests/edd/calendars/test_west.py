"""Brazil, Germany, the United States: Carnival, halves, states, observed days. Checked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from edd.calendars import Calendar, Day, delivery_calendar
from tests.edd.calendars.reading import days, resting

BRAZIL, GERMANY, STATES = (Calendar(code) for code in ("BR", "DE", "US"))


def test_carnival_2025_is_no_holiday_by_law_but_couriers_rest() -> None:
    monday, tuesday = date(2025, 3, 3), date(2025, 3, 4)
    courier = delivery_calendar("BR", "correios")
    assert [BRAZIL.is_working(day) for day in (monday, tuesday)] == [True, True]
    assert [courier.is_working(day) for day in (monday, tuesday)] == [False, False]
    assert courier.kind(date(2025, 3, 5)) is Day.HALF  # Ash Wednesday, from noon on
    assert courier.add_working_days(date(2025, 2, 28), 1) == date(2025, 3, 5)


def test_corpus_christi_2025_in_brazil() -> None:
    courier = delivery_calendar("BR", "correios")
    assert courier.add_working_days(date(2025, 6, 18), 1) == date(2025, 6, 20)
    assert BRAZIL.is_working(date(2025, 6, 19))


def test_consciousness_day_is_national_in_brazil_since_2024() -> None:
    assert BRAZIL.is_working(date(2023, 11, 20))
    assert not BRAZIL.is_working(date(2024, 11, 20))


def test_a_brazilian_states_own_day() -> None:
    # Saint George, 23 April, in Rio de Janeiro; given by code, with the country, or by name.
    day = date(2025, 4, 23)
    assert delivery_calendar("BR", "correios", region="SP").is_working(day)
    for region in ("RJ", "BR-RJ", "Rio de Janeiro"):
        assert not delivery_calendar("BR", "correios", region=region).is_working(day)


def test_german_christmas_eve_and_new_years_eve_are_half_days() -> None:
    # 2025: two Wednesdays.
    assert GERMANY.kind(date(2025, 12, 24)) is Day.HALF
    assert GERMANY.kind(date(2025, 12, 31)) is Day.HALF
    assert resting(GERMANY, date(2025, 12, 24), date(2026, 1, 2)) == [
        *days(date(2025, 12, 25), date(2025, 12, 28)),
        date(2026, 1, 1),
    ]


def test_german_half_days_on_a_sunday_rest() -> None:
    assert GERMANY.kind(date(2023, 12, 24)) is Day.REST


def test_two_half_days_are_a_day_for_who_is_cautious() -> None:
    # From Tuesday 23 December: 24 (half), 29, 30, 31 (half), 2 January.
    tuesday = date(2025, 12, 23)
    assert GERMANY.add_working_days(tuesday, 4) == date(2025, 12, 31)
    assert GERMANY.cautious().add_working_days(tuesday, 3) == date(2025, 12, 30)
    assert GERMANY.cautious().add_working_days(tuesday, 4) == date(2026, 1, 2)


def test_reformation_day_rests_in_some_states_only() -> None:
    day = date(2025, 10, 31)  # a Friday
    working = {
        region: delivery_calendar("DE", "dhl_parcel_de", region=region).is_working(day)
        for region in ("Brandenburg", "DE-SN", "HH", "Bayern", "NW", "")
    }
    assert working == {
        "Brandenburg": False, "DE-SN": False, "HH": False, "Bayern": True, "NW": True, "": True,
    }  # fmt: skip


def test_reformation_day_was_kept_everywhere_in_2017() -> None:
    assert not GERMANY.is_working(date(2017, 10, 31))


def test_german_unity_day() -> None:
    assert GERMANY.add_working_days(date(2025, 10, 2), 1) == date(2025, 10, 6)


def test_thanksgiving_2025() -> None:
    assert STATES.add_working_days(date(2025, 11, 26), 1) == date(2025, 11, 28)
    for carrier in ("usps", "ups", "fedex"):
        assert not delivery_calendar("US", carrier).is_working(date(2025, 11, 27))


@pytest.mark.parametrize(("year", "observed"), [(2021, date(2021, 7, 5)), (2026, date(2026, 7, 3))])
def test_fourth_of_july_is_observed_beside_a_weekend(year: int, observed: date) -> None:
    assert not STATES.is_working(observed)
    assert date(year, 7, 4) in resting(STATES, date(year, 7, 1), date(year, 7, 8))


def test_columbus_day_rests_at_the_post_but_not_with_ups() -> None:
    day = date(2025, 10, 13)
    assert not delivery_calendar("US", "usps").is_working(day)
    assert delivery_calendar("US", "ups").is_working(day)
    assert delivery_calendar("US", "fedex").is_working(day)


def test_holidays_of_an_american_state_stop_no_carrier() -> None:
    # Cesar Chavez Day in California, Monday 31 March 2025.
    assert delivery_calendar("US", "ups", region="CA").is_working(date(2025, 3, 31))


def test_american_christmas_eve_is_a_half_day() -> None:
    assert delivery_calendar("US", "ups").kind(date(2025, 12, 24)) is Day.HALF


@pytest.mark.parametrize(
    ("calendar", "day", "count", "lands"),
    [
        # Tuesday 30 December 2025: Wednesday, (1 January), Friday, Monday, Tuesday.
        (GERMANY, date(2025, 12, 30), 3, date(2026, 1, 5)),
        (STATES, date(2025, 12, 30), 3, date(2026, 1, 5)),
        (Calendar("AE"), date(2025, 12, 30), 3, date(2026, 1, 5)),
        # In China Friday 2 January rests too, and Sunday 4 is worked for it.
        (Calendar("CN"), date(2025, 12, 30), 3, date(2026, 1, 5)),
        # No holiday in Saudi Arabia: Wednesday, Thursday, (Friday, Saturday), Sunday.
        (Calendar("SA"), date(2025, 12, 30), 3, date(2026, 1, 4)),
        (Calendar("BR"), date(2025, 12, 30), 3, date(2026, 1, 5)),
    ],
)
def test_across_the_end_of_a_year(calendar: Calendar, day: date, count: int, lands: date) -> None:
    assert calendar.add_working_days(day, count) == lands
