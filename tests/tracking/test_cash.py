"""Orders to be paid at the door: asked once, answered until packed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from merchants.models import Merchant
from tests import factories
from tests.factories import NOW
from tracking.cash import (
    ask_for_cash,
    asks_for_cash,
    is_waiting,
    note_cash_answer,
    save_cash_policy,
)
from tracking.models import CashQuestion, Change, Order, Shipment


def order(merchant: Merchant, **fields: Any) -> Order:
    return factories.order(merchant, **({"cod_amount": Decimal("250.000")} | fields))


def facts() -> list[tuple[str, bool, dict[str, Any]]]:
    rows = Change.objects.filter(kind="order").order_by("pk")
    return [(row.key, row.announce, row.data) for row in rows]


@pytest.fixture
def asking(scope: Merchant) -> Merchant:
    save_cash_policy(merchant_id=scope.pk, asks=True, now=NOW)
    return scope


def test_nobody_is_asked_until_the_merchant_wants_it(scope: Merchant) -> None:
    ask_for_cash([order(scope)], now=NOW)
    assert (asks_for_cash(), facts()) == (False, [])
    save_cash_policy(merchant_id=scope.pk, asks=True, now=NOW)
    save_cash_policy(merchant_id=scope.pk, asks=False, now=NOW)
    assert asks_for_cash() is False


def test_shopper_is_asked_once(asking: Merchant) -> None:
    one = order(asking)
    ask_for_cash([one], now=NOW)
    ask_for_cash([one], now=NOW)
    assert facts() == [("cod_confirm", True, {"amount": "250.00", "currency": "AED"})]
    assert is_waiting(one.pk) is True


@pytest.mark.parametrize(
    "fields",
    [{"cod_amount": None}, {"cod_amount": 0}, {"packed_at": NOW}, {"cancelled_at": NOW},
     {"announce_from": NOW}],
)  # fmt: skip
def test_these_are_not_asked(asking: Merchant, fields: dict[str, Any]) -> None:
    ask_for_cash([order(asking, **fields)], now=NOW)
    assert (CashQuestion.objects.count(), facts()) == (0, [])


def test_order_that_has_left_is_not_asked(asking: Merchant) -> None:
    one = order(asking)
    factories.shipment(asking, order=one)
    Shipment.objects.update(status="in_transit")
    ask_for_cash([one], now=NOW)
    assert facts() == []


def test_nothing_to_be_paid_costs_no_query(
    asking: Merchant, django_assert_num_queries: Any
) -> None:
    one = factories.order(asking)
    with django_assert_num_queries(0):
        ask_for_cash([one], now=NOW)


def test_answer_may_be_changed_and_is_told_each_time(asking: Merchant) -> None:
    one = order(asking)
    ask_for_cash([one], now=NOW)
    for confirmed in (True, True, False):
        note_cash_answer(order=one, confirmed=confirmed, now=NOW)
    assert [(key, announce) for key, announce, _ in facts()] == [
        ("cod_confirm", True),
        ("cod_confirmed:1", True),
        ("cod_refused:2", True),
    ]
    row = CashQuestion.objects.get()
    assert (row.confirmed, row.answers, is_waiting(one.pk)) == (False, 2, False)


def test_answer_moves_the_orders_page(asking: Merchant) -> None:
    one = order(asking, updated_at=NOW)
    ask_for_cash([one], now=NOW)
    note_cash_answer(order=one, confirmed=True, now=NOW)
    assert Order.objects.get().updated_at > NOW


@pytest.mark.parametrize("fields", [{"packed_at": NOW}, {"cancelled_at": NOW}, {"cod_amount": 0}])
def test_answer_that_comes_too_late_is_not_taken(asking: Merchant, fields: dict[str, Any]) -> None:
    one = order(asking)
    ask_for_cash([one], now=NOW)
    Order.objects.update(**fields)
    assert note_cash_answer(order=one, confirmed=False, now=NOW) is None
    assert (CashQuestion.objects.get().confirmed, is_waiting(one.pk)) == (None, False)


def test_nobody_who_was_not_asked_answers(scope: Merchant) -> None:
    assert note_cash_answer(order=order(scope), confirmed=True, now=NOW) is None
