"""What an address lacks, country by country."""

from __future__ import annotations

from typing import Any

import pytest

from lib.addresses.check import POINTS_OF_MUSTS, Check, check
from lib.addresses.parts import AddressParts, Level, Need, Problem
from lib.addresses.rules import COUNTRIES, needs_of

DUBAI: dict[str, Any] = {
    "country": "AE", "line1": "Marina Walk, Tower 4, flat 1203", "city": "Dubai",
    "phone": "050 123 4567", "landmark": "Opposite the metro",
}  # fmt: skip
RIYADH: dict[str, Any] = {
    "country": "SA", "line1": "8228 Imam Saud Road", "city": "الرياض", "district": "Al Muruj",
    "postcode": "12281", "phone": "0551234567", "national_address": "RRMA8228",
    "landmark": "Beside the pharmacy",
}  # fmt: skip
PUNE: dict[str, Any] = {
    "country": "IN", "line1": "14 Law College Road", "city": "Pune", "region": "Maharashtra",
    "postcode": "411004", "phone": "98220 12345", "landmark": "Near the temple",
}  # fmt: skip
BOSTON: dict[str, Any] = {
    "country": "US", "line1": "1 Beacon St", "city": "Boston", "region": "MA",
    "postcode": "02108-1234", "phone": "(617) 555-0123",
}  # fmt: skip


def checked(base: dict[str, Any], **changed: Any) -> Check:
    return check(AddressParts(**(base | changed)))


def lacks(base: dict[str, Any], **changed: Any) -> list[tuple[str, str, str]]:
    found = checked(base, **changed).missing
    return [(one.need.value, one.level.value, one.problem.value) for one in found]


@pytest.mark.parametrize("base", [DUBAI, RIYADH, PUNE, BOSTON])
def test_complete_address_has_the_full_score(base: dict[str, Any]) -> None:
    assert checked(base) == Check(100)


@pytest.mark.parametrize(
    ("base", "changed", "expected"),
    [
        (DUBAI, {"phone": ""}, [("phone", "must", "absent")]),
        (DUBAI, {"phone": "12"}, [("phone", "must", "impossible")]),
        (DUBAI, {"phone": "0000000000"}, [("phone", "must", "placeholder")]),
        (DUBAI, {"landmark": ""}, [("spot", "helps", "absent")]),
        (DUBAI, {"landmark": "", "pin": (25.08, 55.14)}, []),
        (DUBAI, {"landmark": "", "makani": "12345 67890"}, []),
        (DUBAI, {"landmark": "", "makani": "12345"}, [("spot", "helps", "absent")]),
        (DUBAI, {"landmark": "", "what3words": "///plain.words.here"}, []),
        (DUBAI, {"line1": "Dubai"}, [("area", "must", "absent")]),
        (DUBAI, {"line1": "n/a"}, [("area", "must", "placeholder")]),
        (DUBAI, {"line1": "", "district": "دبي مارينا"}, []),
        (DUBAI, {"city": "", "region": "Dubai"}, []),
        (DUBAI, {"postcode": "00000"}, []),
        (RIYADH, {"national_address": "", "line1": "Road 8228, RRMA8228"}, []),
        (RIYADH, {"national_address": "rrma ٨٢٢٨"}, []),
        (RIYADH, {"national_address": ""}, []),  # the full form: building, district, postcode
        (
            RIYADH,
            {"national_address": "", "district": ""},
            [("national_address", "must", "absent"), ("district", "helps", "absent")],
        ),
        (
            RIYADH,
            {"national_address": "RRM8228", "line1": "Imam Saud Road"},
            [("national_address", "must", "impossible")],
        ),
        (RIYADH, {"postcode": "1228"}, [("postcode", "helps", "impossible")]),
        (PUNE, {"postcode": "011004"}, [("postcode", "must", "impossible")]),
        (PUNE, {"postcode": "४११००४"}, []),
        (PUNE, {"postcode": "41100"}, [("postcode", "must", "impossible")]),
        (BOSTON, {"region": ""}, [("region", "must", "absent")]),
        (BOSTON, {"postcode": "0210"}, [("postcode", "must", "impossible")]),
        ({"country": "GB"}, BOSTON | {"country": "GB", "postcode": "EC1A 1BB"}, []),
        ({"country": "GB"}, BOSTON | {"country": "GB", "postcode": "12345"},
         [("postcode", "must", "impossible")]),
        ({"country": "CA"}, BOSTON | {"country": "CA", "postcode": "k1a0b1"}, []),
        ({"country": "JP", "postcode": "100-0001", "phone": "03-1234-5678", "line1": "1-1 Chiyoda",
          "city": "Chiyoda-ku", "region": "Tokyo"}, {}, []),
        ({"country": "DE"}, BOSTON | {"country": "DE", "postcode": "10115", "phone": ""},
         [("phone", "helps", "absent")]),
        # No rule and no postcodes: street, town and phone.
        ({"country": "AO"}, {"line1": "Rua 4", "city": "Luanda", "phone": "923 123 456"},
         [("spot", "helps", "absent")]),
    ],
)  # fmt: skip
def test_what_an_address_lacks(
    base: dict[str, Any], changed: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    assert lacks(base, **changed) == expected


def test_score_says_whether_a_must_is_missing() -> None:
    for country in COUNTRIES:
        helps_only = {need: "helps" for need, level in needs_of(country).items()}
        assert check(AddressParts(country), own=helps_only).score == 0
        assert check(AddressParts(country)).score == 0
    assert checked(DUBAI, landmark="").score == POINTS_OF_MUSTS
    assert checked(DUBAI, phone="").score < POINTS_OF_MUSTS
    assert checked(BOSTON, region="").score < POINTS_OF_MUSTS


def test_points_of_what_is_missing_add_up() -> None:
    found = checked(RIYADH, phone="", landmark="")
    assert found.score == 100 - sum(one.costs for one in found.missing)


def test_merchant_may_ask_for_more_and_for_less() -> None:
    parts = AddressParts(**(DUBAI | {"landmark": "", "phone": ""}))
    found = check(parts, own={"spot": "must", "phone": "ignore"})
    assert [(one.need, one.level, one.problem) for one in found.missing] == [
        (Need.SPOT, Level.MUST, Problem.ABSENT)
    ]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (AddressParts("AE", city="Dubai"), False),
        (AddressParts("", line1="Marina Walk"), False),
        (AddressParts("AE", line1="Marina Walk"), True),
        (AddressParts("SA", national_address="RRMA8228"), True),
    ],
)
def test_country_and_town_alone_are_no_address(parts: AddressParts, expected: bool) -> None:
    assert parts.is_address is expected
