"""Fields that say what is wrong and what would be right."""

from __future__ import annotations

import re
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

import phonenumbers
from django.utils import timezone
from rest_framework import serializers

from carriers import registry
from carriers.carrier_names import NAMED
from carriers.countries import country_code, country_codes
from carriers.finding import find_carrier, hubs_among
from lib.folding import number_key
from tracking.candidates import connected

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


class Text(serializers.CharField):
    """Optional text; empty is the same as not sent."""

    def __init__(self, max_length: int, **rest: Any) -> None:
        super().__init__(max_length=max_length, **({"required": False, "allow_blank": True} | rest))


class Country(serializers.CharField):
    """ISO 3166-1 alpha-2, in either case."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(help_text="ISO 3166-1 alpha-2, e.g. `AE`.", **rest)

    def to_internal_value(self, data: Any) -> str:
        given = str(super().to_internal_value(data))
        code = given.upper()
        if code in country_codes():
            return code
        named = country_code(given)
        hint = f" Did you mean {named}?" if named else " Use ISO 3166-1 alpha-2, e.g. AE."
        raise serializers.ValidationError(f"{given[:60]!r} is not a country code.{hint}")


class Phone(serializers.CharField):
    """A phone number, kept as given; `check_phone` judges it once the country is known."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=40,
            help_text="Best with country code, e.g. `+971 50 123 4567`.",
        )


def check_phone(number: str, *, country: str) -> str:
    """What is wrong with a phone number, or nothing. Without a country code it is `country`'s."""
    try:
        found = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return f"{number!r} is not a phone number. Write it as +971 50 123 4567."
    if phonenumbers.is_possible_number(found):
        return ""
    return (
        f"{number!r} has too many or too few digits for a phone number"
        f" (+{found.country_code}). Write it with its country code."
    )


class Instant(serializers.DateTimeField):
    """ISO 8601 with an offset: a time without one is refused, not guessed."""

    default_error_messages = {
        "naive": "Add the offset from UTC, e.g. 2026-03-01T09:00:00+04:00 or …Z."
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("naive")
        return super().enforce_timezone(value)


class Language(serializers.CharField):
    def __init__(self) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=10,
            help_text="BCP 47, e.g. `ar` or `en-GB`.",
        )

    def to_internal_value(self, data: Any) -> str:
        tag = str(super().to_internal_value(data))
        if tag and not _LANGUAGE.fullmatch(tag):
            raise serializers.ValidationError(f"{tag!r} is not a language. Use BCP 47, e.g. ar.")
        return tag.replace("_", "-")


class CarrierSlug(serializers.CharField):
    """A carrier's slug (or its usual name), also one of an aggregator of the merchant's; empty
    lets the number decide."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            allow_blank=True,
            max_length=60,
            help_text="A slug of `GET /carriers/` or `own_fleet`. Empty: the number decides.",
        )

    def to_internal_value(self, data: Any) -> str:
        given = str(super().to_internal_value(data))
        known = {*registry.CARRIERS, *NAMED}
        if not given or given in known:
            return given
        found = find_carrier(given, hubs=hubs_among(connected()))
        if found.slug:
            return found.slug
        near = get_close_matches(given.lower(), sorted(known), n=2, cutoff=0.6)
        hint = f" Did you mean {' or '.join(near)}?" if near else " See GET /api/v1/carriers/."
        raise serializers.ValidationError(f"We do not know the carrier {given!r}.{hint}")


class TrackingNumber(serializers.CharField):
    def __init__(self) -> None:
        super().__init__(max_length=60)

    def to_internal_value(self, data: Any) -> str:
        number = str(super().to_internal_value(data))
        if not number_key(number):
            raise serializers.ValidationError("A tracking number has letters or digits.")
        return number
