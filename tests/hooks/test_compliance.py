"""Shopify's three demands at the app-wide address, from the wire to what is left in the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from inbox.models import Delivery
from inbox.receive import Inbound, receive
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import connect_api, connect_store, disconnect_store, hook_path_of
from stores.models import (
    PrivacyRequest,
    Pull,
    StoreConnection,
    StoreFailure,
    StoreWrite,
    WantedOrder,
)
from stores.pulling import begin_backfill
from stores.shop import AddressChange
from stores.vocabulary import Address
from stores.wanted import want
from stores.writing import queue_write
from tests.factories import NOW
from tests.hooks.posting import SECRET, post_shopify
from tests.stores.payloads import shopify_order
from tracking.models import Order

SHOP = "noor.myshopify.com"
APP_WIDE = "/hooks/store/shopify/"
Deliver = Callable[..., Any]
_PHONES = {"sara@shopper.example": "+971501234567", "omar@shopper.example": "+971509999999"}


@pytest.fixture(autouse=True)
def app(settings: LazySettings) -> None:
    """The operator's app, whose secret signs what Shopify sends about all shops."""
    settings.STORE_APPS = {"shopify": ("app-1", SECRET)}


@pytest.fixture
def deliver(django_capture_on_commit_callbacks: Any, client: Client) -> Deliver:
    def run(path: str, payload: Any, topic: str, **changed: str) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return int(post_shopify(client, path, payload, topic, **changed).status_code)

    return run


def install(merchant: Merchant, shop: str = SHOP) -> StoreConnection:
    """A connection as it stands once consent was exchanged for tokens."""
    made = connect_api(
        merchant=merchant, platform="shopify", name="Noor", shop=shop,
        credentials={"access_token": "t"}, now=NOW, is_installed=True,
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=made.pk).update(api_state="working", setup_at=None)
        return StoreConnection.objects.get(pk=made.pk)


def about(orders: list[int], email: str | None = "sara@shopper.example") -> dict[str, Any]:
    """A demand about one person; both topics' lists in one body."""
    return {
        "shop_id": 1,
        "shop_domain": SHOP,
        "customer": {"id": 2, "email": email, "phone": _PHONES.get(email or "")},
        "orders_to_redact": orders,
        "orders_requested": orders,
    }


def traces(store: StoreConnection) -> Order:
    """What calls about order 5001 leave: a write, failures with raw answers, a wish to fetch."""
    with merchant_scope(store.merchant_id):
        order = Order.objects.get(external_id="5001")
        queue_write(
            order=order, key="a",
            change=AddressChange("5001", Address("AE", name="Omar", line1="Street 9")), now=NOW,
        )  # fmt: skip
        for raw in (b'{"email":"sara@shopper.example"}', b'{"id": "gid://shopify/Order/5001"}',
                    b'{"id": "gid://shopify/Order/50019"}'):  # fmt: skip
            StoreFailure.objects.create(
                merchant_id=store.merchant_id, store=store, at=NOW, kind="unreadable",
                message="m", doing="order", raw=raw,
            )  # fmt: skip
        want(store, "5001", now=NOW)
        want(store, "6001", now=NOW)
        return order


def kept(store: StoreConnection) -> dict[str, Any]:
    with merchant_scope(store.merchant_id):
        return {
            "orders": list(Order.objects.order_by("pk").values_list("customer_email", flat=True)),
            "bodies": [bytes(one.body) != b"" for one in Delivery.objects.order_by("pk")],
            "writes": list(StoreWrite.objects.values_list("values", "state")),
            "failures": [bytes(one.raw) != b"" for one in StoreFailure.objects.order_by("pk")],
            "wanted": list(
                WantedOrder.objects.order_by("pk").values_list("external_id", flat=True)
            ),
            "requests": list(
                PrivacyRequest.objects.order_by("pk").values_list("topic", "result__orders")
            ),
        }


@pytest.fixture
def bought(merchant: Merchant, deliver: Deliver) -> StoreConnection:
    """Two people bought at an installed shop."""
    store = install(merchant)
    path = hook_path_of(store)
    assert deliver(path, shopify_order(), "orders/create") == 200
    omar = {"first_name": "Omar", "phone": "+971509999999"}
    other = shopify_order(id=6001, name="#2002", email="omar@shopper.example", customer=omar)
    assert deliver(path, other, "orders/create") == 200
    traces(store)
    return store


