"""The watchdog's promise on seeded years; `python -m benchmarks watchdog` has more of them."""

from __future__ import annotations

import os
from itertools import product

import pytest

from benchmarks.feed_shops import YEAR, Shop
from benchmarks.feed_watching import Watched, watch

#: Years of each shop; in every second one it closes for a week. `make matrix` takes both.
YEARS = int(os.environ.get("WATCHDOG_YEARS", "1"))


@pytest.fixture(scope="module")
def years() -> Watched:
    """Small shops, for whom it is hardest, in three countries, pooled."""
    seen = Watched()
    for number, (a_day, country) in enumerate(product((1.0, 5.0, 20.0), ("AE", "SA", "US"))):
        for seed in ((number + year) % 2 for year in range(YEARS)):
            shop = Shop(a_day, country, seed)
            year = shop.year()
            seen.add(watch(year, shop.zone, judged_from=YEAR, deaths=40 / 8760, seed=seed))
    return seen


def test_looks_for_nothing_at_most_once_in_a_thousand_orders(years: Watched) -> None:
    assert years.orders > 25_000
    assert 1000 * len(years.needless) / years.orders <= 1


def test_silence_alone_tells_of_most_deaths_before_ten_orders_are_missing(years: Watched) -> None:
    before = sum(missing < 10 for missing in years.missing)
    assert before / len(years.missing) > 0.8


def test_with_the_sweep_every_death_is_found_before_ten_orders_are_missing(years: Watched) -> None:
    assert max(years.swept) < 10
    assert years.unnoticed == 0
