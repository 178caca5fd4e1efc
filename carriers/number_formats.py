"""What carriers' tracking numbers look like: shapes and check digits.

Facts from jkeen/tracking_number_data (https://github.com/jkeen/tracking_number_data),
written down as our own table; Aramex and SMSA, which are not in it, from recorded
answers. Numbers are matched whole, after `carriers.detect.normalise`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

Check = Callable[[str, str], bool]
"""Whether a check digit belongs to a serial number."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One shape of number.

    Groups of the pattern: `s` the serial number and `c` the check digit (where there is
    one), `cc` a country. `says` is the shape in plain words. `telling`: how much the
    shape says without its check digit, from 0.15 (a mere count of digits, shared by
    many) to 0.95 (a prefix nobody else uses).
    """

    slug: str
    pattern: re.Pattern[str]
    says: str
    telling: float
    check: Check | None = None
    prepend: str = field(default="")


def _mod10(serial: str, digit: str, *, even: int, odd: int, reverse: bool = False) -> bool:
    """Weighted sum to the next ten; a letter counts as (its code - 3) mod 10."""
    values = [int(c) if c.isdigit() else (ord(c) - 3) % 10 for c in serial]
    if reverse:
        values.reverse()
    total = sum(value * (odd if i % 2 else even) for i, value in enumerate(values))
    return str(-total % 10) == digit


def mod7(serial: str, digit: str) -> bool:
    return str(int(serial) % 7) == digit


def _luhn(serial: str, digit: str) -> bool:
    doubled = [int(c) * (1 + i % 2) for i, c in enumerate(reversed(serial + digit))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _weighted(serial: str, digit: str, *, weights: tuple[int, ...]) -> bool:
    """FedEx: weighted sum mod 11 mod 10."""
    total = sum(int(c) * weight for c, weight in zip(serial, weights, strict=False))
    return str(total % 11 % 10) == digit


def _s10(serial: str, digit: str) -> bool:
    """Universal Postal Union S10."""
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    rest = sum(int(c) * weight for c, weight in zip(serial, weights, strict=True)) % 11
    return str({0: 5, 1: 0}.get(rest, 11 - rest)) == digit


def _mod37(serial: str, digit: str) -> bool:
    """DPD: ISO 7064 mod 37, 36."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    check = 36
    for c in serial:
        check += alphabet.index(c)
        check = (check - 36 if check > 36 else check) * 2
        check = check - 37 if check > 36 else check
    check = (37 - check) % 36
    return alphabet[check] == digit


_MOD10_12 = partial(_mod10, even=1, odd=2)
_MOD10_13 = partial(_mod10, even=1, odd=3)
_MOD10_31 = partial(_mod10, even=3, odd=1)
_FEDEX_3 = partial(_weighted, weights=(3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1))
_FEDEX_1 = partial(_weighted, weights=(1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1))

#: The routing part that US labels print before the number proper.
_ZIP = r"(?:420\d{5}(?:\d{4})?)?"
_ZIP_22 = r"(?:420\d{5}(?:\d{4}(?=\d{22}$))?)?"
_ZIP_26 = r"(?:420\d{5}(?=\d{22}$|\d{26}$|\d{4}\d{22}$)(?:\d{4}(?=\d{22}$))?)?"


def _f(
    slug: str, pattern: str, says: str, telling: float, check: Check | None = None, pre: str = ""
) -> NumberFormat:
    return NumberFormat(slug, re.compile(pattern, re.ASCII), says, telling, check, pre)


