"""Limits of an account, counted in Redis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from carriers.base import Limits
from carriers.pacing import Grant, Used, calls_used, take_calls
from lib.signing import new_token

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


@pytest.fixture
def key() -> str:
    return new_token()


def test_without_limits_everything_is_granted_at_once(key: str) -> None:
    assert take_calls(key, 500, Limits(), now=NOON) == Grant(500)


def test_calls_a_second_are_handed_out_one_after_the_other(key: str) -> None:
    limits = Limits(per_second=2)
    assert take_calls(key, 3, limits, now=NOON) == Grant(3, 0.0, 0.5)
    assert take_calls(key, 1, limits, now=NOON) == Grant(1, 1.5, 0.5)


def test_no_moment_is_handed_out_beyond_the_horizon(key: str) -> None:
    assert take_calls(key, 50, Limits(per_second=1), now=NOON) == Grant(
        10, 0.0, 1.0, "pace", NOON + timedelta(seconds=10)
    )


def test_a_quiet_account_saves_nothing_up(key: str) -> None:
    limits = Limits(per_second=1)
    take_calls(key, 1, limits, now=NOON)
    assert take_calls(key, 1, limits, now=NOON + timedelta(hours=1)).delay == 0.0


def test_an_hours_budget_ends_at_the_full_hour(key: str) -> None:
    limits = Limits(per_hour=60)
    now = NOON + timedelta(minutes=20)
    assert take_calls(key, 100, limits, now=now) == Grant(
        60, short="hour", again=NOON + timedelta(hours=1)
    )
    assert take_calls(key, 1, limits, now=now).count == 0
    assert take_calls(key, 1, limits, now=NOON + timedelta(hours=1)).count == 1


def test_a_days_budget_is_spread_over_the_day(key: str) -> None:
    limits = Limits(per_day=240)
    midnight = NOON - timedelta(hours=12)
    assert take_calls(key, 240, limits, now=midnight).count == 25
    assert take_calls(key, 240, limits, now=NOON).count == 145 - 25
    late = take_calls(key, 240, limits, now=NOON + timedelta(hours=11, minutes=59))
    assert (late.count, late.short, late.again) == (95, "day", midnight + timedelta(days=1))
    assert calls_used(key, now=NOON) == Used(120, 240)


def test_sharers_of_an_account_get_equal_parts_of_what_is_granted(key: str) -> None:
    limits, late = Limits(per_day=20), NOON + timedelta(hours=11)
    assert take_calls(key, 1, limits, now=late, sharer=1) == Grant(1)
    assert take_calls(key, 30, limits, now=late, sharer=2) == Grant(
        10, short="share", again=late + timedelta(hours=1)
    )
    assert take_calls(key, 30, limits, now=late, sharer=1).count == 9


def test_asking_in_vain_uses_up_no_share(key: str) -> None:
    limits = Limits(per_second=0.1, per_day=20)
    for _ in range(30):
        take_calls(key, 30, limits, now=NOON, sharer=1)
    assert take_calls(key, 1, limits, now=NOON + timedelta(seconds=10), sharer=1).count == 1


def test_pace_of_a_shared_account_is_no_shortage_of_the_day(key: str) -> None:
    limits = Limits(per_second=0.1, per_day=20)
    found = take_calls(key, 5, limits, now=NOON, sharer=1)
    assert (found.count, found.short, found.again) == (1, "pace", NOON + timedelta(seconds=10))


def test_account_slower_than_the_horizon_still_calls(key: str) -> None:
    limits = Limits(per_second=0.05)
    moments = [NOON + timedelta(seconds=seconds) for seconds in (0, 10, 20)]
    assert [take_calls(key, 2, limits, now=one).count for one in moments] == [1, 0, 1]


def test_clock_that_was_set_back_stops_nobody(key: str) -> None:
    limits = Limits(per_second=1)
    take_calls(key, 5, limits, now=NOON + timedelta(minutes=50))
    assert take_calls(key, 2, limits, now=NOON) == Grant(2, 0.0, 1.0)
