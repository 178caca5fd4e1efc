"""Past orders as the columns that the engine takes: of a file, or a merchant's own."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

import numpy as np

from edd.calendars import Calendar
from edd.learning.clocks import Clock, Ints, Spans, clock
from edd.learning.nodes import Column, Whereabouts
from edd.learning.parcels import Parcels
from edd.learning.tables import Floats

#: How far the calendars reach before the first and behind the last day.
_BEFORE: Final = 60
_AHEAD: Final = 400
#: Days after the order. What is said to be later is a slip of the pen, and counts as then.
LONGEST: Final = 365

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """Past orders, oldest first, and the date that was promised (0: none)."""

    parcels: Parcels
    promised: Ints
    to_region: Column


class Growing(Generic[Key]):
    """A column while it grows, each value of it kept once."""

    def __init__(self) -> None:
        self._places: dict[Key, int] = {}
        self._codes = array("q")

    def __len__(self) -> int:
        return len(self._codes)

    def add(self, value: Key) -> None:
        self._codes.append(self._places.setdefault(value, len(self._places)))

    @property
    def values(self) -> list[Key]:
        return list(self._places)

    def codes(self, order: Ints) -> Ints:
        """The place in `values` of each, put in this order."""
        found: Ints = np.array(self._codes, dtype=np.int64)[order]
        return found


def words(growing: Growing[str], order: Ints) -> Column:
    """A grown column of words as the engine takes it."""
    return Column(growing.codes(order), growing.values)


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is known of each order. Days are ordinals, 0 where there is none; hours are local."""

    placed: Ints
    placed_hour: Ints
    handed: Ints
    handed_hour: Ints
    came: Ints
    promised: Ints
    ship_by: Ints
    where: Whereabouts
    numbers: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """Whose calendar counts: `calendars[codes[i]]` for order i."""

    codes: Ints
    calendars: Sequence[Calendar]


def assemble(told: Told, *, warehouse: Kept, courier: Kept) -> Orders:
    """The columns with their calendars; there must be one order at least.

    A time before the one it follows is a clock that is wrong: it counts as the same day.
    """
    latest = told.placed + LONGEST
    handed = np.clip(told.handed, told.placed, latest)
    handed[told.handed <= 0] = 0
    came = np.clip(told.came, np.maximum(told.placed, handed), latest)
    came[told.came <= 0] = 0
    on_the_road = np.where((came > 0) & (handed == 0), came, handed)
    first = date.fromordinal(int(told.placed.min()) - _BEFORE)
    last = date.fromordinal(int(max(told.placed.max(), on_the_road.max(), came.max())) + _AHEAD)
    return Orders(
        Parcels(
            placed=told.placed,
            placed_hour=told.placed_hour,
            handed=on_the_road,
            handed_hour=told.handed_hour,
            came=came,
            where=told.where,
            numbers=told.numbers,
            ship_by=np.minimum(told.ship_by, latest),
            processing=Spans(
                told.placed, on_the_road, warehouse.codes, _clocks(warehouse, first, last)
            ),
            transit=Spans(on_the_road, came, courier.codes, _clocks(courier, first, last)),
        ),
        np.minimum(told.promised, latest),
        told.where.destination,
    )


def _clocks(kept: Kept, first: date, last: date) -> list[Clock]:
    return [clock(one, first, last) for one in kept.calendars]
