"""BigCommerce: what its orders, webhooks and signatures say."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.signing import is_standard_webhook
from stores.payload import StoreError
from stores.providers.bigcommerce import BigCommerce
from stores.providers.bigcommerce_orders import PRODUCTS, REFUNDS, SHIPMENTS
from stores.vocabulary import (
    Address,
    Consent,
    Fetch,
    FulfilmentUpdate,
    Ignored,
    Item,
    OrderUpdate,
    Person,
    Refund,
    Uninstalled,
)
from tests.stores import bigcommerce_played as played
from tests.stores.any_json import json_values
from tests.stores.bigcommerce_played import STORE, order, shipment
from tests.stores.whole_way import standard_headers


def test_order_is_read_in_full() -> None:
    values = order(
        **{
            SHIPMENTS: [shipment()],
            REFUNDS: [
                {"id": 8, "order_id": 1201, "created": "2026-11-12T05:00:00+00:00",
                 "reason": "late", "total_amount": 29.5,
                 "items": [{"item_type": "PRODUCT", "item_id": 72, "quantity": 1},
                           {"item_type": "SHIPPING", "item_id": 61, "quantity": 1}]}
            ],
            PRODUCTS: {"501": {"image": "https://cdn.example/501.jpg",
                               "url": "https://noor.example/p501/"}},
        }
    )  # fmt: skip
    placed = datetime(2026, 11, 11, 2, 31, tzinfo=UTC)
    assert BigCommerce().read_order(values) == OrderUpdate(
        external_id="1201",
        number="1201",
        placed_at=placed,
        customer=Person("Sara Al Mansoori", "sara@shopper.example", "+971501234567", "ar-AE"),
        destination=Address(
            country="AE", name="Omar Haddad", line1="Building 12, Street 4", line2="Flat 7",
            city="Dubai", region="Dubai", phone="+971507654321",
        ),
        items=(
            Item("Brass lamp", 2, "71", "LAMP", Decimal("60.000"), "https://cdn.example/501.jpg",
                 "https://noor.example/p501/"),
            Item("Linen shade", 1, "72", "SHADE", Decimal("29.500")),
        ),
        parcels=(
            FulfilmentUpdate(
                tracking_number="34567890123", carrier="aramex", carrier_name="aramex",
                external_id="31", service="Express",
                shipped_at=datetime(2026, 11, 11, 5, tzinfo=UTC), contents=(("71", 1),),
            ),
        ),
        currency="AED",
        total=Decimal("149.500"),
        payment_method="Credit Card",
        language="ar-AE",
        shop_status="Awaiting Fulfillment",
        confirmed_at=placed,
        consents=(Consent("email", "marketing", True, "bigcommerce:is_email_opt_in", placed),),
        refunds=(
            Refund("8", Decimal("29.500"), datetime(2026, 11, 12, 5, tzinfo=UTC), "late",
                   (("72", 1),)),
        ),
        updated_at=placed + timedelta(minutes=5),
    )  # fmt: skip


def read(**fields: Any) -> OrderUpdate:
    found = BigCommerce().read_order(order(**fields))
    assert isinstance(found, OrderUpdate)
    return found


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"payment_status": ""}, "149.500"),
        ({"payment_status": "", "store_credit_amount": "40.0000"}, "109.500"),
        ({"payment_status": "", "status_id": 10, "status": "Completed"}, "0"),
        ({"payment_status": "", "status_id": 5, "status": "Cancelled"}, "0"),
    ],
)
def test_cash_is_what_is_left_to_pay(fields: dict[str, Any], left: str) -> None:
    found = read(payment_method="Cash on Delivery", **fields)
    assert (found.cod_amount, found.confirmed_at) == (Decimal(left), None)


def test_cancelled_and_declined_orders_end() -> None:
    ends = [read(status_id=number).cancelled_at is not None for number in (5, 6, 4, 11)]
    assert ends == [True, True, False, False]


def test_what_ships_nothing_is_no_order() -> None:
    read_order = BigCommerce().read_order
    assert isinstance(read_order(order(status_id=0, status="Incomplete")), Ignored)
    assert isinstance(read_order(order(order_is_digital=True)), Ignored)


def test_wrapped_gift_hides_prices() -> None:
    wrapped = [{**line, "wrapping_name": "Gold paper"} for line in played.lines()]
    values = {"shipping": [{**played.address(), "line_items": wrapped}]}
    assert read(consignments=values).is_gift is True


def test_unknown_carrier_keeps_the_shop_s_word() -> None:
    rows = [shipment(tracking_carrier="", shipping_provider="carrier_77"),
            shipment(tracking_number=""), shipment(tracking_carrier="camel-express")]  # fmt: skip
    parcels = read(**{SHIPMENTS: rows}).parcels
    assert [(one.carrier, one.carrier_name) for one in parcels] == [("", ""), ("", "camel-express")]


def test_every_recorded_webhook_reads(samples: Path) -> None:
    store = BigCommerce()
    found = {}
    for file in sorted((samples / "stores/bigcommerce").glob("webhook_*.json")):
        body = file.read_bytes()
        found[file.stem.removeprefix("webhook_store_")] = store.read(store.topic({}, body), body)
    gone = FulfilmentUpdate("", external_id="12", withdrawn=True)
    assert found == {
        "order_archived": Ignored("We do not need the topic store/order/archived."),
        "order_created": Fetch("250"),
        "order_message_created": Ignored("We do not need the topic store/order/message/created."),
        "order_statusUpdated": Fetch("250"),
        "order_updated": Fetch("250"),
        "shipment_created": Fetch("251"),
        "shipment_deleted": OrderUpdate("251", "251", parcels=(gone,), partial=True),
        "shipment_updated": Fetch("251"),
    }


def test_uninstalled_app_names_its_store() -> None:
    body = json.dumps({"scope": "store/app/uninstalled", "producer": f"stores/{STORE}"}).encode()
    assert BigCommerce().read(BigCommerce().topic({}, body), body) == Uninstalled(STORE)


def test_published_vector_is_signed_with_the_key_as_bigcommerce_uses_it(samples: Path) -> None:
    vectors = json.loads((samples / "signature_vectors.json").read_text())
    (vector,) = [one for one in vectors if "BigCommerce" in one["name"]]
    headers = {
        "webhook-id": vector["id"], "webhook-timestamp": vector["timestamp"],
        "webhook-signature": vector["expected"],
    }  # fmt: skip
    then = float(vector["timestamp"])
    assert is_standard_webhook(vector["body"].encode(), headers, vector["secret"], now=then)
    # Its key is no text; with one that is, the adapter must come to the same as base64 of it.
    body = b'{"test": 2432232314}'
    signed = standard_headers(body, secret="Y2xpZW50LXNlY3JldA==")
    assert BigCommerce().verify(body=body, headers=signed, secrets={"secret": "client-secret"})


@given(st.sampled_from(sorted(order(**{SHIPMENTS: [], REFUNDS: []}))), json_values)
def test_mutated_order_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(StoreError):
        BigCommerce().read_order(
            order(**{SHIPMENTS: [shipment()], REFUNDS: [{"id": 1}]}) | {name: value}
        )


@given(st.sampled_from(sorted(shipment())), json_values)
def test_mutated_shipment_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(StoreError):
        read(**{SHIPMENTS: [shipment(**{name: value})]})


@given(st.sampled_from([*BigCommerce.topics, "other"]), json_values)
def test_any_json_is_read_or_refused(topic: str, value: Any) -> None:
    with suppress(StoreError):
        BigCommerce().read(topic.lower(), json.dumps(value).encode())
