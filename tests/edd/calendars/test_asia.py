"""India, China, Korea, Japan: Diwali, Lunar New Year, Chuseok, Golden Week. Checked by hand."""

from __future__ import annotations

from datetime import date

from edd.calendars import Calendar, delivery_calendar, warehouse_calendar
from tests.edd.calendars.reading import days, resting

INDIA, CHINA, KOREA, JAPAN = (Calendar(code) for code in ("IN", "CN", "KR", "JP"))


def test_the_three_national_days_of_india() -> None:
    # A Sunday, a Friday, a Thursday.
    for day in (date(2025, 1, 26), date(2025, 8, 15), date(2025, 10, 2)):
        assert not delivery_calendar("IN", "bluedart").is_working(day)


def test_diwali_2025() -> None:
    # Monday 20 October; the work of the Friday before goes on on Tuesday.
    assert not INDIA.is_working(date(2025, 10, 20))
    assert INDIA.add_working_days(date(2025, 10, 17), 1) == date(2025, 10, 21)


def test_indian_couriers_come_on_saturday() -> None:
    saturday, sunday = date(2025, 11, 15), date(2025, 11, 16)
    courier = delivery_calendar("IN", "bluedart")
    assert (courier.is_working(saturday), courier.is_working(sunday)) == (True, False)
    assert delivery_calendar("IN", "delhivery").is_working(sunday)


def test_holidays_of_an_indian_state_stop_no_courier() -> None:
    # Maharashtra Day, 1 May 2025, a Thursday.
    assert delivery_calendar("IN", "bluedart", region="Maharashtra").is_working(date(2025, 5, 1))


def test_lunar_new_year_2025_in_china() -> None:
    # 28 January to 4 February rest; Sunday 26 January and Saturday 8 February are worked for it.
    assert resting(CHINA, date(2025, 1, 24), date(2025, 2, 9)) == [
        date(2025, 1, 25),
        *days(date(2025, 1, 28), date(2025, 2, 4)),
        date(2025, 2, 9),
    ]
    assert CHINA.add_working_days(date(2025, 1, 24), 3) == date(2025, 2, 5)


def test_golden_week_2025_in_china() -> None:
    # 1 to 8 October; Sunday 28 September and Saturday 11 October are worked for it.
    assert resting(CHINA, date(2025, 9, 28), date(2025, 10, 11)) == days(
        date(2025, 10, 1), date(2025, 10, 8)
    )
    assert CHINA.add_working_days(date(2025, 9, 30), 3) == date(2025, 10, 11)


def test_a_warehouse_with_its_own_week_does_not_work_on_sundays_in_lieu() -> None:
    warehouse = warehouse_calendar("CN", rest_days=[7])
    assert not warehouse.is_working(date(2025, 1, 26))
    assert warehouse.is_working(date(2025, 2, 8))


def test_seollal_2025_in_korea() -> None:
    # Monday 27 January was a temporary holiday, 28 to 30 the feast.
    assert resting(KOREA, date(2025, 1, 24), date(2025, 1, 31)) == [
        date(2025, 1, 25),
        date(2025, 1, 26),
        *days(date(2025, 1, 27), date(2025, 1, 30)),
    ]


def test_chuseok_2025_in_korea() -> None:
    # National Foundation Day on Friday 3, then 5 to 7, the substitute on 8, Hangul Day on 9.
    assert resting(KOREA, date(2025, 10, 2), date(2025, 10, 10)) == days(
        date(2025, 10, 3), date(2025, 10, 9)
    )
    assert KOREA.add_working_days(date(2025, 10, 2), 1) == date(2025, 10, 10)
    courier = delivery_calendar("KR", "cj_logistics")
    assert courier.is_working(date(2025, 10, 4))  # the Saturday between
    assert not courier.is_working(date(2025, 10, 8))


def test_golden_week_2025_in_japan() -> None:
    # 29 April; 3 (a Saturday), 4 and 5 May, and the substitute on the 6th.
    assert resting(JAPAN, date(2025, 4, 28), date(2025, 5, 7)) == [
        date(2025, 4, 29),
        date(2025, 5, 3),
        date(2025, 5, 4),
        date(2025, 5, 5),
        date(2025, 5, 6),
    ]
    assert JAPAN.add_working_days(date(2025, 5, 2), 1) == date(2025, 5, 7)


def test_new_year_in_japan() -> None:
    assert not JAPAN.is_working(date(2025, 1, 1))
    # Wednesday 31 December 2025, then Friday 2 January.
    assert JAPAN.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 2)


def test_japanese_parcels_come_on_every_day_of_the_year() -> None:
    courier = delivery_calendar("JP", "yamato")
    assert resting(courier, date(2025, 1, 1), date(2025, 12, 31)) == []