FORMATS: Final[tuple[NumberFormat, ...]] = (
    _f("ups", r"1Z(?P<s>[A-Z0-9]{15})(?P<c>\d)", "1Z and 16 characters", 0.9, _MOD10_12),
    _f("ups", r"[AHJKTV](?P<s>\d{9})(?P<c>\d)", "a waybill letter and 10 digits", 0.5, _MOD10_12),
    _f("fedex", r"(?P<s>\d{11})(?P<c>\d)", "12 digits", 0.3, _FEDEX_3),
    _f("fedex", r"[0-8]\d{19}(?P<s>\d{13})(?P<c>\d)", "34 digits", 0.7, _FEDEX_1),
    _f("fedex", r"3\d{15}(?P<s>\d{11})(?P<c>\d)\d{4}", "32 digits from a barcode", 0.6, _FEDEX_3),
    _f("fedex", r"(?P<s>\d{14})(?P<c>\d)", "15 digits", 0.4, _MOD10_13),
    _f("fedex", r"\d{2}(?P<s>\d{15})(?P<c>\d)", "18 digits (SSCC)", 0.3, _MOD10_31),
    _f("fedex", r"96\d{5}(?P<s>\d{14})(?P<c>\d)", "96 and 20 digits", 0.7, _MOD10_13),
    _f("fedex", r"96\d{18}(?P<s>\d{13})(?P<c>\d)", "96 and 32 digits", 0.8, _FEDEX_1),
    _f("usps", r"(?P<s>\d{19})(?P<c>\d)", "20 digits", 0.45, _MOD10_31),
    _f(
        "usps",
        _ZIP_26 + r"(?P<s>94\d{3}(?:9\d{8}(?:\d{15}|\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10})))"
        r"(?P<c>\d)",
        "a parcel barcode of the US post (94…)",
        0.85,
        partial(_MOD10_31, reverse=True),
    ),
    _f(
        "usps",
        _ZIP + r"(?P<s>(?:91)?\d{19})(?P<c>\d)",
        "an older barcode of the US post",
        0.4,
        _MOD10_31,
        "91",
    ),
    _f(
        "usps",
        _ZIP_22 + r"(?P<s>(?:92(?=\d{3}9)|93(?=\d{3}[0-8])|95)\d{3}"
        r"(?:9\d{8}(?:\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10})))(?P<c>\d)",
        "a parcel barcode of the US post (92, 93 or 95…)",
        0.85,
        _MOD10_31,
    ),
    _f("dhl_express", r"(?P<s>\d{9})(?P<c>\d)", "10 digits", 0.35, mod7),
    _f("dhl_express", r"(?P<s>\d{10})(?P<c>\d)", "11 digits", 0.15, mod7),
    _f("dhl_express", r"J[A-Z]{2,3}\d{9,10}", "a piece number starting with J", 0.7),
    _f(
        "dhl_ecommerce",
        r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)(?=[0-9A-Z]*\d)[0-9A-Z]{10,39}",
        "a prefix of DHL eCommerce",
        0.5,
    ),
    _f("dhl_ecommerce", r"\d{14}", "14 digits", 0.3),
    _f("s10", r"[A-Z]{2}(?P<s>\d{8})(?P<c>\d)(?P<cc>[A-Z]{2})", "a post's number", 0.85, _s10),
    _f("canadapost", r"(?P<s>\d{15})(?P<c>\d)", "16 digits", 0.45, _MOD10_31),
    _f("canpar", r"[CDKLSUXZ]\d{21}", "a letter and 21 digits", 0.7),
    _f("purolator", r"(?P<s>[0-5]\d{10})(?P<c>\d)", "12 digits, the first 0 to 5", 0.3, _luhn),
    _f("purolator", r"[A-Z]{3}\d{9}", "3 letters and 9 digits", 0.6),
    _f("dpd", r"(?P<s>\d{27})(?P<c>[0-9A-Z])", "28 characters", 0.7, _mod37),
    _f("dpd", r"(?P<s>\d{14})(?P<c>[0-9A-Z])", "14 digits and a check character", 0.4, _mod37),
    _f("ontrac", r"C(?P<s>\d{13})(?P<c>\d)", "C and 14 digits", 0.7, _MOD10_12, "4"),
    _f("ontrac", r"D(?P<s>\d{13})(?P<c>\d)", "D and 14 digits", 0.7, _MOD10_12, "5"),
    _f("lasership", r"L[AIEHNX][1-3]\d{7}", "an L code and 8 digits", 0.85),
    _f("lasership", r"1LS7[12]\d{10}", "1LS7 and 11 digits", 0.95),
    _f("lasership", r"1LS7[12]\d{2}01[1-4]\d{6}1", "1LS7 and a piece number", 0.95),
    _f("lasership", r"1LSCX[0-9A-Z]{10}", "1LSCX and 10 characters", 0.95),
    _f("landmark", r"LTN\d{8}N1", "LTN, 8 digits, N1", 0.95),
    _f("old_dominion", r"(?P<s>(?:77[78]|072|780)\d{7})(?P<c>\d)", "11 digits", 0.4, _luhn),
    _f("old_dominion", r"(?P<s>80\d{8})(?P<c>\d)", "11 digits starting with 80", 0.4, _luhn),
    _f("speedee", r"SP\d{18}", "SP and 18 digits", 0.9),
    _f("yodel", r"JJ?D\d{16}", "JD or JJD and 16 digits", 0.85),
    _f("yunexpress", r"YT\d{16}", "YT and 16 digits", 0.9),
    _f("gofo", r"GFUS\d{14}", "GFUS and 14 digits", 0.95),
    _f("amazon_shipping", r"TB[ACM]\d{12}", "TBA, TBC or TBM and 12 digits", 0.95),
    _f("amazon_shipping", r"[AFC]\d{10}", "a letter and 10 digits", 0.5),
    _f("aramex", r"\d{11}", "11 digits", 0.3),
    _f("aramex", r"\d{10}|\d{12}", "10 or 12 digits", 0.15),
    _f("smsa", r"2[39]\d{10}", "12 digits starting with 23 or 29", 0.3),
)