def test_apps_secret_signs_at_the_shops_own_address(
    merchant: Merchant, deliver: Deliver, settings: LazySettings
) -> None:
    path = hook_path_of(install(merchant))
    assert deliver(path, shopify_order(), "orders/create") == 200
    settings.STORE_APPS = {}
    assert deliver(path, shopify_order(id=7), "orders/create") == 401


def test_customer_is_erased_and_the_others_stay(bought: StoreConnection, deliver: Deliver) -> None:
    assert deliver(APP_WIDE, about([5001]), "customers/redact") == 200
    assert kept(bought) == {
        "orders": ["", "omar@shopper.example"],
        # The demand itself names the customer: its body goes as well.
        "bodies": [False, True, False],
        "writes": [({}, "skipped")],
        "failures": [False, False, True],
        "wanted": ["6001"],
        "requests": [("customers/redact", 1)],
    }


def test_customer_without_an_address_is_erased_by_their_orders(
    bought: StoreConnection, deliver: Deliver
) -> None:
    assert deliver(APP_WIDE, about([5001], email=None), "customers/redact") == 200
    found = kept(bought)
    assert (found["orders"], found["bodies"][:2], found["failures"]) == (
        ["", "omar@shopper.example"],
        [False, True],
        [True, False, True],
    )


def test_customers_data_is_gathered_with_what_the_shop_was_told(
    bought: StoreConnection, deliver: Deliver
) -> None:
    assert deliver(APP_WIDE, about([5001]), "customers/data_request") == 200
    with merchant_scope(bought.merchant_id):
        request = PrivacyRequest.objects.get()
    assert request.export is not None
    assert [order["number"] for order in request.export["orders"]] == ["#2001"]
    assert [row["said"]["address"]["line1"] for row in request.export["calls"]] == ["Street 9"]
    assert request.done_at is not None


def test_erasing_takes_the_earlier_export_too_and_keeps_that_it_was_made(
    bought: StoreConnection, deliver: Deliver
) -> None:
    deliver(APP_WIDE, about([5001]), "customers/data_request")
    deliver(APP_WIDE, about([6001], "omar@shopper.example"), "customers/data_request")
    deliver(APP_WIDE, about([5001]), "customers/redact")
    with merchant_scope(bought.merchant_id):
        found = list(PrivacyRequest.objects.order_by("pk"))
    assert [one.export is not None for one in found] == [False, True, False]
    assert [one.result["orders"] for one in found] == [1, 1, 1]


def test_shop_is_erased_48_hours_after_our_app_was_removed(
    bought: StoreConnection, deliver: Deliver
) -> None:
    path = hook_path_of(bought)
    removed = {"id": 1, "name": "Noor", "myshopify_domain": SHOP}
    assert deliver(path, removed, "app/uninstalled") == 200
    with merchant_scope(bought.merchant_id):
        store = StoreConnection.objects.get(pk=bought.pk)
    assert (store.is_active, store.secrets, hook_path_of(store)) == (False, "", "")
    assert deliver(path, shopify_order(id=8), "orders/create") == 404
    assert kept(bought)["orders"] == ["sara@shopper.example", "omar@shopper.example"]
    assert deliver(APP_WIDE, {"shop_id": 1, "shop_domain": SHOP}, "shop/redact") == 200
    assert kept(bought) == {
        "orders": ["", ""],
        "bodies": [False, False, False, False],
        "writes": [({}, "skipped")],
        "failures": [False, False, False],
        "wanted": [],
        "requests": [("shop/redact", 2)],
    }


def test_shop_that_comes_back_is_the_same_connection_and_asked_anew(
    bought: StoreConnection, merchant: Merchant, deliver: Deliver
) -> None:
    with merchant_scope(merchant.pk):
        begin_backfill(bought, since=NOW - timedelta(days=60), until=NOW, now=NOW)
    deliver(APP_WIDE, {"shop_id": 1, "shop_domain": SHOP}, "shop/redact")
    again = install(merchant)
    with merchant_scope(merchant.pk):
        assert (again.pk, again.is_active, Pull.objects.count()) == (bought.pk, True, 0)


