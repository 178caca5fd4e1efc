"""WooCommerce's payloads in our words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stores.providers.woocommerce import WooCommerce
from stores.vocabulary import Ignored, Item, OrderUpdate, Reading
from tests.stores.payloads import woo_order


def read(payload: Any, topic: str = "order.updated") -> Reading:
    return WooCommerce().read(topic, json.dumps(payload).encode())


def order(**fields: Any) -> OrderUpdate:
    found = read(woo_order(**fields))
    assert isinstance(found, OrderUpdate)
    return found


def test_order_is_read_with_its_parcel() -> None:
    found = order()
    assert (found.external_id, found.number, found.language) == ("812", "W-812", "ar")
    assert found.placed_at == datetime(2026, 11, 11, 5, tzinfo=UTC)
    assert found.items == (Item("Oud – 50 ml", 2, external_id="31", sku="OUD", price=Decimal(105)),)
    (parcel,) = found.parcels
    assert (parcel.carrier, parcel.tracking_number) == ("smsa", "290123456789")
    assert parcel.shipped_at == datetime(2025, 11, 11, tzinfo=UTC)


def test_blank_shipping_address_is_the_billing_one() -> None:
    where = order().destination
    assert where is not None
    assert (where.country, where.city, where.name) == ("SA", "Riyadh", "Noura Saleh")


def test_cash_order_being_worked_on_is_confirmed_and_to_be_paid() -> None:
    found = order()
    assert found.cod_amount == Decimal(210)
    assert found.confirmed_at == datetime(2026, 11, 11, 6, tzinfo=UTC)


def test_pending_order_is_not_confirmed() -> None:
    assert order(status="pending").confirmed_at is None


def test_completed_cash_order_has_nothing_left_to_pay() -> None:
    assert order(status="completed").cod_amount == Decimal(0)


def test_cancelled_order_says_when() -> None:
    assert order(status="cancelled").cancelled_at == datetime(2026, 11, 11, 6, tzinfo=UTC)


@pytest.mark.parametrize("status", ["auto-draft", "checkout-draft", "wc-checkout-draft"])
def test_draft_is_no_order(status: str) -> None:
    assert isinstance(read(woo_order(status=status)), Ignored)


def test_tracking_list_with_holes_arrives_as_object() -> None:
    rows = {"1": {"tracking_provider": "dhl", "tracking_number": "JD01"}, "4": "junk"}
    found = order(meta_data=[{"key": "_wc_shipment_tracking_items", "value": rows}])
    assert [(one.carrier, one.tracking_number) for one in found.parcels] == [
        ("dhl_universal", "JD01")
    ]


@pytest.mark.parametrize(
    ("body", "is_ping"),
    [
        (b"webhook_id=12", True),
        (b"webhook_id=12\n", True),
        (b"webhook_id=", False),
        (b"webhook_id=12&x=1", False),
        (b'{"id": 1}', False),
    ],
)
def test_only_the_bare_form_is_a_ping(body: bytes, is_ping: bool) -> None:
    assert WooCommerce().is_ping(body=body, headers={}) is is_ping


def test_recorded_order_is_read(samples: Path) -> None:
    recorded = json.loads((samples / "stores/woocommerce/order_1.json").read_text())
    found = read(recorded)
    assert isinstance(found, OrderUpdate)
    assert (found.number, found.shop_status, len(found.items)) == ("727", "processing", 2)
    assert found.confirmed_at == datetime(2017, 3, 22, 19, 28, 8, tzinfo=UTC)
    assert found.items[1].title == "Ship Your Idea – Color: Black, Size: M Test"
