"""Phone numbers as people write them, and as machines dial them."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from lib.folding import western_digits


@lru_cache(maxsize=2048)
def e164(text: str, *, country: str) -> str:
    """The number as +971501234567; "" where it cannot be one.

    Without a country code it is `country`'s (ISO 3166, two letters). Any script's digits.
    """
    try:
        found = phonenumbers.parse(western_digits(text), country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(found):
        return ""
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


@lru_cache(maxsize=2048)
def country_of(number: str) -> str:
    """The country (ISO 3166) that a number in E.164 is dialled in; "" where it says none."""
    try:
        found = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(found) or ""


def masked_phone(number: str) -> str:
    """Enough of a number to recognise one's own: "•••• 4567", in this order in any direction."""
    return f"\u2066•••• {number[-4:]}\u2069" if len(number) > 4 else ""


def masked_email(address: str) -> str:
    """Enough of an address to recognise one's own: "s•••@shopper.example"."""
    name, at, host = address.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else ""
