"""Salla's payloads in our words."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.payload import StoreError
from stores.providers.salla import Salla
from stores.providers.salla_orders import read_time
from stores.vocabulary import (
    Fetch,
    Ignored,
    Installed,
    OrderUpdate,
    Origin,
    Reading,
    Refund,
    Uninstalled,
)
from tests.factories import NOW
from tests.stores import salla_shop
from tests.stores.salla_shop import event, order, shipment, status

SALLA = Salla()


def read(name: str, data: Any) -> Reading:
    body = event(name, data, when=NOW)
    return SALLA.read(SALLA.topic({}, body), body)


def read_order(**fields: Any) -> OrderUpdate:
    found = read("order.updated", order(81, NOW, **fields))
    assert isinstance(found, OrderUpdate)
    return found


def test_order_is_read() -> None:
    found = read_order()
    assert (found.external_id, found.number, found.shop_status) == ("81", "70081", "under_review")
    assert (found.placed_at, found.updated_at) == (NOW, NOW)
    assert (found.customer.name, found.customer.phone) == ("نورة سالم", "+966501112233")
    (item,) = found.items
    assert (item.quantity, item.price, item.url) == (2, Decimal(110), "https://noor.example/p/1")
    assert item.image_url == "https://noor.example/1.jpg"


def test_national_address_district_and_pin_are_kept() -> None:
    where = read_order().destination
    assert where is not None
    assert (where.name, where.phone) == ("هند العتيبي", "+966551234567")
    assert (where.country, where.city, where.district) == ("SA", "الرياض", "الورود")
    assert (where.line1, where.line2) == ("8228 العليا", "2121")
    assert (where.national_address, where.postcode) == ("RHAB1234", "12215")
    assert where.pin == (24.7136, 46.6753)


def test_pin_of_zeros_is_none() -> None:
    values = order(81, NOW)
    values["shipping"]["address"]["geo_coordinates"] = {"lat": 0, "lng": 0}
    where = read_order(shipping=values["shipping"]).destination
    assert where is not None
    assert where.pin is None


def test_place_it_leaves_from_is_named() -> None:
    found = read_order()
    assert found.ship_from == Origin("دار النور", "التحلية", "جدة", "", "", "SA")
    assert found.ship_from_country == "SA"


@pytest.mark.parametrize(
    ("slug", "to_pay"), [("under_review", 232), ("delivered", 0), ("canceled", 0)]
)
def test_cash_to_pay_includes_the_fee_until_it_is_paid(slug: str, to_pay: int) -> None:
    assert read_order(status=status(slug)).cod_amount == Decimal(to_pay)


def test_paid_order_has_no_cash() -> None:
    assert read_order(payment_method="mada").cod_amount is None


def test_custom_status_goes_before_salla_s_own() -> None:
    found = read_order(status=status("in_progress", id=9, name="تغليف", slug="wrapping"))
    assert found.shop_status == "wrapping"


def test_cancelled_and_refunded_orders_say_when() -> None:
    assert read_order(status=status("canceled")).cancelled_at == NOW
    assert read_order(status=status("restored")).refunds == (Refund("order:81", at=NOW),)
    refunded = read("order.refunded", order(81, NOW))
    assert isinstance(refunded, OrderUpdate)
    assert refunded.refunds == (Refund("order:81", at=NOW),)
    cancelled = read("order.cancelled", order(81, NOW))
    assert isinstance(cancelled, OrderUpdate)
    assert cancelled.cancelled_at == NOW


def test_drafts_and_quotations_are_no_orders() -> None:
    assert isinstance(read("order.created", order(81, NOW, draft=True)), Ignored)
    assert isinstance(read("order.created", order(81, NOW, is_price_quote=True)), Ignored)


def test_status_event_holds_the_order_inside() -> None:
    data = {"id": 5, "status": "قيد التنفيذ", "created_at": salla_shop.at(NOW),
            "order": order(81, NOW, updated_at=None, status=status("in_progress"))}  # fmt: skip
    found = read("order.status.updated", data)
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.shop_status, found.updated_at) == ("81", "in_progress", NOW)


def test_event_with_no_more_than_an_id_is_fetched() -> None:
    assert read("order.payment.updated", {"id": 81}) == Fetch("81")


def test_shipment_brings_its_parcel_and_contents() -> None:
    found = read("shipment.created", shipment(6, 81))
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.number, found.partial) == ("81", "70081", True)
    (parcel,) = found.parcels
    assert (parcel.carrier, parcel.tracking_number) == ("smsa", "290000000006")
    assert (parcel.external_id, parcel.contents) == ("6", (("810", 1),))
    assert parcel.ship_from == Origin(name="فرع جدة", city="جدة", country="SA")


def test_cancelled_shipment_is_withdrawn() -> None:
    found = read("shipment.cancelled", shipment(6, 81, status="cancelled"))
    assert isinstance(found, OrderUpdate)
    assert [parcel.withdrawn for parcel in found.parcels] == [True]
    named = {"id": 81, "reference_id": 70_081, "shipping_number": "290000000006"}
    old = read("order.shipment.cancelled", named)
    assert isinstance(old, OrderUpdate)
    assert [(one.tracking_number, one.withdrawn) for one in old.parcels] == [("290000000006", True)]


def test_return_is_no_parcel_to_the_buyer() -> None:
    assert isinstance(read("shipment.created", shipment(6, 81, type="return")), Ignored)
    order_with_return = read_order(shipments=[shipment(6, 81, type="return")])
    assert order_with_return.parcels == ()


def test_two_shipments_are_two_parcels() -> None:
    found = read_order(shipments=[shipment(6, 81), shipment(7, 81)])
    assert [parcel.external_id for parcel in found.parcels] == ["6", "7"]


def test_number_of_the_older_form_is_read() -> None:
    shipping = order(81, NOW)["shipping"] | {"shipment": {"id": "SALLA000121"}}
    (parcel,) = read_order(shipping=shipping).parcels
    assert (parcel.tracking_number, parcel.carrier) == ("SALLA000121", "smsa")
    nothing = order(81, NOW)["shipping"] | {"shipment": {"id": "0"}}
    assert read_order(shipping=nothing).parcels == ()


def test_tokens_and_code_of_an_installation() -> None:
    tokens = {"access_token": "a", "refresh_token": "r", "expires": 1_790_000_000}
    assert read("app.store.authorize", tokens) == Installed(
        str(salla_shop.MERCHANT),
        (("access_token", "a"), ("refresh_token", "r"),
         ("expires_at", "2026-09-21T14:13:20+00:00")),
    )  # fmt: skip
    settings = {"id": 7001, "settings": {"homeward_code": "c0de"}}
    found = read("app.settings.updated", settings)
    assert found == Installed(str(salla_shop.MERCHANT), code="c0de")
    assert isinstance(read("app.settings.updated", {"settings": {}}), Ignored)
    assert read("app.uninstalled", {}) == Uninstalled(str(salla_shop.MERCHANT))


@pytest.mark.parametrize(
    "value",
    [
        {"date": "2026-11-11 12:00:00.000000", "timezone_type": 3, "timezone": "Asia/Riyadh"},
        {"date": "2026-11-11 13:00:00.000000", "timezone": "Asia/Dubai"},
        "2026-11-11 12:00:00",
        "2026-11-11T09:00:00.000000Z",
        "Wed Nov 11 2026 12:00:00 GMT+0300",
        "Wed Nov 11 2026 12:00:00 GMT+0300 (Arabian Standard Time)",
    ],
)
def test_times_in_every_form(value: object) -> None:
    assert read_time(value) == datetime(2026, 11, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "", "soon", {}, {"date": "2026-11-11 12:00:00", "timezone": "Asia/Nowhere"}]
)
def test_what_is_no_time_is_none(value: object) -> None:
    assert read_time(value) is None


def test_every_sample_is_read(samples: Path) -> None:
    found = {}
    for path in sorted((samples / "stores/salla").glob("*.json")):
        body = path.read_bytes()
        found[path.stem] = type(SALLA.read(SALLA.topic({}, body), body)).__name__
    assert found == {
        "api_endpoints_1_1": "Ignored",
        "communication_events_1_communication_sms_send": "Ignored",
        "lifecycle_payloads_1_app_store_authorize": "Installed",
        "lifecycle_payloads_2_app_subscription_started": "Ignored",
        "lifecycle_payloads_3_app_trial_started": "Ignored",
        "shipment_cycle_1_shipment_creating": "OrderUpdate",
        "webhook_brand_created": "Ignored",
        "webhook_brand_deleted": "Ignored",
        "webhook_brand_updated": "Ignored",
        "webhook_customer_created": "Ignored",
        "webhook_customer_login": "Ignored",
        "webhook_customer_updated": "Ignored",
        "webhook_order_created": "OrderUpdate",
    }


def test_sampled_order_is_read(samples: Path) -> None:
    body = (samples / "stores/salla/webhook_order_created.json").read_bytes()
    found = SALLA.read("order.created", body)
    assert isinstance(found, OrderUpdate)
    assert (found.external_id, found.number, found.total) == ("2116149737", "41027662", 196)
    assert found.placed_at == datetime(2022, 6, 26, 9, 21, 45, tzinfo=UTC)
    assert found.updated_at == datetime(2022, 6, 26, 9, 21, 48, tzinfo=UTC)
    assert found.destination is not None
    assert (found.destination.city, found.destination.district) == ("جدة", "الزهراء")
    assert found.customer.phone == "+966501806978"


def test_sampled_shipment_is_read(samples: Path) -> None:
    body = (samples / "stores/salla/shipment_cycle_1_shipment_creating.json").read_bytes()
    assert SALLA.shop({}, body) == "136409261"
    found = SALLA.read("shipment.creating", body)
    assert isinstance(found, OrderUpdate)
    (parcel,) = found.parcels
    assert (found.external_id, parcel.tracking_number) == ("560695738", "4324233")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(order(1, NOW))), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(data=JUNK, name=st.sampled_from([*SALLA.topics, *SALLA.app_topics]))
def test_junk_is_a_reading_or_a_clear_error(data: Any, name: str) -> None:
    body = json.dumps({"event": name, "merchant": 5, "data": data}).encode()
    with suppress(StoreError):
        SALLA.read(name, body)


@given(
    where=st.sampled_from(sorted(order(1, NOW))),
    value=JUNK,
    name=st.sampled_from(SALLA.topics),
)
def test_order_with_one_odd_field_is_a_reading_or_a_clear_error(
    where: str, value: Any, name: str
) -> None:
    body = event(name, order(81, NOW, **{where: value}), when=NOW)
    with suppress(StoreError):
        SALLA.read(name, body)
