"""Country codes of three letters ("DEU", "HKG"), which some carriers print, as two letters."""

from __future__ import annotations

from babel.core import get_global


def alpha2(code: str) -> str:
    """ISO 3166-1 alpha-2 of an alpha-3 code; empty when it is none. Source: Unicode's CLDR."""
    code = code.strip().upper()
    known = get_global("territory_aliases").get(code, []) if len(code) == 3 else []
    return str(known[0]) if len(known) == 1 and len(known[0]) == 2 else ""
