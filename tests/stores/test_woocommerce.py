"""WooCommerce's payloads in our words."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stores.payload import StoreError
from stores.providers.woocommerce import WooCommerce
from stores.vocabulary import Ignored, Item, OrderUpdate, Reading, Refund, TimeWish
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


def test_cash_order_is_to_be_paid_and_confirmed_by_the_merchants_mapping() -> None:
    found = order()
    assert (found.cod_amount, found.confirmed_at, found.shop_status) == (
        Decimal(210), None, "processing",
    )  # fmt: skip
    assert WooCommerce.usual_statuses["processing"] == "confirmed"


def test_paid_order_is_confirmed() -> None:
    found = order(payment_method="bacs", date_paid_gmt="2026-11-11T05:30:00")
    assert (found.cod_amount, found.confirmed_at) == (
        None, datetime(2026, 11, 11, 5, 30, tzinfo=UTC),
    )  # fmt: skip


def test_completed_cash_order_has_nothing_left_to_pay() -> None:
    assert order(status="completed").cod_amount == Decimal(0)


def test_cancelled_order_says_when() -> None:
    assert order(status="cancelled").cancelled_at == datetime(2026, 11, 11, 6, tzinfo=UTC)


@pytest.mark.parametrize("status", ["auto-draft", "checkout-draft", "wc-checkout-draft"])
def test_draft_is_no_order(status: str) -> None:
    assert isinstance(read(woo_order(status=status)), Ignored)


def test_order_in_the_bin_is_cancelled() -> None:
    found = order(status="trash")
    assert (found.cancelled_at, found.cod_amount) == (
        datetime(2026, 11, 11, 6, tzinfo=UTC), Decimal(0),
    )  # fmt: skip


def test_error_in_place_of_an_order_is_said() -> None:
    body = {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot view this."}
    with pytest.raises(StoreError) as error:
        read(body)
    assert str(error.value) == "an error instead of an order: Sorry, you cannot view this."


def test_two_orders_of_one_second_are_two_deliveries() -> None:
    headers = {"x-wc-webhook-delivery-id": "d" * 32}
    keys = {WooCommerce().unique_key(headers=headers, body=body) for body in (b"1", b"2", b"1")}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("meta", "part", "value"),
    [
        ({"_shipping_makani": "30032 95320"}, "makani", "30032 95320"),
        ({"_wc_shipping/acme/makani-number": "3003295320"}, "makani", "3003295320"),
        ({"_billing_makani": "3003295320"}, "makani", ""),
        ({"shipping_short_address": "RRRD2929"}, "national_address", "RRRD2929"),
        ({"_wc_other/acme/landmark": "Behind the mosque"}, "landmark", "Behind the mosque"),
        ({"_shipping_neighborhood": "Al Olaya"}, "district", "Al Olaya"),
        ({"_shipping_w3w": "filled.count.soap"}, "what3words", "filled.count.soap"),
        (
            {"_shipping_w3w_lat": "24.7136", "_shipping_w3w_lng": "46.6753"},
            "pin",
            (24.7136, 46.6753),
        ),
        ({"_shipping_lat": "0", "_shipping_lng": "0"}, "pin", None),
        ({"_shipping_lat": "north", "_shipping_lng": "east"}, "pin", None),
    ],
)
def test_checkout_fields_complete_the_address(
    meta: dict[str, str], part: str, value: object
) -> None:
    shipping = {"first_name": "Omar", "city": "Riyadh", "country": "SA", "address_1": "Olaya 1"}
    rows = [{"key": key, "value": said} for key, said in meta.items()]
    found = order(shipping=shipping, meta_data=rows)
    assert found.destination is not None
    assert (found.destination.name, getattr(found.destination, part)) == ("Omar", value)
    assert found.customer.name == "Noura Saleh"


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"meta_data": [{"key": "weglot_language", "value": "ar"}]}, "ar"),
        ({"meta_data": [{"key": "trp_language", "value": "ar_SA"}]}, "ar-SA"),
        ({"meta_data": [], "lang": "en"}, "en"),
        ({"meta_data": {"3": {"key": "wpml_language", "value": "fr"}}}, "fr"),
        ({"meta_data": "junk"}, ""),
    ],
)
def test_language_of_a_multilingual_plug_in(fields: dict[str, Any], language: str) -> None:
    assert order(**fields).language == language


@pytest.mark.parametrize(
    ("meta", "wish"),
    [
        (
            {"jckwds_date_ymd": "20261115", "jckwds_timeslot": "10:00 - 12:00"},
            TimeWish(day=date(2026, 11, 15), note="10:00 - 12:00"),
        ),
        ({"jckwds_date_ymd": "20261340"}, None),
        ({"_orddd_timestamp": "1794700800"}, TimeWish(day=date(2026, 11, 15))),
        ({}, None),
    ],
)
def test_chosen_day_is_a_wish(meta: dict[str, str], wish: TimeWish | None) -> None:
    rows = [{"key": key, "value": said} for key, said in meta.items()]
    assert order(meta_data=rows).wish == wish


@pytest.mark.parametrize(("said", "given"), [("1", (True,)), ("0", (False,)), ("", ())])
def test_consent_is_kept_with_its_source(said: str, given: tuple[bool, ...]) -> None:
    key = "mailchimp_woocommerce_is_subscribed"
    found = order(meta_data=[{"key": key, "value": said}]).consents
    assert tuple(one.given for one in found) == given
    assert {one.source for one in found} <= {f"woocommerce:{key}"}


def test_refund_in_a_webhook_is_its_summary() -> None:
    found = order(refunds=[{"id": 9, "reason": "Broken", "total": "-40.00"}, {"total": "-1"}])
    assert found.refunds == (Refund("9", Decimal(40), reason="Broken"),)


def test_contents_of_a_parcel_are_those_that_the_plug_in_lists() -> None:
    row = {"tracking_number": "JD01", "products_list": [{"item_id": "31", "qty": "2"}]}
    found = order(meta_data=[{"key": "_wc_shipment_tracking_items", "value": [row]}])
    assert found.parcels[0].contents == (("31", 2),)


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
    assert found.updated_at == found.confirmed_at
    assert found.items[1].title == "Ship Your Idea – Color: Black, Size: M Test"


def recorded(samples: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a recorded answer; one object is a list of one."""
    found = json.loads((samples / f"stores/woocommerce/{name}.json").read_text())
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("name", ["order_1", "order_3"])
def test_recorded_orders_are_read(samples: Path, name: str) -> None:
    for row in recorded(samples, name):
        found = WooCommerce().read_order(row)
        assert isinstance(found, OrderUpdate)
        assert (found.external_id, len(found.items)) == (str(row["id"]), len(row["line_items"]))


@pytest.mark.parametrize("name", ["refund_1", "refund_3"])
def test_recorded_refunds_are_read(samples: Path, name: str) -> None:
    for row in recorded(samples, name):
        [refund] = order(refunds=[row]).refunds
        assert (refund.external_id, refund.amount) == (str(row["id"]), Decimal(row["amount"]))


@pytest.mark.parametrize(
    "name", ["customer_3", "order_note_1", "order_note_3", "webhook_1", "webhook_3"]
)
def test_recorded_other_things_are_no_orders(samples: Path, name: str) -> None:
    for row in recorded(samples, name):
        assert isinstance(read(row, "customer.updated"), Ignored)
