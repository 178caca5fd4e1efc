"""Places to choose from: found in either script, and known by their region."""

from __future__ import annotations

import pytest

from carriers.countries import country_codes
from lib.addresses.towns import _TOWNS, find_town, towns_of


@pytest.mark.parametrize(
    ("country", "typed", "name", "region"),
    [
        ("AE", "دبي", "Dubai", "Dubai"),
        ("AE", "al ain", "Al Ain", "Abu Dhabi"),
        ("AE", "العين", "Al Ain", "Abu Dhabi"),
        ("AE", "أبوظبي", "Abu Dhabi", "Abu Dhabi"),
        ("SA", "khobar", "Al Khobar", "Eastern Province"),
        ("SA", "رياض", "Riyadh", "Riyadh"),
        ("SA", "جده", "Jeddah", "Makkah"),
        ("JO", "عمان", "Amman", "Amman"),
    ],
)
def test_town_is_found_in_either_script(country: str, typed: str, name: str, region: str) -> None:
    found = find_town(country, typed)
    assert found is not None
    assert (found.name, found.region) == (name, region)


@pytest.mark.parametrize(("country", "typed"), [("AE", "Riyadh"), ("AE", ""), ("DE", "Berlin")])
def test_town_that_is_not_listed_is_none(country: str, typed: str) -> None:
    assert find_town(country, typed) is None


def test_every_town_is_complete_and_listed_once() -> None:
    for country in _TOWNS:
        towns = towns_of(country)
        names = [town.name for town in towns]
        assert country in country_codes()
        assert len(set(names)) == len(names)
        for town in towns:
            assert town.name.isascii()
            assert not town.arabic.isascii()
            for spelling in (town.name, town.arabic):
                assert find_town(country, spelling) == town


def test_name_follows_the_language() -> None:
    town = towns_of("AE")[1]
    assert [town.called(tag) for tag in ("en", "ar", "ar-JO", "fr")] == [
        "Dubai", "دبي", "دبي", "Dubai",
    ]  # fmt: skip
