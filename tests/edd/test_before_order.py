"""The date before the order: cut-offs, weekends, holidays; it holds until the next cut-off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edd.before_order import BeforeOrder, before_order, promise_before_order
from edd.estimate import Rules
from edd.lanes import Lane, Transit
from edd.models import DateRules
from merchants.models import Merchant

DUBAI = ZoneInfo("Asia/Dubai")
RULES = Rules(
    zone="Asia/Dubai",
    country="AE",
    cut_off=time(14),
    handling_days=1,
    lanes=(Lane("", "", "", "", Transit(1, 3)),),
)


def ask(now: datetime, rules: Rules = RULES, country: str = "AE", zone: str = "") -> BeforeOrder:
    return before_order(
        rules, country=country, zone=zone or rules.zone, carrier="sandbox", service="", now=now
    )


def dubai(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=DUBAI)


def window(promise: BeforeOrder) -> tuple[date, date]:
    return promise.first, promise.last


def test_before_the_cut_off_the_order_leaves_the_day_after() -> None:
    promise = ask(dubai(9, 11, 47))  # a Monday: packed, leaves Tuesday, one to three days
    assert window(promise) == (date(2026, 11, 11), date(2026, 11, 13))
    assert promise.order_within == timedelta(hours=2, minutes=13)
    assert promise.order_by == dubai(9, 14)


def test_at_the_cut_off_it_is_a_day_later_and_the_next_cut_off_counts() -> None:
    promise = ask(dubai(9, 14))
    assert window(promise) == (date(2026, 11, 12), date(2026, 11, 14))
    assert promise.order_within == timedelta(hours=24)


def test_weekend_of_the_warehouse_is_waited_out() -> None:
    promise = ask(dubai(13, 18))  # Friday evening: Saturday and Sunday rest
    assert promise.order_by == dubai(16, 14)
    assert window(promise) == (date(2026, 11, 18), date(2026, 11, 20))


def test_national_day_delays_packing_and_delivery() -> None:
    promise = ask(dubai(1, 15, month=12))  # the 2nd and 3rd are holidays in the Emirates
    assert promise.order_by == dubai(4, 12, month=12)  # a Friday, which ends at noon
    assert promise.first == date(2026, 12, 8)


def test_own_closures_count() -> None:
    closed = Rules(zone="Asia/Dubai", country="AE", closures=(date(2026, 11, 9),))
    assert ask(dubai(9, 9), closed).order_by == dubai(10, 14)


def test_order_by_is_told_on_the_shoppers_clock() -> None:
    promise = ask(dubai(9, 11), country="GB", zone="Europe/London")
    assert (promise.zone, promise.order_by.time()) == ("Europe/London", time(10))


def test_clocks_that_change_in_between_shorten_the_time_left() -> None:
    london = Rules(zone="Europe/London", country="GB", cut_off=time(14), rest_days=(1,))
    saturday_evening = datetime(2026, 3, 28, 20, tzinfo=ZoneInfo("Europe/London"))
    assert ask(saturday_evening, london, "GB").order_within == timedelta(hours=17)


@given(
    st.integers(0, 700 * 24 * 60),
    st.sampled_from(["AE", "SA", "GB", "US", "IN"]),
    st.floats(0, 0.999),
)
def test_promise_holds_until_the_cut_off_that_it_names(
    minutes: int, country: str, share: float
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    promise = ask(now, country=country)
    later = ask(now + promise.order_within * share, country=country)
    assert window(later) == window(promise)
    assert now < promise.order_by
    assert promise.first <= promise.last


def test_merchants_own_rules_are_read(scope: Merchant) -> None:
    DateRules.objects.create(merchant=scope, cut_off=time(16, 30), handling_days=0)
    promise = promise_before_order(
        merchant=scope, country="AE", city="Dubai", carrier="sandbox", now=dubai(9, 15)
    )
    assert promise.order_within == timedelta(hours=1, minutes=30)
    assert promise.zone == "Asia/Dubai"


@pytest.mark.parametrize("city", ["Chicago", "chicago "])
def test_zone_is_the_citys(scope: Merchant, city: str) -> None:
    promise = promise_before_order(merchant=scope, country="US", city=city, now=dubai(9, 15))
    assert promise.zone == "America/Chicago"


def clock(zone: str, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("zone", "cut_off", "now", "by"),
    [
        # Berlin's clock jumps from 2:00 to 3:00: a cut-off in between is reached at 3:00.
        ("Europe/Berlin", time(2, 30), "2026-03-29T01:10", "2026-03-29T03:00"),
        # New York's shows 1:30 twice in November: the first counts.
        ("America/New_York", time(1, 30), "2026-11-01T00:30", "2026-11-01T01:30"),
        # Lord Howe moves by half an hour.
        ("Australia/Lord_Howe", time(2, 15), "2026-10-04T01:00", "2026-10-04T02:30"),
    ],
)
def test_cut_off_in_the_night_when_clocks_change(
    zone: str, cut_off: time, now: str, by: str
) -> None:
    rules = Rules(zone=zone, country="XX", cut_off=cut_off, rest_days=(3,))
    promise = ask(clock(zone, now), rules, "XX")
    assert promise.order_by.astimezone(UTC) == clock(zone, by).astimezone(UTC)


def test_cut_off_that_comes_a_second_time_is_still_ahead() -> None:
    rules = Rules(zone="America/New_York", country="XX", cut_off=time(1, 30), rest_days=(3,))
    now = clock("America/New_York", "2026-11-01T01:10", fold=1)
    assert ask(now, rules, "XX").order_within == timedelta(minutes=20)


#: One behind us, one ahead, one of half an hour, one south of the line.
ZONES = ("America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "Pacific/Auckland")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("to_zone", ZONES)
def test_countdown_runs_down_evenly_over_midnights_and_changes_of_clocks(
    zone: str, to_zone: str
) -> None:
    """Every three hours of a year: the time left is what lies between now and the cut-off,
    whatever clock it is told on, and the cut-off is at 14:00 on the warehouse's wall."""
    rules = Rules(zone=zone, country="XX", cut_off=time(14), rest_days=(7,))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    before = None
    for _ in range(365 * 8):
        promise = ask(now, rules, "XX", to_zone)
        assert promise.order_by.astimezone(UTC) - now == promise.order_within
        assert promise.order_by.astimezone(ZoneInfo(zone)).time() == time(14)
        assert timedelta(0) < promise.order_within <= timedelta(hours=49)
        if before is not None and before.order_by > now:
            assert (promise.order_by, window(promise)) == (before.order_by, window(before))
        before, now = promise, now + timedelta(hours=3)
