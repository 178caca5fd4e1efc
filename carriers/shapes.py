"""Reading values whose shape a carrier may break: never raises, always the type you asked for.

Carriers send null for a list, one object for a list of one, numbers for text. What is
not of the asked shape counts as absent; an adapter decides what an absence means.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from carriers.updates import CarrierEvent

_EMPTY: Mapping[str, Any] = {}


def mapping(value: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else _EMPTY


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; a single object counts as a list of one."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def text(value: object) -> str:
    """Text without surrounding blanks; a number as digits; anything else is empty.

    NUL and lone surrogates go: PostgreSQL and UTF-8 refuse them.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and not isfinite(value):
        return ""  # 1e999 is read as infinity, and "inf" would be somebody's number
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def decimal(value: object) -> Decimal | None:
    """A finite amount ("1,250.50" and 1250.5 alike), or None."""
    try:
        found = Decimal(text(value).replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**10 else None


def whole(value: object) -> int | None:
    """A count from 0 to 999,999, or None."""
    digits = text(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else None


def https(value: object) -> str:
    """An https address, or empty: anything else is not shown to anybody."""
    address = text(value)
    return address if address.startswith("https://") and not set(address) & set(" <>\"'") else ""


def country(value: object) -> str:
    """An ISO 3166-1 alpha-2 code, or empty for anything else."""
    code = text(value).upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""


def scans(events: list[CarrierEvent]) -> list[CarrierEvent]:
    """The events without exact repetitions and without blank rows, in order."""
    return [event for event in dict.fromkeys(events) if event.code or event.description]
