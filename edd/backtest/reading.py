"""A file of orders as the columns that the engine takes.

Five columns are needed: `purchased_at`, `approved_at`, `handed_to_carrier_at`, `delivered_at`,
`promise_date`. The others are used where they are there: `carrier`, `service`, `seller`,
`seller_ship_by`, `from_state`, `from_zip3`, `to_state`, `to_zip3`, `category`, `country`, and the
numbers of `edd.learning.engine.NUMBERS`. Times are local, dates are calendar dates.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, TextIO, cast

import holidays
import numpy as np

from edd.calendars import delivery_calendar, warehouse_calendar
from edd.learning.clocks import Clock, Ints, Spans, clock
from edd.learning.nodes import Column, Whereabouts, column
from edd.learning.parcels import NUMBERS, Parcels
from edd.learning.tables import Floats

NEEDED: Final = (
    "purchased_at", "approved_at", "handed_to_carrier_at", "delivered_at", "promise_date"
)  # fmt: skip
#: How far the calendars reach before the first and behind the last day of the file.
_BEFORE: Final = 60
_AHEAD: Final = 400


class Unreadable(ValueError):
    """The file is not what it should be; the text says what and where."""


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """The orders of a file, oldest first, and the date that was promised (0: none)."""

    parcels: Parcels
    promised: Ints
    to_region: Column


def read(path: Path, *, country: str = "") -> Orders:
    """Read a CSV file (also `.gz`).

    `country` (ISO 3166-1 alpha-2) is where it plays; without it, the file's own column, else
    the country that has all the states named. Raises Unreadable, OSError.
    """
    with _opened(path) as lines:
        rows = list(_rows(csv.DictReader(lines)))
    if not rows:
        raise Unreadable("The file has no order with a time of purchase.")
    rows.sort(key=lambda row: row["purchased_at"])
    return _orders(rows, country.upper())


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def _rows(reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise Unreadable(f"The file has no column {', '.join(missing)}.")
    for row in reader:
        if (row["purchased_at"] or "").strip():
            yield {name: (value or "").strip() for name, value in row.items() if name}


class _Times:
    """One column of moments: days as ordinals and hours, 0 where it is empty."""

    def __init__(self, rows: Sequence[Mapping[str, str]], name: str) -> None:
        self.days = np.zeros(len(rows), dtype=np.int64)
        self.hours = np.zeros(len(rows), dtype=np.int64)
        for place, row in enumerate(rows):
            text = row.get(name, "")
            if not text:
                continue
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                raise Unreadable(f"Order {place + 1}, {name}: “{text}” is no date.") from None
            self.days[place] = moment.toordinal()
            self.hours[place] = moment.hour


def _orders(rows: Sequence[Mapping[str, str]], country: str) -> Orders:
    placed, handed = _Times(rows, "purchased_at"), _Times(rows, "handed_to_carrier_at")
    came, promised = _Times(rows, "delivered_at"), _Times(rows, "promise_date")
    words = {
        name: column([row.get(name, "") for row in rows])
        for name in (
            "seller", "category", "from_state", "from_zip3", "to_state", "to_zip3",
            "carrier", "service",
        )
    }  # fmt: skip
    country = country or rows[0].get("country", "").upper() or country_of(words["to_state"].names)
    clocks = _Clocks(country, placed.days, np.maximum(came.days, handed.days))
    # A time before the one it follows is a clock that is wrong: it counts as the same day.
    hand_over = np.where(handed.days > 0, np.maximum(handed.days, placed.days), 0)
    arrival = np.where(came.days > 0, np.maximum(came.days, np.maximum(hand_over, placed.days)), 0)
    on_the_road = np.where((came.days > 0) & (hand_over == 0), arrival, hand_over)
    return Orders(
        Parcels(
            placed=placed.days,
            placed_hour=placed.hours,
            handed=on_the_road,
            handed_hour=handed.hours,
            came=arrival,
            where=Whereabouts(
                merchant=words["seller"],
                kind=words["category"],
                origin=words["from_state"],
                origin_prefix=words["from_zip3"],
                destination=words["to_state"],
                prefix=words["to_zip3"],
                carrier=words["carrier"],
                service=words["service"],
            ),
            numbers={name: _numbers(rows, name) for name in NUMBERS},
            ship_by=_Times(rows, "seller_ship_by").days,
            processing=Spans(
                placed.days, on_the_road, np.zeros(len(rows), dtype=np.int64), [clocks.warehouse]
            ),
            transit=clocks.transit(on_the_road, arrival, words["carrier"]),
        ),
        promised.days,
        words["to_state"],
    )


class _Clocks:
    """The warehouse's calendar and each carrier's, for as long as the file lasts."""

    def __init__(self, country: str, placed: Ints, ends: Ints) -> None:
        self._country = country
        self._first = date.fromordinal(int(placed.min()) - _BEFORE)
        self._last = date.fromordinal(int(max(placed.max(), ends.max())) + _AHEAD)
        self.warehouse = clock(warehouse_calendar(country), self._first, self._last)

    def _carrier(self, carrier: str) -> Clock:
        return clock(delivery_calendar(self._country, carrier), self._first, self._last)

    def transit(self, handed: Ints, came: Ints, carriers: Column) -> Spans:
        return Spans(handed, came, carriers.codes, [self._carrier(name) for name in carriers.names])


def country_of(states: Iterable[str]) -> str:
    """The country whose subdivisions (ISO 3166-2) have all of these; of several the smallest."""
    wanted = {state for state in states if state}
    if not wanted:
        return ""
    having = [
        (len(parts), country)
        for country, parts in holidays.list_supported_countries(include_aliases=False).items()
        if wanted <= set(parts)
    ]
    return min(having)[1] if having else ""


def _numbers(rows: Sequence[Mapping[str, str]], name: str) -> Floats:
    found = np.full(len(rows), NUMBERS[name])
    for place, row in enumerate(rows):
        text = row.get(name, "")
        if text:
            try:
                found[place] = max(float(text), 0.0)
            except ValueError:
                raise Unreadable(f"Order {place + 1}, {name}: “{text}” is no number.") from None
    return found
