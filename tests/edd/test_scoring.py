"""Wilson's interval, the level that an outcome needed, and sums of outcomes."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edd.distribution import Distribution
from edd.scoring import (
    BINS,
    RECORDED,
    Kept,
    bin_of,
    level_for,
    needed,
    record,
    share_within,
    total,
    wilson,
)

START = date(2026, 11, 2)


def test_wilson_is_the_published_interval() -> None:
    """The figures of Newcombe, Statistics in Medicine 17 (1998), table I, method 3."""
    found = [(round(i.low, 4), round(i.high, 4)) for i in (wilson(81, 263), wilson(15, 148))]
    assert found == [(0.2553, 0.3662), (0.0624, 0.1605)]


def test_wilson_of_none_and_of_all_stays_between_nothing_and_all() -> None:
    assert (wilson(0, 20).low, wilson(20, 20).high) == (0.0, 1.0)
    assert round(wilson(0, 20).high, 4) == 0.1611


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (3, 2), (-1, 5)])
def test_wilson_refuses_what_is_no_share(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, n)


def test_kept_adds_up_and_says_when_it_is_too_little() -> None:
    found = total([Kept(20, 18, 15, 20, 4), Kept(10, 9, 9, 8, 4)])
    assert found == Kept(30, 27, 24, 28, 8)
    assert (found.is_enough, Kept(29, 29, 29, 29).is_enough) == (True, False)
    assert (found.share, found.share_inside, round(found.mean_days_off, 3)) == (0.9, 0.8, 0.286)


mass = st.lists(st.floats(0.01, 1), min_size=1, max_size=40)


@given(mass=mass, came=st.integers(-3, 60))
def test_needed_level_says_in_time_exactly_where_the_quantile_does(
    mass: list[float], came: int
) -> None:
    chances = Distribution(START, np.array(mass) / sum(mass))
    arrived = START + timedelta(days=came)
    level = needed(record(chances), arrived)
    assert level is not None
    for asked in RECORDED:
        assert (level <= asked) == (arrived <= chances.quantile(asked / 100))


def test_needed_level_between_two_recorded_days_is_a_straight_line() -> None:
    kept = {"start": "2026-11-02", "days": {"50": 2, "90": 6, "95": 6}}
    days = [needed(kept, START + timedelta(days=n)) for n in (1, 2, 3, 6, 7)]
    assert days == [50.0, 50.0, 60.0, 90.0, 100.0]


def test_needed_level_is_unknown_without_a_record() -> None:
    assert needed({}, START) is None


def test_histogram_counts_a_level_on_the_promises_side() -> None:
    assert [bin_of(level) for level in (0, 2.5, 2.6, 80, 90, 90.1, 95, 100)] == [
        0, 0, 1, 31, 35, 36, 37, 39,
    ]  # fmt: skip


def test_shares_and_levels_of_a_histogram_are_inverse() -> None:
    even = [10] * BINS
    assert [round(share_within(even, level), 6) for level in (0, 45, 91, 100)] == [0, 0.45, 0.91, 1]
    assert [round(level_for(even, share), 6) for share in (0.45, 0.91, 1)] == [45, 91, 100]
    assert (share_within([0] * BINS, 90), level_for([0] * BINS, 0.9)) == (0.0, 100.0)
