"""Files of past orders: what is taken, and what is said of the others."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from edd.backtest.reading import Unreadable, country_of, parse, read
from edd.learning.parcels import NUMBERS
from tests.edd.backtest.files import HEADER, line

ONE = line(date(2025, 3, 3), packing=1, road=2, promised=6)


def refused(*lines: str) -> tuple[str, int, str, str]:
    with pytest.raises(Unreadable) as fault:
        parse(lines)
    return fault.value.code, fault.value.row, fault.value.column, fault.value.value


def test_columns_become_days() -> None:
    orders = parse([HEADER, ONE])
    parcels = orders.parcels
    days = [parcels.placed, parcels.handed, parcels.came, orders.promised]
    assert [str(date.fromordinal(int(one[0]))) for one in days] == [
        "2025-03-03", "2025-03-04", "2025-03-06", "2025-03-09",
    ]  # fmt: skip
    assert (int(parcels.placed_hour[0]), int(parcels.handed_hour[0])) == (10, 15)


def test_missing_columns_are_named() -> None:
    header = HEADER.replace("approved_at,", "").replace(",promise_date", "")
    assert refused(header, ONE) == ("columns", 0, "approved_at, promise_date", "")


def test_optional_columns_may_be_missing() -> None:
    parcels = parse([HEADER, ONE]).parcels
    assert parcels.where.carrier.names == [""]
    assert parcels.ship_by.tolist() == [0]
    assert {name: column.tolist() for name, column in parcels.numbers.items()} == {
        name: [usual] for name, usual in NUMBERS.items()
    }


def test_optional_columns_are_used() -> None:
    header = f"{HEADER},carrier,service,to_state,weight_g,seller_ship_by"
    orders = parse([header, f"{ONE},aramex,express,DU,1200,2025-03-05"])
    assert orders.parcels.where.carrier.names == ["aramex"]
    assert orders.parcels.where.service.names == ["express"]
    assert orders.to_region.names == ["DU"]
    assert orders.parcels.numbers["weight_g"].tolist() == [1200.0]
    assert orders.parcels.ship_by.tolist() == [date(2025, 3, 5).toordinal()]


@pytest.mark.parametrize("wrong", ["03/04/2025", "yesterday", "2025-02-30", "0001-01-01"])
def test_wrong_date_is_told_with_row_and_column(wrong: str) -> None:
    bad = ONE.replace("2025-03-04 15:00:00", wrong)
    assert refused(HEADER, ONE, "", ONE, bad) == ("date", 4, "handed_to_carrier_at", wrong)


@pytest.mark.parametrize("wrong", ["heavy", "nan", "inf", "1e40"])
def test_wrong_number_is_told_with_row_and_column(wrong: str) -> None:
    assert refused(f"{HEADER},weight_g", f"{ONE},{wrong}") == ("number", 2, "weight_g", wrong)


def test_text_of_a_fault_says_what_and_where() -> None:
    with pytest.raises(Unreadable, match=r"^Row 2, purchased_at: “soon” is no date\.$"):
        parse([HEADER, ONE.replace("2025-03-03 10:00:00", "soon")])


def test_row_without_a_purchase_is_no_order() -> None:
    assert len(parse([HEADER, ONE, ",,,2025-03-06,"]).parcels) == 1


@pytest.mark.parametrize("lines", [[HEADER], [HEADER, ",,,,"]])
def test_file_without_orders_is_refused(lines: list[str]) -> None:
    assert refused(*lines)[0] == "empty"


def test_order_that_is_not_delivered_is_open() -> None:
    assert parse([HEADER, "2025-03-03,,2025-03-04,,"]).parcels.came.tolist() == [0]


def test_delivery_without_a_hand_over_counts_as_handed_over_then() -> None:
    parcels = parse([HEADER, "2025-03-03,,,2025-03-05,"]).parcels
    assert parcels.handed.tolist() == parcels.came.tolist() == [date(2025, 3, 5).toordinal()]


def test_time_before_the_one_it_follows_is_the_same_day() -> None:
    parcels = parse([HEADER, "2025-03-03,,2025-03-01,2025-02-01,"]).parcels
    assert (parcels.handed.tolist(), parcels.came.tolist()) == (parcels.placed.tolist(),) * 2


def test_date_of_another_age_counts_as_a_year() -> None:
    orders = parse([HEADER, "2025-03-03,,2025-03-04,2025-03-05,2090-01-01"])
    assert (orders.promised - orders.parcels.placed).tolist() == [365]


def test_orders_are_sorted_by_their_purchase_however_it_is_written() -> None:
    rows = ["2025-03-03T09:00,,,,", "2025-03-03 08:00,,,,", "2025-03-02,,,,"]
    parcels = parse([HEADER, *rows]).parcels
    assert parcels.placed_hour.tolist() == [0, 8, 9]


def test_newest_are_kept() -> None:
    rows = [f"2025-03-{day:02d},,,," for day in (5, 1, 4)]
    kept = parse([HEADER, *rows], most=2).parcels.placed.tolist()
    assert [date.fromordinal(day).day for day in kept] == [4, 5]


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_file_is_read_plain_and_compressed(tmp_path: Path, name: str) -> None:
    body = f"\ufeff{HEADER}\n{ONE}\n".encode()
    file = tmp_path / name
    file.write_bytes(gzip.compress(body) if name.endswith("gz") else body)
    assert len(read(file).parcels) == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("cut.csv.gz", gzip.compress(f"{HEADER}\n{ONE}\n".encode() * 500)[:60]),
        ("latin.csv", f"{HEADER},to_state\n{ONE},São\n".encode("latin-1")),
        ("long.csv", f"{HEADER}\n".encode() + b"x" * 200_000),
    ],
    ids=["cut", "latin", "long"],
)
def test_what_is_no_text_is_refused_in_words(tmp_path: Path, name: str, body: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    with pytest.raises(Unreadable) as fault:
        read(file)
    assert fault.value.code == "not_csv"


def test_country_is_the_smallest_that_has_all_states() -> None:
    assert country_of(["SP", "RJ", "AM", ""]) == "BR"
    assert country_of([""]) == ""


def test_country_of_the_file_goes_before_the_merchants() -> None:
    sunday = date(2025, 3, 9).toordinal()

    def works(header: str, row: str) -> bool:
        clock = parse([header, row], home="AE").parcels.processing.clocks[0]
        return bool(clock.works[sunday - clock.first])

    assert works(HEADER, ONE) is False
    assert works(f"{HEADER},country", f"{ONE},SA") is True
