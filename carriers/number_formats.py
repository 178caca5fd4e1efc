"""What carriers' tracking numbers look like: shapes and check digits.

`_LISTED`: facts from jkeen/tracking_number_data
(https://github.com/jkeen/tracking_number_data), 39 formats of 18 couriers, written down as our
own table. `_FURTHER`: what carriers' own documents, recorded answers and
https://www.paketda.de/firmenkunden/paket-pruefziffern.html show; GLS's check digit from its
"Uni-Box" description. `_LENGTHS`: numbers of which nothing but the length is known. Numbers are
matched whole, after `carriers.detect.normalise`.

Geodis, Parcel One, Roadie, SEKO, ShipBob, Shiprocket, Veho, Zoom2u and Locate2u publish no form,
or print other carriers' numbers: nothing here leads to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from carriers.check_digits import (
    FEDEX_1,
    FEDEX_3,
    MOD10_12,
    MOD10_13,
    MOD10_31,
    MOD10_31_PLUS,
    MOD10_31_REVERSE,
    MOD10_49,
    Check,
    luhn,
    mod7,
    mod37,
    s10,
)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One shape of number.

    Groups of the pattern: `s` the serial number and `c` the check digit (where there is
    one), `cc` a country. `says` is the shape in plain words. `telling`: how much the
    shape says without its check digit, from 0.05 (a mere count of digits, shared by
    many) to 0.95 (a prefix nobody else uses). `partners` hand such parcels to this carrier for
    the last mile, and may know the number too.
    """

    slug: str
    pattern: re.Pattern[str]
    says: str
    telling: float
    check: Check | None = None
    prepend: str = field(default="")
    partners: tuple[str, ...] = ()
    is_length_only: bool = False


#: The routing part that US labels print before the number proper.
_ZIP = r"(?:420\d{5}(?:\d{4})?)?"
_ZIP_22 = r"(?:420\d{5}(?:\d{4}(?=\d{22}$))?)?"
_ZIP_26 = r"(?:420\d{5}(?=\d{22}$|\d{26}$|\d{4}\d{22}$)(?:\d{4}(?=\d{22}$))?)?"
_SHIPPER_AND_PIECE = r"\d{3}(?:9\d{8}(?:\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10}))"
#: Consolidators whose parcels the US post delivers under its own barcode.
_TO_USPS: Final = ("ups", "fedex", "dhl_ecommerce", "asendia_us")


def _f(
    slug: str,
    pattern: str,
    says: str,
    telling: float,
    check: Check | None = None,
    *,
    pre: str = "",
    partners: tuple[str, ...] = (),
) -> NumberFormat:
    shape = re.compile(pattern, re.ASCII)
    return NumberFormat(slug, shape, says, telling, check, pre, partners)


def _digits(slug: str, *counts: int, telling: float = 0.1) -> NumberFormat:
    """So many digits, and nothing else that is known of it."""
    shape = re.compile("|".join(rf"\d{{{count}}}" for count in counts), re.ASCII)
    *others, last = map(str, counts)
    says = f"{', '.join(others)} or {last} digits" if others else f"{last} digits"
    return NumberFormat(slug, shape, says, telling, is_length_only=True)


