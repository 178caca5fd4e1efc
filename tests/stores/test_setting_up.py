"""The first dialogue with a shop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import CannotConnect, connect_api, disconnect_store, hook_url_of, renew_access
from stores.leaving import begin_leaving, leave
from stores.models import Pull, StoreConnection, StoreFailure
from stores.pulling import go_on
from stores.setting_up import due, grant_credentials, set_up
from stores.shop import Grant
from tests.factories import NOW
from tests.stores.conftest import Connected
from tests.stores.plain_shop import credentials
from tracking.models import Order


def set_up_now(connected: Connected) -> StoreConnection:
    set_up(connected.store.pk, now=NOW)
    return connected.fresh()


def test_shop_is_known_and_its_webhook_made(connected: Connected) -> None:
    store = set_up_now(connected)
    assert (store.api_state, store.name, store.time_zone) == (
        "working",
        "Huda’s Cups",
        "Asia/Dubai",
    )
    assert [hook["url"] for hook in connected.shop.hooks.values()] == [hook_url_of(store)]
    assert store.hooks == [{"topic": "order", "id": "2", "active": True}]
    assert (store.next_sweep_at, store.swept_until, store.setup_at) == (NOW, NOW, None)


def test_last_weeks_are_fetched_first(connected: Connected, merchant: Merchant) -> None:
    connected.shop.sell("7", at=NOW - timedelta(days=59))
    connected.shop.sell("3", at=NOW - timedelta(days=61))
    set_up_now(connected)
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get()
    done = go_on(pull.pk, now=NOW)
    assert done is not None
    assert (done.state, done.found, done.total) == ("done", 1, 1)
    with merchant_scope(merchant.pk):
        assert list(Order.objects.values_list("external_id", flat=True)) == ["7"]


def test_doing_it_again_makes_nothing_twice(connected: Connected, merchant: Merchant) -> None:
    set_up_now(connected)
    renew_access(connection=connected.fresh(), credentials=credentials(), now=NOW)
    set_up_now(connected)
    with merchant_scope(merchant.pk):
        assert Pull.objects.count() == 1
    assert len(connected.shop.hooks) == 1


def test_refused_key_is_said(connected: Connected, merchant: Merchant) -> None:
    connected.shop.tokens.clear()
    store = set_up_now(connected)
    assert (store.api_state, store.api_problem) == ("refused", "The shop refuses our key (401)")
    with merchant_scope(merchant.pk):
        failure = StoreFailure.objects.get()
    assert (failure.kind, failure.http_status, failure.doing) == ("credentials", 401, "setup")
    assert bytes(failure.raw) == b'{"error": "who are you?"}'


def test_shop_that_is_down_is_asked_again(connected: Connected) -> None:
    connected.played.fail("500")
    store = set_up_now(connected)
    assert (store.api_state, store.setup_at) == ("setting_up", NOW + timedelta(seconds=30))
    later = NOW + timedelta(seconds=31)
    with every_merchant("test"):
        assert due(now=later, limit=5) == [store.pk]
    set_up(store.pk, now=later)
    assert connected.fresh().api_state == "working"


def test_grant_is_exchanged_once_and_forgotten(connected: Connected, merchant: Merchant) -> None:
    disconnect_store(connection=connected.fresh(), now=NOW)
    store = connect_api(
        merchant=merchant, platform="plain", name="Cups", shop=connected.played.url,
        credentials=grant_credentials(Grant({"code": "code-1"}, back="https://x.example/")),
        now=NOW,
    )  # fmt: skip
    assert store.pk == connected.store.pk
    set_up(store.pk, now=NOW)
    store = connected.fresh()
    assert (store.api_state, store.is_installed, store.name) == ("working", True, "Cups")
    assert sorted(store.credentials) == ["access_token", "expires_at", "refresh_token"]


def test_shop_of_the_same_merchant_is_not_connected_twice(
    connected: Connected, merchant: Merchant
) -> None:
    with pytest.raises(CannotConnect) as problem:
        connect_api(
            merchant=merchant, platform="plain", name="", shop=connected.played.url + "/",
            credentials={}, now=NOW,
        )  # fmt: skip
    assert str(problem.value) == f"{connected.played.url} is connected already."


def test_leaving_takes_our_webhooks_away(connected: Connected) -> None:
    store = set_up_now(connected)
    begin_leaving(connection=store, now=NOW)
    assert connected.fresh().is_active is False
    leave(store.pk, now=NOW)
    assert (connected.shop.hooks, connected.fresh().secrets) == ({}, "")
    assert connected.fresh().last_problem == "Disconnected."


def test_leaving_a_shop_that_is_down_says_what_stays(connected: Connected) -> None:
    store = set_up_now(connected)
    begin_leaving(connection=store, now=NOW)
    connected.played.go_down()
    now = NOW
    for _ in range(5):
        leave(store.pk, now=now)
        now += timedelta(hours=3)
    assert connected.fresh().secrets == ""
    assert connected.fresh().last_problem == (
        "Disconnected. Our webhooks may still stand in the shop: "
        "The shop has trouble of its own (503)."
    )


def test_connected_again_before_we_left_it_stays(connected: Connected, merchant: Merchant) -> None:
    store = set_up_now(connected)
    begin_leaving(connection=store, now=NOW)
    connect_api(
        merchant=merchant, platform="plain", name="", shop=connected.played.url,
        credentials=credentials(), now=NOW,
    )  # fmt: skip
    leave(store.pk, now=NOW)
    assert (connected.fresh().is_active, len(connected.shop.hooks)) == (True, 1)


def test_keys_of_another_shop_are_refused_once_orders_are_here(connected: Connected) -> None:
    set_up_now(connected)
    renew_access(connection=connected.fresh(), credentials=credentials(), now=NOW)
    connected.shop.called = "another"
    store = set_up_now(connected)
    assert store.api_problem == "These keys belong to another shop, another"
    assert (store.api_state, store.external_id) == ("refused", connected.store.external_id)
