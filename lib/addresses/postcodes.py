"""How postcodes look, by country: letters and digits, spaces and hyphens put aside.

Source: the Universal Postal Union's addressing sheets,
https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions. In a shape N
is a digit, A a letter and X either. A country without a line has none, or none that counts.
"""

from __future__ import annotations

import re
from typing import Final

from lib.folding import number_key

_SHAPES: Final = {
    "AD": "NNN", "AR": "NNNN, ANNNNAAA", "AT": "NNNN", "AU": "NNNN", "BD": "NNNN",
    "BE": "NNNN", "BG": "NNNN", "BN": "AANNNN", "BR": "NNNNNNNN", "CA": "ANANAN", "CH": "NNNN",
    "CL": "NNNNNNN", "CN": "NNNNNN", "CO": "NNNNNN", "CR": "NNNNN", "CY": "NNNN", "CZ": "NNNNN",
    "DE": "NNNNN", "DK": "NNNN", "DZ": "NNNNN", "EC": "NNNNNN", "EE": "NNNNN",
    "EG": "NNNNN, NNNNNNN", "ES": "NNNNN", "FI": "NNNNN", "FR": "NNNNN", "GE": "NNNN",
    "GR": "NNNNN", "HR": "NNNNN", "HU": "NNNN", "ID": "NNNNN", "IE": "ANXXXXX",
    "IL": "NNNNN, NNNNNNN", "IN": "NNNNNN",
    "IQ": "NNNNN", "IS": "NNN", "IT": "NNNNN", "JO": "NNNNN", "JP": "NNNNNNN", "KE": "NNNNN",
    "KR": "NNNNN", "KW": "NNNNN", "KZ": "NNNNNN, ANNXNXN", "LI": "NNNN", "LK": "NNNNN",
    "LT": "NNNNN", "LU": "NNNN", "LV": "NNNN", "MA": "NNNNN", "MC": "NNNNN", "MT": "AAANNNN",
    "MX": "NNNNN", "MY": "NNNNN", "NL": "NNNNAA", "NO": "NNNN", "NP": "NNNNN", "NZ": "NNNN",
    "OM": "NNN", "PH": "NNNN", "PK": "NNNNN", "PL": "NNNNN", "PR": "NNNNN, NNNNNNNNN",
    "PT": "NNNNNNN", "RO": "NNNNNN", "RS": "NNNNN", "RU": "NNNNNN", "SA": "NNNNN, NNNNNNNNN",
    "SE": "NNNNN", "SG": "NNNNNN", "SI": "NNNN", "SK": "NNNNN", "TH": "NNNNN", "TN": "NNNN",
    "TR": "NNNNN", "TW": "NNN, NNNNN, NNNNNN", "UA": "NNNNN", "US": "NNNNN, NNNNNNNNN",
    "VN": "NNNNN, NNNNNN", "ZA": "NNNN",
    # Areas of London have a letter where others have a digit: EC1A 1BB.
    "GB": "ANNAA, ANNNAA, ANANAA, AANNAA, AANNNAA, AANANAA",
}  # fmt: skip
#: The code's own prefix, which many write before it.
_PREFIXES: Final = {
    "AD": "AD",
    "LT": "LT",
    "LV": "LV",
    "LU": "L",
    "SI": "SI",
    "SE": "SE",
    "MC": "MC",
}
#: What one of them looks like, for a form.
EXAMPLES: Final = {
    "IN": "560001", "SA": "12271", "US": "94103", "CA": "K1A 0B1", "GB": "SW1A 1AA",
    "DE": "10115", "FR": "75008", "AU": "2000", "JP": "100-0001", "KR": "04524", "CN": "100000",
    "BR": "01310-100", "KW": "13001", "OM": "112", "EG": "11511", "JO": "11118",
}  # fmt: skip
_CLASSES: Final = {"N": "[0-9]", "A": "[A-Z]", "X": "[A-Z0-9]"}


def _pattern(country: str, shapes: str) -> re.Pattern[str]:
    prefix = f"(?:{_PREFIXES[country]})?" if country in _PREFIXES else ""
    each = ("".join(_CLASSES[sign] for sign in shape) for shape in shapes.split(", "))
    return re.compile(f"{prefix}(?:{'|'.join(each)})")


_PATTERNS: Final = {country: _pattern(country, shapes) for country, shapes in _SHAPES.items()}


def has_postcodes(country: str) -> bool:
    return country in _PATTERNS


def is_possible(postcode: str, *, country: str) -> bool:
    """Whether it could be one of this country's; any script's digits. True where we know none.

    India's do not begin with 0.
    """
    pattern = _PATTERNS.get(country)
    plain = number_key(postcode)
    if pattern is None:
        return True
    if country == "IN" and plain.startswith("0"):
        return False
    return pattern.fullmatch(plain) is not None
