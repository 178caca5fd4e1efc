"""One cell as a value of ours. Pure; raises Misread with the code of what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from carriers.countries import alpha2, country_code
from carriers.number_check import misspelt, tidy
from lib.folding import digits, fold, western_digits
from lib.formats import locale_of
from lib.languages import OWN_NAMES, SHOPPERS
from stores.csv.dates import read_time
from stores.csv.problems import Misread
from stores.csv.settings import Settings

#: What people and programs write where there is nothing.
_NOTHING: Final = frozenset(
    {"n/a", "#n/a", "na", "none", "null", "nan", "-", "--", "–", "—", "لا يوجد"}
)
#: A long number that a spreadsheet has shortened: 9.71502E+11. Its digits are lost.
_SHORTENED: Final = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{1,2}")
_NOT_MONEY: Final = re.compile(r"[^\d.,\-]")
_MOST_MONEY: Final = Decimal(10) ** 11
_MOST_PIECES: Final = 100_000
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?")
_SIGNS: Final = {
    "₹": "INR", "₩": "KRW", "€": "EUR", "£": "GBP", "د.إ": "AED", "درهم": "AED", "ر.س": "SAR",
    "﷼": "SAR", "rs": "INR", "rs.": "INR", "원": "KRW", "dhs": "AED", "dh": "AED", "sr": "SAR",
}  # fmt: skip
_BETWEEN_NUMBERS: Final = re.compile(r"[,;|\n]+")


def is_nothing(cell: str) -> bool:
    """Whether the cell says nothing."""
    return not cell or cell.casefold() in _NOTHING


def read(kind: str, cell: str, settings: Settings) -> Any:
    """The cell as its kind of value (see `stores.csv.fields.Kind`)."""
    return _READERS[kind](cell, settings)


def _text(cell: str, settings: Settings) -> str:
    return " ".join(cell.split("\n")).strip()


def _number_text(cell: str, settings: Settings) -> str:
    """An identifier: digits folded, the apostrophe of a spreadsheet's text cell taken off."""
    if _SHORTENED.fullmatch(cell):
        raise Misread("shortened")
    return western_digits(cell).lstrip("'").strip()


def _email(cell: str, settings: Settings) -> str:
    if "*" in cell:
        return ""  # marketplaces hide it: nothing is wrong, and nothing can be sent
    address = cell.removeprefix("mailto:").strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Misread("email") from error
    return address


def _phone(cell: str, settings: Settings) -> str:
    if _SHORTENED.fullmatch(cell):
        raise Misread("shortened")
    if "*" in cell:
        return ""
    plain = western_digits(cell).lstrip("'").strip()
    if not 5 <= len(digits(plain)) <= 20:
        raise Misread("phone")
    return plain


def _country(cell: str, settings: Settings) -> str:
    return _country_named(cell)


@lru_cache(maxsize=1024)
def _country_named(cell: str) -> str:
    found = country_code(cell) or _countries().get(fold(cell), "") or _known_code(cell)
    if not found:
        raise Misread("country")
    return found


def _known_code(cell: str) -> str:
    code = alpha2(cell)
    return code if code in Locale("en").territories else ""


@cache
def _countries() -> dict[str, str]:
    """Names of countries in the languages of our headers."""
    return {
        fold(name): code
        for language in ("ko", "ar", "en")
        for code, name in Locale(language).territories.items()
        if len(code) == 2
    } | {fold("الإمارات"): "AE", fold("السعودية"): "SA", fold("المملكة العربية السعودية"): "SA"}


def _language(cell: str, settings: Settings) -> str:
    named = _languages().get(fold(cell))
    if named:
        return named
    if not _LANGUAGE.fullmatch(cell):
        raise Misread("language")
    try:
        return str(Locale.parse(cell.replace("-", "_"))).replace("_", "-")
    except (UnknownLocaleError, ValueError) as error:
        raise Misread("language") from error


@cache
def _languages() -> dict[str, str]:
    """Names of languages in English and in themselves."""
    found: dict[str, str] = {}
    for code in (*SHOPPERS, "zh"):
        locale = locale_of(code)
        names = (locale.get_display_name("en"), locale.get_display_name(locale))
        found |= {fold(name): code for name in (*names, OWN_NAMES.get(code)) if name}
    return found


