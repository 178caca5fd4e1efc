"""The moments of a parcel: local days and hours, whatever the clocks do, and what is true then."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edd.zones import zones_of
from tracking.models import Order, Shipment
from tracking.reminder_times import Due, is_true, moments

DAY = timedelta(days=1)
NINTH = date(2026, 11, 9)
ZONES = sorted(
    {zone for country in ("AE", "US", "GB", "AU", "CL", "EG") for zone in zones_of(country)}
)


def parcel(first: date | None, last: date | None, **fields: object) -> Shipment:
    values: dict[str, object] = {"edd_zone": "Asia/Dubai", "status": "in_transit", "details": {}}
    return Shipment(edd_first=first, edd_last=last, **(values | fields))


def order() -> Order:
    return Order(country="AE", city="Dubai")


def planned(shipment: Shipment) -> list[tuple[str, datetime]]:
    return [(due.key, due.at) for due in moments(shipment, order())]


def test_one_day_is_told_the_evening_before_and_in_the_morning() -> None:
    assert planned(parcel(NINTH, NINTH)) == [
        ("arriving_tomorrow:2026-11-09", datetime(2026, 11, 8, 13, tzinfo=UTC)),
        ("arriving_today:2026-11-09", datetime(2026, 11, 9, 3, 30, tzinfo=UTC)),
    ]


def test_of_two_days_the_last_one_is_told() -> None:
    keys = [key for key, _ in planned(parcel(NINTH, NINTH + DAY))]
    assert keys == ["arriving_tomorrow:2026-11-10", "arriving_today:2026-11-10"]


@pytest.mark.parametrize("window", [(None, None), (NINTH, NINTH + 2 * DAY)])
def test_without_a_day_there_is_nothing_to_say(window: tuple[date | None, date | None]) -> None:
    assert planned(parcel(*window)) == []


def test_last_day_of_collection_is_told_the_day_before() -> None:
    details = {"pickup_point": {"name": "Locker 4", "last_day": "2026-11-20"}}
    assert planned(parcel(None, None, details=details)) == [
        ("pickup_deadline:2026-11-20", datetime(2026, 11, 19, 6, tzinfo=UTC))
    ]


@given(day=st.dates(date(2024, 1, 1), date(2030, 12, 31)), zone=st.sampled_from(ZONES))
def test_wall_clock_says_the_same_in_every_zone_and_season(day: date, zone: str) -> None:
    evening, morning = moments(parcel(day, day, edd_zone=zone), order())
    there = ZoneInfo(zone)
    assert evening.at.astimezone(there).replace(tzinfo=None) == datetime.combine(
        day - DAY, time(17)
    )
    assert morning.at.astimezone(there).replace(tzinfo=None) == datetime.combine(day, time(7, 30))
    truths = [
        is_true(due, parcel(day, day, edd_zone=zone), order(), is_unheard=False, now=due.at)
        for due in (evening, morning)
    ]
    assert truths == [True, True]


EVENING = datetime(2026, 11, 8, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"status": "customs"}, True),
        ({"status": "delivered"}, False),
        ({"status": "exception"}, False),
        ({"status": "out_for_delivery"}, False),
        ({"status": "info_received"}, False),
        ({"stalled": True}, False),
        ({"action_required": True}, False),
        ({"status": "customs", "action_required": True}, False),
    ],
)
def test_only_a_parcel_that_comes_is_told_of(fields: dict[str, object], expected: bool) -> None:
    shipment = parcel(NINTH, NINTH, **fields)
    due = Due("arriving_tomorrow", NINTH, EVENING)
    assert is_true(due, shipment, order(), is_unheard=False, now=EVENING) is expected


def test_nothing_is_known_while_the_carrier_is_not_heard() -> None:
    due = Due("arriving_tomorrow", NINTH, EVENING)
    assert is_true(due, parcel(NINTH, NINTH), order(), is_unheard=True, now=EVENING) is False


@pytest.mark.parametrize(("hours", "expected"), [(6, True), (7, False), (30, False)])
def test_tomorrow_is_over_at_midnight_there(hours: int, expected: bool) -> None:
    due = Due("arriving_tomorrow", NINTH, EVENING)
    now = EVENING + timedelta(hours=hours, minutes=59)
    assert is_true(due, parcel(NINTH, NINTH), order(), is_unheard=False, now=now) is expected


@pytest.mark.parametrize(
    ("status", "expected"), [("available_for_pickup", True), ("delivered", False)]
)
def test_deadline_counts_only_while_it_lies_there(status: str, expected: bool) -> None:
    due = Due("pickup_deadline", NINTH, EVENING)
    shipment = parcel(None, None, status=status, action_required=True)
    assert is_true(due, shipment, order(), is_unheard=True, now=EVENING) is expected
