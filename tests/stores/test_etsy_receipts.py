"""Etsy: what its receipts and webhooks say."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.payload import StoreError
from stores.providers.etsy import Etsy
from stores.providers.etsy_orders import LISTINGS
from stores.vocabulary import (
    Address,
    Fetch,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Refund,
)
from tests.stores.any_json import json_values
from tests.stores.etsy_played import FIRST, money, receipt, shipment, transaction


def at(stamp: int) -> datetime:
    return datetime.fromtimestamp(stamp, tz=UTC)


def read(**fields: Any) -> OrderUpdate:
    found = Etsy().read_order(receipt(**fields))
    assert isinstance(found, OrderUpdate)
    return found


def test_receipt_is_read_in_full() -> None:
    listing = {"url": "https://www.etsy.com/listing/601", "image": "https://i.etsystatic.com/1.jpg"}
    refund = {"amount": money(2000), "created_timestamp": FIRST + 9000, "reason": "scratched"}
    fields = {"shipments": [shipment()], "refunds": [refund], LISTINGS: {"601": listing}}
    assert read(**fields) == OrderUpdate(
        external_id="3001",
        number="3001",
        placed_at=at(FIRST + 3001),
        destination=Address(
            country="AE", name="Omar Haddad", line1="Building 12, Street 4", line2="Flat 7",
            city="Dubai",
        ),
        items=(
            Item('Lamp "Noor"', 2, "81", "LAMP", Decimal("60.000"),
                 "https://i.etsystatic.com/1.jpg", "https://www.etsy.com/listing/601"),
        ),
        parcels=(
            FulfilmentUpdate(
                tracking_number="34567890123", carrier="aramex", carrier_name="aramex",
                external_id="91", shipped_at=at(FIRST + 86400),
            ),
        ),
        currency="USD",
        total=Decimal("139.500"),
        payment_method="cc",
        shop_status="paid",
        confirmed_at=at(FIRST + 7200),
        refunds=(
            Refund(f"{FIRST + 9000}:20.000", Decimal("20.000"), at(FIRST + 9000), "scratched"),
        ),
        updated_at=at(FIRST + 3061),
    )  # fmt: skip


def test_gift_names_its_giver() -> None:
    found = read(is_gift=True, gift_sender="Sara", buyer_email="sara@shopper.example")
    assert (found.is_gift, found.customer) == (True, Person("Sara", "sara@shopper.example"))


def test_downloads_are_no_order() -> None:
    only = [transaction(is_digital=True)]
    assert isinstance(Etsy().read_order(receipt(transactions=only)), Ignored)


def test_cancelled_receipt_ends() -> None:
    assert read(status="Canceled").cancelled_at == at(FIRST + 3061)


def test_unpaid_receipt_is_not_confirmed() -> None:
    open_line = transaction(paid_timestamp=None)
    found = read(status="open", is_paid=False, transactions=[open_line])
    assert (found.shop_status, found.confirmed_at) == ("open", None)


def test_address_that_etsy_does_not_show_is_not_said() -> None:
    assert read(country_iso=None, first_line=None).destination is None


def test_shipment_without_a_number_is_no_parcel() -> None:
    rows = [shipment(tracking_code=None), shipment(carrier_name="other")]
    (parcel,) = read(shipments=rows).parcels
    assert (parcel.carrier, parcel.carrier_name) == ("", "")


@pytest.mark.parametrize("topic", Etsy.app_topics)
def test_webhook_names_the_receipt_to_fetch(topic: str) -> None:
    url = "https://api.etsy.com/v3/application/shops/4711/receipts/3001"
    body = json.dumps({"event_type": topic, "resource_url": url, "shop_id": "4711"}).encode()
    etsy = Etsy()
    assert (etsy.topic({}, body), etsy.shop({}, body)) == (topic, "4711")
    assert etsy.read(topic, body) == Fetch("3001")


def test_webhook_of_another_resource_is_unreadable() -> None:
    body = json.dumps({"resource_url": "https://api.etsy.com/v3/application/shops/4711"}).encode()
    with pytest.raises(StoreError):
        Etsy().read("order.paid", body)


@given(st.sampled_from(sorted(receipt())), json_values)
def test_mutated_receipt_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(StoreError):
        read(**{name: value})


@given(st.sampled_from(sorted(transaction())), json_values)
def test_mutated_transaction_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(StoreError, AssertionError):  # one download alone is no order
        read(transactions=[transaction(**{name: value})], refunds=[{"amount": value}])


@given(st.sampled_from(["order.paid", "other"]), json_values)
def test_any_json_is_read_or_refused(topic: str, value: Any) -> None:
    body = json.dumps(value).encode()
    Etsy().topic({}, body)
    with suppress(StoreError):
        Etsy().read(topic, body)
