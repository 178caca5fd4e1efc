"""The weekly guard: silent inside the band, one measured correction outside it."""

from __future__ import annotations

import random

from edd.calibration import Calibrated, adjusted_level, correction
from edd.scoring import BINS, bin_of, share_within


def histogram(*levels: float) -> list[int]:
    counts = [0] * BINS
    for level in levels:
        counts[bin_of(level)] += 1
    return counts


def outcomes(n: int, *, stretched: float, seed: int = 4) -> list[int]:
    """Needed levels of parcels that come later than they should where `stretched` is over 1."""
    dice = random.Random(seed)
    return histogram(*(100 * dice.random() ** (1 / stretched) for _ in range(n)))


def test_guard_says_nothing_where_dates_are_kept() -> None:
    assert correction(outcomes(2000, stretched=1), level=90, current=90.0) is None


def test_guard_says_nothing_of_few() -> None:
    assert correction(histogram(*[99.5] * 99), level=90, current=90.0) is None


def test_guard_asks_for_more_where_too_few_came_in_time() -> None:
    late = outcomes(2000, stretched=1.5)
    found = correction(late, level=90, current=90.0)
    assert found is not None
    assert (found.n, found.before, round(found.came, 2)) == (2000, 90.0, 0.85)
    assert 92.5 < found.adjusted < 94
    assert round(share_within(late, found.adjusted), 2) == 0.9


def test_guard_asks_for_less_where_too_many_came_in_time() -> None:
    found = correction(outcomes(2000, stretched=0.5), level=90, current=90.0)
    assert found is not None
    assert 80 < found.adjusted < 84


def test_guard_trusts_few_less() -> None:
    few, many = outcomes(150, stretched=2), outcomes(3000, stretched=2)
    little = correction(few, level=90, current=90.0)
    much = correction(many, level=90, current=90.0)
    assert little is not None
    assert much is not None
    assert 90 < little.adjusted < much.adjusted


def test_guard_does_not_swing() -> None:
    """Its last correction is judged on the same parcels, not on those promised since."""
    late = outcomes(2000, stretched=1.5)
    found = correction(late, level=90, current=90.0)
    assert found is not None
    assert correction(late, level=90, current=found.adjusted) is None


def test_guard_never_asks_for_the_impossible() -> None:
    found = correction(histogram(*[100.0] * 500), level=90, current=90.0)
    assert found is not None
    assert 90 < found.adjusted <= 99.0


def test_own_correction_of_a_carrier_goes_before_that_of_all() -> None:
    known = (Calibrated("", 90, 92.0), Calibrated("aramex", 90, 95.0), Calibrated("smsa", 80, 70.0))
    asked = [adjusted_level(90, slug, known) for slug in ("aramex", "smsa", "dhl")]
    assert asked == [95.0, 92.0, 92.0]
    assert adjusted_level(95, "aramex", known) == 95.0