def test_redact_after_the_merchant_disconnected_finds_its_data(
    bought: StoreConnection, deliver: Deliver
) -> None:
    disconnect_store(connection=bought, now=NOW + timedelta(days=1))
    assert deliver(APP_WIDE, about([5001]), "customers/redact") == 200
    assert kept(bought)["orders"] == ["", "omar@shopper.example"]
    with merchant_scope(bought.merchant_id):
        assert Delivery.objects.order_by("pk").last().outcome == "done"  # type: ignore[union-attr]


def test_demand_reaches_everybody_who_ever_had_the_shop(
    bought: StoreConnection, other: Merchant, deliver: Deliver
) -> None:
    disconnect_store(connection=bought, now=NOW)
    theirs = install(other)
    deliver(hook_path_of(theirs), shopify_order(), "orders/create")
    assert deliver(APP_WIDE, about([5001]), "customers/redact") == 200
    assert kept(bought)["orders"] == ["", "omar@shopper.example"]
    assert kept(theirs)["orders"] == [""]


def test_demand_does_not_reach_who_only_typed_the_shops_name(
    bought: StoreConnection, other: Merchant, deliver: Deliver
) -> None:
    typed = connect_store(
        merchant=other, platform="shopify", name="Mine?", secret="own", external_id=SHOP
    )
    disconnect_store(connection=typed, now=NOW)
    assert deliver(APP_WIDE, {"shop_id": 1, "shop_domain": SHOP}, "shop/redact") == 200
    with merchant_scope(other.pk):
        assert (Delivery.objects.count(), PrivacyRequest.objects.count()) == (0, 0)


def test_only_demands_reach_who_left(bought: StoreConnection, deliver: Deliver) -> None:
    disconnect_store(connection=bought, now=NOW)
    assert deliver(APP_WIDE, shopify_order(id=9), "orders/create") == 200
    with every_merchant("test"):
        last = Delivery.objects.order_by("pk").last()
    assert last is not None
    assert (last.merchant_id, last.outcome) == (None, "ignored")


def test_unsigned_demand_changes_nothing(bought: StoreConnection, deliver: Deliver) -> None:
    disconnect_store(connection=bought, now=NOW)
    bad = {"X-Shopify-Hmac-Sha256": "AAAA"}
    assert deliver(APP_WIDE, {"shop_domain": SHOP}, "shop/redact", **bad) == 401
    assert kept(bought)["orders"] == ["sara@shopper.example", "omar@shopper.example"]


def test_demand_is_answered_once(bought: StoreConnection, deliver: Deliver) -> None:
    same = {"X-Shopify-Webhook-Id": "w-1"}
    for _ in range(2):
        assert deliver(APP_WIDE, about([5001]), "customers/redact", **same) == 200
    assert kept(bought)["requests"] == [("customers/redact", 1)]


def test_removal_from_another_shop_is_not_believed(
    bought: StoreConnection, deliver: Deliver
) -> None:
    deliver(hook_path_of(bought), {"myshopify_domain": "x.myshopify.com"}, "app/uninstalled")
    with merchant_scope(bought.merchant_id):
        assert StoreConnection.objects.get(pk=bought.pk).is_active is True


def test_order_that_nobody_could_read_is_erased_by_its_id(
    bought: StoreConnection, deliver: Deliver
) -> None:
    body = json.dumps({"id": "gid://shopify/Order/5001", "email": "x"}).encode()
    with merchant_scope(bought.merchant_id):
        pulled = receive(
            merchant_id=bought.merchant_id, now=NOW,
            inbound=Inbound("store", "shopify", bought.pk, "order.pulled", "k", {}, body),
        )  # fmt: skip
    deliver(APP_WIDE, about([5001]), "customers/redact")
    with merchant_scope(bought.merchant_id):
        assert bytes(Delivery.objects.get(pk=pulled.delivery_id).body) == b""


def test_sealed_tokens_are_forgotten_with_the_connection(bought: StoreConnection) -> None:
    assert bought.secrets != seal({})
    disconnect_store(connection=bought, now=NOW)
    assert bought.credentials == {}
