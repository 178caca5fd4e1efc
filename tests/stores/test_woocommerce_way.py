"""WooCommerce from the merchant's consent to a disconnected shop, the whole way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hooks.tasks import process_waiting
from lib.signing import hmac_base64
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import handshakes
from stores.connect import hook_path_of, hook_url_of
from stores.leaving import begin_leaving, leave
from stores.models import Pull, StoreConnection, WantedOrder
from stores.providers import woocommerce as module
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.shop import Note
from stores.sweeping import sweep
from stores.wanted import fetch
from stores.writing import queue_write, write
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.woo_server import KEY, SECRET, WooServer, many
from tracking.models import Order

Play = Callable[[Handler], Played]
TOPICS = ["order.created", "order.deleted", "order.restored", "order.updated"]


class Way:
    def __init__(self, merchant: Merchant, server: WooServer, played: Played) -> None:
        self.merchant, self.server, self.played = merchant, server, played

    def store(self) -> StoreConnection:
        with merchant_scope(self.merchant.pk):
            return StoreConnection.objects.get()

    def pull(self) -> Pull:
        with merchant_scope(self.merchant.pk):
            return Pull.objects.order_by("pk").last()

    def numbers(self) -> list[str]:
        with merchant_scope(self.merchant.pk):
            return list(Order.objects.order_by("external_id").values_list("external_id", flat=True))

    def order(self, number: int) -> Order:
        with merchant_scope(self.merchant.pk):
            return Order.objects.get(external_id=str(number))


@pytest.fixture
def way(merchant: Merchant, play: Play, settings: Any,
        monkeypatch: pytest.MonkeyPatch, client: Client) -> Way:  # fmt: skip
    """A shop with seven orders whose owner just agreed; two orders on a page."""
    monkeypatch.setattr(module, "_PAGE", 2)
    server = WooServer()
    many(server, 7, first=NOW - timedelta(days=3))
    played = play(server)
    settings.STORE_API_URLS = {"woocommerce": played.url}
    token = handshakes.begin(
        merchant=merchant, platform="woocommerce", shop="https://Noor.example/", name="",
        now=timezone.now(),
    )  # fmt: skip
    assert agree(client, token).status_code == 200
    return Way(merchant, server, played)


def agree(client: Client, token: str) -> Any:
    body = {"consumer_key": KEY, "consumer_secret": SECRET, "key_permissions": "read_write"}
    return client.post(
        f"/hooks/store/woocommerce/connect/{token}/", json.dumps(body), "application/json"
    )


def post(client: Client, store: StoreConnection, topic: str, payload: Any, *, key: str,
         spoil: bool = False) -> int:  # fmt: skip
    body = json.dumps(payload).encode()
    headers = {
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Signature": hmac_base64(body, store.credentials["secret"]),
        "X-WC-Webhook-Delivery-ID": key,
    }
    sent = body.replace(b"Noura", b"Moura") if spoil else body
    return client.post(
        hook_path_of(store), sent, content_type="application/json", headers=headers
    ).status_code


def test_agreed_shop_is_known_with_webhooks_of_ours(way: Way) -> None:
    set_up(way.store().pk, now=NOW)
    store = way.store()
    assert (store.api_state, store.external_id, store.name) == (
        "working", "noor.example", "Noor Oud",
    )  # fmt: skip
    assert (store.country, store.currency, store.time_zone) == ("SA", "SAR", "Asia/Riyadh")
    hooks = way.server.hooks.values()
    assert sorted(row["topic"] for row in hooks) == TOPICS
    secret = store.credentials["secret"]
    assert {(row["delivery_url"], row["secret"]) for row in hooks} == {(hook_url_of(store), secret)}
    assert len(secret) >= 32


def test_token_is_good_for_one_shop_once(way: Way, client: Client) -> None:
    assert agree(client, "another-token-1").status_code == 404


def test_history_survives_a_failure_in_the_middle(way: Way) -> None:
    set_up(way.store().pk, now=NOW)
    pull = go_on(way.pull().pk, now=NOW, seconds=0)  # one page
    assert (pull.state, pull.found, pull.total) == ("running", 1, 7)
    way.played.fail("500")
    assert go_on(pull.pk, now=NOW).problem == "The shop has trouble of its own (500)"
    later = NOW + timedelta(minutes=5)
    done = go_on(pull.pk, now=later)
    assert (done.state, done.found) == ("done", 7)
    assert way.numbers() == [str(number) for number in range(100, 107)]


def test_allowance_is_waited_for(way: Way) -> None:
    set_up(way.store().pk, now=NOW)
    way.played.fail("429")
    done = go_on(way.pull().pk, now=NOW)
    assert (done.state, done.found) == ("done", 7)


def test_webhooks_get_in_signed_and_once(way: Way, client: Client) -> None:
    set_up(way.store().pk, now=NOW)
    store = way.store()
    order = way.server.sell(200, at=NOW)
    codes = [
        post(client, store, "order.created", order, key="k1"),
        post(client, store, "order.created", order, key="k1"),
        post(client, store, "order.created", order, key="k2", spoil=True),
        # Another order within the same second: the same delivery id.
        post(client, store, "order.created", way.server.sell(201, at=NOW), key="k1"),
    ]
    process_waiting()
    assert (codes, way.numbers()) == ([200, 200, 401, 200], ["200", "201"])


def test_ping_of_a_new_webhook_is_answered(way: Way, client: Client) -> None:
    answer = client.post(
        hook_path_of(way.store()), "webhook_id=41", "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200


def test_deleted_order_is_cancelled(way: Way, client: Client) -> None:
    set_up(way.store().pk, now=NOW)
    go_on(way.pull().pk, now=NOW)
    del way.server.orders[103]
    post(client, way.store(), "order.deleted", {"id": 103}, key="k3")
    process_waiting()
    with merchant_scope(way.merchant.pk):
        wanted = WantedOrder.objects.get(external_id="103")
    fetch(wanted.pk, now=NOW + timedelta(minutes=1))
    assert way.order(103).cancelled_at is not None
    assert way.order(104).cancelled_at is None


def test_sweep_finds_what_a_dead_webhook_lost_and_revives_it(way: Way) -> None:
    set_up(way.store().pk, now=NOW)
    go_on(way.pull().pk, now=NOW)
    way.server.hooks[42]["status"] = "disabled"
    way.server.sell(300, at=NOW + timedelta(minutes=5))
    found = sweep(way.store().pk, now=NOW + timedelta(minutes=20), repair=True)
    assert (found.found, found.problem) == (1, "")
    assert [(hook.topic, hook.mended) for hook in found.mended] == [
        ("order.updated", "switched on")
    ]
    assert way.numbers()[-1] == "300"


def test_note_is_written_once(way: Way) -> None:
    set_up(way.store().pk, now=NOW)
    go_on(way.pull().pk, now=NOW)
    with merchant_scope(way.merchant.pk):
        StoreConnection.objects.update(writes=["note"])
        order = Order.objects.get(external_id="100")
        rows = [
            queue_write(order=order, change=Note("100", "Delivered"), key="note:1", now=NOW)
            for _ in range(2)
        ]
    for row in rows:
        assert row is not None
        write(row.pk, now=NOW)
    assert way.server.notes == [("100", {"note": "Delivered", "customer_note": False})]


def test_leaving_takes_everything_of_ours_away(way: Way) -> None:
    set_up(way.store().pk, now=NOW)
    begin_leaving(connection=way.store(), now=NOW)
    leave(way.store().pk, now=NOW)
    assert (way.server.hooks, way.store().secrets) == ({}, "")
