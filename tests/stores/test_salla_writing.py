"""What is written into a store at Salla, played from its documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.models import StoreConnection, StoreWrite
from stores.providers.salla import Salla
from stores.shop import AddressChange, Note, ParcelNews, Shop, Tags
from stores.talk import ShopError
from stores.vocabulary import Address
from stores.writing import due, queue_write, write
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.salla_linked import Linked, link, pull, working
from tests.stores.salla_shop import MERCHANT, order, shipment, status
from tracking.models import Order

SALLA = Salla()


@pytest.fixture
def linked(merchant: Merchant, play: Callable[[Handler], Played], settings: Any) -> Linked:
    return link(merchant, play, settings)


@pytest.fixture
def shipped(linked: Linked) -> Linked:
    """One order with a shipment that the merchant keeps by hand."""
    linked.shop.orders[81] = order(81, NOW - timedelta(days=1))
    linked.shop.shipments[6] = shipment(6, 81)
    working(linked)
    pull(linked)
    with merchant_scope(linked.store.merchant_id):
        StoreConnection.objects.update(writes=["parcel", "address", "note"])
    return linked


def say(linked: Linked, change: Any, key: str = "k") -> tuple[str, str, str]:
    """Queue and write one change; the row's state, answer and problem."""
    with merchant_scope(linked.store.merchant_id):
        row = queue_write(order=Order.objects.get(), change=change, key=key, now=NOW)
        assert row is not None
    with every_merchant("test"):
        ids = due(now=NOW, limit=5)
    for one in ids:
        write(one, now=NOW)
    with merchant_scope(linked.store.merchant_id):
        row = StoreWrite.objects.get(pk=row.pk)
    return row.state, row.answer, row.problem


def news(**fields: Any) -> ParcelNews:
    values: dict[str, Any] = {
        "order_id": "81", "tracking_number": "290000000006", "status": "out_for_delivery",
        "at": NOW, "fulfilment_id": "6", "page_url": "https://shop.example/t/x/",
        "first": date(2026, 11, 14), "last": date(2026, 11, 16), "text": "On its way to you.",
    }  # fmt: skip
    return ParcelNews(**(values | fields))


def test_shipment_gets_its_state_our_date_and_page(shipped: Linked) -> None:
    assert say(shipped, news())[:2] == ("done", "The shipment is delivering.")
    assert shipped.shop.put == [
        (
            "shipments/6",
            {
                "shipment_number": "290000000006",
                "tracking_number": "290000000006",
                "status": "delivering",
                "status_note": "On its way to you. 2026-11-14 – 2026-11-16",
                "tracking_link": "https://shop.example/t/x/",
            },
        )
    ]


def test_shipment_is_found_by_its_number(shipped: Linked) -> None:
    assert say(shipped, news(fulfilment_id="", status="delivered"))[0] == "done"
    assert shipped.shop.shipments[6]["status"] == "delivered"
    state, _, problem = say(shipped, news(fulfilment_id="", tracking_number="XX1"), "other")
    assert (state, problem) == ("failed", "Salla knows no shipment with this number")


def test_shipping_app_s_shipment_is_left_alone(shipped: Linked) -> None:
    shipped.shop.shipments[6]["meta"] = {"app_id": 1222362158}
    state, _, problem = say(shipped, news())
    assert (state, problem) == ("failed", "A shipping app keeps this shipment at Salla")
    assert shipped.shop.put == []


def test_state_without_a_place_keeps_salla_s_and_ended_stays_ended(shipped: Linked) -> None:
    assert say(shipped, news(status="exception"), "a")[1] == "The shipment is created."
    shipped.shop.shipments[6]["status"] = "delivered"
    assert say(shipped, news(status="in_transit"), "b")[1] == "Salla has it as delivered already."


def test_address_is_changed_by_salla_s_own_cities(shipped: Linked) -> None:
    where = Address(
        country="SA", name="Hind", line1="8228 Olaya", city="Riyadh", postcode="12215",
        phone="+966551234567", district="Al Wurud", national_address="RHAB1234",
        line2="2121", landmark="Near the park", pin=(24.7, 46.6),
    )  # fmt: skip
    assert say(shipped, AddressChange("81", where))[:2] == (
        "done",
        "The order has the new address.",
    )
    ((path, body),) = shipped.shop.put
    assert (path, body["receiver"]["notify"], body["delivery_method"]) == (
        "orders/81",
        False,
        "shipping",
    )
    assert body["ship_to"] == {
        "country": 1473353380, "city": 1939592358, "block": "Al Wurud", "street_number": "Olaya",
        "building_number": "8228", "additional_number": "2121", "short_address": "RHAB1234",
        "postal_code": "12215", "address_line": "8228 Olaya 2121 Near the park",
        "geo_coordinates": {"lat": 24.7, "lng": 46.6},
    }  # fmt: skip


def test_refused_address_is_said_in_salla_s_words(shipped: Linked) -> None:
    shipped.shop.orders[81]["status"] = status("completed")
    change = AddressChange("81", Address(country="SA", line1="x", city="الرياض"))
    state, _, problem = say(shipped, change, "a")
    assert (state, problem) == ("failed", "Salla says: alert.invalid_fields · الطلب مكتمل")
    nowhere = AddressChange("81", Address(country="SA", line1="x", city="Atlantis"))
    assert say(shipped, nowhere, "b")[2] == "Salla knows no city by this name in this country"


def test_note_stands_in_the_history(shipped: Linked) -> None:
    assert say(shipped, Note("81", "Delivered at 10:00"))[0] == "done"
    assert shipped.shop.notes == [("81", "Delivered at 10:00")]


def test_tags_have_no_place() -> None:
    shop = Shop(name=str(MERCHANT), credentials={}, now=NOW)
    with pytest.raises(ShopError) as problem:
        next(SALLA.write(shop, Tags("81", ("x",))))
    assert problem.value.kind == "refused"
