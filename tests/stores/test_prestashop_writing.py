"""What is written into a PrestaShop shop, played from its documentation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from stores.providers.prestashop import PrestaShop
from stores.shop import AddressChange, Note, ParcelNews, Tags
from stores.talk import ShopError
from stores.vocabulary import Address
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.prestashop_server import KEY, ZONE, PrestaShopServer
from tests.stores.talking import Spoken

Play = Callable[[Handler], Played]
NEWS = ParcelNews(
    order_id="7",
    tracking_number="290-1",
    status="in_transit",
    at=NOW,
    carrier_name="SMSA Express",
)


@pytest.fixture
def server() -> PrestaShopServer:
    return PrestaShopServer()


@pytest.fixture
def presta(server: PrestaShopServer, play: Play) -> Spoken:
    credentials = {"key": KEY, "time_zone": ZONE, "cancelled": "6"}
    return Spoken(PrestaShop(), play(server), credentials)


def test_note_is_added_below_the_notes(presta: Spoken, server: PrestaShopServer) -> None:
    server.sell(7, at=NOW, note="Call first")
    said = presta.hold(presta.adapter.write(presta.shop, Note("7", "Left <at> the door & rang")))
    assert said == "Private note added"
    note = "Call first\nLeft <at> the door & rang"
    assert server.changes == [("PATCH", "orders", {"id": "7", "note": note})]


def test_version_without_patch_refuses_notes(presta: Spoken, server: PrestaShopServer) -> None:
    server.sell(7, at=NOW)
    server.allowed_methods = {"GET", "POST", "PUT", "DELETE"}
    problem = presta.refusal(presta.adapter.write(presta.shop, Note("7", "x")))
    assert (str(problem), problem.kind) == (
        "The shop says: Method PATCH is not valid", "refused",
    )  # fmt: skip
    assert server.changes == []


def test_number_is_written_where_one_is_missing(presta: Spoken, server: PrestaShopServer) -> None:
    row = server.ship(7, "")
    assert presta.hold(presta.adapter.write(presta.shop, NEWS)) == "Tracking number added"
    [(method, resource, values)] = server.changes
    assert (method, resource, values["tracking_number"], values["id_carrier"]) == (
        "PUT", "order_carriers", "290-1", "8",
    )  # fmt: skip
    assert row["weight"] == "1.000000"


@pytest.mark.parametrize(
    ("numbers", "news", "said"),
    [
        (["2901"], NEWS, "The shop has this parcel already"),
        ([""], replace(NEWS, fulfilment_id="900"), "The shop has this parcel already"),
        (["JD01"], NEWS,
         "Not written: the order has no carrier at the shop that still waits for a number"),
        (["", ""], NEWS,
         "Not written: the order has no carrier at the shop that still waits for a number"),
    ],
)  # fmt: skip
def test_number_is_not_written_elsewhere(
    presta: Spoken, server: PrestaShopServer, numbers: list[str], news: ParcelNews, said: str
) -> None:
    for number in numbers:
        server.ship(7, number)
    assert presta.hold(presta.adapter.write(presta.shop, news)) == said
    assert server.changes == []


ADDRESS = Address(
    country="SA", name="Huda Amin", line1="King Road 1", line2="Villa 2", city="Jeddah",
    region="makkah", postcode="23456", landmark="Red gate", national_address="JJJD1111",
)  # fmt: skip


def test_address_is_changed_for_this_order_alone(presta: Spoken, server: PrestaShopServer) -> None:
    server.sell(7, at=NOW)
    change = AddressChange("7", ADDRESS)
    assert presta.hold(presta.adapter.write(presta.shop, change)) == "Address changed"
    (made, moved) = server.changes
    assert made[:2] == ("POST", "addresses")
    values = made[2]
    assert (values["firstname"], values["lastname"], values["address1"], values["address2"]) == (
        "Huda", "Amin", "King Road 1", "Villa 2, Red gate, JJJD1111",
    )  # fmt: skip
    assert (values["id_country"], values["id_state"], values["phone_mobile"]) == (
        "9", "45", "+966501234567",
    )  # fmt: skip
    assert (values["deleted"], values["id_customer"], values["national_address"]) == (
        "1", "30", "JJJD1111",
    )  # fmt: skip
    assert moved == ("PATCH", "orders", {"id": "7", "id_address_delivery": "77"})


def test_address_that_cannot_be_used_is_taken_away(
    presta: Spoken, server: PrestaShopServer
) -> None:
    server.sell(7, at=NOW)
    server.allowed_methods = {"GET", "POST", "PUT", "DELETE"}
    problem = presta.refusal(presta.adapter.write(presta.shop, AddressChange("7", ADDRESS)))
    assert str(problem) == "The shop says: Method PATCH is not valid"
    assert [(method, resource) for method, resource, _ in server.changes] == [
        ("POST", "addresses"), ("DELETE", "addresses"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "words"),
    [("4", "The order is shipped at the shop"), ("6", "The order is cancelled at the shop")],
)
def test_address_too_late_is_refused(
    presta: Spoken, server: PrestaShopServer, state: str, words: str
) -> None:
    server.sell(7, at=NOW, current_state=state)
    problem = presta.refusal(presta.adapter.write(presta.shop, AddressChange("7", ADDRESS)))
    assert (str(problem), problem.kind, server.changes) == (words, "refused", [])


def test_name_that_the_shop_refuses_is_said(presta: Spoken, server: PrestaShopServer) -> None:
    server.sell(7, at=NOW)
    change = AddressChange("7", replace(ADDRESS, name="Huda 3"))
    problem = presta.refusal(presta.adapter.write(presta.shop, change))
    assert str(problem) == (
        'The shop says: Validation error: "Property Address->lastname is not valid"'
    )


def test_there_are_no_tags(presta: Spoken) -> None:
    with pytest.raises(ShopError):
        presta.adapter.write(presta.shop, Tags("7", ("x",)))
