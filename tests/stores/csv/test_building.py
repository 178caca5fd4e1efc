"""Rows become orders: several rows one order, each cell where it belongs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from stores.csv.building import Built, build, completed, order_key
from stores.csv.reading import records
from stores.csv.settings import Settings
from stores.csv.suggesting import suggest
from stores.csv.survey import survey
from stores.vocabulary import Address, Item
from tests.stores.csv.files import BAD, HEADER, OMAR, SARA, SARA_TOO
from tests.stores.csv.test_suggesting import FLIPKART, NAVER, SHOPEE

BASE = Settings("utf-8", ",", 1, (), zone="Asia/Dubai", country="AE", currency="AED")


def built(body: str, **choices: object) -> list[Built]:
    """Every order of the file, in the order of its first rows."""
    found = survey(lambda: [body.encode()])
    settings = replace(BASE, headers=found.headers, header_row=found.header_row)
    columns, _ = suggest(found, settings)
    settings = replace(settings, columns=columns, **choices)  # type: ignore[arg-type]
    groups: dict[str, list] = {}
    for record in records([body.encode()], encoding="utf-8", delimiter=","):
        if record.number > found.header_row and not record.is_blank:
            groups.setdefault(order_key(record.cells, settings), []).append(record)
    orders = [build(rows, settings) for rows in groups.values()]
    return [
        replace(one, update=completed(one.update, settings)) if one.update else one
        for one in orders
    ]


def test_rows_of_one_order_are_one_order_wherever_they_stand() -> None:
    first, second = built("\n".join((HEADER, SARA, OMAR, SARA_TOO)))
    assert first.rows == (2, 4)
    order = first.update
    assert order is not None
    assert (order.number, order.total, order.currency) == ("1001", Decimal("209.000"), "AED")
    assert order.customer.email == "sara@shopper.example"
    assert order.destination == Address("AE", line1="Villa 14", city="Dubai")
    assert order.items == (
        Item("Brass lamp", 1, "LAMP", "LAMP", Decimal("149.000")),
        Item("Oud candle", 2, "OUD", "OUD", Decimal("30.000")),
    )
    assert [(p.tracking_number, p.carrier, p.contents) for p in order.parcels] == [
        ("3456789012", "aramex", (("LAMP", 1),)),
        ("290000123456", "smsa", (("OUD", 2),)),
    ]
    assert second.update is not None
    assert second.update.destination is not None
    assert second.update.destination.country == "SA"


def test_line_split_over_two_parcels_is_added_up() -> None:
    body = "Order,SKU,Qty,Tracking\n1,MUG,2,290000123456\n1,MUG,3,290000123457\n"
    (order,) = built(body)
    assert order.update is not None
    assert [(item.sku, item.quantity) for item in order.update.items] == [("MUG", 5)]
    assert [parcel.contents for parcel in order.update.parcels] == [(("MUG", 2),), (("MUG", 3),)]


def test_row_that_stands_there_twice_says_it_once() -> None:
    (order,) = built("\n".join((HEADER, OMAR, OMAR)))
    assert order.update is not None
    assert [item.quantity for item in order.update.items] == [4]
    assert order.rows == (2, 3)


def test_every_wrong_cell_is_named_with_row_and_column() -> None:
    (order,) = built("\n".join((HEADER, BAD)))
    assert order.update is None
    assert [(p.row, p.column, p.value, p.code) for p in order.problems] == [
        (2, "Email", "lina@", "email"),
        (2, "Country", "Atlantis", "country"),
        (2, "Qty", "two", "quantity"),
    ]


def test_wrong_row_keeps_its_whole_order_out() -> None:
    wrong = SARA_TOO.replace(",2,30.00", ",x,30.00")
    (order,) = built("\n".join((HEADER, SARA, wrong)))
    assert (order.update, order.rows, [p.row for p in order.problems]) == (None, (2, 3), [3])


def test_more_cells_than_headers_is_a_missing_quotation_mark() -> None:
    (order,) = built("Order,City\n1,Dubai,Marina\n")
    assert [problem.code for problem in order.problems] == ["more_cells"]


def test_row_without_an_order_number_says_so() -> None:
    (order,) = built("Order,City\n,Dubai\n")
    assert [(p.code, p.column) for p in order.problems] == [("no_order", "Order")]


def test_address_without_any_country_is_asked_for() -> None:
    (order,) = built("Order,City\n1,Dubai\n", country="")
    assert [problem.code for problem in order.problems] == ["no_country"]


def test_order_without_a_date_counts_as_placed_when_shipped_or_on_the_day_chosen() -> None:
    body = "Order,Tracking,Shipped at\n1,290000123456,2026-11-05\n2,290000123457,\n"
    first, second = built(body, undated="2026-11-09")
    assert first.update is not None
    assert second.update is not None
    assert str(first.update.placed_at)[:10] == "2026-11-04"  # midnight in Dubai
    assert str(second.update.placed_at)[:16] == "2026-11-09 08:00"


def test_same_words_in_another_file_have_the_same_digest() -> None:
    (order,) = built("Order,City,Country\n1,Dubai,UAE\n", undated="2026-11-09")
    (moved,) = built("Country,Order,Odd,City\nAE,1,x,Dubai\n", undated="2026-11-10")
    (else_,) = built("Order,City,Country\n1,Sharjah,UAE\n")
    assert order.digest == moved.digest
    assert order.digest != else_.digest


def test_marketplaces_orders_are_read() -> None:
    flipkart, shopee, naver = (
        built(FLIPKART, country="IN")[0], built(SHOPEE)[0], built(NAVER, country="KR")[0],
    )  # fmt: skip
    for one in (flipkart, shopee, naver):
        assert one.problems == ()
    assert flipkart.update is not None
    assert flipkart.update.number == "OD430000000000000001"
    assert flipkart.update.items[0].external_id == "11223344556677"
    assert shopee.update is not None
    assert shopee.update.items[0].title == "Tote bag · Blue"
    assert naver.update is not None
    assert naver.update.parcels[0].carrier == "cj_logistics"
    assert naver.update.destination is not None
    assert naver.update.destination.name == "박지훈"
