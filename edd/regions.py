"""One name for a region, however it was written: "BA", "BR-BA", "Bahia" and "bahia" are one. Pure.

Codes are those of ISO 3166-2 with their names, as the `holidays` package lists them. A region of a
country that is not listed there, or a city, is its own folded name.
"""

from __future__ import annotations

from functools import lru_cache

import holidays

from lib.folding import fold


def region_key(country: str, text: str) -> str:
    """What two spellings of one region of this country have in common; "" for nothing."""
    plain = fold(text)
    plain = plain.removeprefix(f"{country.lower()}-")
    return _codes(country).get(plain, plain)


def region_name(country: str, key: str) -> str:
    """A region as people write it; one that has no known name as it is."""
    return _names(country).get(key, key)


@lru_cache(maxsize=256)
def _codes(country: str) -> dict[str, str]:
    """Folded names of the country's regions, and their codes: to the code in lower case."""
    found = {fold(name): code.lower() for name, code in _aliases(country).items()}
    return found | {code: code for code in found.values()}


@lru_cache(maxsize=256)
def _names(country: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, code in _aliases(country).items():
        found.setdefault(code.lower(), name)
    return found


def _aliases(country: str) -> dict[str, str]:
    if country not in holidays.list_supported_countries():
        return {}
    return dict(holidays.country_holidays(country).subdivisions_aliases)
