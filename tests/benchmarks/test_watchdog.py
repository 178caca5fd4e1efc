"""The watchdog's promise on seeded years; `python -m benchmarks watchdog` has more of them."""

from __future__ import annotations

import pytest

from benchmarks.feed_shops import YEAR, Shop
from benchmarks.feed_watching import Watched, watch
from benchmarks.measuring import percentile


@pytest.fixture(scope="module")
def years() -> Watched:
    """Shops of four sizes in three countries, a closed week and ten sales among them."""
    seen = Watched()
    for a_day in (1.0, 5.0, 20.0, 100.0):
        for country in ("AE", "SA", "US"):
            shop = Shop(a_day, country, 4)
            seen.add(watch(shop.year(), shop.zone, judged_from=YEAR, deaths=40 / 8760))
    return seen


def test_looks_for_nothing_at_most_once_in_a_thousand_orders(years: Watched) -> None:
    assert years.orders > 100_000
    assert 1000 * len(years.needless) / years.orders <= 1


def test_silence_tells_of_a_dead_webhook_before_ten_orders_are_missing(years: Watched) -> None:
    assert percentile(years.missing, 0.5) < 10


def test_with_the_sweep_hardly_any_death_costs_ten_orders(years: Watched) -> None:
    assert percentile(years.swept, 0.95) < 10
    assert years.unnoticed == 0
