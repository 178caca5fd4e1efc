"""Shopify's payloads in our words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stores.base import StoreError
from stores.providers.shopify import Shopify
from stores.vocabulary import Address, ComplianceRequest, Ignored, OrderUpdate, Person, Reading
from tests.stores.payloads import shopify_fulfilment, shopify_order


def read(payload: Any, topic: str = "orders/create") -> Reading:
    return Shopify().read(topic, json.dumps(payload).encode())


def order(**fields: Any) -> OrderUpdate:
    found = read(shopify_order(**fields))
    assert isinstance(found, OrderUpdate)
    return found


def fulfilled(**fields: Any) -> OrderUpdate:
    found = read(shopify_fulfilment(**fields), "fulfillments/create")
    assert isinstance(found, OrderUpdate)
    return found


def test_order_is_read_whole() -> None:
    found = order()
    assert (found.external_id, found.number) == ("5001", "#2001")
    assert found.placed_at == found.confirmed_at == datetime(2026, 11, 11, 5, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 11, 11, 5, 0, 5, tzinfo=UTC)
    assert found.customer == Person(
        "Sara Al Mansoori", "sara@shopper.example", "+971501234567", "ar-AE"
    )
    assert found.destination == Address(
        country="AE",
        name="Omar Haddad",
        line1="Building 12, Street 4",
        line2="Flat 7",
        city="Dubai",
        region="Dubai",
        phone="+971507654321",
    )
    assert (found.currency, found.total, found.cod_amount) == ("AED", Decimal("149.5"), None)
    assert [(item.external_id, item.quantity) for item in found.items] == [("71", 2), ("72", 1)]
    assert (found.tags, found.shop_status) == (("gift", "vip"), "paid")


@pytest.mark.parametrize("gateway", ["Cash on Delivery (COD)", "cash_on_delivery", "COD"])
def test_cash_on_delivery_leaves_the_outstanding_amount_to_pay(gateway: str) -> None:
    found = order(
        payment_gateway_names=[gateway], financial_status="pending", total_outstanding="99.00"
    )
    assert (found.cod_amount, found.confirmed_at) == (Decimal(99), None)


def test_cash_that_was_paid_at_the_door_confirms_nothing() -> None:
    found = order(payment_gateway_names=["Cash on Delivery (COD)"], financial_status="paid")
    assert (found.cod_amount, found.confirmed_at) == (Decimal(0), None)


def test_card_payment_named_like_a_code_is_not_cash() -> None:
    assert order(payment_gateway_names=["Codepay"]).cod_amount is None


def test_fulfilment_with_several_numbers_is_several_parcels_of_unknown_contents() -> None:
    found = fulfilled(tracking_numbers=["111222333", "444555666"], tracking_number="111222333")
    parcels = [(parcel.tracking_number, parcel.contents) for parcel in found.parcels]
    assert parcels == [("111222333", ()), ("444555666", ())]


def test_fulfilment_alone_knows_its_order_and_overwrites_nothing() -> None:
    found = fulfilled()
    assert (found.external_id, found.number, found.partial) == ("5001", "#2001", True)
    (parcel,) = found.parcels
    assert (parcel.carrier, parcel.carrier_name) == ("aramex", "Aramex")
    assert parcel.contents == (("71", 1),)


def test_cancelled_fulfilment_is_no_parcel() -> None:
    assert fulfilled(status="cancelled").parcels == ()


def test_carrier_we_do_not_know_keeps_the_shops_word() -> None:
    (parcel,) = fulfilled(tracking_company="Desert Wheels").parcels
    assert (parcel.carrier, parcel.carrier_name) == ("", "Desert Wheels")


@pytest.mark.parametrize(
    ("topic", "list_name", "demand"),
    [
        ("customers/data_request", "orders_requested", "export"),
        ("customers/redact", "orders_to_redact", "erase"),
    ],
)
def test_compliance_topics_about_a_person(topic: str, list_name: str, demand: Any) -> None:
    found = read(
        {
            "shop_id": 1,
            "shop_domain": "Noor.myshopify.com",
            "customer": {"id": 2, "email": "sara@shopper.example", "phone": "555"},
            list_name: [5001, 5002],
        },
        topic,
    )
    assert found == ComplianceRequest(
        demand, "noor.myshopify.com", "sara@shopper.example", "555", ("5001", "5002")
    )


def test_shop_redact_concerns_the_whole_shop() -> None:
    found = read({"shop_id": 1, "shop_domain": "noor.myshopify.com"}, "shop/redact")
    assert found == ComplianceRequest("erase_shop", "noor.myshopify.com")


def test_topic_we_do_not_need_is_ignored_in_words() -> None:
    assert read({}, "products/create") == Ignored("We do not need the topic products/create.")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xff\xfe", "the body is not UTF-8 (byte 0)"),
        (b'{"id": NaN}', "the body is not JSON: NaN is no number"),
        (b'{"id": 1e999}', "id: expected text or a number, got a number"),
        (b"[" * 100_000, "the body is nested too deeply"),
        (b"[1]", "expected a JSON object, got a list"),
        (b"{}", "id: expected text or a number, got nothing"),
        (b'{"id": 1, "line_items": 3}', "line_items: expected a list, got a number"),
        (b'{"id": 1, "fulfillments": [7]}', "fulfillments[0]: expected an object, got a number"),
    ],
)
def test_unreadable_payload_says_what_and_where(body: bytes, words: str) -> None:
    with pytest.raises(StoreError) as error:
        Shopify().read("orders/create", body)
    assert str(error.value) == words


def test_odd_optional_values_do_not_cost_the_order() -> None:
    found = order(total_price="free", updated_at="yesterday", tags=None, customer=[])
    assert (found.total, found.updated_at, found.tags) == (None, None, ())
    assert found.customer.name == "Omar Haddad"


def test_recorded_order_is_read(samples: Path) -> None:
    recorded = json.loads((samples / "stores/shopify/orders.json").read_text())["orders"][0]
    found = read(recorded)
    assert isinstance(found, OrderUpdate)
    assert (found.number, found.customer.name) == (recorded["name"], "Bob Norman")
    assert found.placed_at == datetime(2008, 1, 10, 16, tzinfo=UTC)
    assert found.destination is not None
    assert (found.destination.country, found.destination.postcode) == ("US", "40202")


def test_recorded_fulfilment_is_read(samples: Path) -> None:
    text = (samples / "stores/shopify/fulfillment.json").read_text()
    found = read(json.loads(text)["fulfillment"], "fulfillments/update")
    assert isinstance(found, OrderUpdate)
    (parcel,) = found.parcels
    assert (parcel.tracking_number, parcel.carrier_name) == ("1Z2345", "null-company")
    assert parcel.contents == (("466157049", 1),)
