"""The filters of templates: few, and none that can make a text grow without end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from liquid.builtin.filters import math, misc, string
from liquid.exceptions import FilterArgumentError, ResourceLimitError
from liquid.undefined import Undefined

from notifications.templates.values import Amount, Day

#: A text that a filter made is never longer than this.
MOST: Final = 10_000


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, Undefined) else str(value)


def _held(text: str) -> str:
    if len(text) > MOST:
        raise ResourceLimitError("a text became too long", token=None)
    return text


def append(value: object, further: object) -> str:
    return _held(_text(value) + _text(further))


def prepend(value: object, further: object) -> str:
    return _held(_text(further) + _text(value))


def replace(value: object, old: object, new: object = "") -> str:
    text, wanted, fresh = _text(value), _text(old), _text(new)
    # Asked before it is done: two long texts make one that no machine holds.
    if len(text) + text.count(wanted) * len(fresh) > MOST:
        raise ResourceLimitError("a text became too long", token=None)
    return text.replace(wanted, fresh)


def remove(value: object, old: object) -> str:
    return _text(value).replace(_text(old), "")


def escape(value: object) -> str:
    """Shops write `| escape` by habit; whatever a message shows is escaped where it is shown."""
    return _text(value)


def date(value: object, style: object = "short") -> str:
    """A day in another form: "short", "long" or "weekday"."""
    if not isinstance(value, Day):
        return _text(value)
    try:
        return value.written(_text(style))
    except ValueError as error:
        raise FilterArgumentError(
            "a date is written as short, long or weekday", token=None
        ) from error


def money(value: object) -> str:
    """Amounts are written as the language does already."""
    return _text(value)


def number(value: object) -> Decimal | str:
    """An amount as a number, to compare with."""
    return value.value if isinstance(value, Amount) else _text(value)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "append": append,
    "capitalize": string.capitalize,
    "date": date,
    "default": misc.default,
    "divided_by": math.divided_by,
    "downcase": string.downcase,
    "escape": escape,
    "minus": math.minus,
    "money": money,
    "number": number,
    "plus": math.plus,
    "prepend": prepend,
    "remove": remove,
    "replace": replace,
    "round": math.round_,
    "size": misc.size,
    "strip": string.strip,
    "times": math.times,
    "truncate": string.truncate,
    "truncatewords": string.truncatewords,
    "upcase": string.upcase,
}
