"""Asking what changed, page by page, through failures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores import pulling
from stores.models import Pull, StoreConnection
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.sweeping import due, sweep
from tests.factories import NOW
from tests.stores.conftest import Connected
from tracking.models import Order

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ready(connected: Connected) -> Connected:
    set_up(connected.store.pk, now=NOW)
    return connected


def numbers(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return sorted(Order.objects.values_list("external_id", flat=True))


def sell_five(shop: Callable[..., object], *, after: timedelta) -> None:
    for number in range(1, 6):
        shop(str(number), at=NOW + after + timedelta(minutes=number))


def test_orders_without_a_webhook_are_recovered(ready: Connected, merchant: Merchant) -> None:
    sell_five(ready.shop.sell, after=timedelta())
    swept = sweep(ready.store.pk, now=LATER)
    assert (swept.found, swept.recovered, swept.is_done) == (5, 5, True)
    assert numbers(merchant) == ["1", "2", "3", "4", "5"]
    store = ready.fresh()
    assert (store.swept_until, store.last_order_at) == (LATER, LATER)


def test_an_order_of_this_minute_is_not_called_lost(ready: Connected) -> None:
    ready.shop.sell("1", at=LATER - timedelta(seconds=30))
    swept = sweep(ready.store.pk, now=LATER)
    assert (swept.found, swept.recovered) == (1, 0)


def test_next_sweep_asks_only_for_what_came_since(ready: Connected) -> None:
    sell_five(ready.shop.sell, after=timedelta())
    sweep(ready.store.pk, now=LATER)
    swept = sweep(ready.store.pk, now=LATER + timedelta(hours=1))
    assert (swept.found, swept.recovered) == (0, 0)


def test_failure_between_pages_goes_on_where_it_was(
    ready: Connected, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell_five(ready.shop.sell, after=timedelta())
    plain_ask, pages = pulling._ask, []

    def ask(line: object, pull: Pull, *, now: object) -> object:
        pages.append(pull.cursor)
        if len(pages) == 2:
            ready.played.fail("500")
        return plain_ask(line, pull, now=now)  # type: ignore[arg-type]

    monkeypatch.setattr(pulling, "_ask", ask)
    swept = sweep(ready.store.pk, now=LATER)
    assert (swept.found, swept.problem) == (3, "The shop has trouble of its own (500)")
    assert ready.fresh().swept_until == NOW
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get(kind="sweep")
    assert pull.cursor == "3"
    after_pause = LATER + timedelta(minutes=5)
    done = go_on(pull.pk, now=after_pause)
    assert done is not None
    assert (done.state, done.found) == ("done", 5)
    assert (numbers(merchant), pages) == (["1", "2", "3", "4", "5"], ["", "3", "3"])
    assert ready.fresh().swept_until == LATER


def test_one_odd_order_waits_raw_and_is_replayed(ready: Connected, merchant: Merchant) -> None:
    sell_five(ready.shop.sell, after=timedelta())
    del ready.shop.orders["2"]["number"]
    swept = sweep(ready.store.pk, now=LATER)
    assert (swept.found, numbers(merchant)) == (4, ["1", "3", "4", "5"])
    with merchant_scope(merchant.pk):
        kept = Delivery.objects.get(topic="order.pulled")
    assert kept.outcome == "failed"
    assert kept.problem == "Cannot be read: number: expected text or a number, got nothing"


def test_switched_off_webhook_is_switched_on_again(ready: Connected) -> None:
    for hook in ready.shop.hooks.values():
        hook["on"] = False
    swept = sweep(ready.store.pk, now=LATER, repair=True)
    assert [hook.mended for hook in swept.mended] == ["switched on"]
    assert [hook["on"] for hook in ready.shop.hooks.values()] == [True]


def test_webhooks_are_looked_at_a_few_times_a_day(ready: Connected) -> None:
    sweep(ready.store.pk, now=LATER)
    assert len(ready.played.calls("GET", "/hooks")) == 1
    sweep(ready.store.pk, now=NOW + timedelta(hours=6))
    assert len(ready.played.calls("GET", "/hooks")) == 2


def test_due_shops_are_claimed_once(ready: Connected) -> None:
    with every_merchant("test"):
        assert due(now=LATER, limit=9) == [ready.store.pk]
        assert due(now=LATER, limit=9) == []
    assert ready.fresh().next_sweep_at == LATER + timedelta(minutes=15)


def test_refused_shop_is_left_alone(ready: Connected, merchant: Merchant) -> None:
    ready.shop.tokens.clear()
    swept = sweep(ready.store.pk, now=LATER)
    assert swept.problem == "The shop refuses our key (401)"
    assert ready.fresh().api_state == "refused"
    asked = len(ready.played.asked)
    with every_merchant("test"):
        assert due(now=LATER + timedelta(days=1), limit=9) == []
    sweep(ready.store.pk, now=LATER + timedelta(days=1))
    assert len(ready.played.asked) == asked


def test_day_of_outage_loses_nothing(ready: Connected, merchant: Merchant) -> None:
    ready.played.go_down()
    now = LATER
    for _ in range(12):
        sweep(ready.store.pk, now=now)
        now += timedelta(hours=2)
    sell_five(ready.shop.sell, after=timedelta(hours=3))
    ready.played.come_back()
    sweep(ready.store.pk, now=now)
    sweep(ready.store.pk, now=now + timedelta(minutes=1))
    assert numbers(merchant) == ["1", "2", "3", "4", "5"]
    with merchant_scope(merchant.pk):
        assert StoreConnection.objects.get(pk=ready.store.pk).api_failures == 0
