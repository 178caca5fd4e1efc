"""What a Shopify shop says of its orders, what it tells us by itself, and what we tell it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import LazySettings
from django.test import Client

from inbox.models import Delivery
from lib.signing import hmac_base64
from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import hook_path_of, hook_url_of
from stores.leaving import begin_leaving, leave
from stores.models import StoreWrite
from stores.news import tell_shop
from stores.providers.shopify import Shopify
from stores.shop import AddressChange
from stores.sweeping import sweep
from stores.vocabulary import Address, Consent, Item, OrderUpdate, Origin, Refund
from stores.writing import due, queue_write, write
from tests.factories import NOW
from tests.hooks.posting import post, shopify_headers
from tests.stores.conftest import Installed
from tests.stores.payloads import shopify_order
from tests.stores.shopify_shop import (
    CLIENT_SECRET,
    line_node,
    parcel_node,
    refund_node,
)
from tracking.models import Order, OrderItem, Shipment

LATER = NOW + timedelta(minutes=30)
TOPICS = [*Shopify.topics, "app/uninstalled"]


# --- what an order says -------------------------------------------------------------------


def test_order_of_the_api_is_read_whole(installed: Installed) -> None:
    installed.set_up()
    parcel = parcel_node(901, "34567890123", at=NOW, lines={50010: 1})
    installed.shop.sell(
        5001,
        at=NOW,
        fulfillments=[parcel],
        refunds=[refund_node(77, "60.00", at=NOW, lines={50010: 1})],
        displayFulfillmentStatus="PARTIALLY_FULFILLED",
        customAttributes=[
            {"key": "Nearest landmark", "value": "Opposite the mosque"},
            {"key": "Delivery-Date", "value": "2026-11-14"},
            {"key": "Gift message", "value": "For you"},
        ],
    )
    found = installed.hold(lambda shop: Shopify().order(shop, "5001"))
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.number, found.updated_at) == ("5001", "#5001", NOW)
    assert (found.shop_status, found.tags, found.total) == ("partial", ("vip",), Decimal(120))
    assert (found.customer.name, found.customer.phone) == ("Sara Al Mansoori", "+971501234567")
    assert found.destination is not None
    assert (found.destination.name, found.destination.landmark) == (
        "Omar Haddad", "Opposite the mosque",
    )  # fmt: skip
    assert found.items == (
        Item("Brass lamp", 2, "50010", "BRASS LAMP", Decimal(60),
             "https://cdn.shopify.example/50010.jpg", "https://noor.example/products/50010"),
    )  # fmt: skip
    assert found.consents == (
        Consent("email", "marketing", True, "shopify:email_marketing_consent",
                datetime(2026, 10, 1, 8, tzinfo=UTC)),
        Consent("sms", "marketing", False, "shopify:sms_marketing_consent"),
    )  # fmt: skip
    assert found.refunds == (
        Refund("77", Decimal(60), NOW, "it broke on the way", (("50010", 1),)),
    )
    warehouse = Origin("Jebel Ali", "Gate 4", "Dubai", "Dubai", "", "AE")
    assert (found.ship_from, found.ship_from_country) == (warehouse, "AE")
    assert found.wish is not None
    assert (str(found.wish.day), found.is_gift) == ("2026-11-14", True)
    (sent,) = found.parcels
    assert (sent.external_id, sent.carrier, sent.contents) == ("901", "aramex", (("50010", 1),))
    assert (sent.ship_from, sent.withdrawn) == (warehouse, False)


def test_exchange_stays_one_order(installed: Installed) -> None:
    installed.set_up()
    returned = line_node(1, "Brass lamp", 1, currentQuantity=0)
    installed.shop.sell(5001, lineItems=[returned, line_node(2, "Steel lamp", 1)])
    found = installed.hold(lambda shop: Shopify().order(shop, "5001"))
    assert [(item.title, item.quantity) for item in found.items] == [
        ("Brass lamp", 0),
        ("Steel lamp", 1),
    ]


def test_order_that_shopify_forgot_is_none(installed: Installed) -> None:
    installed.set_up()
    assert installed.hold(lambda shop: Shopify().order(shop, "404")) is None


def test_long_order_is_fetched_to_its_end(installed: Installed) -> None:
    installed.set_up()
    lines = [line_node(number, f"Cup {number}", 1) for number in range(1, 251)]
    inside = dict.fromkeys(range(1, 131), 1)
    parcels = [
        parcel_node(
            900 + number, f"AR10020030{number}", at=NOW, lines=inside if number == 5 else {1: 1}
        )
        for number in range(1, 8)
    ]
    refunds = [refund_node(70 + number, "1.00", at=NOW, lines={1: 1}) for number in range(5)]
    installed.shop.sell(5001, lineItems=lines, fulfillments=parcels, refunds=refunds)
    found = installed.hold(lambda shop: Shopify().order(shop, "5001"))
    assert (len(found.items), len(found.parcels), len(found.refunds)) == (250, 7, 5)
    assert [len(parcel.contents) for parcel in found.parcels] == [1, 1, 1, 1, 130, 1, 1]
    assert all(refund.lines == (("1", 1),) for refund in found.refunds)


# --- webhooks -----------------------------------------------------------------------------


def test_subscription_that_shopify_removed_is_made_again(installed: Installed) -> None:
    installed.set_up()
    gone = next(iter(installed.shop.hooks))
    del installed.shop.hooks[gone]
    swept = sweep(installed.store.pk, now=LATER, repair=True)
    assert [(hook.topic, hook.mended) for hook in swept.mended] == [("orders/cancelled", "made")]
    assert len(installed.shop.hooks) == len(TOPICS)


def test_subscriptions_follow_us_to_another_host(
    installed: Installed, settings: LazySettings
) -> None:
    installed.set_up()
    settings.BASE_URL = "https://moved.example"
    swept = sweep(installed.store.pk, now=LATER, repair=True)
    assert {hook.mended for hook in swept.mended} == {"moved"}
    assert {row["uri"] for row in installed.shop.hooks.values()} == {hook_url_of(installed.store)}
    assert hook_url_of(installed.store).startswith("https://moved.example/hooks/store/shopify/")


def test_subscriptions_of_others_and_doubles(installed: Installed) -> None:
    store = installed.set_up()
    theirs = {"id": "x1", "topic": "ORDERS_CREATE", "uri": "https://other.example/hooks/1"}
    double = {
        "id": "x2", "topic": "ORDERS_CREATE",
        "uri": hook_url_of(store).replace("https://", "https://old."),
    }  # fmt: skip
    installed.shop.hooks |= {"x1": theirs, "x2": double}
    sweep(installed.store.pk, now=LATER, repair=True)
    assert "x1" in installed.shop.hooks
    assert "x2" not in installed.shop.hooks
    assert len(installed.shop.hooks) == len(TOPICS) + 1


def test_leaving_takes_our_subscriptions_away(installed: Installed) -> None:
    store = installed.set_up()
    begin_leaving(connection=store, now=LATER)
    leave(store.pk, now=LATER)
    assert (installed.shop.hooks, installed.fresh().is_active) == ({}, False)


# --- what was found -----------------------------------------------------------------------


def test_order_by_webhook_gains_link_picture_and_origin_by_the_sweep(
    installed: Installed, merchant: Merchant, client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    path = hook_path_of(installed.set_up())
    at = (NOW + timedelta(minutes=1)).isoformat()
    said = shopify_order(created_at=at, processed_at=at, updated_at=at)
    body = json.dumps(said).encode()
    signed = {"X-Shopify-Hmac-Sha256": hmac_base64(body, CLIENT_SECRET)}
    headers = shopify_headers(body, "orders/create", **signed)
    assert post(client, path, body.replace(b"5001", b"5002"), headers).status_code == 401
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert post(client, path, body, headers).status_code == 200
    installed.shop.clock = NOW + timedelta(minutes=2)
    installed.shop.tracked("34567890123", lineItems=[line_node(71, "Brass lamp", 2)])
    assert sweep(installed.store.pk, now=LATER).recovered == 0
    with merchant_scope(merchant.pk):
        lamp = OrderItem.objects.get(external_id="71")
        assert (Delivery.objects.count(), Shipment.objects.get().external_id) == (1, "901")
        assert Order.objects.get().ship_from_country == "AE"
    assert lamp.image_url == "https://cdn.shopify.example/71.jpg"


# --- what is told -------------------------------------------------------------------------


def test_milestone_and_address_are_told_and_do_not_come_back_as_news(
    installed: Installed, merchant: Merchant
) -> None:
    installed.set_up()
    installed.shop.clock = NOW + timedelta(minutes=1)
    installed.shop.tracked("34567890123")
    sweep(installed.store.pk, now=LATER)
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.select_related("order").get()
        parcel.status, parcel.sub_status = Status.OUT_FOR_DELIVERY, "out.on_vehicle"
        parcel.status_at, parcel.edd_last, parcel.edd_zone = LATER, LATER.date(), "Asia/Dubai"
        parcel.save()
        tell_shop(parcel.order, parcel, now=LATER)
        home = Address("AE", name="Omar", line1="Street 9", city="Dubai")
        queue_write(
            order=parcel.order, change=AddressChange("5001", home), key="a", now=LATER
        )  # fmt: skip
    installed.shop.clock = LATER
    write_all()
    (event,) = installed.shop.events
    assert (event["fulfillmentId"], event["status"], event["estimatedDeliveryAt"]) == (
        "gid://shopify/Fulfillment/901", "OUT_FOR_DELIVERY", "2026-11-12T12:00:00+04:00",
    )  # fmt: skip
    sweep(installed.store.pk, now=LATER + timedelta(minutes=15))
    with merchant_scope(merchant.pk):
        assert Order.objects.get().line1 == "Street 9"
        told = list(StoreWrite.objects.order_by("pk").values_list("kind", "state", "answer"))
    assert told == [
        ("parcel", "done", "Shopify noted OUT_FOR_DELIVERY"),
        ("address", "done", "Shopify took the new address"),
    ]


def write_all() -> None:
    with every_merchant("test"):
        ids = due(now=LATER, limit=50)
    for one in ids:
        write(one, now=LATER)
