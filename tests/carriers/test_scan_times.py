from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from carriers.countries import country_code
from carriers.scan_times import placed, read_day, read_digits, read_iso, read_offset
from carriers.updates import Place
from carriers.zones import zone_name


@pytest.mark.parametrize(
    ("text", "hours"),
    [("+03:00", 3), ("+0300", 3), ("+3", 3), ("GMT-06:00", -6), ("UTC+5:30", 5.5), ("Z", 0)],
)
def test_offsets_are_read_in_every_spelling(text: str, hours: float) -> None:
    offset = read_offset(text)

    assert offset is not None
    assert offset.utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "+99:00", "+03:75", "Riyadh", "3", "+-3"])
def test_what_is_no_offset_is_none(text: str) -> None:
    assert read_offset(text) is None


@pytest.mark.parametrize(
    "text", ["", "2024-01-10", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "soon"]
)
def test_dates_without_time_and_default_values_are_no_times(text: str) -> None:
    assert read_iso(text) is None


def test_lost_leading_zero_of_a_time_is_put_back() -> None:
    assert read_digits("20240320", "74700") == datetime(2024, 3, 20, 7, 47)  # noqa: DTZ001
    assert read_digits("20240320", "19:08:38") == datetime(2024, 3, 20, 19, 8, 38)  # noqa: DTZ001
    assert read_digits("20241320", "190838") is None


def test_own_zone_beats_the_field_which_beats_the_place() -> None:
    dubai = Place(country="AE")
    naive, aware = read_iso("2024-06-01T10:00:00"), read_iso("2024-06-01T10:00:00+02:00")
    five = timezone(timedelta(hours=5))

    assert placed(aware, dubai, five) == (aware, "carrier")
    assert placed(naive, dubai, five) == (datetime(2024, 6, 1, 10, tzinfo=five), "carrier")
    assert placed(naive, dubai)[0] == datetime(2024, 6, 1, 6, tzinfo=UTC)
    assert placed(naive, dubai)[1] == "facility"
    assert placed(naive, Place(city="Hub 7")) == (datetime(2024, 6, 1, 10, tzinfo=UTC), "assumed")
    assert placed(None, dubai) == (None, "assumed")


def test_facility_times_follow_summer_time_with_a_fixed_offset() -> None:
    berlin = Place(country="DE")

    winter, _ = placed(read_iso("2024-01-10T10:00:00"), berlin)
    summer, _ = placed(read_iso("2024-07-10T10:00:00"), berlin)

    assert winter is not None
    assert summer is not None
    assert (winter.isoformat(), summer.isoformat()) == (
        "2024-01-10T10:00:00+01:00",
        "2024-07-10T10:00:00+02:00",
    )


def test_country_with_several_zones_needs_its_state_or_city() -> None:
    assert zone_name(Place(country="US")) == ""
    assert zone_name(Place(country="US", region="NJ")) == "America/New_York"
    assert zone_name(Place(country="US", region="KY")) == ""
    assert zone_name(Place(country="CA", city="Toronto, ON")) == "America/Toronto"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("South Africa", "ZA"),
        (" saudi arabia ", "SA"),
        ("UAE", "AE"),
        ("Turkey", "TR"),
        ("Hub", ""),
    ],
)
def test_country_names_as_carriers_print_them(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-05", "2026-03-05"),
        ("2026-03-05T23:59:00Z", "2026-03-05"),
        ("2026-03-05 18:00:00", "2026-03-05"),
        ("0001-01-01", ""),
        ("05.03.2026", ""),
        (None, ""),
    ],
)
def test_promised_day_is_read_as_written(value: object, expected: str) -> None:
    day = read_day(value)

    assert (day.isoformat() if day else "") == expected
