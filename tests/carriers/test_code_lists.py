"""Every code of the carriers' own lists is placed. The lists are kept with the samples."""

from __future__ import annotations

import csv
from pathlib import Path

from carriers import code_maps


def listed(path: Path, encoding: str) -> list[list[str]]:
    with path.open(newline="", encoding=encoding) as lines:
        return list(csv.reader(lines, delimiter=";"))[1:]


def test_every_dhl_status_of_every_service_is_placed(samples: Path) -> None:
    rows = listed(samples / "carrier_codes" / "dhl_status_by_service.csv", "cp1252")
    placed = code_maps.load("dhl_universal_codes.csv")

    assert len(rows) == 1092
    assert {(row[0], row[1]) for row in rows} == set(placed)


def test_every_ice_and_ric_of_dhl_paket_is_placed(samples: Path) -> None:
    path = samples / "carrier_codes" / "dhl_parcel_de_ice_ric_2024-07.csv"
    rows = listed(path, "utf-8-sig")
    placed = code_maps.load("dhl_parcel_de_codes.csv")

    assert len(rows) == 338
    assert {(f"{row[0]}/{row[1]}", row[2]) for row in rows} == set(placed)


def test_every_code_of_hermes_is_placed_long_and_short(samples: Path) -> None:
    rows = listed(samples / "carrier_codes" / "hermes_de_eventcodes.csv", "utf-8-sig")
    placed = code_maps.load("hermes_codes.csv")

    assert len(rows) == 294
    assert {("3x3", row[0]) for row in rows} | {("2x2", row[1]) for row in rows} == set(placed)
