"""The Emirates and Saudi Arabia: weekends, Eids, national days, Ramadan. Dates checked by hand."""

from __future__ import annotations

from datetime import date

from edd.calendars import Calendar, Day, delivery_calendar, slow_share, warehouse_calendar
from tests.edd.calendars.reading import resting

EMIRATES, SAUDI = Calendar("AE"), Calendar("SA")


def test_emirates_rested_on_friday_and_saturday_until_the_end_of_2021() -> None:
    # Thursday 30 December 2021 to Monday 3 January 2022; New Year's Day was a Saturday.
    assert resting(EMIRATES, date(2021, 12, 30), date(2022, 1, 3)) == [
        date(2021, 12, 31),
        date(2022, 1, 1),
        date(2022, 1, 2),
    ]
    # The Thursday before is the last working day before the change, the Monday the first after it.
    assert EMIRATES.add_working_days(date(2021, 12, 30), 1) == date(2022, 1, 3)


def test_friday_is_short_in_the_emirates_since_2022() -> None:
    assert EMIRATES.kind(date(2021, 12, 31)) is Day.REST
    assert EMIRATES.kind(date(2025, 10, 10)) is Day.HALF
    assert EMIRATES.kind(date(2025, 10, 9)) is Day.WORKS


def test_eid_al_fitr_2025_in_the_emirates() -> None:
    # Sunday 30 March to Tuesday 1 April, after the weekend's Saturday.
    assert resting(EMIRATES, date(2025, 3, 27), date(2025, 4, 3)) == [
        date(2025, 3, 29),
        date(2025, 3, 30),
        date(2025, 3, 31),
        date(2025, 4, 1),
    ]
    # Friday, then Wednesday, Thursday, Friday.
    assert EMIRATES.add_working_days(date(2025, 3, 27), 4) == date(2025, 4, 4)


def test_eid_al_adha_2025_in_the_emirates() -> None:
    # Arafah on Thursday 5 June, the feast from Friday 6 to Sunday 8.
    assert resting(EMIRATES, date(2025, 6, 4), date(2025, 6, 9)) == [
        date(2025, 6, 5),
        date(2025, 6, 6),
        date(2025, 6, 7),
        date(2025, 6, 8),
    ]
    assert EMIRATES.add_working_days(date(2025, 6, 4), 1) == date(2025, 6, 9)


def test_national_day_of_the_emirates() -> None:
    assert resting(EMIRATES, date(2024, 12, 2), date(2024, 12, 3)) == [
        date(2024, 12, 2),
        date(2024, 12, 3),
    ]


def test_founding_day_and_national_day_of_saudi_arabia() -> None:
    assert not SAUDI.is_working(date(2026, 2, 22))  # a Sunday
    assert not SAUDI.is_working(date(2025, 9, 23))  # a Tuesday
    assert SAUDI.add_working_days(date(2025, 9, 22), 1) == date(2025, 9, 24)


def test_eids_2025_in_saudi_arabia() -> None:
    assert resting(SAUDI, date(2025, 3, 30), date(2025, 4, 2)) == [
        date(2025, 3, 30),
        date(2025, 3, 31),
        date(2025, 4, 1),
        date(2025, 4, 2),
    ]
    assert not SAUDI.is_working(date(2025, 6, 5))
    assert not SAUDI.is_working(date(2025, 6, 8))


def test_saudi_couriers_come_on_saturday_but_not_in_the_feast() -> None:
    courier = delivery_calendar("SA", "smsa")
    assert courier.is_working(date(2025, 6, 21))
    assert not courier.is_working(date(2025, 6, 7))  # a Saturday, the second day of the feast


def test_aramex_in_the_emirates_comes_on_saturday_not_on_sunday() -> None:
    courier = delivery_calendar("AE", "aramex")
    assert [courier.is_working(date(2025, 10, day)) for day in (10, 11, 12, 13)] == [
        True,
        True,
        False,
        True,
    ]


def test_ramadan_2025_is_slow_where_it_is_kept() -> None:
    # 1 to 29 March 2025.
    days = [date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 29), date(2025, 3, 30)]
    assert [slow_share("AE", day) for day in days] == [1.0, 0.75, 0.75, 1.0]
    assert slow_share("SA", date(2025, 3, 10)) == 0.75
    assert slow_share("DE", date(2025, 3, 10)) == 1.0


def test_there_are_two_ramadans_in_2030() -> None:
    days = [date(2030, 1, 5), date(2030, 2, 3), date(2030, 2, 10), date(2030, 12, 28)]
    assert [slow_share("AE", day) for day in days] == [0.75, 0.75, 1.0, 0.75]


def test_beyond_the_tables_no_day_is_slow() -> None:
    assert slow_share("AE", date(2080, 1, 1)) == 1.0


def test_in_ramadan_three_days_work_takes_four_in_the_warehouse() -> None:
    warehouse, sunday = warehouse_calendar("SA"), date(2025, 3, 9)  # 9 Ramadan
    assert [warehouse.add_working_days(sunday, n) for n in (1, 2, 3)] == [
        date(2025, 3, 10),
        date(2025, 3, 11),
        date(2025, 3, 13),
    ]
    assert warehouse.add_working_days(date(2025, 5, 4), 3) == date(2025, 5, 7)


def test_couriers_ramadan_is_slow_for_last_days_only() -> None:
    courier, sunday = delivery_calendar("SA", "aramex"), date(2025, 3, 9)
    assert courier.add_working_days(sunday, 3) == date(2025, 3, 12)
    assert courier.hopeful().add_working_days(sunday, 3) == date(2025, 3, 12)
    assert courier.cautious().add_working_days(sunday, 3) == date(2025, 3, 13)
