from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from carriers.countries import country_codes
from lib import gazetteer
from lib.folding import fold
from lib.gazetteer import find, find_town, locate, towns_of

GULF = ("AE", "SA", "KW", "QA", "BH", "OM")
FOLDER = Path(gazetteer.__file__).parent
ROWS = list(csv.DictReader((FOLDER / "gazetteer.csv").read_text(encoding="utf-8").splitlines()))
OFFERED = [row for row in ROWS if row["offered"]]


@pytest.mark.parametrize(
    ("said", "country", "name"),
    [
        ("DUBAI", "AE", "Dubai"),
        ("Dubai, United Arab Emirates", "AE", "Dubai"),
        ("JIDDAH - SAUDI ARABIA", "SA", "Jeddah"),
        ("Al-Khobar", "SA", "Al Khobar"),
        ("مكة", "SA", "Makkah"),
        ("München", "DE", "Munich"),
        ("RUH", "SA", "Riyadh"),
        ("Xi'an", "CN", "Xi'an"),
        ("Heathrow", "GB", "London"),
    ],
)
def test_spellings_of_carriers_are_known(said: str, country: str, name: str) -> None:
    city = locate(said, country)
    assert city is not None
    assert (city.names["en"], city.country) == (name, country)


def test_name_that_two_countries_share_needs_its_country() -> None:
    assert find("Tripoli") is None
    assert [locate("Tripoli", one).latitude for one in ("LB", "LY")] == [34.44, 32.89]  # type: ignore[union-attr]


def test_town_of_another_country_is_not_found() -> None:
    assert locate("Birmingham", "US") is None


def test_town_of_another_state_is_not_found() -> None:
    assert locate("Portland", "US", region="ME") is None
    assert locate("Portland", "US", region="OR") == find("Portland")


def test_region_that_is_no_state_does_not_hide_the_town() -> None:
    assert locate("Al Ain", "AE", region="AZ") == find("Al Ain")
    assert locate("Al Ain", "AE", region="Abu Dhabi Emirate") == find("Al Ain")


def test_code_counts_only_with_its_country() -> None:
    assert locate("", "AE", code="DXB") == find("Dubai")
    assert locate("", "IN", code="DXB") is None
    assert locate("DXB", "") is None


def test_unknown_place_is_none() -> None:
    assert locate("Umm Ghafa", "AE") is None
    assert locate("", "AE") is None


def test_name_is_written_in_the_readers_script() -> None:
    riyadh = find("RIYADH")
    assert riyadh is not None
    assert [riyadh.name(tag) for tag in ("ar", "ar-SA", "ja", "sv", "")] == [
        "الرياض", "الرياض", "リヤド", "Riyadh", "Riyadh",
    ]  # fmt: skip


def test_every_row_has_a_place_and_a_name_in_both_scripts() -> None:
    for row in ROWS:
        assert -90 <= float(row["latitude"]) <= 90
        assert -180 <= float(row["longitude"]) <= 180
        assert fold(row["en"]).isascii()
        assert not fold(row["ar"]).isascii()


def test_no_spelling_means_two_cities_of_one_country() -> None:
    seen: dict[tuple[str, str], str] = {}
    for row in ROWS:
        said_so = (row["en"], row["ar"], *row["also"].split(";"), *row["parts"].split(";"))
        for said in {fold(text) for text in said_so if text}:
            assert seen.setdefault((row["country"], said), row["en"]) == row["en"]
        for code in row["codes"].split():
            assert seen.setdefault((row["country"], code), row["en"]) == row["en"]


def test_part_of_a_city_keeps_its_own_name() -> None:
    assert find("Heathrow") is None


def test_gulf_has_its_larger_cities() -> None:
    counts = [sum(row["country"] == country for row in ROWS) for country in GULF]
    assert [count >= 6 for count in counts] == [True] * 6


def test_names_in_further_scripts_are_of_cities_we_have() -> None:
    text = (FOLDER / "gazetteer_names.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    assert [row["en"] for row in rows if find(row["en"]) is None] == []


@pytest.mark.parametrize(
    ("country", "typed", "name", "region"),
    [
        ("AE", "دبي", "Dubai", "Dubai"),
        ("AE", "al ain", "Al Ain", "Abu Dhabi"),
        ("AE", "العين", "Al Ain", "Abu Dhabi"),
        ("AE", "أبوظبي", "Abu Dhabi", "Abu Dhabi"),
        ("AE", "Dibba Al Fujairah", "Dibba", "Fujairah"),
        ("SA", "khobar", "Al Khobar", "Eastern Province"),
        ("SA", "رياض", "Riyadh", "Riyadh"),
        ("SA", "जेद्दा", "Jeddah", "Makkah"),
        ("SA", "جده", "Jeddah", "Makkah"),
        ("JO", "عمان", "Amman", "Amman"),
    ],
)
def test_town_is_found_by_any_of_its_names(
    country: str, typed: str, name: str, region: str
) -> None:
    found = find_town(country, typed)
    assert found is not None
    assert (found.names["en"], found.region) == (name, region)


@pytest.mark.parametrize(
    ("country", "typed"), [("AE", "Riyadh"), ("AE", ""), ("AE", "Mussafah"), ("DE", "Berlin")]
)
def test_town_that_is_not_offered_is_none(country: str, typed: str) -> None:
    assert find_town(country, typed) is None


def test_every_offered_town_is_complete_and_found_by_its_names() -> None:
    for row in OFFERED:
        town = find_town(row["country"], row["en"])
        assert row["country"] in country_codes()
        assert town is not None
        assert (town.names["en"], town.region) == (row["en"], row["region"])
        assert town.region
        assert find_town(row["country"], row["ar"]) == town
    assert {row["country"]: len(towns_of(row["country"])) for row in OFFERED} == Counter(
        row["country"] for row in OFFERED
    )


def test_no_country_offers_a_handful_of_towns() -> None:
    offered = Counter(row["country"] for row in OFFERED)
    assert [country for country, count in offered.items() if count < 6] == []


def test_quarters_of_industry_are_on_the_map_alone() -> None:
    closed = {row["en"] for row in ROWS if row["country"] in GULF and not row["offered"]}
    assert closed == {"Mussafah", "Shuwaikh"}
