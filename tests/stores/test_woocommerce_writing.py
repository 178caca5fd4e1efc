"""What is written into a WooCommerce shop, played from its documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from stores.providers.woocommerce import WooCommerce
from stores.shop import AddressChange, Note, ParcelNews, Tags
from stores.talk import ShopError
from stores.vocabulary import Address
from tests.factories import NOW
from tests.stores.playing import Handler, Played, Said
from tests.stores.talking import Spoken
from tests.stores.woo_server import KEY, SECRET, WooServer

Play = Callable[[Handler], Played]
NEWS = ParcelNews(
    order_id="7",
    tracking_number="290-1",
    status="in_transit",
    at=NOW,
    carrier_name="SMSA Express",
    page_url="https://track.noor.example/t/abc",
)


@pytest.fixture
def server() -> WooServer:
    return WooServer()


@pytest.fixture
def woo(server: WooServer, play: Play) -> Spoken:
    return Spoken(WooCommerce(), play(server), {"consumer_key": KEY, "consumer_secret": SECRET})


def test_note_is_private(woo: Spoken, server: WooServer) -> None:
    server.sell(7, at=NOW)
    said = woo.hold(woo.adapter.write(woo.shop, Note("7", "Out for delivery")))
    assert said == "Private note added"
    assert server.notes == [("7", {"note": "Out for delivery", "customer_note": False})]


@pytest.mark.parametrize("plug_in", ["wc-ast/v3", "wc-shipment-tracking/v3"])
def test_number_is_added_where_a_plug_in_keeps_it(
    woo: Spoken, server: WooServer, plug_in: str
) -> None:
    server.plug_ins = [plug_in]
    assert woo.hold(woo.adapter.write(woo.shop, NEWS)) == "Tracking number added"
    again = woo.hold(woo.adapter.write(woo.shop, replace(NEWS, status="delivered")))
    assert again == "The shop has this parcel already"
    [track] = server.tracks
    assert track == {
        "tracking_id": "t9", "custom_tracking_provider": "SMSA Express",
        "custom_tracking_link": "https://track.noor.example/t/abc", "tracking_number": "290-1",
        "date_shipped": f"{NOW:%Y-%m-%d}",
    }  # fmt: skip


def test_parcel_of_the_shop_is_not_written_back(woo: Spoken, server: WooServer) -> None:
    news = replace(NEWS, fulfilment_id="a1b2")
    assert woo.hold(woo.adapter.write(woo.shop, news)) == "The shop has this parcel already"
    assert server.tracks == []


def test_shop_without_plug_in_has_no_place_for_numbers(woo: Spoken, server: WooServer) -> None:
    server.plug_ins = []
    said = woo.hold(woo.adapter.write(woo.shop, NEWS))
    assert said == "Not written: the shop has no plug-in for tracking numbers"


def test_address_is_changed_whole(woo: Spoken, server: WooServer) -> None:
    meta = [{"id": 5, "key": "_shipping_landmark", "value": "old"},
            {"id": 6, "key": "_billing_landmark", "value": "stays"}]  # fmt: skip
    server.sell(7, at=NOW, meta_data=meta)
    address = Address(
        country="SA", name="Noura Saleh", line1="Olaya Street 12", line2="Flat 4", city="Riyadh",
        postcode="12211", phone="+966501234567", landmark="Behind the mosque",
        national_address="RRRD2929",
    )  # fmt: skip
    said = woo.hold(woo.adapter.write(woo.shop, AddressChange("7", address)))
    assert said == "Address changed"
    assert server.orders[7]["shipping"] == {
        "first_name": "Noura", "last_name": "Saleh", "address_1": "Olaya Street 12",
        "address_2": "Flat 4, Behind the mosque, RRRD2929", "city": "Riyadh", "state": "",
        "postcode": "12211", "country": "SA", "phone": "+966501234567",
    }  # fmt: skip
    assert server.orders[7]["meta_data"] == [
        {"id": 5, "key": "_shipping_landmark", "value": "Behind the mosque"}
    ]


def test_address_that_came_back_is_not_lengthened(woo: Spoken, server: WooServer) -> None:
    server.sell(7, at=NOW)
    line2 = "Flat 4, Behind the mosque, RRRD2929"
    address = Address(country="SA", line1="Olaya Street 12", line2=line2,
                      landmark="Behind the mosque", national_address="RRRD2929")  # fmt: skip
    woo.hold(woo.adapter.write(woo.shop, AddressChange("7", address)))
    assert server.orders[7]["shipping"]["address_2"] == line2


def test_total_that_changes_with_the_address_is_said(
    woo: Spoken, server: WooServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.sell(7, at=NOW)
    put = server._order
    monkeypatch.setattr(
        server, "_order",
        lambda asked, number, rest: Said({**server.orders[7], "total": "214.50"})
        if asked.method == "PUT" else put(asked, number, rest),
    )  # fmt: skip
    change = AddressChange("7", Address(country="SA", city="Jeddah"))
    said = woo.hold(woo.adapter.write(woo.shop, change))
    assert said == "Address changed; the order’s total went from 210.000 to 214.500"


@pytest.mark.parametrize(
    ("status", "words"),
    [("completed", "The order is completed at the shop"), ("", "The shop says: Invalid ID.")],
)
def test_address_too_late_is_refused(
    woo: Spoken, server: WooServer, status: str, words: str
) -> None:
    if status:
        server.sell(7, at=NOW, status=status)
    problem = woo.refusal(woo.adapter.write(woo.shop, AddressChange("7", Address(country="SA"))))
    assert (str(problem), problem.kind) == (words, "refused")


def test_there_are_no_tags(woo: Spoken) -> None:
    with pytest.raises(ShopError):
        woo.adapter.write(woo.shop, Tags("7", ("x",)))
