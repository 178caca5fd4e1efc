"""One distribution answers every question, and never contradicts itself."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edd.distribution import Distribution, mix

DAY = date(2026, 11, 10)


def made(*mass: float) -> Distribution:
    return Distribution(DAY, np.array(mass))


def test_the_window_ends_where_the_level_is_reached() -> None:
    found = made(0.02, 0.08, 0.5, 0.3, 0.1)
    assert found.window(0.9) == (DAY + timedelta(days=1), DAY + timedelta(days=3))


def test_the_best_day_is_the_likeliest() -> None:
    assert made(0.2, 0.5, 0.3).best() == DAY + timedelta(days=1)


def test_the_risk_is_what_lies_after() -> None:
    assert made(0.2, 0.5, 0.2).risk_after(DAY + timedelta(days=1)) == pytest.approx(0.3)


def test_days_that_passed_leave_the_others_more() -> None:
    found = made(0.5, 0.25, 0.25).not_before(DAY + timedelta(days=1))
    assert found.start == DAY + timedelta(days=1)
    assert found.mass.tolist() == [0.5, 0.5]


def test_nothing_left_means_the_first_day_that_is_possible() -> None:
    found = made(1.0).not_before(DAY + timedelta(days=3))
    assert found.window(0.9) == (DAY + timedelta(days=3), DAY + timedelta(days=3))


def test_a_mixture_keeps_the_days_of_its_parts() -> None:
    later = Distribution(DAY + timedelta(days=2), np.array([1.0]))
    assert mix([(0.25, made(1.0)), (0.75, later)]).mass.tolist() == [0.25, 0.0, 0.75]


def test_negative_chances_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        made(0.5, -0.1)


masses = st.lists(st.floats(0, 1), min_size=1, max_size=60).filter(lambda many: sum(many) > 0.01)


@given(masses, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_higher_level_is_never_earlier(many: list[float], one: float, other: float) -> None:
    found = made(*(value / sum(many) for value in many))
    low, high = sorted((one, other))
    assert found.quantile(low) <= found.quantile(high)


@given(masses, st.integers(0, 80))
def test_an_open_parcel_never_comes_in_the_past(many: list[float], days: int) -> None:
    today = DAY + timedelta(days=days)
    first, last = made(*(value / sum(many) for value in many)).not_before(today).window(0.9)
    assert today <= first <= last
