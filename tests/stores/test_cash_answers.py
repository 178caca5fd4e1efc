"""An answer about cash at the door reaches the shop, where it has a place for it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.cash_answers import answer_cash
from stores.models import StoreConnection, StoreWrite
from stores.setting_up import set_up
from stores.sweeping import sweep
from tests.factories import NOW
from tests.stores.conftest import Connected
from tracking.cash import ask_for_cash, save_cash_policy
from tracking.models import Order

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def asked(connected: Connected, merchant: Merchant) -> Order:
    """An order of a connected shop, of which the shopper was asked."""
    set_up(connected.store.pk, now=NOW)
    connected.shop.sell("1", street="Old street 1", at=NOW + timedelta(minutes=1))
    sweep(connected.store.pk, now=LATER)
    with merchant_scope(merchant.pk):
        save_cash_policy(merchant_id=merchant.pk, asks=True, now=NOW)
        StoreConnection.objects.update(writes=["note", "tags"])
        Order.objects.update(cod_amount=Decimal(250), currency="AED")
        ask_for_cash([order := Order.objects.get()], now=LATER)
    return order


def test_each_answer_is_said_at_the_shop_once(asked: Order, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        for confirmed in (True, True, False):
            answer_cash(order=asked, confirmed=confirmed, now=LATER)
        said = [row.values["text"] for row in StoreWrite.objects.order_by("pk")]
    assert said == [
        "The customer confirmed the order and will pay at the door.",
        "The customer does not want the order any more: it was to be paid at the door.",
    ]


def test_nothing_is_said_where_the_merchant_wants_no_notes(
    asked: Order, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        StoreConnection.objects.update(writes=["parcel"])
        assert answer_cash(order=asked, confirmed=True, now=LATER) is True
        assert StoreWrite.objects.count() == 0
