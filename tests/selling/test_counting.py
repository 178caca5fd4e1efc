"""Views and clicks are sums, written once, and none of another shop's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from selling import counting
from selling.counting import Counted, Node, note, sums, sums_by_stage
from selling.models import Promotion
from selling.promoting import Draft, make
from selling.tasks import forget_counts, write_counts
from tests.factories import NOW

DAY = date(2026, 11, 12)


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    counting.forget()
    yield
    counting.forget()


@pytest.fixture
def offer(merchant: Merchant) -> Promotion:
    with merchant_scope(merchant.pk):
        return make(merchant=merchant, draft=Draft("offer"), now=NOW)


def count(of: Promotion, what: counting.What, times: int = 1, stage: str = "before") -> None:
    for _ in range(times):
        note(Node(of.merchant_id, of.pk, DAY.isoformat(), stage, what))
    assert counting.hand_over()


def test_counts_become_sums(merchant: Merchant, offer: Promotion) -> None:
    count(offer, "views", 3)
    count(offer, "clicks")
    assert write_counts() == 4
    count(offer, "views", 2, stage="delivered")
    assert write_counts() == 2
    assert write_counts() == 0
    with merchant_scope(merchant.pk):
        assert sums(since=DAY) == {offer.pk: Counted(5, 1)}
        assert sums(since=DAY + timedelta(days=1)) == {}
        found = sums_by_stage(offer.pk, since=DAY)
        assert found == {"before": Counted(3, 1), "delivered": Counted(2, 0)}


def test_batch_that_was_written_and_not_cleared_is_not_added_twice(
    merchant: Merchant, offer: Promotion
) -> None:
    count(offer, "clicks", 2)
    for _ in range(2):
        with every_merchant("a test"):
            counting.write_down(now=NOW)
    with merchant_scope(merchant.pk):
        assert sums(since=DAY) == {offer.pk: Counted(0, 2)}


def test_promotion_of_another_shop_or_a_gone_one_is_left_out(
    merchant: Merchant, other: Merchant, offer: Promotion
) -> None:
    note(Node(other.pk, offer.pk, DAY.isoformat(), "before", "views"))
    note(Node(merchant.pk, offer.pk + 999, DAY.isoformat(), "before", "views"))
    counting.hand_over()
    write_counts()
    for shop in (merchant, other):
        with merchant_scope(shop.pk):
            assert sums(since=DAY) == {}


def test_old_counts_go(merchant: Merchant, offer: Promotion) -> None:
    note(Node(merchant.pk, offer.pk, "2020-01-01", "before", "views"))
    counting.hand_over()
    write_counts()
    assert forget_counts() == 1
