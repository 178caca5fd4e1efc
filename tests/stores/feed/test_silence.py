"""The model of a feed: what it expects, what it calls improbable, and how it forgets."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from stores.feed.arrivals import HOURS, Arrivals, hour_of_week
from stores.feed.silence import expected_between, probability, suspicious_at

DUBAI = ZoneInfo("Asia/Dubai")
MONDAY = datetime(2026, 11, 9, tzinfo=UTC)


def learned(*, weeks: int = 12, per_hour: int = 1, zone: ZoneInfo = DUBAI) -> Arrivals:
    """A feed with as many orders in every hour."""
    arrivals = Arrivals()
    start = MONDAY - timedelta(weeks=weeks)
    for n in range(weeks * HOURS):
        arrivals.learn(hour_of_week(start + timedelta(hours=n), zone), per_hour)
    return arrivals


def test_steady_feed_expects_what_it_brought() -> None:
    arrivals = learned(per_hour=2)
    assert [round(rate, 6) for rate in arrivals.week()] == [2.0] * HOURS
    assert round(arrivals.level, 6) == 1.0


def test_rate_is_the_weeks() -> None:
    arrivals = learned()
    arrivals.learn(30, 7)
    assert arrivals.week() == pytest.approx([arrivals.rate(hour) for hour in range(HOURS)])


def test_hour_of_week_is_local() -> None:
    assert hour_of_week(datetime(2026, 11, 8, 21, 0, tzinfo=UTC), DUBAI) == 1


def test_silence_is_suspicious_after_some_eight_orders() -> None:
    due = suspicious_at(learned(), MONDAY, DUBAI)
    assert due is not None
    assert 7.5 < (due - MONDAY) / timedelta(hours=1) < 9


def test_probability_at_the_due_moment_is_the_threshold() -> None:
    arrivals = learned()
    due = suspicious_at(arrivals, MONDAY, DUBAI)
    assert due is not None
    expected = expected_between(arrivals, MONDAY, due, DUBAI)
    assert probability(arrivals, expected) == pytest.approx(1e-3)


def test_looks_in_vain_ask_for_more_patience_but_not_for_ever() -> None:
    arrivals = learned()
    waits = [
        (suspicious_at(arrivals, MONDAY, DUBAI, vain=vain) or MONDAY) - MONDAY for vain in range(5)
    ]
    assert waits == sorted(waits)
    assert waits[1] > 2.5 * waits[0]
    assert waits[2] == waits[3] == waits[4]


def test_young_feed_says_nothing() -> None:
    assert suspicious_at(learned(weeks=1), MONDAY, DUBAI) is None


def test_one_order_a_fortnight_says_nothing() -> None:
    arrivals = Arrivals()
    for n in range(20 * HOURS):
        arrivals.learn(n % HOURS, int(n % 336 == 10))
    assert not arrivals.dares
    assert suspicious_at(arrivals, MONDAY, DUBAI) is None


def test_feed_without_orders_expects_none() -> None:
    arrivals = learned(per_hour=0)
    assert arrivals.week() == [0.0] * HOURS
    assert (probability(arrivals, 5.0), arrivals.dares) == (1.0, False)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 6, 1), 24), (date(2026, 10, 25), 25)],
)
def test_change_of_clocks_counts_the_hours_that_there_are(day: date, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    arrivals = learned(zone=berlin)
    start = datetime.combine(day, time.min, berlin).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, berlin).astimezone(UTC)
    whole = expected_between(arrivals, MONDAY, MONDAY + timedelta(hours=1), berlin)
    assert expected_between(arrivals, start, end, berlin) / whole == pytest.approx(hours)


def test_night_is_not_suspicious() -> None:
    arrivals = Arrivals()
    for n in range(12 * HOURS):
        arrivals.learn(n % HOURS, 4 if n % 24 >= 8 else 0)
    evening = datetime(2026, 11, 9, 20, 0, tzinfo=UTC)  # local midnight: eight quiet hours begin
    due = suspicious_at(arrivals, evening, DUBAI)
    assert due is not None
    assert due.astimezone(DUBAI).hour >= 8


def test_sale_does_not_raise_the_week_for_long() -> None:
    arrivals = learned()
    for n in range(72):
        arrivals.learn(n, 8)
    assert max(arrivals.week()[:72]) < 2
    assert arrivals.level > 3


def test_closed_week_hardly_lowers_the_week() -> None:
    arrivals = learned()
    for n in range(HOURS):
        arrivals.learn(n, 0)
    assert math.fsum(arrivals.week()) / HOURS > 0.8
