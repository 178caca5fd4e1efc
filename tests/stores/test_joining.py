"""A fulfilment partner's order and the shop's order it is about are one, whichever comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.encryption import seal
from merchants.models import Merchant
from stores import writing
from stores.models import ApiState, PartnerOrder, StoreConnection, StoreWrite
from stores.providers.shipbob_orders import read_order
from stores.saving import save_all
from stores.shop import AddressChange
from stores.vocabulary import Address, Item, OrderUpdate, Person
from tests.factories import NOW
from tests.stores.shipbob_played import order, packed
from tracking.models import Order, OrderItem, Shipment, ShipmentItem

PACKED = read_order(order(status="Fulfilled", shipments=[packed()]))
SHOPS = OrderUpdate(
    external_id="5001",
    number="#2001",
    placed_at=NOW - timedelta(days=1),
    customer=Person("Sara Al Mansoori", "sara@shopper.example"),
    destination=Address(country="AE", name="Omar Haddad", line1="Building 12", city="Dubai"),
    items=(Item("Lamp, brass", 2, "L1", "LAMP"), Item("Shade", 1, "L2", "SHADE")),
    currency="AED",
    updated_at=NOW - timedelta(days=1),
)


def connection(merchant: Merchant, platform: str, shop: str) -> StoreConnection:
    return StoreConnection.objects.create(
        merchant=merchant, platform=platform, name=platform, external_id=shop,
        secrets=seal({"access_token": "t"}), api_state=ApiState.WORKING,
    )  # fmt: skip


@pytest.fixture
def shop(scope: Merchant) -> StoreConnection:
    return connection(scope, "bigcommerce", "noor7hash")


@pytest.fixture
def partner(scope: Merchant) -> StoreConnection:
    return connection(scope, "shipbob", "9")


def save(store: StoreConnection, update: OrderUpdate) -> None:
    assert save_all(store, [update], now=NOW).failed == ()


def sources() -> list[str]:
    return list(Order.objects.order_by("pk").values_list("source", flat=True))


def test_parcels_join_the_shop_s_order(shop: StoreConnection, partner: StoreConnection) -> None:
    save(shop, SHOPS)
    save(partner, PACKED)
    found = Order.objects.get()
    parcel = Shipment.objects.get()
    assert (found.source, found.external_id, found.currency) == (shop.source, "5001", "AED")
    assert (found.customer_name, found.packed_at) == ("Sara Al Mansoori", PACKED.packed_at)
    assert (parcel.tracking_number, parcel.external_id) == ("34567890123", "8801")
    # The partner's product 11 is the shop's line L1: both are the SKU LAMP.
    inside = ShipmentItem.objects.values_list("item__external_id", "quantity")
    assert list(inside) == [("L1", 2)]
    assert list(OrderItem.objects.order_by("position").values_list("title", flat=True)) == [
        "Lamp, brass", "Shade",
    ]  # fmt: skip


def test_partner_s_order_that_came_first_becomes_the_shop_s(
    shop: StoreConnection, partner: StoreConnection
) -> None:
    save(partner, PACKED)
    before = Order.objects.get().pk
    save(shop, SHOPS)
    found = Order.objects.get()
    assert (found.pk, found.source, found.external_id) == (before, shop.source, "5001")
    assert (found.currency, found.customer_name) == ("AED", "Sara Al Mansoori")
    assert sorted(OrderItem.objects.values_list("external_id", "title")) == [
        ("L1", "Lamp, brass"), ("L2", "Shade"),
    ]  # fmt: skip
    inside = ShipmentItem.objects.values_list("item__external_id", "quantity")
    assert list(inside) == [("L1", 2)]
    # What the partner says later finds the way there.
    save(partner, PACKED)
    assert (sources(), Shipment.objects.count()) == ([shop.source], 1)


def test_partner_s_later_word_finds_the_joined_order_though_its_number_changed(
    shop: StoreConnection, partner: StoreConnection
) -> None:
    save(shop, SHOPS)
    save(partner, PACKED)
    save(partner, replace(PACKED, references=("other",), number="other"))
    assert (sources(), PartnerOrder.objects.get().external_id) == ([shop.source], "7001")


@pytest.mark.parametrize(
    "changed",
    [
        replace(PACKED, references=()),
        replace(PACKED, references=("4004", "#4004")),
        replace(
            PACKED,
            customer=Person("Noura Saleh", "noura@shopper.example"),
            destination=Address(country="AE", name="Noura Saleh", city="Dubai"),
        ),
        replace(PACKED, destination=Address(country="SA", name="Omar Haddad", city="Riyadh")),
    ],
)
def test_order_of_somebody_else_stands_by_itself(
    shop: StoreConnection, partner: StoreConnection, changed: OrderUpdate
) -> None:
    save(shop, SHOPS)
    save(partner, changed)
    assert sources() == [shop.source, partner.source]


def test_two_shops_with_the_same_number_leave_it_alone(
    scope: Merchant, shop: StoreConnection, partner: StoreConnection
) -> None:
    second = connection(scope, "woocommerce", "other.example")
    save(shop, SHOPS)
    save(second, SHOPS)
    save(partner, PACKED)
    assert sources() == [shop.source, second.source, partner.source]


def test_cancelled_at_the_partner_is_not_cancelled_in_the_shop(
    shop: StoreConnection, partner: StoreConnection
) -> None:
    save(shop, SHOPS)
    save(partner, replace(PACKED, cancelled_at=NOW))
    assert Order.objects.get().cancelled_at is None


def test_shops_without_a_partner_never_adopt(scope: Merchant, shop: StoreConnection) -> None:
    second = connection(scope, "woocommerce", "other.example")
    save(shop, SHOPS)
    save(second, SHOPS)
    assert sources() == [shop.source, second.source]


def test_corrected_address_goes_to_the_shop_and_to_whoever_packs(
    shop: StoreConnection, partner: StoreConnection
) -> None:
    save(shop, SHOPS)
    save(partner, PACKED)
    new = Address(country="AE", line1="Villa 9", city="Sharjah")
    writing.queue_write(
        order=Order.objects.get(), change=AddressChange("5001", new), key="a", now=NOW
    )
    queued = StoreWrite.objects.order_by("store_id")
    assert [(row.store_id, row.values["order_id"]) for row in queued] == [
        (shop.pk, "5001"), (partner.pk, "7001"),
    ]  # fmt: skip
