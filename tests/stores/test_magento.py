"""Magento's orders and API, spoken with a shop that is played from its documentation."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api
from stores.models import Pull, StoreConnection
from stores.payload import StoreError
from stores.providers import magento as module
from stores.providers import magento_calls
from stores.providers.magento import Magento
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.shop import AddressChange, Note, ParcelNews, Tags, Window
from stores.sweeping import sweep
from stores.talk import ShopError
from stores.vocabulary import Address, Ignored, OrderUpdate, Origin, Refund
from tests.factories import NOW
from tests.stores.magento_server import TOKEN, MagentoServer, many, shipment
from tests.stores.playing import Handler, Played, Said
from tests.stores.talking import Spoken
from tracking.models import Order, Shipment

Play = Callable[[Handler], Played]
LOCALES = {"locales": json.dumps({"1": "en_US", "2": "ar_SA"})}
YESTERDAY = NOW - timedelta(days=1)
NEWS = ParcelNews(order_id="7", tracking_number="290-1", status="in_transit", at=NOW,
                  carrier_name="SMSA Express")  # fmt: skip


@pytest.fixture
def server() -> MagentoServer:
    return MagentoServer()


@pytest.fixture
def magento(server: MagentoServer, play: Play) -> Spoken:
    return Spoken(Magento(), play(server), {"access_token": TOKEN, **LOCALES})


def only(magento: Spoken, server: MagentoServer, **fields: Any) -> OrderUpdate:
    server.sell(7, at=YESTERDAY, **fields)
    [order] = magento.orders()
    return order


# --- reading ------------------------------------------------------------------------------


def test_order_is_read_whole(magento: Spoken, server: MagentoServer) -> None:
    found = only(magento, server)
    assert (found.external_id, found.number, found.language) == ("7", "00007", "ar-SA")
    assert found.placed_at == found.updated_at == YESTERDAY
    assert (found.customer.name, found.customer.phone) == ("Noura Saleh", "+966509999999")
    assert found.destination == Address(
        country="SA", name="Omar Haddad", line1="Olaya Street 12", line2="Flat 4", city="Riyadh",
        region="Riyadh", postcode="12211", phone="+966501234567", national_address="RRRD2929",
    )  # fmt: skip
    assert (found.currency, found.total, found.cod_amount) == ("SAR", Decimal(210), Decimal(210))
    assert (found.payment_method, found.shop_status) == ("Cash On Delivery", "processing")


def test_variant_is_part_of_its_line(magento: Spoken, server: MagentoServer) -> None:
    lines = [(one.external_id, one.title, one.quantity, one.price)
             for one in only(magento, server).items]  # fmt: skip
    assert lines == [("1", "Linen dress", 2, Decimal(92)), ("3", "Belt", 1, Decimal(26))]


def test_products_give_links_and_pictures(magento: Spoken, server: MagentoServer) -> None:
    item = only(magento, server).items[0]
    assert (item.url, item.image_url) == (
        "https://noor.example/50.html", "https://noor.example/media/50.jpg",
    )  # fmt: skip


def test_parcels_come_from_shipments_with_their_warehouse(
    magento: Spoken, server: MagentoServer
) -> None:
    server.shipments = [shipment(5, 7, "290-1"), shipment(6, 7, "290-2", "290-3"), shipment(8, 7)]
    found = only(magento, server)
    warehouse = Origin("Riyadh warehouse", "Exit 18", "Riyadh", country="SA")
    assert [(one.tracking_number, one.carrier, one.external_id, one.contents)
            for one in found.parcels] == [
        ("290-1", "smsa", "500", (("1", 2),)), ("290-2", "smsa", "600", ()),
        ("290-3", "smsa", "601", ()),
    ]  # fmt: skip
    assert {one.ship_from for one in found.parcels} == {warehouse} == {found.ship_from}
    assert found.parcels[0].shipped_at == datetime(2026, 11, 11, 8, tzinfo=UTC)


def test_carrier_without_title_is_known_by_its_code(magento: Spoken, server: MagentoServer) -> None:
    track = {"entity_id": 1, "track_number": "1Z9", "carrier_code": "ups", "title": None}
    server.shipments = [shipment(5, 7, tracks=[track])]
    [parcel] = only(magento, server).parcels
    assert (parcel.carrier, parcel.carrier_name) == ("ups", "ups")


def test_credit_memos_are_refunds(magento: Spoken, server: MagentoServer) -> None:
    server.memos = [
        {
            "entity_id": 4, "order_id": 7, "grand_total": 92, "created_at": "2026-11-11 09:00:00",
            "items": [{"order_item_id": 1, "qty": 1}, {"order_item_id": 2, "qty": 1}],
            "comments": [{"comment": "Too small"}],
        }
    ]  # fmt: skip
    found = only(magento, server, total_refunded=92)
    assert found.refunds == (
        Refund("4", Decimal(92), datetime(2026, 11, 11, 9, tzinfo=UTC), "Too small", (("1", 1),)),
    )


def test_cancelled_order_says_when_and_wants_no_cash(
    magento: Spoken, server: MagentoServer
) -> None:
    found = only(magento, server, state="canceled", status="canceled")
    assert (found.cancelled_at, found.cod_amount) == (YESTERDAY, Decimal(0))


def test_edited_order_replaces_the_first(magento: Spoken, server: MagentoServer) -> None:
    assert only(magento, server, relation_parent_id="6").replaces == "6"


def test_gift_receipt_hides_prices(magento: Spoken, server: MagentoServer) -> None:
    found = only(magento, server, extension_attributes={"gw_allow_gift_receipt": "1"})
    assert found.is_gift is True
    assert found.destination is not None
    assert found.destination.name == "Noura Saleh"  # of the billing address


def test_what_we_may_not_see_costs_no_order(magento: Spoken, server: MagentoServer) -> None:
    server.closed = {"inventory", "products-render-info", "store"}
    server.shipments = [shipment(5, 7, "290-1")]
    found = only(magento, server)
    assert (found.items[0].url, found.parcels[0].ship_from) == ("", None)


# --- asking -------------------------------------------------------------------------------


def test_look_learns_the_shop(magento: Spoken) -> None:
    facts = magento.hold(magento.adapter.look(magento.shop))
    assert (facts.currency, facts.time_zone, dict(facts.learned)) == (
        "SAR", "Asia/Riyadh", LOCALES,
    )  # fmt: skip


def test_refused_token_names_the_switch(magento: Spoken) -> None:
    magento.shop = replace(magento.shop, credentials={"access_token": "old"})
    problem = magento.refusal(magento.adapter.look(magento.shop))
    assert (problem.kind, problem.http_status) == ("credentials", 401)
    assert str(problem).endswith("allow access tokens as standalone Bearer tokens")


def test_other_site_is_no_magento(play: Play) -> None:
    spoken = Spoken(Magento(), play(lambda asked: Said(b"<html>", 404)), {"access_token": "x"})
    problem = spoken.refusal(spoken.adapter.look(spoken.shop))
    assert str(problem) == "There is no Magento at this address"


def test_all_pages_are_read(
    magento: Spoken, server: MagentoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    many(server, 5, first=NOW - timedelta(days=3))
    pages = magento.pages(Window("created", NOW - timedelta(days=60), NOW))
    assert [[one.external_id for one in page.orders] for page in pages] == [
        ["100", "101"], ["102", "103"], ["104"],
    ]  # fmt: skip
    assert [page.total for page in pages] == [5, None, None]


def test_orders_that_change_meanwhile_hide_none(
    magento: Spoken, server: MagentoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    many(server, 5, first=NOW - timedelta(days=3))
    window = Window("updated", NOW - timedelta(days=60), NOW)
    page = magento.hold(magento.adapter.page(magento.shop, window, ""))
    for number in (100, 101):
        server.sell(number, at=NOW + timedelta(minutes=1))
    rest = magento.hold(magento.adapter.page(magento.shop, window, page.next))
    assert [one.external_id for one in rest.orders] == ["102", "103"]


def test_window_has_its_first_second_and_not_its_last(
    magento: Spoken, server: MagentoServer
) -> None:
    server.sell(7, at=YESTERDAY)
    server.sell(8, at=NOW)
    found = [one.external_id for page in magento.pages(Window("updated", YESTERDAY, NOW))
             for one in page.orders]  # fmt: skip
    assert found == ["7"]


def test_many_shipments_are_all_read(
    magento: Spoken, server: MagentoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(magento_calls, "_PAGE", 2)
    server.shipments = [shipment(number, 7, f"290-{number}") for number in range(1, 6)]
    assert len(only(magento, server).parcels) == 5


def test_one_order_is_fetched(magento: Spoken, server: MagentoServer) -> None:
    server.sell(7, at=NOW)
    assert isinstance(magento.hold(magento.adapter.order(magento.shop, "7")), OrderUpdate)
    assert magento.hold(magento.adapter.order(magento.shop, "8")) is None


def test_one_odd_order_costs_none_of_its_neighbours(magento: Spoken, server: MagentoServer) -> None:
    many(server, 3, first=YESTERDAY)
    server.orders[101]["items"] = 3
    [page] = magento.pages(Window("updated", NOW - timedelta(days=2), NOW))
    assert [one.external_id for one in page.orders] == ["100", "102"]
    [unread] = page.unread
    assert unread.why == "items: expected a list, got a number"
    with pytest.raises(StoreError):
        magento.adapter.read_order(unread.raw)


def test_there_are_no_webhooks() -> None:
    assert isinstance(Magento().read("order", b"{}"), Ignored)
    assert Magento().verify(body=b"{}", headers={"": "x"}, secrets={"secret": "x"}) is False


# --- writing ------------------------------------------------------------------------------


def test_comment_keeps_the_orders_status(magento: Spoken, server: MagentoServer) -> None:
    server.sell(7, at=NOW, status="packing")
    said = magento.hold(magento.adapter.write(magento.shop, Note("7", "Out for delivery")))
    assert said == "Comment added"
    assert server.comments == [("7", {
        "comment": "Out for delivery", "parent_id": 7, "status": "packing",
        "is_customer_notified": 0, "is_visible_on_front": 0,
    })]  # fmt: skip


def test_number_is_added_to_the_only_shipment(magento: Spoken, server: MagentoServer) -> None:
    server.sell(7, at=NOW)
    server.shipments = [shipment(5, 7)]
    said = magento.hold(magento.adapter.write(magento.shop, NEWS))
    assert said == "Tracking number added to the shipment"
    [track] = server.tracks
    assert (track["order_id"], track["parent_id"], track["track_number"], track["title"]) == (
        7, 5, "290-1", "SMSA Express",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shipments", "news", "said"),
    [
        ([], NEWS, "Not written: the order has no shipment at the shop"),
        ([5, 6], NEWS, "Not written: the order has several shipments at the shop"),
        ([], replace(NEWS, fulfilment_id="500"), "The shop has this parcel already"),
    ],
)
def test_number_is_not_written_where_it_has_no_place(
    magento: Spoken, server: MagentoServer, shipments: list[int], news: ParcelNews, said: str
) -> None:
    server.shipments = [shipment(number, 7) for number in shipments]
    assert magento.hold(magento.adapter.write(magento.shop, news)) == said
    assert server.tracks == []


def test_number_that_the_shop_knows_is_not_added(magento: Spoken, server: MagentoServer) -> None:
    server.shipments = [shipment(5, 7, "2901")]
    said = magento.hold(magento.adapter.write(magento.shop, NEWS))
    assert said == "The shop has this parcel already"


def test_address_is_changed_whole(magento: Spoken, server: MagentoServer) -> None:
    server.sell(7, at=NOW)
    address = Address(
        country="SA", name="Huda", line1="King Road 1", line2="Villa 2", city="Jeddah",
        region="Makkah", postcode="23456", landmark="Red gate", national_address="JJJD1111",
    )  # fmt: skip
    said = magento.hold(magento.adapter.write(magento.shop, AddressChange("7", address)))
    assert said == "Address changed"
    [(number, entity)] = server.addresses
    assert (number, entity["entity_id"], entity["parent_id"]) == ("7", 70, 7)
    assert (entity["firstname"], entity["lastname"]) == ("Huda", "Huda")
    assert entity["street"] == ["King Road 1", "Villa 2, Red gate, JJJD1111"]
    assert (entity["region"], entity["region_id"], entity["email"]) == (
        "Makkah", None, "noura@shopper.example",
    )  # fmt: skip
    assert entity["extension_attributes"] == {"short_address": "JJJD1111"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "complete"}, "The order is complete at the shop"),
        ({"items": [{"qty_shipped": 1}]}, "The shop has shipped a part of this order"),
        ({"extension_attributes": {}}, "The order has no shipping address at the shop"),
    ],
)
def test_address_too_late_is_refused(
    magento: Spoken, server: MagentoServer, fields: dict[str, Any], words: str
) -> None:
    server.sell(7, at=NOW, **fields)
    change = AddressChange("7", Address(country="SA"))
    problem = magento.refusal(magento.adapter.write(magento.shop, change))
    assert (str(problem), problem.kind, server.addresses) == (words, "refused", [])


def test_there_are_no_tags(magento: Spoken) -> None:
    with pytest.raises(ShopError):
        magento.adapter.write(magento.shop, Tags("7", ("x",)))


# --- the whole way ------------------------------------------------------------------------


def test_whole_way(
    merchant: Merchant, server: MagentoServer, play: Play, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(module, "_PAGE", 2)
    many(server, 5, first=NOW - timedelta(days=3))
    server.shipments = [shipment(5, 101, "290-1")]
    played = play(server)
    settings.STORE_API_URLS = {"magento": played.url}
    store = connect_api(
        merchant=merchant, platform="magento", name="", shop="noor.example",
        credentials={"access_token": TOKEN}, now=NOW,
    )  # fmt: skip
    set_up(store.pk, now=NOW)
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get()
    assert go_on(pull.pk, now=NOW, seconds=0).found == 2
    played.fail("500")
    assert go_on(pull.pk, now=NOW).state == "running"
    assert go_on(pull.pk, now=NOW + timedelta(minutes=5)).state == "done"
    with merchant_scope(merchant.pk):
        assert StoreConnection.objects.get().credentials == {"access_token": TOKEN, **LOCALES}
        assert Order.objects.count() == 5
        assert Shipment.objects.get().order.external_id == "101"
    server.sell(105, at=NOW + timedelta(minutes=2))
    played.fail("429")
    assert sweep(store.pk, now=NOW + timedelta(minutes=15)).found == 1
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 6


@pytest.mark.parametrize(
    "name",
    [
        "create_shipment_1", "create_shipment_2", "order_create_invoice_1",
        "order_create_shipment_1", "performing_searches_1",
        *(f"in_store_pickup_{number}" for number in range(1, 6)),
    ],
)  # fmt: skip
def test_recorded_payloads_read_or_say_why_not(samples: Path, name: str) -> None:
    recorded = json.loads((samples / f"stores/magento/{name}.json").read_text())
    rows = recorded["items"] if name.startswith("performing") else [recorded]
    for row in rows:
        bundle = {"order": row}
        if "entity_id" in row:
            found = Magento().read_order(bundle)
            assert (found.external_id, found.number) == (
                str(row["entity_id"]), row["increment_id"],
            )  # fmt: skip
        else:
            with pytest.raises(StoreError) as error:
                Magento().read_order(bundle)
            assert str(error.value).startswith("entity_id: expected text")
