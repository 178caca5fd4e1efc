"""Reads a country's name as carriers print it ("JOHANNESBURG, South Africa")."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global

#: Names and short forms that carriers print and Unicode's CLDR does not.
_ALSO: Final = {
    "uae": "AE",
    "u.a.e.": "AE",
    "ksa": "SA",
    "kingdom of saudi arabia": "SA",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "usa": "US",
    "united states of america": "US",
    "turkey": "TR",
    "hong kong": "HK",
    "macau": "MO",
    "palestine": "PS",
    "czech republic": "CZ",
    "korea": "KR",
    "holland": "NL",
    "deutschland": "DE",
    "nederland": "NL",
}


#: What CLDR lists beside countries.
_NOT_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, as CLDR lists them."""
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2) - _NOT_COUNTRIES


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories.items()
    return {name.casefold(): code for code, name in territories if len(code) == 2} | _ALSO


def country_code(name: str) -> str:
    """ISO 3166-1 alpha-2 of an English country name or a known short form; empty when unknown."""
    return _names().get(name.strip().casefold(), "")


def alpha2(code: str) -> str:
    """ISO 3166-1 alpha-2 of an alpha-2 or alpha-3 code ("USA"); empty for anything else."""
    short = code.strip().upper()
    if len(short) == 3:
        known: list[str] = get_global("territory_aliases").get(short, [])
        return known[0] if len(known) == 1 else ""
    return short if len(short) == 2 and short.isascii() and short.isalpha() else ""
