from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carriers.detect import Candidate, detect, matches, normalise, shape
from carriers.homes import HOMES
from carriers.number_formats import FORMATS

#: The list's courier codes where ours differ; S10 numbers belong to a country's post.
OURS = {"amazon": ["amazon_shipping"], "canada_post": ["canadapost"]}
DHL = ["dhl_express", "dhl_ecommerce", "dhl_parcel_de", "dhl_poland", "dhl_universal"]


def listed(samples: Path) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Our slugs of each courier of the list, and its formats."""
    for path in sorted((samples / "tracking_number_data" / "couriers").glob("*.json")):
        courier = json.loads(path.read_text(encoding="utf-8"))
        code = courier["courier_code"]
        yield (
            (DHL if code == "dhl" else OURS.get(code, [code])),
            courier["tracking_numbers"],
        )


def slugs(number: str, **known: Any) -> list[str]:
    return [candidate.slug for candidate in detect(number, **known)]


def test_every_valid_number_is_its_couriers_first_or_second(samples: Path) -> None:
    wrong, checked = [], 0
    for ours, formats in listed(samples):
        for number in (one for fmt in formats for one in fmt["test_numbers"]["valid"]):
            checked += 1
            found = slugs(number)[:2]
            if not found or (ours != ["s10"] and not set(ours) & set(found)):
                wrong.append((ours[0], number, found))
    assert wrong == []
    assert checked >= 90


def test_no_invalid_number_is_accepted_as_its_couriers(samples: Path) -> None:
    wrong, checked = [], 0
    for ours, formats in listed(samples):
        # A number that one of the courier's formats refuses may be right in another of them.
        valid = {normalise(one) for fmt in formats for one in fmt["test_numbers"]["valid"]}
        for number in (one for fmt in formats for one in fmt["test_numbers"]["invalid"]):
            checked += 1
            found = set(slugs(number))
            if normalise(number) not in valid and (found if ours == ["s10"] else set(ours) & found):
                wrong.append((ours[0], number))
    assert wrong == []
    assert checked >= 40


@pytest.mark.parametrize(
    ("number", "slug"),
    [
        # Invented, with the check digits that the carriers' formulas give.
        ("1Z23W4560394857612", "ups"),
        ("774512345675", "fedex"),
        ("9400 1234 5678 9012 3456 74", "usps"),
        ("JD014612345678901234", "dhl_parcel_de"),
        ("00340434123456789012", "dhl_parcel_de"),
        ("H1000123456789012345", "hermes"),
        ("H00XYZ0012345678", "evri"),
        ("323212345678901234567890", "bpost"),
        ("630123456789012345678901", "inpost"),
        ("8X12345678901", "laposte"),
        ("AB0012345678", "aramex_anz"),
        ("LTN12345678N1", "landmark"),
        ("FMPC0123456789", "ekart"),
        ("SF12345678ABC", "shadowfax"),
        ("SF1234567890123", "sf_express"),
        ("4PX3001234567890CN", "fourpx"),
        ("JTE000123456789", "jtexpress"),
        ("B12345678", "dtdc"),
        ("TBA123456789012", "amazon_shipping"),
        ("YT2212345678901234", "yunexpress"),
        ("RR123456785SA", "spl"),
        ("EE123456785AE", "emirates_post"),
        ("EM123456785IN", "india_post"),
        ("EJ123456785JP", "japan_post"),
    ],
)
def test_telling_number_leads_to_its_carrier(number: str, slug: str) -> None:
    assert slugs(number)[0] == slug


@pytest.mark.parametrize(
    ("number", "country", "slug"),
    [
        ("30793916823", "SA", "aramex"),
        ("231200021000", "SA", "smsa"),
        ("26801234567890", "IN", "delhivery"),
        ("57912345670", "IN", "bluedart"),
        ("123456789013", "JP", "yamato"),
        ("09133131530724", "DE", "hermes"),
        ("287809468872", "CA", "purolator"),
    ],
)
def test_destination_decides_between_numbers_that_look_alike(
    number: str, country: str, slug: str
) -> None:
    assert slugs(number, country=country)[0] == slug


def test_why_is_in_plain_words() -> None:
    assert detect("1Z 5R89-390357567127") == [
        Candidate("ups", 0.95, "1Z and 16 characters and the check digit fits")
    ]


def test_number_of_which_only_the_length_is_known_says_so() -> None:
    (naqel, *_) = detect("12345678", country="SA")
    assert (naqel.slug, naqel.confidence < 0.5) == ("naqel", True)
    assert naqel.why == "8 or 9 digits; only the length speaks for it; at home in SA"


def test_arabic_digits_and_blanks_are_read() -> None:
    assert normalise(" ٣٠٧٩-٣٩١٦\u00a0۸۲۳\u200f") == "30793916823"


def test_dhl_numbers_offer_the_unified_api() -> None:
    assert slugs("3318810025")[:2] == ["dhl_express", "dhl_universal"]


def test_partner_may_know_the_posts_barcode() -> None:
    found = slugs("92748931507708513018050063")
    assert (found[0], set(found[1:])) == ("usps", {"asendia_us", "dhl_ecommerce", "fedex", "ups"})


def confidence(number: str, slug: str, **known: Any) -> float:
    return next((one.confidence for one in detect(number, **known) if one.slug == slug), 0.0)


def test_carrier_goes_down_where_it_neither_delivers_nor_collects() -> None:
    anywhere = confidence("123456789013", "yamato")
    assert confidence("123456789013", "yamato", country="SA") < anywhere
    assert confidence("123456789013", "yamato", country="SA", origin="JP") > anywhere


def test_merchants_own_carrier_comes_first() -> None:
    assert slugs("290000123456", country="SA")[0] == "smsa"
    assert slugs("290000123456", country="SA", own=("naqel", "aramex"))[0] == "aramex"


@pytest.mark.parametrize("named", ["aramex", "Aramex Domestic Express", "ارامكس"])
def test_named_carrier_comes_first(named: str) -> None:
    assert slugs("30793916823", named=named)[0] == "aramex"


def test_named_company_leaves_its_networks_to_the_number() -> None:
    assert slugs("JD014612345678901234", named="DHL")[0] == "dhl_parcel_de"
    assert slugs("3318810025", named="DHL")[0] == "dhl_express"


def test_history_decides_where_nothing_else_does() -> None:
    number = "801100195143"
    before = slugs(number)[0]
    after = detect(number, history={"jtexpress": 0.9, before: 0.1})[0]
    assert (before != "jtexpress", after.slug) == (True, "jtexpress")
    assert after.why.endswith("; 90% of such parcels were its")


def test_what_is_known_adds_no_carrier() -> None:
    alone = slugs("1Z5R89390357567127")
    assert slugs("1Z5R89390357567127", named="aramex", own=("smsa",)) == alone


def test_s10_number_belongs_to_its_countrys_post() -> None:
    assert detect("RB123456785GB")[0].slug == "royalmail"
    assert detect("RB123456785CV")[0].slug == "post_cv"
    assert detect("RB123456785XX") == []


@pytest.mark.parametrize("number", ["", "   ", "hello world", "²³", "١٢٣", "1Z5R89390357567128"])
def test_nothing_fits_nothing(number: str) -> None:
    assert [c for c in detect(number) if c.confidence > 0.5] == []


@pytest.mark.parametrize(
    ("number", "same"),
    [
        ("1Z5R89390357567127", "9Z9R99999999999999"),
        ("jd-0146 00", "JD999999"),
        ("ABCDEF1", "ABCDAA9"),
    ],
)
def test_shape_keeps_what_leads(number: str, same: str) -> None:
    assert shape(number) == same


def test_every_format_has_its_groups() -> None:
    for fmt in FORMATS:
        groups = set(fmt.pattern.groupindex)
        assert ({"s", "c"} <= groups) == (fmt.check is not None), fmt
        assert 0 < fmt.telling < 1, fmt


def test_homes_name_countries_once_each() -> None:
    assert [slug for slug, homes in HOMES.items() if not homes] == []


@given(st.text(max_size=60), st.sampled_from(["", "SA", "US"]))
def test_any_text_gives_at_most_five_ranked_candidates(text: str, country: str) -> None:
    found = detect(text, country=country)

    assert len(found) <= 5
    assert [c.confidence for c in found] == sorted((c.confidence for c in found), reverse=True)
    assert all(0 < c.confidence < 1 and c.why for c in found)


@given(st.sampled_from(FORMATS), st.data())
def test_number_of_a_format_is_named_unless_five_are_surer(fmt: Any, data: Any) -> None:
    number = data.draw(st.from_regex(fmt.pattern, fullmatch=True))
    if matches(fmt, normalise(number)) and fmt.slug != "s10" and fmt.telling > 0.2:
        found = detect(number)
        surer = [one for one in found if one.confidence > fmt.telling]
        assert fmt.slug in [one.slug for one in found] or len(surer) == 5
