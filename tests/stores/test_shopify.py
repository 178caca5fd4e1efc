"""Shopify's payloads in our words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stores.base import StoreError
from stores.providers.shopify import Shopify
from stores.vocabulary import (
    Address,
    ComplianceRequest,
    Consent,
    Ignored,
    OrderUpdate,
    Origin,
    Person,
    Reading,
    Refund,
    TimeWish,
    Uninstalled,
)
from tests.stores.payloads import shopify_fulfilment, shopify_order, shopify_refund


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


def test_cancelled_fulfilment_is_withdrawn() -> None:
    (parcel,) = fulfilled(status="cancelled").parcels
    assert (parcel.tracking_number, parcel.withdrawn) == ("34567890123", True)
    (parcel,) = order(fulfillments=[shopify_fulfilment(status="cancelled")]).parcels
    assert (parcel.external_id, parcel.withdrawn) == ("901", True)


def test_cancelled_fulfilment_without_a_number_is_known_by_its_id() -> None:
    bare = fulfilled(status="cancelled", tracking_numbers=[], tracking_number=None)
    assert [(one.tracking_number, one.external_id) for one in bare.parcels] == [("", "901")]


@pytest.mark.parametrize("status", ["error", "failure"])
def test_fulfilment_that_failed_never_was_a_parcel(status: str) -> None:
    assert fulfilled(status=status).parcels == ()


def test_fulfilment_says_when_it_changed_and_where_it_left_from() -> None:
    gate = {"address1": "Gate 4", "city": "Dubai", "zip": None, "country_code": "AE"}
    found = fulfilled(origin_address=[gate])
    assert found.updated_at == datetime(2026, 11, 11, 14, tzinfo=UTC)
    assert found.parcels[0].ship_from == Origin(line1="Gate 4", city="Dubai", country="AE")


def test_refund_alone_knows_its_order_and_counts_what_went_through() -> None:
    found = read(shopify_refund(), "refunds/create")
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.number, found.partial, found.items) == ("5001", "", True, ())
    at = datetime(2026, 11, 20, 6, 0, 5, tzinfo=UTC)
    assert found.refunds == (Refund("701", Decimal(60), at, "arrived broken", (("71", 1),)),)
    assert order(refunds=[shopify_refund()]).refunds == found.refunds


def test_refund_of_lines_without_money_says_no_amount() -> None:
    found = order(refunds=[shopify_refund(transactions=[])])
    assert found.refunds[0].amount is None


def test_consents_are_the_customers_with_their_source() -> None:
    said = {"state": "subscribed", "consent_updated_at": "2026-10-01T12:00:00+04:00"}
    found = order(
        buyer_accepts_marketing=True,
        customer={"email_marketing_consent": said, "sms_marketing_consent": {"state": "pending"}},
    )
    at = datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert found.consents == (
        Consent("email", "marketing", True, "shopify:email_marketing_consent", at),
        Consent("sms", "marketing", False, "shopify:sms_marketing_consent"),
    )


def test_consent_at_the_checkout_counts_where_nothing_newer_is_said() -> None:
    placed = datetime(2026, 11, 11, 5, tzinfo=UTC)
    assert order(buyer_accepts_marketing=True).consents == (
        Consent("email", "marketing", True, "shopify:buyer_accepts_marketing", placed),
    )
    assert order(buyer_accepts_marketing=False).consents == ()
    assert order(customer={"email_marketing_consent": {"state": "redacted"}}).consents == ()


def test_note_attributes_hold_what_shopify_has_no_field_for() -> None:
    where = shopify_order()["shipping_address"] | {
        "address2": "Flat 7, Opposite the mosque, Al Barsha, Makani 3003295320"
    }
    found = order(
        shipping_address=where,
        note_attributes=[
            {"name": "Nearest landmark", "value": "Opposite the mosque"},
            {"name": "Area", "value": "Al Barsha"},
            {"name": "Makani number", "value": "3003295320"},
            {"name": "Delivery-Time", "value": "4 PM - 6 PM"},
            {"name": "gift", "value": "Yes"},
            {"name": "utm_source", "value": "newsletter"},
        ],
    )
    place = found.destination
    assert place is not None
    assert (place.line2, place.landmark, place.district, place.makani) == (
        "Flat 7", "Opposite the mosque", "Al Barsha", "3003295320",
    )  # fmt: skip
    assert (found.wish, found.is_gift) == (TimeWish(None, time(16), time(18)), True)


def test_uninstalling_names_the_shop() -> None:
    found = read({"id": 1, "myshopify_domain": "Noor.myshopify.com"}, "app/uninstalled")
    assert found == Uninstalled("noor.myshopify.com")


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


def test_recorded_refund_is_read(samples: Path) -> None:
    recorded = json.loads((samples / "stores/shopify/refund.json").read_text())["refund"]
    found = read(recorded, "refunds/create")
    assert isinstance(found, OrderUpdate)
    assert found.refunds == (
        Refund("509562969", Decimal(209), datetime(2016, 6, 20, 17, 35, 6, tzinfo=UTC),
               "it broke during shipping", (("703073504", 1), ("466157049", 1))),
    )  # fmt: skip


def test_recorded_shop_that_removed_our_app_is_read(samples: Path) -> None:
    recorded = json.loads((samples / "stores/shopify/shop.json").read_text())["shop"]
    assert read(recorded, "app/uninstalled") == Uninstalled("apple.myshopify.com")


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("customer.json", "customers/update"),
        ("events.json", "events/create"),
        ("fulfillment_event.json", "fulfillment_events/create"),
        ("fulfillment_service.json", "fulfillment_services/create"),
        ("location.json", "locations/create"),
        ("transaction.json", "order_transactions/create"),
    ],
)
def test_recorded_payload_of_a_topic_we_do_not_need_is_ignored(
    samples: Path, name: str, topic: str
) -> None:
    body = (samples / "stores/shopify" / name).read_bytes()
    assert Shopify().read(topic, body) == Ignored(f"We do not need the topic {topic}.")
