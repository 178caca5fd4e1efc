"""What somebody typed to complete an address, read and checked part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lib.addresses.check import is_makani, is_national_address
from lib.addresses.parts import AddressParts
from lib.addresses.placeholders import is_no_phone, is_placeholder
from lib.addresses.places import ShortLink, lies_in, read_place
from lib.addresses.postcodes import is_possible
from lib.folding import digits, number_key
from lib.phones import e164

#: The field of a pasted link or a point; it becomes `pin` or `what3words`.
PLACE: Final = "place"
#: Fields of a form, and the longest text that each takes.
LONGEST: Final[Mapping[str, int]] = {
    "line1": 255, "line2": 255, "landmark": 255, "city": 120, "region": 120, "postcode": 20,
    "district": 120, "makani": 40, "national_address": 40, "phone": 40, PLACE: 2000,
}  # fmt: skip


class Fault(StrEnum):
    """What is wrong with a field; `words.fault` says it."""

    TOO_LONG = "too_long"
    PLACEHOLDER = "placeholder"
    POSTCODE = "postcode"
    PHONE = "phone"
    NATIONAL_ADDRESS = "national_address"
    MAKANI = "makani"
    PLACE = "place"
    SHORT_LINK = "short_link"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was given; `faults` by field. A part with a fault is not in `parts`."""

    parts: AddressParts
    faults: Mapping[str, Fault] = field(default_factory=dict)


def read_answer(typed: Mapping[str, str], *, country: str) -> Answer:
    """Read the fields of LONGEST, in this country; others are not looked at."""
    given = {name: text for name in LONGEST if (text := typed.get(name, "").strip())}
    faults = {
        name: fault
        for name, text in given.items()
        if (fault := _fault(name, text, country)) is not None
    }
    good = {name: text for name, text in given.items() if name not in faults}
    place = read_place(good.pop(PLACE, ""))
    if "national_address" in good:
        good["national_address"] = number_key(good["national_address"])
    if "makani" in good:
        plain = digits(good["makani"])
        good["makani"] = f"{plain[:5]} {plain[5:]}"
    parts = AddressParts(
        country=country,
        pin=place.pin if place else None,
        what3words=place.what3words if place else "",
        **good,
    )
    return Answer(parts, faults)


def _fault(name: str, text: str, country: str) -> Fault | None:
    if len(text) > LONGEST[name]:
        return Fault.TOO_LONG
    if name == PLACE:
        return _fault_of_place(text, country)
    if name == "phone":
        return None if e164(text, country=country) and not is_no_phone(text) else Fault.PHONE
    if name == "postcode":
        return None if is_possible(text, country=country) else Fault.POSTCODE
    if name == "national_address":
        return None if is_national_address(text) else Fault.NATIONAL_ADDRESS
    if name == "makani":
        return None if is_makani(text) else Fault.MAKANI
    return Fault.PLACEHOLDER if is_placeholder(text) else None


def _fault_of_place(text: str, country: str) -> Fault | None:
    try:
        place = read_place(text)
    except ShortLink:
        return Fault.SHORT_LINK
    if place is None:
        return Fault.PLACE
    if place.pin is not None and not lies_in(place.pin, country):
        return Fault.ELSEWHERE
    return None
