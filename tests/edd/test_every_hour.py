"""No zone and no change of clocks shifts a date: the hours of 2026 at twelve destinations."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from carriers.updates import DateWindow
from edd.calendars import Day, warehouse_calendar
from edd.estimate import Parcel, Rules, estimate
from edd.vocabulary import Promise
from lib.vocabulary import Status

HOUR = timedelta(hours=1)
#: Every hour takes a minute and a half: `make matrix` plays them, each change of ours every fifth,
#: which comes by each hour of the day.
STEP = int(os.environ.get("HOURS_STEP", "5"))
#: Countries and zones: both hemispheres' summer time, halves and quarters of an hour, both sides
#: of the date line, Ramadan's own clock.
PLACES = [
    ("AE", "Asia/Dubai"), ("NP", "Asia/Kathmandu"), ("IN", "Asia/Kolkata"),
    ("WS", "Pacific/Apia"), ("NZ", "Pacific/Auckland"), ("AU", "Australia/Lord_Howe"),
    ("CA", "America/St_Johns"), ("US", "America/Los_Angeles"), ("CL", "America/Santiago"),
    ("MA", "Africa/Casablanca"), ("DE", "Europe/Berlin"), ("EG", "Africa/Cairo"),
]  # fmt: skip


def every_hour() -> list[datetime]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [start + HOUR * n for n in range(0, 365 * 24, STEP)]


@pytest.mark.parametrize(("country", "zone"), PLACES)
def test_order_of_one_local_day_gets_one_window_at_every_hour(country: str, zone: str) -> None:
    """Cut-off at midnight and the same clock at both ends: the local day alone decides."""
    rules = Rules(zone=zone, country=country, cut_off=time(23, 59, 59), handling_days=1)
    found: dict[date, set[tuple[date, date]]] = {}
    for now in every_hour():
        local = now.astimezone(ZoneInfo(zone)).date()
        made = estimate(Parcel(now, Status.PENDING, "", "", country, country, zone), rules, now=now)
        assert made is not None
        assert local <= made.first <= made.last
        found.setdefault(local, set()).add((made.first, made.last))
    # Half a day has a cut-off of its own at noon, and so two windows.
    calendar = warehouse_calendar(country)
    halves = {day for day in found if calendar.kind(day) is Day.HALF}
    assert {day for day, windows in found.items() if len(windows) != 1} - halves == set()
    assert max(len(windows) for windows in found.values()) <= 2


@pytest.mark.parametrize(("country", "zone"), PLACES)
def test_days_that_somebody_named_are_shown_as_they_were_named(country: str, zone: str) -> None:
    """The shop's and the carrier's days are dates, and no hour makes other ones of them."""
    rules = Rules(zone="Asia/Dubai", country="AE")
    shifted = []
    for now in every_hour():
        today = now.astimezone(ZoneInfo(zone)).date()
        first, last = today + timedelta(days=2), today + timedelta(days=9)
        held = {"picked_up_at": now - HOUR, "last_event_at": now - HOUR}
        told = {"carrier_window": DateWindow(first, last), "promise": Promise(first, last)}
        for name in told:
            one = Parcel(
                now - HOUR, Status.IN_TRANSIT, "", "", "AE", country, zone,
                sub_status="transit.generic", **held, **{name: told[name]},
            )  # fmt: skip
            made = estimate(one, rules, now=now)
            if made is None or (made.first, made.last) != (first, last):
                shifted.append((now, name))
    assert shifted == []


@pytest.mark.parametrize(("country", "zone"), PLACES)
def test_with_the_courier_it_is_the_local_day_until_ten_at_night(country: str, zone: str) -> None:
    rules = Rules(zone="Asia/Dubai", country="AE")
    wrong = []
    for now in every_hour():
        local = now.astimezone(ZoneInfo(zone))
        one = Parcel(
            now - HOUR, Status.OUT_FOR_DELIVERY, "", "", "AE", country, zone,
            sub_status="out.on_vehicle", picked_up_at=now - HOUR, last_event_at=now,
        )  # fmt: skip
        made = estimate(one, rules, now=now)
        assert made is not None
        is_today = (made.first, made.last) == (local.date(), local.date())
        if is_today is not (local.hour < 22):
            wrong.append(now)
    assert wrong == []
