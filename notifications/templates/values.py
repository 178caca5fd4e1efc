"""Values that a template may shape once more: days and amounts that print well by themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from lib import formats


class Day(str):
    """A day that reads as "Thu 12 Nov" in the message's language, and can be written otherwise."""

    __slots__ = ("day", "language")

    day: date
    language: str

    def __new__(cls, day: date, language: str) -> Day:
        made = super().__new__(cls, formats.weekday_date(day, language))
        made.day, made.language = day, language
        return made

    def written(self, style: str) -> str:
        """ "short" (Thu 12 Nov), "long" (Thursday 12 November), "weekday" (Thursday). Raises
        ValueError for another style."""
        if style == "weekday":
            return formats.weekday(self.day, self.language)
        if style == "long":
            return formats.weekday_date(self.day, self.language, style="long")
        if style == "short":
            return str(self)
        raise ValueError(style)


class Amount(str):
    """A sum that reads as "AED 149.00" in the message's language, and compares as a number."""

    __slots__ = ("value",)

    value: Decimal

    def __new__(cls, value: Decimal, currency: str, language: str) -> Amount:
        made = super().__new__(cls, formats.money(value, currency, language))
        made.value = value
        return made


_PARTICLES = frozenset(
    {"abd", "abdul", "abdel", "abu", "umm", "um", "al", "el", "de", "van", "von", "عبد", "أبو",
     "ابو", "أم", "ام", "آل"}
)  # fmt: skip


def first_name(name: str) -> str:
    """The given name: "Sara" of "Sara Al Mansoori", "عبد الله" of "عبد الله الشمري"."""
    words = name.split()
    if len(words) > 1 and words[0].casefold() in _PARTICLES:
        return " ".join(words[:2])
    return words[0] if words else ""
