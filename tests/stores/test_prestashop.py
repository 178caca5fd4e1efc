"""PrestaShop's orders and web service, spoken with a shop played from its documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api
from stores.models import Pull
from stores.payload import StoreError
from stores.providers import prestashop as module
from stores.providers.prestashop import PrestaShop
from stores.providers.prestashop_orders import said_in
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.shop import Window
from stores.sweeping import sweep
from stores.vocabulary import Address, Consent, Ignored, OrderUpdate, Refund
from tests.factories import NOW
from tests.stores.playing import Handler, Played, Said
from tests.stores.prestashop_server import KEY, ZONE, PrestaShopServer, many, stamp
from tests.stores.talking import Spoken
from tracking.models import Order, Shipment

Play = Callable[[Handler], Played]
LEARNED = {"time_zone": ZONE, "cancelled": "6"}
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def server() -> PrestaShopServer:
    return PrestaShopServer()


@pytest.fixture
def presta(server: PrestaShopServer, play: Play) -> Spoken:
    return Spoken(PrestaShop(), play(server), {"key": KEY, **LEARNED})


def only(presta: Spoken, server: PrestaShopServer, **fields: Any) -> OrderUpdate:
    server.sell(7, at=YESTERDAY, **fields)
    [order] = presta.orders()
    return order


# --- reading ------------------------------------------------------------------------------


def test_order_is_read_whole(presta: Spoken, server: PrestaShopServer) -> None:
    found = only(presta, server)
    assert (found.external_id, found.number, found.language) == ("7", "REF7", "ar-SA")
    assert found.placed_at == found.updated_at == YESTERDAY
    assert (found.customer.name, found.customer.email, found.customer.phone) == (
        "Noura Saleh", "noura@shopper.example", "+966509999999",
    )  # fmt: skip
    assert found.destination == Address(
        country="SA", name="Omar Haddad", line1="Olaya Street 12", line2="Flat 4", city="Riyadh",
        region="Riyadh", postcode="12211", phone="+966501234567", national_address="RRRD2929",
    )  # fmt: skip
    assert (found.currency, found.total, found.cod_amount) == ("SAR", Decimal(210), Decimal(210))
    assert (found.payment_method, found.shop_status) == ("Cash on delivery", "قيد التجهيز")
    assert [(one.external_id, one.quantity, one.price) for one in found.items] == [
        ("71", 2, Decimal(80)), ("72", 1, Decimal(50)),
    ]  # fmt: skip
    registered = datetime(2026, 1, 1, tzinfo=UTC)
    assert found.consents == (
        Consent("email", "marketing", True, "prestashop:newsletter", registered),
    )


def test_product_that_is_sold_has_a_page_and_a_picture(
    presta: Spoken, server: PrestaShopServer
) -> None:
    lamp, shade = only(presta, server).items
    assert (lamp.url, lamp.image_url) == (
        "https://noor.example/index.php?controller=product&id_product=5",
        "https://noor.example/img/p/4/2/42.jpg",
    )
    assert (shade.url, shade.image_url) == ("", "")


def test_parcels_come_from_the_orders_carriers(presta: Spoken, server: PrestaShopServer) -> None:
    server.ship(7, "290-1; 290-2")
    server.ship(7, "JD01", carrier="9")
    found = only(presta, server, shipping_number="290-1")
    assert [(one.tracking_number, one.carrier, one.carrier_name, one.external_id)
            for one in found.parcels] == [
        ("290-1", "smsa", "SMSA Express", "900"), ("290-2", "smsa", "SMSA Express", "900"),
        ("JD01", "", "", "901"),
    ]  # fmt: skip


def test_number_of_an_old_version_is_a_parcel(presta: Spoken, server: PrestaShopServer) -> None:
    [parcel] = only(presta, server, shipping_number="290-1").parcels
    assert (parcel.tracking_number, parcel.external_id) == ("290-1", "")


def test_paid_order_is_confirmed_by_its_invoice(presta: Spoken, server: PrestaShopServer) -> None:
    found = only(presta, server, module="ps_wirepayment", invoice_date=stamp(YESTERDAY))
    assert (found.confirmed_at, found.cod_amount) == (YESTERDAY, None)


def test_cancelled_order_is_known_by_the_shops_own_setting(
    presta: Spoken, server: PrestaShopServer
) -> None:
    found = only(presta, server, current_state="6")
    assert (found.cancelled_at, found.cod_amount, found.shop_status) == (
        YESTERDAY, Decimal(0), "Canceled",
    )  # fmt: skip


def test_credit_slips_are_refunds(presta: Spoken, server: PrestaShopServer) -> None:
    details = {"order_slip_details": [{"id_order_detail": "71", "product_quantity": "1"}]}
    server.rows["order_slip"] = [
        {"id": 4, "id_order": "7", "total_products_tax_incl": "80.00",
         "total_shipping_tax_incl": "10.00", "date_add": stamp(NOW), "associations": details},
        {"id": 5, "id_order": "7", "amount": "5.00", "date_add": stamp(NOW)},
    ]  # fmt: skip
    assert only(presta, server).refunds == (
        Refund("4", Decimal(90), NOW, lines=(("71", 1),)), Refund("5", Decimal(5), NOW),
    )  # fmt: skip


def test_gift_is_a_gift(presta: Spoken, server: PrestaShopServer) -> None:
    assert only(presta, server, gift="1").is_gift is True


def test_what_the_key_may_not_read_costs_no_order(presta: Spoken, server: PrestaShopServer) -> None:
    server.closed = {"addresses", "customers", "products", "order_states", "languages"}
    found = only(presta, server)
    assert (found.external_id, found.destination, found.shop_status, found.language) == (
        "7", None, "", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "language", "said"),
    [
        ("Livré", "2", "Livré"),
        ([{"id": "1", "value": "Delivered"}, {"id": "2", "value": "Livré"}], "2", "Livré"),
        ([{"id": "1", "value": "Delivered"}], "2", "Delivered"),
        (None, "2", ""),
    ],
)
def test_words_are_taken_in_the_orders_language(value: object, language: str, said: str) -> None:
    assert said_in(value, language) == said


# --- asking -------------------------------------------------------------------------------


def test_look_learns_the_shop(presta: Spoken) -> None:
    facts = presta.hold(presta.adapter.look(presta.shop))
    assert (facts.name, facts.country, facts.currency, facts.time_zone, dict(facts.learned)) == (
        "Noor Lamps", "SA", "SAR", ZONE, LEARNED,
    )  # fmt: skip


def test_wrong_key_is_said(presta: Spoken) -> None:
    presta.shop = replace(presta.shop, credentials={"key": "other"})
    problem = presta.refusal(presta.adapter.look(presta.shop))
    assert (problem.kind, str(problem)) == (
        "credentials",
        "The web service key may not read “orders”: Invalid authentication key format",
    )


def test_missing_permission_is_named(presta: Spoken, server: PrestaShopServer) -> None:
    server.closed = {"configurations"}
    problem = presta.refusal(presta.adapter.look(presta.shop))
    assert str(problem).startswith("The web service key may not read “configurations”: Resource")


def test_web_service_that_is_off_is_said(play: Play) -> None:
    spoken = Spoken(PrestaShop(), play(lambda asked: Said(b"<html>", 404)), {"key": KEY})
    problem = spoken.refusal(spoken.adapter.look(spoken.shop))
    assert str(problem) == "There is no web service of PrestaShop at this address"


def test_all_pages_are_read(
    presta: Spoken, server: PrestaShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    many(server, 5, first=NOW - timedelta(days=3))
    pages = presta.pages(Window("created", NOW - timedelta(days=60), NOW))
    assert [[one.external_id for one in page.orders] for page in pages] == [
        ["100", "101"], ["102", "103"], ["104"],
    ]  # fmt: skip


def test_orders_that_change_meanwhile_hide_none(
    presta: Spoken, server: PrestaShopServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    many(server, 5, first=NOW - timedelta(days=3))
    window = Window("updated", NOW - timedelta(days=60), NOW)
    page = presta.hold(presta.adapter.page(presta.shop, window, ""))
    for number in (100, 101):
        server.sell(number, at=NOW + timedelta(minutes=1))
    rest = presta.hold(presta.adapter.page(presta.shop, window, page.next))
    assert [one.external_id for one in rest.orders] == ["102", "103"]


def test_window_is_asked_on_the_shops_clock(presta: Spoken, server: PrestaShopServer) -> None:
    server.sell(7, at=YESTERDAY)
    server.sell(8, at=NOW)
    found = [one.external_id for page in presta.pages(Window("updated", YESTERDAY, NOW))
             for one in page.orders]  # fmt: skip
    assert found == ["7"]


def test_hour_that_the_clock_repeats_is_asked_whole(
    presta: Spoken, server: PrestaShopServer
) -> None:
    presta.shop = replace(
        presta.shop, credentials={"key": KEY, "time_zone": "Europe/Paris", "cancelled": "6"}
    )
    # Paris goes from 03:00 back to 02:00 at 01:00 UTC.
    since, until = (datetime(2026, 10, 25, *at, tzinfo=UTC) for at in ((0, 50), (1, 10)))
    order = server.sell(7, at=YESTERDAY)
    order["date_upd"] = stamp(datetime(2026, 10, 25, 1, 5, tzinfo=UTC), "Europe/Paris")
    [page] = presta.pages(Window("updated", since, until))
    assert [one.external_id for one in page.orders] == ["7"]


def test_no_orders_are_no_trouble(presta: Spoken) -> None:
    assert presta.orders() == []


def test_one_order_is_fetched(presta: Spoken, server: PrestaShopServer) -> None:
    server.sell(7, at=NOW)
    assert isinstance(presta.hold(presta.adapter.order(presta.shop, "7")), OrderUpdate)
    assert presta.hold(presta.adapter.order(presta.shop, "8")) is None


def test_one_odd_order_costs_none_of_its_neighbours(
    presta: Spoken, server: PrestaShopServer
) -> None:
    many(server, 3, first=YESTERDAY)
    server.rows["orders"][1]["associations"] = {"order_rows": 3}
    [page] = presta.pages(Window("updated", NOW - timedelta(days=2), NOW))
    assert [one.external_id for one in page.orders] == ["100", "102"]
    [unread] = page.unread
    assert unread.why == "order_rows: expected a list, got a number"
    with pytest.raises(StoreError):
        presta.adapter.read_order(unread.raw)


def test_there_are_no_webhooks() -> None:
    assert isinstance(PrestaShop().read("order", b"{}"), Ignored)


# --- the whole way ------------------------------------------------------------------------


def test_whole_way(
    merchant: Merchant, server: PrestaShopServer, play: Play, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(module, "PAGE", 2)
    many(server, 5, first=NOW - timedelta(days=3))
    server.ship(101, "290-1")
    played = play(server)
    settings.STORE_API_URLS = {"prestashop": played.url}
    store = connect_api(
        merchant=merchant, platform="prestashop", name="", shop="noor.example",
        credentials={"key": KEY}, now=NOW,
    )  # fmt: skip
    set_up(store.pk, now=NOW)
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get()
    assert go_on(pull.pk, now=NOW, seconds=0).found == 2
    played.fail("500")
    assert go_on(pull.pk, now=NOW).state == "running"
    assert go_on(pull.pk, now=NOW + timedelta(minutes=5)).state == "done"
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 5
        assert Shipment.objects.get().order.external_id == "101"
        assert {one.city for one in Order.objects.all()} == {"Riyadh"}
    server.sell(105, at=NOW + timedelta(minutes=2))
    played.fail("429")
    assert sweep(store.pk, now=NOW + timedelta(minutes=15)).found == 1
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 6


# --- the vendor's blank schemas -----------------------------------------------------------


def blank(samples: Path, name: str) -> dict[str, Any]:
    """The schema's fields, empty, as the web service would give them in JSON."""
    [entity] = ElementTree.parse(samples / f"stores/prestashop/{name}_blank.xml").getroot()
    return {child.tag: child.text or "" for child in entity if not len(child)}


def test_fields_that_we_read_are_in_the_schemas(samples: Path) -> None:
    order, address = blank(samples, "orders"), blank(samples, "addresses")
    assert {"reference", "date_upd", "current_state", "total_paid_tax_incl", "total_paid_real",
            "id_address_delivery", "id_address_invoice", "module", "gift", "note",
            "shipping_number", "invoice_date"} <= order.keys()  # fmt: skip
    assert {"firstname", "address1", "phone_mobile", "id_state", "deleted"} <= address.keys()
    assert {"paid", "shipped"} <= blank(samples, "order_states").keys()
    assert {"id_order", "id_order_state"} <= blank(samples, "order_histories").keys()


def test_blank_order_says_what_it_lacks(samples: Path) -> None:
    order = blank(samples, "orders")
    with pytest.raises(StoreError) as error:
        PrestaShop().read_order({"order": order})
    assert str(error.value) == "id: expected text or a number, got text"
    found = PrestaShop().read_order(
        {"order": {**order, "id": "7"}, "delivery": blank(samples, "addresses"),
         "state": blank(samples, "order_states")}
    )  # fmt: skip
    assert (found.external_id, found.number, found.total, found.placed_at) == ("7", "7", None, None)
