"""Reading a shop's JSON: typed values by name, and errors that say where. No Django.

What an order cannot be without (`need_*`) raises StoreError; anything else that cannot be
read counts as not said, because a plug-in's odd date must not cost a merchant the order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from carriers.countries import country_code
from carriers.shapes import country, mapping, text

_MOST_MONEY: Final = Decimal(10) ** 11
_MOST_PIECES: Final = 100_000
_DAY: Final = 86_400.0


class StoreError(ValueError):
    """A payload that cannot be read: the message says what was expected, where."""


def read_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in a body. Raises StoreError for anything else."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise StoreError(f"the body is not UTF-8 (byte {error.start})") from error
    except ValueError as error:
        raise StoreError(f"the body is not JSON: {error}") from error
    except RecursionError as error:
        raise StoreError("the body is nested too deeply") from error
    if not isinstance(found, dict):
        raise StoreError(f"expected a JSON object, got {_kind(found)}")
    return found


def need_text(values: Mapping[str, Any], name: str) -> str:
    """Text or a number that must be there. Raises StoreError naming the field."""
    found = text(values.get(name))
    if not found:
        raise StoreError(f"{name}: expected text or a number, got {_kind(values.get(name))}")
    return found


def rows(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects; null and absent are no rows. Raises StoreError for another shape."""
    found = values.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise StoreError(f"{name}: expected a list, got {_kind(found)}")
    for index, row in enumerate(found):
        if not isinstance(row, dict):
            raise StoreError(f"{name}[{index}]: expected an object, got {_kind(row)}")
    return found


def part(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A nested object, or an empty one."""
    return mapping(values.get(name))


def amount(value: object) -> Decimal | None:
    """An amount of money in the order's currency, to three places; None when not said."""
    try:
        found = Decimal(text(value))
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) >= _MOST_MONEY:
        return None
    return found.quantize(Decimal("0.001"))


def pieces(value: object) -> int:
    """A quantity, 0 included; 1 where none is said. Parts of a piece count as a piece."""
    found = amount(value)
    if found is None:
        return 1
    return min(max(int(-(-found // 1)), 0), _MOST_PIECES)


def instant(value: object, *, utc: bool = False) -> datetime | None:
    """An ISO 8601 time as an aware instant; `utc` reads a time without offset as UTC."""
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC) if utc else None
    # A year near the calendar's end would overflow on conversion.
    return found.astimezone(UTC) if 1970 <= found.year <= 9000 else None


def seconds(value: object) -> float | None:
    """A wait or a lifetime in seconds, at most a day; None when not said."""
    found = amount(value)
    return None if found is None or found < 0 else min(float(found), _DAY)


def country_of(*values: object) -> str:
    """The first country among codes and English names, as ISO alpha-2, or empty."""
    for value in values:
        found = country(value) or country_code(text(value))
        if found:
            return found
    return ""


def joined(*values: object) -> str:
    """The parts that are said, with single blanks between."""
    return " ".join(filter(None, (text(value) for value in values)))


def _no_number(word: str) -> None:
    """NaN and Infinity are no JSON; Python reads them, and "nan" would become an order."""
    raise ValueError(f"{word} is no number")


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
    if value is None:
        return "nothing"
    return names.get(type(value), "a number")
