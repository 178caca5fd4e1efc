"""What is written to a Shopify shop, as the shop received it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lib.vocabulary import SUB_STATUSES, Status
from stores.providers.shopify import Shopify
from stores.providers.shopify_writing import event_of
from stores.shop import AddressChange, Note, ParcelNews, Shop, ShopChange, Tags
from stores.talk import Answer, ShopError
from stores.vocabulary import Address, OrderUpdate
from tests.factories import NOW
from tests.stores.playing import Asked
from tests.stores.shopify_shop import SHOP, ShopifyShop, parcel_node

AT = Shop(name=SHOP, credentials={"access_token": "token-1"}, now=NOW)


@pytest.fixture
def shop() -> ShopifyShop:
    shop = ShopifyShop(start=NOW)
    shop.tracked("34567890123")
    return shop


def carried(shop: ShopifyShop, talk: Any) -> Any:
    """Hold the dialogue with the shop, without a wire."""
    try:
        call = next(talk)
        while True:
            body = json.dumps(call.json).encode()
            headers = dict(Shopify().authorization(AT))
            said = shop(Asked(call.method, call.path, {}, headers, body))
            answer = Answer(said.status, {}, json.dumps(said.body).encode())
            trouble = Shopify().refusal(answer)
            if trouble is not None:
                raise trouble
            call = talk.send(answer)
    except StopIteration as end:
        return end.value


def write(shop: ShopifyShop, change: ShopChange) -> str:
    return str(carried(shop, Shopify().write(AT, change)))


def news(**fields: Any) -> ParcelNews:
    values: dict[str, Any] = {
        "order_id": "5001", "tracking_number": "34567890123", "status": Status.OUT_FOR_DELIVERY,
        "sub_status": "out.on_vehicle", "at": NOW, "fulfilment_id": "901", "city": "Dubai",
        "country": "AE", "first": date(2026, 11, 12), "last": date(2026, 11, 13),
        "zone": "Asia/Dubai", "text": "Aramex 34567890123: out for delivery",
    }  # fmt: skip
    return ParcelNews(**(values | fields))


def test_event_has_our_date_at_noon_where_the_parcel_goes(shop: ShopifyShop) -> None:
    assert write(shop, news()) == "Shopify noted OUT_FOR_DELIVERY"
    assert shop.events == [
        {
            "fulfillmentId": "gid://shopify/Fulfillment/901",
            "status": "OUT_FOR_DELIVERY",
            "happenedAt": "2026-11-12T08:00:00+00:00",
            "message": "Aramex 34567890123: out for delivery",
            "city": "Dubai",
            "country": "AE",
            "estimatedDeliveryAt": "2026-11-13T12:00:00+04:00",
        }
    ]


def test_parcel_without_the_shops_id_is_found_by_its_number(shop: ShopifyShop) -> None:
    cancelled = parcel_node(900, "34567890123", at=NOW, lines={}, status="CANCELLED")
    shop.orders["gid://shopify/Order/5001"]["fulfillments"].insert(0, cancelled)
    write(shop, news(fulfilment_id="", tracking_number="3456-789 0123"))
    assert shop.events[0]["fulfillmentId"] == "gid://shopify/Fulfillment/901"


def test_parcel_that_the_shop_does_not_know_is_refused(shop: ShopifyShop) -> None:
    with pytest.raises(ShopError, match="The shop does not know this parcel"):
        write(shop, news(fulfilment_id="", tracking_number="999"))
    with pytest.raises(ShopError, match="Shopify says no: Fulfillment does not exist"):
        write(shop, news(fulfilment_id="404"))


@pytest.mark.parametrize(
    ("sub_status", "event"),
    [
        ("info.label_created", "LABEL_PRINTED"),
        ("picked_up.accepted", "CARRIER_PICKED_UP"),
        ("transit.generic", "IN_TRANSIT"),
        ("customs.started", "IN_TRANSIT"),
        ("customs.delay", "DELAYED"),
        ("delay.weather", "DELAYED"),
        ("out.on_vehicle", "OUT_FOR_DELIVERY"),
        ("pickup.ready", "READY_FOR_PICKUP"),
        ("attempt.nobody_home", "ATTEMPTED_DELIVERY"),
        ("exception.address", "FAILURE"),
        ("delivered.generic", "DELIVERED"),
        ("returning.started", ""),
        ("returned.received", ""),
        ("lost.declared", "FAILURE"),
        ("cancelled.by_shipper", "FAILURE"),
    ],
)
def test_each_state_has_shopifys_own_word_or_none(sub_status: str, event: str) -> None:
    status = SUB_STATUSES[sub_status].status
    assert event_of(news(status=status, sub_status=sub_status)) == event


def test_return_says_nothing_at_shopify(shop: ShopifyShop) -> None:
    said = write(shop, news(status=Status.RETURNING, sub_status="returning.started"))
    assert (said, shop.events) == ("Shopify has no event for this; nothing was said", [])


def test_delivered_parcel_has_no_date_to_come(shop: ShopifyShop) -> None:
    write(shop, news(status=Status.DELIVERED, sub_status="delivered.generic"))
    assert "estimatedDeliveryAt" not in shop.events[0]


NEW = Address("AE", name="Omar Haddad", line1="Street 9", city="Sharjah", phone="+971500000000",
              landmark="Behind the park")  # fmt: skip


def test_address_is_changed_and_comes_back_as_ours(shop: ShopifyShop) -> None:
    assert write(shop, AddressChange("5001", NEW)) == "Shopify took the new address"
    found = carried(shop, Shopify().order(AT, "5001"))
    assert isinstance(found, OrderUpdate)
    assert found.destination is not None
    back = found.destination
    assert (back.line1, back.line2, back.landmark, back.city) == (
        "Street 9", "", "Behind the park", "Sharjah",
    )  # fmt: skip
    address = shop.orders["gid://shopify/Order/5001"]["shippingAddress"]
    assert (address["provinceCode"], address["address2"]) == ("SH", "Behind the park")


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (
            {"displayFulfillmentStatus": "FULFILLED"},
            "The order is shipped already: its address stays",
        ),
        ({"cancelledAt": NOW.isoformat()}, "The order is cancelled: its address stays"),
    ],
)
def test_address_of_an_order_that_is_through_stays(
    shop: ShopifyShop, standing: Mapping[str, Any], words: str
) -> None:
    before = shop.orders["gid://shopify/Order/5001"]
    before |= standing
    kept = dict(before["shippingAddress"])
    with pytest.raises(ShopError) as error:
        write(shop, AddressChange("5001", NEW))
    assert (error.value.kind, str(error.value)) == ("refused", words)
    assert before["shippingAddress"] == kept


def test_shopifys_own_refusal_is_given_in_its_words(shop: ShopifyShop) -> None:
    with pytest.raises(ShopError, match="Shopify says no: Province can't be blank"):
        write(shop, AddressChange("5001", Address("US", line1="1 Main St", city="Reno")))


def test_order_that_is_gone_is_refused(shop: ShopifyShop) -> None:
    with pytest.raises(ShopError, match="does not know this order"):
        write(shop, AddressChange("404", NEW))


def test_tags_are_put_on_and_taken_off_and_others_stay(shop: ShopifyShop) -> None:
    order = shop.orders["gid://shopify/Order/5001"]
    order["tags"] = ["vip", "homeward-attempt-failed"]
    write(shop, Tags("5001", ("homeward-delivered",), ("homeward-attempt-failed",)))
    assert order["tags"] == ["homeward-delivered", "vip"]


def test_note_is_added_once_below_what_stands_there(shop: ShopifyShop) -> None:
    order = shop.orders["gid://shopify/Order/5001"]
    order["note"] = "Ring twice"
    for _ in range(2):
        write(shop, Note("5001", "Aramex: delivered"))
    assert order["note"] == "Ring twice\nAramex: delivered"


def test_note_without_room_is_refused(shop: ShopifyShop) -> None:
    shop.orders["gid://shopify/Order/5001"]["note"] = "x" * 4_995
    with pytest.raises(ShopError, match="note is full"):
        write(shop, Note("5001", "Aramex: delivered"))


def test_zone_that_nobody_knows_is_utc(shop: ShopifyShop) -> None:
    write(shop, news(zone="Mars/Olympus"))
    noon = datetime(2026, 11, 13, 12, tzinfo=UTC).isoformat()
    assert shop.events[0]["estimatedDeliveryAt"] == noon
