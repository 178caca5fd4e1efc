"""When to ask next: what decides, what limits, and that it holds for any parcel."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.vocabulary import Status
from tracking import schedule
from tracking.gap_tables import GapTables
from tracking.gaps import stage_of
from tracking.hazards import shipped_priors
from tracking.schedule import Asking, after_answer, after_failure, pace

#: A Thursday, noon in Dubai.
NOON = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
DUBAI = timedelta(hours=4)
TABLES = GapTables(shipped_priors(), {})

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def asking(status: Status = Status.IN_TRANSIT, **fields: Any) -> Asking:
    now = fields.pop("now", NOON)
    values: dict[str, Any] = {
        "status": status,
        "now": now,
        "heard_at": now - fields.pop("age", 3 * HOUR),
        "hazard": TABLES.find("", "", stage_of("unknown", status) or status.value),
        "offset": DUBAI,
    }
    return Asking(**(values | fields))


def wait(status: Status = Status.IN_TRANSIT, **fields: Any) -> timedelta:
    one = asking(status, **fields)
    following = after_answer(one)
    assert following is not None
    return following - one.now


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the spread."""
    monkeypatch.setattr(schedule, "SPREAD", 0.0)


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.RETURNED, Status.CANCELLED])
def test_finished_parcel_is_asked_no_more(status: Status) -> None:
    assert after_answer(asking(status)) is None


@pytest.mark.parametrize("status", [Status.LOST_OR_DESTROYED, Status.EXPIRED])
def test_given_up_parcel_is_asked_every_other_day(exact: None, status: Status) -> None:
    assert wait(status) == timedelta(days=2)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("pressure", [0.2, 1.0, 20.0])
def test_out_for_delivery_is_asked_every_half_hour_at_any_pressure(
    hour: int, pressure: float
) -> None:
    now = NOON.replace(hour=hour)
    assert wait(Status.OUT_FOR_DELIVERY, now=now, pressure=pressure) <= 30 * MINUTE


def test_label_is_asked_about_less_at_night(exact: None) -> None:
    noon = wait(Status.INFO_RECEIVED)
    night = wait(Status.INFO_RECEIVED, now=NOON + 11 * HOUR)  # 23:00 in Dubai
    assert night > 1.5 * noon


def test_night_is_the_places_not_ours(exact: None) -> None:
    there = wait(Status.INFO_RECEIVED, offset=timedelta(hours=15))
    assert there == wait(Status.INFO_RECEIVED, now=NOON + 11 * HOUR)


def test_long_silence_is_asked_about_less(exact: None) -> None:
    assert wait(age=timedelta(days=5)) > wait(age=1 * HOUR)


def test_scan_of_the_future_counts_as_of_now(exact: None) -> None:
    assert wait(age=-5 * HOUR) == wait(age=0 * HOUR)


def test_near_the_promised_day_more_calls(exact: None) -> None:
    near, far = (wait(first=date(2026, 11, day), last=date(2026, 11, day + 1)) for day in (13, 25))
    assert near < wait() < far


def test_promise_that_is_over_changes_nothing(exact: None) -> None:
    assert wait(first=date(2026, 11, 9), last=date(2026, 11, 10)) == wait()


def test_pushed_parcel_is_asked_rarely(exact: None) -> None:
    assert wait(pushed=True) > 4 * wait()


def test_pushed_parcel_out_for_delivery_is_still_checked() -> None:
    assert wait(Status.OUT_FOR_DELIVERY, pushed=True) <= 3 * HOUR


def test_new_label_is_asked_soon_then_less(exact: None) -> None:
    steps = [wait(Status.PENDING, found=False, tries=tries) for tries in (0, 1, 2, 3, 9)]
    assert steps == [20 * MINUTE, 40 * MINUTE, HOUR, 2 * HOUR, 2 * HOUR]


def test_factor_scales_the_interval(exact: None) -> None:
    assert wait(factor=0.01) == pytest.approx(wait() * 0.01, rel=1e-3)


