"""Who said it last: the rank of every part of an order, by the shop's own clock. Pure.

A part is a column of the order, a column of a line, a refund, a fulfilment. Each holds what the
highest rank said of it, so that updates may arrive in any order and any number of times. A rank
is an instant in microseconds; what a payload about something else says ranks below all that, and
what only stands in for something unsaid ranks lowest. An update without a date has no rank: it
counts as the newest when it arrives, and leaves none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

#: What only stands in (the receiver's name for the buyer's): anything said counts more.
STAND_IN: Final = -(10**17)
#: What is held and nobody dated: any dated whole version counts more, no part does.
UNDATED: Final = -1
_PART: Final = 10**16
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def instant(moment: datetime | None) -> int | None:
    """The rank of a whole version of this moment."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def moment(value: int | None) -> datetime | None:
    """The moment of such a rank."""
    return None if value is None else _EPOCH + value * _MICROSECOND


@dataclass(frozen=True, slots=True)
class Rank:
    """How much one update counts: `at` None is undated, `partial` fills gaps only."""

    at: int | None
    partial: bool = False

    @property
    def value(self) -> int | None:
        if self.at is None:
            return None
        return self.at - _PART if self.partial else self.at

    def as_part(self) -> Rank:
        """The same moment, for something that is said incompletely."""
        return Rank(self.at, partial=True)

    def as_event(self) -> Rank:
        """The same moment, for what a payload is about itself (its fulfilment, its refund)."""
        return Rank(self.at)


@dataclass(slots=True)
class Stamps:
    """The ranks of one order's parts. Only what differs from `said_at` is kept in `own`."""

    said_at: int | None = None
    own: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, part: str) -> int:
        """The rank of a part that is held."""
        known = self.own.get(part)
        if known is not None:
            return known
        return UNDATED if self.said_at is None else self.said_at

    def wins(self, part: str, rank: Rank, *, is_held: bool) -> bool:
        """Whether an update of this rank decides about the part."""
        known = self.own.get(part)
        if known is None and not is_held:
            return True
        value = rank.value
        if value is None:
            return not rank.partial or known == STAND_IN
        return value >= self.of(part)

    def note(self, part: str, rank: Rank) -> None:
        """The part was decided by an update of this rank."""
        if rank.value is None:
            self.own.pop(part, None)
        else:
            self.own[part] = rank.value

    def stand_in(self, part: str) -> None:
        self.own[part] = STAND_IN

    def stands_in(self, part: str) -> bool:
        return self.own.get(part) == STAND_IN

    def advance(self, rank: Rank, held: Iterable[str]) -> None:
        """Take this as the newest whole version if it is: what it did not say keeps its rank.

        `held` are all parts that are not empty. Call it after the parts were noted.
        """
        parts = set(held)
        if rank.value is not None and not rank.partial and rank.value > (self.said_at or UNDATED):
            for part in parts:
                self.own.setdefault(part, self.of(part))
            self.said_at = rank.value
        self.own = {
            part: value
            for part, value in self.own.items()
            if value != self.said_at or part not in parts
        }
