"""How the Gulf's platforms write countries, phones and pins. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carriers.shapes import text
from lib.folding import fold, western_digits
from stores.payload import country_of

_ARABIC: Final = {
    "AE": ("الإمارات", "الامارات العربية المتحدة"),
    "BH": ("البحرين", "مملكة البحرين"),
    "DZ": ("الجزائر",),
    "EG": ("مصر", "جمهورية مصر العربية"),
    "IQ": ("العراق",),
    "JO": ("الأردن",),
    "KW": ("الكويت", "دولة الكويت"),
    "LB": ("لبنان",),
    "LY": ("ليبيا",),
    "MA": ("المغرب",),
    "OM": ("عمان", "سلطنة عمان"),
    "PS": ("فلسطين",),
    "QA": ("قطر", "دولة قطر"),
    "SA": ("السعودية", "المملكة العربية السعودية"),
    "SD": ("السودان",),
    "SY": ("سوريا",),
    "TN": ("تونس",),
    "TR": ("تركيا",),
    "YE": ("اليمن",),
}
_CODES: Final = {fold(name): code for code, names in _ARABIC.items() for name in names}
#: A number of fewer digits may be one without its country code.
_WITH_COUNTRY: Final = range(11, 16)


def country_in(*values: object) -> str:
    """The first country among codes, English and Arabic names, as ISO alpha-2, or empty."""
    return country_of(*values) or next(
        filter(None, (_CODES.get(fold(text(value)), "") for value in values)), ""
    )


def with_plus(value: object) -> str:
    """A phone number as given; with the plus that Salla and Zid leave out before the country."""
    said = text(value)
    plain = western_digits(said)
    is_whole = plain.isdecimal() and plain[0] != "0" and len(plain) in _WITH_COUNTRY
    return f"+{plain}" if is_whole else said


def pin_of(values: Mapping[str, Any], latitude: str, longitude: str) -> tuple[float, float] | None:
    """The point in degrees; None for none, for (0, 0), which means none, and for no such place."""
    try:
        north, east = float(text(values.get(latitude))), float(text(values.get(longitude)))
    except ValueError:
        return None
    if not (-90 <= north <= 90 and -180 <= east <= 180) or (north, east) == (0, 0):
        return None
    return north, east