def test_pace_stretches_even_out_for_delivery(exact: None) -> None:
    assert wait(Status.OUT_FOR_DELIVERY, pace=3.0) > 60 * MINUTE


def test_spread_never_breaks_the_half_hour_and_does_spread() -> None:
    waits = {wait(Status.OUT_FOR_DELIVERY, pressure=20.0) for _ in range(20)}
    assert len(waits) > 10


def calls_of_a_day(cap: int, status: Status = Status.OUT_FOR_DELIVERY) -> list[datetime]:
    """The calls of one UTC day when every answer is "nothing new"."""
    now = NOON.replace(hour=0)
    calls = [now]
    while True:
        following = after_answer(
            asking(status, now=now, age=now - calls[0], daily_cap=cap, asked_today=len(calls))
        )
        assert following is not None
        if following.date() != calls[0].date():
            return calls
        now = following
        calls.append(now)


@pytest.mark.parametrize("cap", [1, 3, 10])
def test_parcels_daily_cap_is_kept(cap: int) -> None:
    assert len(calls_of_a_day(cap)) <= cap


def test_daily_cap_is_spread_over_the_day() -> None:
    calls = calls_of_a_day(10)
    assert (len(calls), calls[-1].hour >= 18) == (10, True)


def test_cap_that_is_not_reached_changes_nothing(exact: None) -> None:
    assert wait(daily_cap=500, asked_today=1) == wait()


def test_parcel_at_its_cap_is_not_asked_before_the_next_day() -> None:
    assert wait(Status.PENDING, found=False, daily_cap=10, asked_today=10) >= 16 * HOUR


OPEN = [status for status in Status if after_answer(asking(status)) is not None]
ANY_PARCEL = st.fixed_dictionaries(
    {
        "status": st.sampled_from(OPEN),
        "now": st.integers(0, 730 * 24 * 60).map(lambda minutes: NOON + minutes * MINUTE),
        "age": st.timedeltas(-2 * timedelta(days=1), timedelta(days=90)),
        "offset": st.integers(-12, 14).map(lambda hours: timedelta(hours=hours)),
        "pushed": st.booleans(),
        "found": st.booleans(),
        "tries": st.integers(0, 1000),
        "pace": st.floats(1, 24),
        "last": st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    }
)


@given(ANY_PARCEL, st.floats(0.05, 20), st.none() | st.integers(1, 50), st.integers(0, 60))
def test_next_call_is_never_in_the_past_nor_given_up(
    parcel: dict[str, Any], pressure: float, cap: int | None, asked: int
) -> None:
    following = wait(**parcel, pressure=pressure, daily_cap=cap, asked_today=asked)
    assert timedelta() < following <= timedelta(days=30)


@given(ANY_PARCEL, st.floats(0.05, 20), st.floats(1, 10))
def test_more_pressure_never_asks_sooner(
    parcel: dict[str, Any], pressure: float, more: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "SPREAD", 0.0)
        soon = wait(**parcel, pressure=pressure)
        late = wait(**parcel, pressure=pressure * more)
    assert soon <= late + timedelta(milliseconds=1)


def test_failure_waits_longer_each_time(exact: None) -> None:
    waits = [
        after_failure(now=NOON, failures=failures, retry_after=None) - NOON
        for failures in (0, 1, 2, 20)
    ]
    assert waits == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 6 * HOUR]


def test_failure_waits_as_long_as_the_carrier_asked(exact: None) -> None:
    assert after_failure(now=NOON, failures=0, retry_after=5000) - NOON == timedelta(seconds=5000)


def test_account_within_its_budget_keeps_its_pace() -> None:
    assert pace(used=300, allowed=1000, now=NOON) == 1.0  # a third of the day is over


def test_account_ahead_of_its_budget_slows_down() -> None:
    paces = [pace(used=used, allowed=1000, now=NOON) for used in (500, 700, 900, 1000)]
    assert (paces == sorted(paces), paces[0] > 1, paces[-1]) == (True, True, 24.0)


def test_account_without_a_limit_keeps_its_pace() -> None:
    assert pace(used=10**6, allowed=None, now=NOON) == 1.0
