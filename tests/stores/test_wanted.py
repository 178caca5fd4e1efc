"""Webhooks that hold no more than an id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hooks.tasks import process_waiting
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores import wanted as wanted_module
from stores.connect import hook_path_of
from stores.models import StoreConnection, WantedOrder
from stores.setting_up import set_up
from stores.wanted import due, fetch, want
from tests.factories import NOW
from tests.stores.conftest import Connected
from tracking.models import Order


@pytest.fixture
def ready(connected: Connected) -> Connected:
    set_up(connected.store.pk, now=NOW)
    return connected


def post(client: Client, ready: Connected, number: str, key: str) -> int:
    sent = ready.shop.hook(ready.shop.orders[number], key=key, whole=False)
    return client.post(hook_path_of(ready.store), **sent).status_code


def test_several_webhooks_are_one_question(
    client: Client, ready: Connected, merchant: Merchant
) -> None:
    ready.shop.sell("1")
    assert [post(client, ready, "1", f"hook-{one}") for one in range(3)] == [200] * 3
    process_waiting()
    with every_merchant("test"):
        wanted = WantedOrder.objects.get()
    assert wanted.asked_for == 3
    fetch(wanted.pk, now=NOW)
    assert len(ready.played.calls("GET", "/orders/1")) == 1
    with merchant_scope(merchant.pk):
        assert Order.objects.get().number == "#1"
        assert WantedOrder.objects.count() == 0


def test_told_of_while_it_is_fetched_it_is_fetched_again(
    ready: Connected, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.shop.sell("1")
    with merchant_scope(merchant.pk):
        want(ready.store, "1", now=NOW)
        first = WantedOrder.objects.get()
    save = wanted_module.save_all

    def save_and_hear_more(*args: Any, **more: Any) -> Any:
        want(ready.store, "1", now=NOW)
        return save(*args, **more)

    monkeypatch.setattr(wanted_module, "save_all", save_and_hear_more)
    fetch(first.pk, now=NOW)
    monkeypatch.setattr(wanted_module, "save_all", save)
    with every_merchant("test"):
        assert due(now=NOW, limit=5) == [first.pk]
    fetch(first.pk, now=NOW)
    assert len(ready.played.calls("GET", "/orders/1")) == 2
    with merchant_scope(merchant.pk):
        assert WantedOrder.objects.count() == 0


def test_order_that_the_shop_knows_no_more_is_dropped(ready: Connected, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        want(ready.store, "404", now=NOW)
        wanted = WantedOrder.objects.get()
    fetch(wanted.pk, now=NOW)
    with merchant_scope(merchant.pk):
        assert (WantedOrder.objects.count(), Order.objects.count()) == (0, 0)


def test_shop_that_is_down_is_asked_later(ready: Connected, merchant: Merchant) -> None:
    ready.shop.sell("1")
    with merchant_scope(merchant.pk):
        want(ready.store, "1", now=NOW)
    with every_merchant("test"):
        [wanted] = due(now=NOW, limit=5)
    ready.played.fail("500")
    fetch(wanted, now=NOW)
    with merchant_scope(merchant.pk):
        row = WantedOrder.objects.get()
    assert (row.due_at, row.problem) == (
        NOW + timedelta(minutes=1), "The shop has trouble of its own (500)",
    )  # fmt: skip
    fetch(wanted, now=NOW + timedelta(minutes=1))
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 1


def test_known_order_that_the_shop_deleted_is_cancelled(
    ready: Connected, merchant: Merchant
) -> None:
    ready.shop.sell("1")
    with merchant_scope(merchant.pk):
        want(ready.store, "1", now=NOW)
        first = WantedOrder.objects.get()
    fetch(first.pk, now=NOW)
    del ready.shop.orders["1"]
    later = NOW + timedelta(hours=1)
    with merchant_scope(merchant.pk):
        want(ready.store, "1", now=later)
        second = WantedOrder.objects.get()
    fetch(second.pk, now=later)
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
    assert (order.number, order.cancelled_at, order.city) == ("#1", later, "Dubai")


def test_connection_by_hand_is_never_asked(ready: Connected, merchant: Merchant) -> None:
    ready.shop.sell("1")
    with merchant_scope(merchant.pk):
        StoreConnection.objects.update(api_state="none")
        want(ready.store, "1", now=NOW)
        wanted = WantedOrder.objects.get()
    fetch(wanted.pk, now=NOW)
    with merchant_scope(merchant.pk):
        assert (WantedOrder.objects.count(), Order.objects.count()) == (0, 0)
        assert StoreConnection.objects.get().api_state == "none"
