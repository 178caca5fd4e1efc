"""ShipBob: what its orders and webhooks say."""

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
from stores.providers.shipbob import ShipBob
from stores.vocabulary import (
    Address,
    Fetch,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Origin,
    Person,
)
from tests.stores.any_json import json_values
from tests.stores.shipbob_played import order, packed, shipment

PACKED_AT = datetime(2026, 11, 11, 7, tzinfo=UTC)


def read(**fields: Any) -> OrderUpdate:
    found = ShipBob().read_order(order(**fields))
    assert isinstance(found, OrderUpdate)
    return found


def test_packed_order_is_read_in_full() -> None:
    place = Origin(name="Dubai South")
    assert read(status="Fulfilled", shipments=[packed()]) == OrderUpdate(
        external_id="7001",
        number="#2001",
        placed_at=datetime(2026, 11, 11, 5, tzinfo=UTC),
        customer=Person("Omar Haddad", "sara@shopper.example", "+971501234567"),
        destination=Address(
            country="AE", name="Omar Haddad", line1="Building 12, Street 4", line2="Flat 7",
            city="Dubai", region="Dubai", phone="+971501234567",
        ),
        items=(
            Item("Brass lamp", 2, "11", "LAMP", Decimal("60.000")),
            Item("Shade set", 1, "12", "SHADE"),
        ),
        parcels=(
            FulfilmentUpdate(
                tracking_number="34567890123", carrier="aramex", carrier_name="Aramex",
                external_id="8801", service="Domestic", shipped_at=PACKED_AT,
                # How many shade sets two of their parts make is not said.
                contents=(("11", 2),), ship_from=place,
            ),
        ),
        currency="USD",
        total=Decimal("40.500"),
        ship_from=place,
        shop_status="Fulfilled",
        packed_at=PACKED_AT,
        tags=("vip",),
        references=("5001", "#2001"),
        updated_at=datetime(2026, 11, 11, 7, 0, 1, tzinfo=UTC),
    )  # fmt: skip


def test_order_is_packed_when_its_last_shipment_is() -> None:
    later = packed(id=8802, actual_fulfillment_date="2026-11-11T09:00:00Z")
    gone = shipment(id=8803, status="Cancelled")
    assert read(shipments=[packed(), shipment(id=8802)]).packed_at is None
    assert read(shipments=[packed(), later, gone]).packed_at == datetime(
        2026, 11, 11, 9, tzinfo=UTC
    )
    assert read(shipments=[]).packed_at is None


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        (["Processing"], "Processing"),
        (["Processing", "OnHold"], "OnHold"),
        (["OnHold", "Exception"], "Exception"),
    ],
)
def test_what_waits_for_somebody_is_said_first(statuses: list[str], word: str) -> None:
    assert read(shipments=[shipment(status=one) for one in statuses]).shop_status == word


def test_cancelled_shipment_is_withdrawn_and_cancelled_order_ends() -> None:
    found = read(status="Cancelled", shipments=[packed(status="Cancelled")])
    assert [parcel.withdrawn for parcel in found.parcels] == [True]
    assert found.cancelled_at == datetime(2026, 11, 11, 7, 0, 1, tzinfo=UTC)


def test_shipment_without_a_number_is_no_parcel_yet() -> None:
    assert read().parcels == ()


def test_freight_goes_by_its_pro_number() -> None:
    tracking = {"carrier": "UPS Freight", "tracking_number": None, "pro_number": "0123456789"}
    (parcel,) = read(shipments=[packed(tracking=tracking)]).parcels
    assert (parcel.carrier, parcel.tracking_number) == ("ups", "0123456789")


@pytest.mark.parametrize(
    ("topic", "values", "reading"),
    [
        ("order.shipped", packed(), Fetch("7001")),
        ("order.shipment.on_hold", shipment(status="OnHold"), Fetch("7001")),
        ("order.delivered", order(), Fetch("7001")),
        ("return.created", {"id": 1}, Ignored("We do not need the topic return.created.")),
    ],
)
def test_webhook_names_the_order_to_fetch(topic: str, values: Any, reading: object) -> None:
    assert ShipBob().read(topic, json.dumps(values).encode()) == reading


def test_topic_stands_in_a_header() -> None:
    assert ShipBob().topic({"x-webhook-topic": "Order.Shipped"}) == "order.shipped"


@given(st.sampled_from(sorted(order())), json_values)
def test_mutated_order_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(StoreError):
        read(**{name: value})


@given(st.sampled_from(sorted(shipment())), json_values)
def test_mutated_shipment_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(StoreError):
        read(shipments=[packed(**{name: value})])


@given(st.sampled_from(["order.shipped", "other", ""]), json_values)
def test_any_json_is_read_or_refused(topic: str, value: Any) -> None:
    with suppress(StoreError):
        ShipBob().read(topic, json.dumps(value).encode())
