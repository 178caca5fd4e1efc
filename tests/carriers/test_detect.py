from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carriers.detect import Candidate, detect, matches, normalise
from carriers.number_formats import FORMATS

#: The list's courier codes where ours differ; S10 numbers belong to a country's post.
OURS = {"amazon": "amazon_shipping", "canada_post": "canadapost"}


def test_every_valid_number_is_recognised_as_its_couriers(samples: Path) -> None:
    checked = 0
    for path in sorted((samples / "tracking_number_data" / "couriers").glob("*.json")):
        courier = json.loads(path.read_text(encoding="utf-8"))
        slug = OURS.get(courier["courier_code"], courier["courier_code"])
        for fmt in courier["tracking_numbers"]:
            for number in fmt["test_numbers"]["valid"]:
                slugs = {candidate.slug for candidate in detect(number)}
                if slug == "s10":
                    assert slugs, number
                elif slug == "dhl":
                    assert "dhl_universal" in slugs, number
                    assert slugs & {"dhl_express", "dhl_ecommerce"}, number
                else:
                    assert slug in slugs, number
                checked += 1
    assert checked >= 90


def test_no_invalid_number_is_accepted_by_its_format(samples: Path) -> None:
    checked = 0
    for path in sorted((samples / "tracking_number_data" / "couriers").glob("*.json")):
        courier = json.loads(path.read_text(encoding="utf-8"))
        slug = OURS.get(courier["courier_code"], courier["courier_code"])
        for theirs in courier["tracking_numbers"]:
            mine = [
                fmt
                for fmt in FORMATS
                if fmt.slug.startswith(slug)
                and any(matches(fmt, normalise(n)) for n in theirs["test_numbers"]["valid"])
            ]
            for number in theirs["test_numbers"]["invalid"]:
                assert not any(matches(fmt, normalise(number)) for fmt in mine), number
                checked += 1
    assert checked >= 40


def test_why_is_in_plain_words() -> None:
    assert detect("1Z 5R89-390357567127") == [
        Candidate("ups", 0.95, "1Z and 16 characters and the check digit fits")
    ]


def test_arabic_digits_and_blanks_are_read() -> None:
    assert normalise(" ٣٠٧٩-٣٩١٦\u00a0۸۲۳\u200f") == "30793916823"


def test_dhl_numbers_offer_the_unified_api() -> None:
    assert [c.slug for c in detect("3318810025")] == ["dhl_express", "dhl_universal", "aramex"]


def test_country_moves_the_home_carrier_up() -> None:
    assert detect("30793916823")[0].slug == "dhl_express"
    assert detect("30793916823", country="SA")[0].slug == "aramex"
    assert [c.slug for c in detect("231200021000", country="SA")] == ["smsa", "aramex"]


def test_named_carrier_comes_first() -> None:
    assert detect("30793916823", preferred=("aramex",))[0].slug == "aramex"


def test_named_carrier_is_not_invented() -> None:
    assert detect("1Z5R89390357567127", preferred=("aramex",)) == detect("1Z5R89390357567127")


def test_s10_number_belongs_to_its_countrys_post() -> None:
    assert detect("RB123456785GB")[0].slug == "royalmail"
    assert detect("RB123456785CV")[0].slug == "post_cv"
    assert detect("RB123456785XX") == []


@pytest.mark.parametrize("number", ["", "   ", "hello world", "²³", "١٢٣", "1Z5R89390357567128"])
def test_nothing_fits_nothing(number: str) -> None:
    assert [c for c in detect(number) if c.confidence > 0.5] == []


@given(st.text(max_size=60))
def test_any_text_gives_at_most_five_ranked_candidates(text: str) -> None:
    found = detect(text)

    assert len(found) <= 5
    assert [c.confidence for c in found] == sorted((c.confidence for c in found), reverse=True)
    assert all(0 < c.confidence < 1 and c.why for c in found)