_LISTED: Final[tuple[NumberFormat, ...]] = (
    _f("ups", r"1Z(?P<s>[A-Z0-9]{15})(?P<c>\d)", "1Z and 16 characters", 0.9, MOD10_12),
    _f("ups", r"[AHJKTV](?P<s>\d{9})(?P<c>\d)", "a waybill letter and 10 digits", 0.5, MOD10_12),
    _f("fedex", r"(?P<s>\d{11})(?P<c>\d)", "12 digits", 0.3, FEDEX_3),
    _f("fedex", r"[0-8]\d{19}(?P<s>\d{13})(?P<c>\d)", "34 digits", 0.7, FEDEX_1),
    _f("fedex", r"3\d{15}(?P<s>\d{11})(?P<c>\d)\d{4}", "32 digits from a barcode", 0.6, FEDEX_3),
    _f("fedex", r"(?P<s>\d{14})(?P<c>\d)", "15 digits", 0.4, MOD10_13),
    _f("fedex", r"\d{2}(?P<s>\d{15})(?P<c>\d)", "18 digits (SSCC)", 0.3, MOD10_31),
    _f("fedex", r"96\d{5}(?P<s>\d{14})(?P<c>\d)", "96 and 20 digits", 0.7, MOD10_13),
    _f("fedex", r"96\d{18}(?P<s>\d{13})(?P<c>\d)", "96 and 32 digits", 0.8, FEDEX_1),
    _f("usps", r"(?P<s>\d{19})(?P<c>\d)", "20 digits", 0.45, MOD10_31),
    _f(
        "usps",
        _ZIP_26 + r"(?P<s>94\d{3}(?:9\d{8}(?:\d{15}|\d{11}|\d{7})|[0-8]\d{5}(?:\d{14}|\d{10})))"
        r"(?P<c>\d)",
        "a parcel barcode of the US post (94…)",
        0.85,
        MOD10_31_REVERSE,
    ),
    _f(
        "usps",
        _ZIP + r"(?P<s>(?:91)?\d{19})(?P<c>\d)",
        "an older barcode of the US post",
        0.4,
        MOD10_31,
        pre="91",
    ),
    _f(
        "usps",
        _ZIP_22 + r"(?P<s>(?:92(?=\d{3}9)|93(?=\d{3}[0-8]))" + _SHIPPER_AND_PIECE + r")(?P<c>\d)",
        "a commercial barcode of the US post (92 or 93…)",
        0.85,
        MOD10_31,
        partners=_TO_USPS,
    ),
    _f(
        "usps",
        _ZIP_22 + r"(?P<s>95" + _SHIPPER_AND_PIECE + r")(?P<c>\d)",
        "a counter barcode of the US post (95…)",
        0.85,
        MOD10_31,
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
    _f("s10", r"[A-Z]{2}(?P<s>\d{8})(?P<c>\d)(?P<cc>[A-Z]{2})", "a post's number", 0.85, s10),
    _f("canadapost", r"(?P<s>\d{15})(?P<c>\d)", "16 digits", 0.45, MOD10_31),
    _f("canpar", r"[CDKLSUXZ]\d{21}", "a letter and 21 digits", 0.7),
    _f("purolator", r"(?P<s>[0-5]\d{10})(?P<c>\d)", "12 digits, the first 0 to 5", 0.3, luhn),
    _f("purolator", r"[A-Z]{3}\d{9}", "3 letters and 9 digits", 0.6),
    _f("dpd", r"(?P<s>\d{27})(?P<c>[0-9A-Z])", "28 characters", 0.7, mod37),
    _f("dpd", r"(?P<s>\d{14})(?P<c>[0-9A-Z])", "14 digits and a check character", 0.4, mod37),
    _f("ontrac", r"C(?P<s>\d{13})(?P<c>\d)", "C and 14 digits", 0.7, MOD10_12, pre="4"),
    _f("ontrac", r"D(?P<s>\d{13})(?P<c>\d)", "D and 14 digits", 0.7, MOD10_12, pre="5"),
    _f("lasership", r"L[AIEHNX][1-3]\d{7}", "an L code and 8 digits", 0.85),
    _f("lasership", r"1LS7[12]\d{10}", "1LS7 and 11 digits", 0.95),
    _f("lasership", r"1LS7[12]\d{2}01[1-4]\d{6}1", "1LS7 and a piece number", 0.95),
    _f("lasership", r"1LSCX[0-9A-Z]{10}", "1LSCX and 10 characters", 0.95),
    _f("landmark", r"LTN\d{8}N1", "LTN, 8 digits, N1", 0.95),
    _f("old_dominion", r"(?P<s>(?:77[78]|072|780)\d{7})(?P<c>\d)", "11 digits", 0.4, luhn),
    _f("old_dominion", r"(?P<s>80\d{8})(?P<c>\d)", "11 digits starting with 80", 0.4, luhn),
    _f("speedee", r"SP\d{18}", "SP and 18 digits", 0.9),
    _f("yodel", r"JJ?D\d{16}", "JD or JJD and 16 digits", 0.85),
    _f("yunexpress", r"YT\d{16}", "YT and 16 digits", 0.9),
    _f("gofo", r"GFUS\d{14}", "GFUS and 14 digits", 0.95),
    _f("amazon_shipping", r"TB[ACM]\d{12}", "TBA, TBC or TBM and 12 digits", 0.95),
    _f("amazon_shipping", r"[AFC]\d{10}", "a letter and 10 digits", 0.5),
)

_FURTHER: Final[tuple[NumberFormat, ...]] = (
    # Germany and its neighbours
    _f("dhl_parcel_de", r"(?P<s>\d{11})(?P<c>\d)", "12 digits", 0.2, MOD10_49),
    _f("dhl_parcel_de", r"00(?P<s>34043\d{12})(?P<c>\d)", "0034043… and 20 digits", 0.9, MOD10_31),
    _f("dhl_parcel_de", r"JJ?D0[0-4]\d{10,18}", "JD or JJD and 12 to 20 digits", 0.6),
    _f("dhl_parcel_de", r"JJD14\d{11}", "JJD14 and 11 digits", 0.7),
    _f("hermes", r"(?P<s>\d{13})(?P<c>\d)", "14 digits", 0.2, MOD10_31),
    _f("hermes", r"H\d{19}", "H and 19 digits", 0.9),
    _f("gls", r"(?P<s>\d{11})(?P<c>\d)", "12 digits", 0.2, MOD10_31_PLUS),
    _f(
        "gls",
        r"(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z][A-Z0-9]{7}",
        "a track ID of 8 letters and digits",
        0.25,
    ),
    _f("dpd", r"0[1-9]\d{12}", "14 digits, a depot number first", 0.28),
    _f("dhl_poland", r"[12]\d{10}", "11 digits starting with 1 or 2", 0.15),
    _f("inpost", r"[56]\d{23}", "24 digits starting with 5 or 6", 0.6),
    _f("postnord", r"(?:00)?(?P<s>37[0357]\d{14})(?P<c>\d)", "an SSCC of PostNord", 0.7, MOD10_31),
    _f("laposte", r"[1-9][A-Z]\d{11}", "a digit, a letter and 11 digits", 0.7),
    _f(
        "chronopost",
        r"[EX][A-Z](?P<s>\d{8})(?P<c>\d)(?:FR|JB|JF)",
        "E or X, a letter, 9 digits and a code of Chronopost",
        0.5,
        s10,
    ),
    _f("bpost", r"32\d{22}", "24 digits starting with 32", 0.85),
    _f("spring", r"LXA[A-Z]\d{8}NL", "LXA, a letter, 8 digits and NL", 0.9),
    _f("landmark", r"LTN\d{8}N[2-9]", "LTN, 8 digits, N and a piece", 0.85),
    _f(
        "tnt",
        r"G[DE](?P<s>\d{8})(?P<c>\d)(?:WW|GB|NL|IT|FR|DE|BE)",
        "GD or GE, 9 digits and a code",
        0.6,
        s10,
    ),
    # The United Kingdom
    _f("evri", r"H\d\d[0-9A-Z]{3}\d{10}", "H and 15 characters", 0.85),
    _f("evri", r"[TC]\d\d[0-9A-Z]{4}\d{9}", "T or C and 15 characters", 0.5),
    _f("royalmail", r"0[0-9]\d{7}[0-9A-F]{12}", "9 digits and 12 hexadecimal ones", 0.6),
    # America
    _f("dicom", r"[A-Z]\d{7}", "a letter and 7 digits", 0.3),
    # Australia and New Zealand
    _f(
        "australiapost",
        r"33(?=\d{0,2}[A-Z])[0-9A-Z]{3}\d{7}",
        "33, 3 characters and 7 digits",
        0.35,
    ),
    _f(
        "australiapost",
        r"(?!JJ?D)(?=\d*[A-Z])[0-9A-Z]{3,5}\d{17,18}",
        "an article number of eParcel",
        0.6,
    ),
    _f("aramex_anz", r"[A-Z]{2}\d{10}", "2 letters and 10 digits", 0.5),
    _f("sendle", r"S(?=[A-Z0-9]*\d)[A-Z0-9]{5,6}", "S and 5 or 6 letters and digits", 0.3),
    _f("allied_express", r"[A-Z]{3}\d{8}[A-Z]?", "3 letters, 8 digits and a letter", 0.35),
    # The Gulf
    _f("smsa", r"2[39]\d{10}", "12 digits starting with 23 or 29", 0.3),
    _f("imile", r"6[0-3]\d{11}", "13 digits starting with 60 to 63", 0.25),
    _f("jtexpress", r"JTE\d{12}", "JTE and 12 digits", 0.95),
    # India
    _f("ekart", r"FMP[CP]\d{10}", "FMPC or FMPP and 10 digits", 0.95),
    _f("ekart", r"[A-Z]{3}[CPR]\d{10}", "4 letters, the last C, P or R, and 10 digits", 0.5),
    _f("shadowfax", r"SF\d{5,10}[A-Z]{2,3}", "SF, digits and 2 or 3 letters", 0.9),
    _f("dtdc", r"[A-Z]\d{8}", "a letter and 8 digits", 0.4),
    _f("dtdc", r"[1-9][A-Z]\d{9}", "a digit, a letter and 9 digits", 0.6),
    _f("xpressbees", r"1[34]\d{13}", "15 digits starting with 13 or 14", 0.3),
    # The far East
    _f("sf_express", r"SF\d{12,13}", "SF and 12 or 13 digits", 0.95),
    _f("fourpx", r"4PX\d{13}CN", "4PX, 13 digits and CN", 0.97),
    _f("fourpx", r"4PX[0-9A-Z]{8,20}", "a prefix of 4PX", 0.9),
    _f("jtexpress", r"JT\d{13}", "JT and 13 digits", 0.9),
    _f("jtexpress", r"J[BDOPSTXZ]\d{10}", "J, a letter and 10 digits", 0.6),
    _f("yamato", r"(?P<s>\d{11})(?P<c>[0-6])", "12 digits", 0.15, mod7),
    _f("sagawa", r"(?P<s>\d{11})(?P<c>[0-6])", "12 digits", 0.14, mod7),
    _f("japan_post", r"(?P<s>\d{11})(?P<c>[0-6])", "12 digits", 0.13, mod7),
)

_LENGTHS: Final[tuple[NumberFormat, ...]] = (
    _digits("aramex", 11, telling=0.3),
    _digits("aramex", 10, 12, telling=0.15),
    _digits("naqel", 8, 9, telling=0.15),
    _digits("jtexpress", 12),
    _digits("smsa", 12, telling=0.09),
    _digits("imile", 13),
    _digits("delhivery", 13, 14, telling=0.15),
    _digits("delhivery", 9, 10, 12),  # what was Ecom Express
    _digits("bluedart", 11, telling=0.15),
    _digits("bluedart", 8, 9, 10, telling=0.08),
    _digits("xpressbees", 11, 13, 14, 15, telling=0.08),
    _digits("dpd", 14, telling=0.15),
    _digits("evri", 16, telling=0.1),
    _digits("tnt", 9, telling=0.12),
    _digits("nationex", 8, 9, 11, telling=0.08),
    _digits("dicom", 8, telling=0.08),
    _digits("cj_logistics", 10, 12, telling=0.12),
    _digits("hanjin", 10, 12, 14),
    _digits("lotte", 12, telling=0.11),
    _digits("australiapost", 10, 20, telling=0.06),
)

FORMATS: Final[tuple[NumberFormat, ...]] = (*_LISTED, *_FURTHER, *_LENGTHS)
