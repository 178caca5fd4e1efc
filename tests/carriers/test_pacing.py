"""Limits of an account, counted in Redis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from carriers.base import Limits
from carriers.pacing import Grant, Used, calls_used, share_of, take_calls
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


def test_sharers_of_an_account_are_counted(key: str) -> None:
    assert share_of(key, 1, 10, now=NOON) == (0, 1)
    assert share_of(key, 2, 5, now=NOON) == (0, 2)
    assert share_of(key, 1, 10, now=NOON) == (10, 2)