def amount(cell: str, *, decimal_comma: bool) -> Decimal:
    """An amount of money: currency signs and grouping of any country taken off."""
    plain = western_digits(cell).replace("٫", ".").replace("٬", "").replace("−", "-")
    if _SHORTENED.search(plain):
        raise Misread("shortened")
    plain = _NOT_MONEY.sub("", plain).strip(".,")
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        is_comma = comma > point
    elif comma >= 0:
        is_comma = plain.count(",") == 1 and (decimal_comma or len(plain) - comma - 1 != 3)
    else:
        is_comma = plain.count(".") > 1 or (decimal_comma and len(plain) - point - 1 == 3)
    grouping, sign = (".", ",") if is_comma else (",", ".")
    try:
        found = Decimal(plain.replace(grouping, "").replace(sign, "."))
    except InvalidOperation as error:
        raise Misread("amount") from error
    if not 0 <= found < _MOST_MONEY:
        raise Misread("amount")
    return found.quantize(Decimal("0.001"))


def comma_evidence(cell: str) -> str:
    """What one cell says about the file: "comma" or "point" before the decimals, or ""."""
    if re.fullmatch(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}", cell):
        return "comma"
    return "point" if re.fullmatch(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{1,3}", cell) else ""


def _amount(cell: str, settings: Settings) -> Decimal:
    return amount(cell, decimal_comma=settings.decimal_comma)


def _currency(cell: str, settings: Settings) -> str:
    code = _SIGNS.get(cell.casefold(), cell.upper())
    if len(code) != 3 or code not in Locale("en").currencies:
        raise Misread("currency")
    return code


def _quantity(cell: str, settings: Settings) -> int:
    try:
        found = Decimal(western_digits(cell).replace(",", "."))
    except InvalidOperation as error:
        raise Misread("quantity") from error
    if (
        not found.is_finite()
        or found != found.to_integral_value()
        or not 0 <= found <= _MOST_PIECES
    ):
        raise Misread("quantity")
    return int(found)


def _time(cell: str, settings: Settings) -> datetime:
    return read_time(cell, day_first=settings.day_first, zone=ZoneInfo(settings.zone))


def _day(cell: str, settings: Settings) -> date:
    """The calendar date as it is written: it is one at the destination, not an instant."""
    return _time(cell, settings).astimezone(ZoneInfo(settings.zone)).date()


def _tracking(cell: str, settings: Settings) -> tuple[str, ...]:
    """One number, or several between commas."""
    numbers = []
    for part in _BETWEEN_NUMBERS.split(cell):
        number = part.strip().lstrip("'")
        if not number or is_nothing(number):
            continue
        if _SHORTENED.fullmatch(number):
            raise Misread("shortened")
        # A check digit that does not fit may be a carrier's that we have no table of.
        if problem := misspelt(number):
            raise Misread(f"tracking_{problem.kind}", problem.text)
        numbers.append(tidy(number))
    return tuple(dict.fromkeys(numbers))


def _degrees(cell: str, settings: Settings) -> float:
    try:
        found = float(western_digits(cell).replace("٫", ".").replace(",", "."))
    except ValueError as error:
        raise Misread("degrees") from error
    if not -180 <= found <= 180:
        raise Misread("degrees")
    return found


def _pin(cell: str, settings: Settings) -> tuple[float, float]:
    """ "25.2048, 55.2708", also inside a map's link."""
    found = re.search(r"(-?\d{1,2}\.\d+)[,;\s]+(-?\d{1,3}\.\d+)", western_digits(cell))
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        raise Misread("pin")
    return float(found[1]), float(found[2])


def _tags(cell: str, settings: Settings) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in re.split(r"[,;|،]", cell) if tag.strip())[:50]


_READERS: Final[dict[str, Callable[[str, Settings], Any]]] = {
    "text": _text,
    "number_text": _number_text,
    "email": _email,
    "phone": _phone,
    "country": _country,
    "language": _language,
    "amount": _amount,
    "currency": _currency,
    "quantity": _quantity,
    "time": _time,
    "day": _day,
    "tracking": _tracking,
    "carrier": _text,
    "degrees": _degrees,
    "pin": _pin,
    "tags": _tags,
}
