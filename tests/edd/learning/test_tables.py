"""Life tables: counted day by day, faded, shrunken; and what must hold for any parcels."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edd.calendars import Calendar
from edd.distribution import Distribution
from edd.learning.clocks import Spans, clock
from edd.learning.knobs import DAYS
from edd.learning.tables import Tables, chances, count, shrunk, surviving

MONDAY = date(2026, 11, 2)
CLOCK = clock(Calendar(""), date(2026, 1, 1), date(2027, 12, 31))


def spans(*pairs: tuple[int, int | None]) -> Spans:
    """Days after MONDAY on which each began and ended; None: not yet."""
    first = MONDAY.toordinal()
    start = np.array([first + begin for begin, _ in pairs])
    end = np.array([0 if stop is None else first + stop for _, stop in pairs])
    return Spans(start, end, np.zeros(len(pairs), dtype=np.int64), [CLOCK])


def counted(found: Spans, last: int, first: int = 0, half_life: float = float("inf")):
    nodes = np.zeros(len(found), dtype=np.int64)
    begin = MONDAY.toordinal()
    (one,) = count(found, [nodes], first=begin + first, last=begin + last, half_life=half_life)
    return one


def test_count_takes_open_parcels_as_exposure() -> None:
    found = counted(spans((0, 2), (0, None)), last=3)
    assert found.at_risk[0, :5].tolist() == [2, 2, 2, 1, 0]
    assert found.ended[0, :5].tolist() == [0, 0, 1, 0, 0]


def test_count_takes_a_saturday_as_the_next_business_day() -> None:
    found = counted(spans((3, 5)), last=9)
    assert found.ended[0, :4].tolist() == [0, 0, 1, 0]
    assert found.at_risk[0, :4].tolist() == [1, 1, 1, 0]


def test_count_halves_a_day_with_each_half_life() -> None:
    found = counted(spans((0, 2)), last=2, half_life=1.0)
    assert found.at_risk[0, :3].tolist() == [0.25, 0.5, 1.0]


def test_nights_add_up_to_what_one_look_counts() -> None:
    parcels = spans((0, 4), (1, 8), (2, None), (5, 5), (7, 11))
    nodes = np.array([1, 1, 2, 2, 1])
    whole, nightly = Tables(1), Tables(1)
    first = MONDAY.toordinal()
    whole.add(count(parcels, [nodes], first=first, last=first + 13, half_life=20.0))
    for night in range(14):
        nightly.fade(0.5 ** (1 / 20.0))
        nightly.add(
            count(parcels, [nodes], first=first + night, last=first + night, half_life=20.0)
        )
    for node in (1, 2):
        row, other = whole.rows[0][node], nightly.rows[0][node]
        assert np.allclose(whole.at_risk[0][row], nightly.at_risk[0][other])
        assert np.allclose(whole.ended[0][row], nightly.ended[0][other])


def test_a_node_without_parcels_says_what_its_parent_says() -> None:
    parent = np.full(DAYS, 0.2)
    nothing = np.zeros(DAYS)
    assert np.allclose(shrunk(nothing, nothing, parent), parent)


def test_a_node_with_many_parcels_speaks_for_itself() -> None:
    at_risk, ended = np.zeros(DAYS), np.zeros(DAYS)
    at_risk[:2], ended[1] = 10_000, 10_000
    found = chances(shrunk(at_risk, ended, np.full(DAYS, 0.2)))
    assert found[1] == pytest.approx(0.999, abs=0.002)


lengths = st.lists(st.integers(0, 40), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(lengths, st.integers(0, 40), st.sampled_from([0.5, 0.8, 0.9, 0.95]))
def test_an_earlier_delivery_never_makes_the_quantile_later(
    took: list[int], extra: int, level: float
) -> None:
    """Within one node: its own counts, beside whatever its parent says."""
    parent = np.full(DAYS, 0.1)
    before = _quantile(took, parent, level)
    if extra <= before:
        assert _quantile([*took, extra], parent, level) <= before


def _quantile(took: list[int], parent: np.ndarray, level: float) -> int:
    at_risk, ended = np.zeros(DAYS), np.zeros(DAYS)
    for days in took:
        at_risk[: days + 1] += 1
        ended[days] += 1
    mass = chances(shrunk(at_risk, ended, parent))
    found = Distribution(MONDAY, mass).quantile(level)
    return (found - MONDAY).days


@settings(max_examples=40, deadline=None)
@given(lengths, lengths)
def test_quantiles_never_cross(took: list[int], elsewhere: list[int]) -> None:
    parent = chances(shrunk(*_sums(elsewhere), None))
    mass = chances(shrunk(*_sums(took), np.clip(parent, 0, 1)))
    found = Distribution(MONDAY, mass)
    days = [found.quantile(level / 100) for level in range(1, 100)]
    assert days == sorted(days)


def _sums(took: list[int]) -> tuple[np.ndarray, np.ndarray]:
    at_risk, ended = np.zeros(DAYS), np.zeros(DAYS)
    for days in took:
        at_risk[: days + 1] += 1
        ended[days] += 1
    return at_risk, ended


def test_surviving_begins_with_all() -> None:
    assert surviving(np.array([0.5, 0.5, 1.0])).tolist() == [1.0, 0.5, 0.25]


def test_a_clock_counts_business_days_over_a_weekend() -> None:
    friday = MONDAY + timedelta(days=4)
    days = CLOCK.steps(friday.toordinal(), 3)
    assert [date.fromordinal(day) for day in days.tolist()] == [
        friday,
        date(2026, 11, 9),
        date(2026, 11, 10),
    ]
