"""The shops' door: signed gets in once, unsigned never, and nothing that is in is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from kombu.exceptions import OperationalError

from hooks import doorbell
from hooks.tasks import process_waiting
from hooks.views import UNVERIFIED_A_MINUTE
from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import connect_store, disconnect_store, hook_path_of
from stores.models import StoreConnection
from tests.factories import NOW
from tests.hooks.posting import SECRET, post, post_shopify, post_woo, shopify_headers
from tests.stores.payloads import shopify_fulfilment, shopify_order, woo_order
from tracking.models import Order, Shipment

Capture = Callable[..., Any]


@pytest.fixture
def deliver(django_capture_on_commit_callbacks: Capture, client: Client) -> Capture:
    """Post a Shopify webhook and let its task run."""

    def run(path: str, payload: Any, topic: str = "orders/create", **changed: str) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return post_shopify(client, path, payload, topic, **changed)

    return run


def orders(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return list(Order.objects.order_by("pk").values_list("number", flat=True))


def deliveries() -> list[tuple[str, str]]:
    with every_merchant("test"):
        return list(Delivery.objects.order_by("pk").values_list("topic", "outcome"))


def reload(connection: StoreConnection) -> StoreConnection:
    with merchant_scope(connection.merchant_id):
        return StoreConnection.objects.get(pk=connection.pk)


def test_signed_order_becomes_an_order(
    deliver: Capture, merchant: Merchant, shopify: StoreConnection, shopify_path: str
) -> None:
    response = deliver(shopify_path, shopify_order())
    assert response.status_code == 200
    assert orders(merchant) == ["#2001"]
    assert deliveries() == [("orders/create", "done")]
    assert reload(shopify).last_received_at is not None


def test_recorded_order_ten_times_makes_one(
    deliver: Capture, merchant: Merchant, shopify_path: str, samples: Path
) -> None:
    recorded = json.loads((samples / "stores/shopify/orders.json").read_text())["orders"][0]
    answers = [deliver(shopify_path, recorded).status_code for _ in range(10)]
    assert answers == [200] * 10
    assert orders(merchant) == [recorded["name"]]


def test_duplicate_delivery_is_stored_and_worked_on_once(
    deliver: Capture, merchant: Merchant, shopify_path: str
) -> None:
    same = {"X-Shopify-Webhook-Id": "d-1"}
    answers = [deliver(shopify_path, shopify_order(), **same).status_code for _ in range(3)]
    assert answers == [200, 200, 200]
    assert deliveries() == [("orders/create", "done")]


def test_one_byte_changed_is_refused_and_counted(
    client: Client, merchant: Merchant, shopify: StoreConnection, shopify_path: str
) -> None:
    body = json.dumps(shopify_order()).encode()
    headers = shopify_headers(body, "orders/create")
    response = post(client, shopify_path, body.replace(b"5001", b"5002"), headers)
    assert (response.status_code, orders(merchant), deliveries()) == (401, [], [])
    found = reload(shopify)
    assert (found.rejected, found.last_rejected_at is not None) == (1, True)


def test_unsigned_is_refused(client: Client, shopify_path: str) -> None:
    headers = {"X-Shopify-Topic": "orders/create"}
    assert post(client, shopify_path, b"{}", headers).status_code == 401


def test_only_unproven_requests_are_limited(
    client: Client, deliver: Capture, shopify: StoreConnection, shopify_path: str
) -> None:
    answers = [
        post(client, shopify_path, b"{}", {}).status_code for _ in range(UNVERIFIED_A_MINUTE + 2)
    ]
    assert answers == [401] * UNVERIFIED_A_MINUTE + [429, 429]
    refused = post(client, shopify_path, b"{}", {})
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert reload(shopify).rejected == UNVERIFIED_A_MINUTE
    assert deliver(shopify_path, shopify_order()).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/hooks/store/shopify/wrong-token-1/",
        "/hooks/store/carrot/wrong-token-1/",
        "/hooks/sesame/shopify/wrong-token-1/",
        "/hooks/store/woocommerce/",
        "/hooks/carrier/smsa/",
    ],
)
def test_unknown_address_is_not_found(db: None, client: Client, path: str) -> None:
    assert post_shopify(client, path, shopify_order()).status_code == 404


def test_token_of_one_store_does_not_open_another(client: Client, shopify_path: str) -> None:
    path = shopify_path.replace("/shopify/", "/woocommerce/")
    assert post_woo(client, path, woo_order()).status_code == 404


def test_disconnected_store_is_not_found(
    client: Client, shopify: StoreConnection, shopify_path: str
) -> None:
    disconnect_store(connection=shopify, now=NOW)
    assert post_shopify(client, shopify_path, shopify_order()).status_code == 404


def test_address_works_without_its_last_slash(
    deliver: Capture, merchant: Merchant, shopify_path: str
) -> None:
    assert deliver(shopify_path.rstrip("/"), shopify_order()).status_code == 200
    assert orders(merchant) == ["#2001"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_form_may_look_whether_the_address_exists(
    client: Client, shopify_path: str, method: str
) -> None:
    assert getattr(client, method)(shopify_path).status_code == 200
    assert getattr(client, method)("/hooks/store/shopify/no-such-token/").status_code == 404
    assert getattr(client, method)("/hooks/store/shopify/").status_code == 404
    assert deliveries() == []


def test_looking_at_addresses_is_limited(client: Client, shopify_path: str) -> None:
    found = [client.get(shopify_path).status_code for _ in range(UNVERIFIED_A_MINUTE + 1)]
    assert found == [200] * UNVERIFIED_A_MINUTE + [429]


def test_other_methods_are_not_allowed(client: Client, shopify_path: str) -> None:
    assert client.put(shopify_path).status_code == 405


def test_ping_of_woocommerce_is_answered_and_not_stored(client: Client, woo_path: str) -> None:
    form = "application/x-www-form-urlencoded"
    response = post(client, woo_path, b"webhook_id=12", {}, content_type=form)
    assert (response.status_code, deliveries()) == (200, [])


def test_order_of_woocommerce_brings_its_parcel(
    client: Client,
    merchant: Merchant,
    woo_path: str,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert post_woo(client, woo_path, woo_order()).status_code == 200
    assert orders(merchant) == ["W-812"]
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.get()
    assert (parcel.carrier, parcel.tracking_number) == ("smsa", "290123456789")


def test_second_number_of_a_fulfilment_keeps_both(
    deliver: Capture, merchant: Merchant, shopify_path: str
) -> None:
    deliver(shopify_path, shopify_order())
    deliver(shopify_path, shopify_fulfilment(), "fulfillments/create")
    later = shopify_fulfilment(tracking_numbers=["34567890123", "99887766554"])
    deliver(shopify_path, later, "fulfillments/update")
    with merchant_scope(merchant.pk):
        numbers = list(Shipment.objects.order_by("pk").values_list("tracking_number", flat=True))
    assert numbers == ["34567890123", "99887766554"]


def test_webhooks_in_the_wrong_order_end_the_same(
    deliver: Capture, merchant: Merchant, shopify_path: str
) -> None:
    newer = shopify_order(
        updated_at="2026-11-11T10:00:00+04:00", total_price="99.00", email="new@shopper.example"
    )
    deliver(shopify_path, shopify_fulfilment(), "fulfillments/create")
    deliver(shopify_path, newer, "orders/updated")
    deliver(shopify_path, shopify_order(), "orders/create")
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
    assert (float(order.total or 0), order.customer_email) == (99.0, "new@shopper.example")


def test_merchants_status_map_reaches_the_order(
    deliver: Capture, merchant: Merchant, shopify: StoreConnection, shopify_path: str
) -> None:
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=shopify.pk).update(status_map={"gift": "packed"})
    deliver(shopify_path, shopify_order())
    with merchant_scope(merchant.pk):
        packed_at = Order.objects.get().packed_at
    assert packed_at == datetime.fromisoformat("2026-11-11T09:00:05+04:00")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\xff\xfe\x00", "Cannot be read: the body is not UTF-8 (byte 0)"),
        (b'{"id": null}', "Cannot be read: id: expected text or a number, got nothing"),
        (b'"' + b"[" * 200_000, None),
    ],
)
def test_unreadable_body_is_kept_and_explained(
    client: Client,
    shopify: StoreConnection,
    shopify_path: str,
    django_capture_on_commit_callbacks: Capture,
    body: bytes,
    problem: str | None,
) -> None:
    headers = shopify_headers(body, "orders/create")
    with django_capture_on_commit_callbacks(execute=True):
        assert post(client, shopify_path, body, headers, content_type="text/odd").status_code == 200
    with merchant_scope(shopify.merchant_id):
        delivery = Delivery.objects.get()
    assert (bytes(delivery.body), delivery.outcome) == (body, "failed")
    assert delivery.problem == (problem or delivery.problem)
    assert reload(shopify).last_problem == delivery.problem[:300]


def test_body_over_the_limit_is_refused(client: Client, shopify_path: str) -> None:
    body = b" " * 5_000_001
    response = post(client, shopify_path, body, shopify_headers(body, "orders/create"))
    assert response.status_code == 413


def test_headers_that_do_not_matter_are_not_kept(
    client: Client, merchant: Merchant, shopify_path: str
) -> None:
    body = json.dumps(shopify_order()).encode()
    secret = {"Authorization": "Bearer x", "Cookie": "session=x", "User-Agent": "Shopify"}
    post(client, shopify_path, body, shopify_headers(body, "orders/create") | secret)
    with merchant_scope(merchant.pk):
        kept = sorted(Delivery.objects.get().headers)
    assert kept == [
        "content-type", "user-agent", "x-shopify-hmac-sha256", "x-shopify-shop-domain",
        "x-shopify-topic", "x-shopify-webhook-id",
    ]  # fmt: skip


def test_broker_that_is_down_costs_nothing(
    client: Client,
    merchant: Merchant,
    shopify_path: str,
    django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(*args: Any, **options: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(doorbell.process_delivery, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        assert post_shopify(client, shopify_path, shopify_order()).status_code == 200
    assert (orders(merchant), deliveries()) == ([], [("orders/create", "waiting")])
    assert process_waiting() == 1
    assert (orders(merchant), deliveries()) == (["#2001"], [("orders/create", "done")])


def test_poison_delivery_is_pushed_ahead_not_retried_at_once(
    client: Client,
    merchant: Merchant,
    shopify: StoreConnection,
    shopify_path: str,
    django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**options: Any) -> None:
        raise ZeroDivisionError("sara@shopper.example")

    monkeypatch.setattr("hooks.store_hooks.save_order", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert post_shopify(client, shopify_path, shopify_order()).status_code == 200
    assert process_waiting() == 0
    with merchant_scope(merchant.pk):
        delivery = Delivery.objects.get()
        assert delivery.next_attempt_at is not None
        assert delivery.next_attempt_at > delivery.received_at
        Delivery.objects.update(next_attempt_at=F("received_at"))
    assert (delivery.outcome, delivery.attempts) == ("waiting", 1)
    assert delivery.problem == "Something in Homeward failed on this (ZeroDivisionError)."
    assert reload(shopify).last_problem == delivery.problem
    monkeypatch.undo()
    assert process_waiting() == 1
    assert (orders(merchant), deliveries()) == (["#2001"], [("orders/create", "done")])


def test_app_wide_hook_finds_the_shop_by_domain(
    client: Client, shopify: StoreConnection, other: Merchant
) -> None:
    payload = {"shop_domain": "noor.myshopify.com", "customer": {}, "orders_to_redact": []}
    response = post_shopify(client, "/hooks/store/shopify/", payload, "customers/redact")
    assert response.status_code == 200
    with merchant_scope(shopify.merchant_id):
        assert Delivery.objects.get().connection_id == shopify.pk
    wrong = {"X-Shopify-Shop-Domain": "other.myshopify.com"}
    response = post_shopify(client, "/hooks/store/shopify/", payload, "customers/redact", **wrong)
    assert response.status_code == 401


def test_app_wide_hook_with_a_bad_signature_is_counted(
    client: Client, shopify: StoreConnection
) -> None:
    bad = {"X-Shopify-Hmac-Sha256": "AAAA"}
    response = post_shopify(client, "/hooks/store/shopify/", {}, "shop/redact", **bad)
    assert (response.status_code, reload(shopify).rejected) == (401, 1)


def test_app_wide_hook_opens_only_inboxes_whose_own_secret_signed(
    client: Client, shopify: StoreConnection, other: Merchant
) -> None:
    # The other merchant claims the same shop without knowing its secret.
    connect_store(
        merchant=other, platform="shopify", name="Not mine", secret="guessed",
        external_id="noor.myshopify.com",
    )  # fmt: skip
    payload = {"shop_domain": "noor.myshopify.com", "customer": {"email": "s@shopper.example"}}
    path = "/hooks/store/shopify/"
    assert post_shopify(client, path, payload, "customers/data_request").status_code == 200
    with every_merchant("test"):
        found = list(Delivery.objects.values_list("merchant_id", flat=True))
    assert found == [shopify.merchant_id]


def test_app_wide_hook_of_an_unknown_shop_is_kept_for_nobody(
    client: Client,
    db: None,
    settings: Any,
    merchant: Merchant,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    settings.STORE_APPS = {"shopify": ("id", SECRET)}
    with django_capture_on_commit_callbacks(execute=True):
        response = post_shopify(
            client, "/hooks/store/shopify/", {"shop_domain": "gone.example"}, "shop/redact"
        )
    assert response.status_code == 200
    assert deliveries() == [("shop/redact", "ignored")]
    with merchant_scope(merchant.pk):
        assert Delivery.objects.count() == 0


def test_path_of_a_store_is_its_own(shopify: StoreConnection, shopify_path: str) -> None:
    assert hook_path_of(shopify) == shopify_path
