"""Which promotion fits, and that the same order always gets the same one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from selling.choosing import Bought, Good, Offer, Shelf, Situation, choose, lead_days, line
from selling.keys import product_key
from tests.factories import NOW


def bought(title: str, sku: str = "") -> Bought:
    return line(sku=sku, title=title, key=product_key(sku=sku, title=title))


HERE = Situation(
    order_id=7,
    country="AE",
    language="ar",
    stage="delivered",
    now=NOW,
    today=date(2026, 11, 12),
    delivered_on=date(2026, 10, 20),
    tags=frozenset({"vip"}),
    bought=[bought("Oud Candle", "OC-1")],
)


def offer(**fields: object) -> Offer:
    return replace(Offer(1, "offer", {}), **fields)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({}, True),
        ({"countries": frozenset({"AE", "SA"})}, True),
        ({"countries": frozenset({"SA"})}, False),
        ({"languages": frozenset({"ar"})}, True),
        ({"languages": frozenset({"en"})}, False),
        ({"stages": frozenset({"delivered"})}, True),
        ({"stages": frozenset({"before"})}, False),
        ({"tags": frozenset({"vip"})}, True),
        ({"tags": frozenset({"wholesale"})}, False),
        ({"bought": frozenset({"oc-1"})}, True),
        ({"bought": frozenset({"oud candle"})}, True),
        ({"bought": frozenset({"lamp"})}, False),
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + timedelta(seconds=1)}, False),
        ({"ends_at": NOW + timedelta(seconds=1)}, True),
        ({"ends_at": NOW}, False),
        ({"share": 0}, False),
        ({"countries": frozenset({"AE"}), "stages": frozenset({"before"})}, False),
    ],
)
def test_rule_fits(rule: dict[str, object], fits: bool) -> None:
    assert (choose(Shelf([offer(**rule)]), HERE) is not None) is fits


def test_first_that_fits_is_shown() -> None:
    offers = [offer(id=1, countries=frozenset({"SA"})), offer(id=2), offer(id=3)]
    found = choose(Shelf(offers), HERE)
    assert found is not None
    assert found.offer.id == 2


def test_share_is_kept_and_the_rest_see_the_next() -> None:
    shelf = Shelf([offer(id=1, share=30), offer(id=2)])
    seen = [choose(shelf, replace(HERE, order_id=n)) for n in range(2000)]
    first = sum(one is not None and one.offer.id == 1 for one in seen)
    assert 500 < first < 700
    assert all(one is not None and one.offer.id in {1, 2} for one in seen)


def test_order_sees_the_same_one_each_time() -> None:
    shelf = Shelf([offer(id=1, share=50), offer(id=2)])
    found = {
        one.offer.id
        for n in range(50)
        if (one := choose(shelf, replace(HERE, now=NOW + timedelta(hours=n))))
    }
    assert len(found) == 1


def good(n: int, **fields: object) -> Good:
    return replace(Good(n, f"Good {n}", {}, f"https://noor.example/{n}", ""), **fields)


GOODS = {
    "s:oc-1": good(1, goes_with=("s:a", "s:oc-1", "s:gone", "s:b", "s:c", "s:d")),
    "s:a": good(2),
    "s:b": good(3, url=""),
    "s:c": good(4),
    "s:d": good(5),
}


def test_companions_of_what_was_bought_are_shown() -> None:
    found = choose(Shelf([offer(kind="goes_with")], GOODS), HERE)
    assert found is not None
    assert [one.id for one in found.goods] == [2, 4, 5]


def test_what_was_bought_together_is_not_offered_again() -> None:
    at = replace(HERE, bought=[*HERE.bought, bought("", "a")])
    found = choose(Shelf([offer(kind="goes_with")], GOODS), at)
    assert found is not None
    assert [one.id for one in found.goods] == [4, 5]


def test_next_promotion_stands_in_where_there_are_no_goods() -> None:
    shelf = Shelf([offer(id=1, kind="goes_with"), offer(id=2)], {})
    found = choose(shelf, HERE)
    assert found is not None
    assert found.offer.id == 2


@pytest.mark.parametrize(
    ("days_since", "asked"), [(23, False), (24, True), (30, True), (60, True), (61, False)]
)
def test_running_low_is_asked_around_the_day_it_runs_out(days_since: int, asked: bool) -> None:
    goods = {"s:oc-1": good(1, lasts_days=30)}
    at = replace(HERE, delivered_on=HERE.today - timedelta(days=days_since))
    assert (choose(Shelf([offer(kind="runs_out")], goods), at) is not None) is asked


def test_nothing_runs_out_before_it_is_there() -> None:
    goods = {"s:oc-1": good(1, lasts_days=1)}
    at = replace(HERE, delivered_on=None)
    assert choose(Shelf([offer(kind="runs_out")], goods), at) is None


@pytest.mark.parametrize(("lasts", "lead"), [(1, 1), (10, 3), (30, 6), (60, 12), (365, 14)])
def test_lead_is_a_fifth_of_the_time(lasts: int, lead: int) -> None:
    assert lead_days(lasts) == lead
