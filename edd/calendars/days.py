"""What a day is, and what somebody says of days beside the usual: rules, most specific first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Literal


class Day(StrEnum):
    """Whether work is done: all day, until about noon, or not at all."""

    WORKS = "works"
    HALF = "half"
    REST = "rest"


Part = Literal["", "warehouse", "pickup", "delivery"]
"""Whose day it is; "" is everybody's."""
PARTS: Final[tuple[Part, ...]] = ("", "warehouse", "pickup", "delivery")


@dataclass(frozen=True, slots=True)
class DayRule:
    """One word about days, of an operator (for all merchants) or of a merchant.

    Empty fields mean "any". `first` and `last` are both included; None leaves the period open.
    With `weekday` (ISO, 1 = Monday) it is about that day of each week: it changes the weekly
    rest and leaves holidays alone. What is not `certain` is a rest that may not come.
    A rule named for a feast of `edd.calendars.islamic.FEASTS` says when that feast is.
    """

    country: str = ""
    region: str = ""
    carrier: str = ""
    service: str = ""
    first: date | None = None
    last: date | None = None
    kind: Day = Day.REST
    name: str = ""
    certain: bool = True
    part: Part = ""
    weekday: int = 0
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every estimate looks its calendars up by all rules: counted once, that costs nothing.
        words = (self.country, self.region, self.carrier, self.service, self.name, self.part)
        when = (self.first, self.last, self.weekday, self.kind, self.certain)
        object.__setattr__(self, "_hash", hash((words, when)))

    def __hash__(self) -> int:
        return self._hash

    def covers(self, day: date) -> bool:
        """Whether it speaks of this day."""
        return (
            (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and self.weekday in {0, day.isoweekday()}
        )


def narrowed(
    rules: Iterable[DayRule],
    *,
    part: Part,
    country: str,
    region: str = "",
    carrier: str = "",
    service: str = "",
) -> tuple[DayRule, ...]:
    """The rules about this calendar, most specific first; among equals the order given."""

    def fits(rule: DayRule) -> bool:
        return (
            rule.country in {"", country}
            and rule.region.casefold() in {"", region.casefold()}
            and rule.carrier in {"", carrier}
            and rule.service.casefold() in {"", service.casefold()}
            and rule.part in {"", part}
        )

    return tuple(sorted(filter(fits, rules), key=_vagueness))


def _vagueness(rule: DayRule) -> tuple[bool, ...]:
    return (
        not rule.service,
        not rule.carrier,
        not rule.region,
        not rule.part,
        not rule.country,
    )
