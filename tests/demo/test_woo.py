"""The demonstration's WooCommerce shop: agreed to, asked, sold in, silenced, written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from demo.models import WooHook, WooKey, WooOrder, WooWritten
from demo.woo import books
from demo.woo.opening import open_shop
from demo.woo.orders import COUNT, history
from hooks.tasks import process_waiting
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import handshakes, line, registry
from stores.models import Pull, StoreConnection
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.shop import App, Note
from stores.sweeping import sweep
from stores.writing import queue_write, write
from tests import factories
from tests.factories import NOW
from tracking.models import Order

pytestmark = pytest.mark.django_db(transaction=True)
OFFICE = "/demo/woo/"
#: When a webhook that is still missing will not come any more.
LATER = timedelta(minutes=15)


@pytest.fixture
def noor(
    live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Merchant]:
    """A merchant, and the played shop on this very server, open since weeks."""
    host = urlsplit(live_server.url).netloc
    settings.BASE_URL, settings.PLAYED_SHOPS = live_server.url, frozenset({host})
    monkeypatch.setenv("OUTBOUND_ALLOW", host)
    # The played shop has no limit; two calls a second would be waited for.
    monkeypatch.setattr(line._Pace, "wait", lambda self, cost: None)
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    open_shop(now=timezone.now())
    yield factories.merchant()
    books.come_up()


def address_to_agree(merchant: Merchant) -> str:
    """What the dashboard's form leads to, for who pastes the address of the back office."""
    store = registry.get("woocommerce")
    name = store.shop_name(settings.BASE_URL + OFFICE)
    token = handshakes.begin(
        merchant=merchant, platform="woocommerce", shop=name, name="", now=timezone.now()
    )
    back = f"{settings.BASE_URL}/app/connect/woocommerce/back/"
    return store.consent_url(App(), name=name, state=token, back=back, challenge="")


@pytest.fixture
def connected(noor: Merchant, client: Client) -> StoreConnection:
    url = address_to_agree(noor)
    answer = client.post(url, {"do": "approve"})
    assert answer.headers["Location"].endswith("/back/?success=1&user_id=homeward")
    with merchant_scope(noor.pk):
        store = StoreConnection.objects.get()
    set_up(store.pk, now=timezone.now())
    with merchant_scope(noor.pk):
        return StoreConnection.objects.get()


def do(client: Client, what: str) -> Any:
    return client.post(f"{OFFICE}do/", {"do": what})


def numbers(merchant: Merchant) -> set[int]:
    with merchant_scope(merchant.pk):
        return {int(one) for one in Order.objects.values_list("external_id", flat=True)}


def test_history_is_the_same_each_time() -> None:
    assert history(now=NOW) == history(now=NOW)


def test_owner_agrees_and_history_comes(connected: StoreConnection, noor: Merchant) -> None:
    assert (connected.name, connected.api_state, connected.currency) == (
        "Noor Oud", "working", "AED",
    )  # fmt: skip
    assert {hook.status for hook in WooHook.objects.all()} == {"active"}
    with merchant_scope(noor.pk):
        pull = Pull.objects.get()
    done = go_on(pull.pk, now=timezone.now())
    assert done is not None
    assert done.state == "done"
    assert len(numbers(noor)) == COUNT


def test_cancel_connects_nothing(noor: Merchant, client: Client) -> None:
    answer = client.post(address_to_agree(noor), {"do": "deny"})
    assert "success=0" in answer.headers["Location"]
    assert WooKey.objects.count() == 0


def test_only_this_server_is_called(noor: Merchant, client: Client) -> None:
    asked = {"return_url": "https://evil.example/", "callback_url": "https://evil.example/"}
    assert client.get("/demo/woo/wc-auth/v1/authorize", asked).status_code == 400


def test_api_asks_for_keys(noor: Merchant, client: Client) -> None:
    assert client.get("/demo/woo/wp-json/wc/v3/orders").status_code == 401


def test_purchase_arrives_by_webhook(
    connected: StoreConnection, noor: Merchant, client: Client
) -> None:
    do(client, "buy")
    process_waiting()
    assert numbers(noor) == {WooOrder.objects.latest("pk").pk}


def test_sweep_recovers_what_silence_lost(
    connected: StoreConnection, noor: Merchant, client: Client
) -> None:
    with merchant_scope(noor.pk):  # shops count whole seconds, and this one sells in the next
        StoreConnection.objects.update(created_at=connected.created_at - timedelta(seconds=1))
    do(client, "mute")
    do(client, "buy")
    later = timezone.now() + LATER
    swept = sweep(connected.pk, now=later, repair=True)
    assert (swept.recovered, len(swept.mended)) == (1, 4)
    assert {hook.status for hook in WooHook.objects.all()} == {"active"}


def test_shop_that_is_down_sells_nothing_and_answers_503(
    connected: StoreConnection, client: Client
) -> None:
    do(client, "down")
    do(client, "buy")
    assert WooOrder.objects.count() == COUNT
    assert "(503)" in sweep(connected.pk, now=timezone.now()).problem
    do(client, "up")
    do(client, "buy")
    assert WooOrder.objects.count() == COUNT + 1


def test_note_is_seen_in_the_back_office(
    connected: StoreConnection, noor: Merchant, client: Client
) -> None:
    do(client, "buy")
    process_waiting()
    now = timezone.now()
    with merchant_scope(noor.pk):
        StoreConnection.objects.update(writes=["note"])
        order = Order.objects.get()
        note = Note(order.external_id, "Out for delivery")
        row = queue_write(order=order, change=note, key="note:1", now=now)
    assert row is not None
    write(row.pk, now=now)
    assert WooWritten.objects.get().words == "Out for delivery"
    assert "Out for delivery" in client.get(OFFICE).content.decode()
