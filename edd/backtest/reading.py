"""A file of orders as the columns that the engine takes.

Five columns are needed: `purchased_at`, `approved_at`, `handed_to_carrier_at`, `delivered_at`,
`promise_date`. The others are used where they are there: `carrier`, `service`, `seller`,
`seller_ship_by`, `from_state`, `from_zip3`, `to_state`, `to_zip3`, `category`, `country`, and the
numbers of `edd.learning.engine.NUMBERS`. Times are local, dates are calendar dates.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from array import array
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO, cast

import holidays
import numpy as np

from edd.backtest.orders import Growing, Kept, Orders, Told, assemble, words
from edd.calendars import delivery_calendar, warehouse_calendar
from edd.learning.clocks import Ints
from edd.learning.nodes import Whereabouts
from edd.learning.parcels import NUMBERS
from edd.learning.tables import Floats

NEEDED: Final = (
    "purchased_at", "approved_at", "handed_to_carrier_at", "delivered_at", "promise_date"
)  # fmt: skip
_TIMES: Final = (
    "purchased_at", "handed_to_carrier_at", "delivered_at", "promise_date", "seller_ship_by"
)  # fmt: skip
_WORDS: Final = (
    "seller", "category", "from_state", "from_zip3", "to_state", "to_zip3", "carrier", "service"
)  # fmt: skip
#: What is used where it is there, in the order in which it is documented.
OPTIONAL: Final = (
    "carrier", "service", "country", "from_state", "from_zip3", "to_state", "to_zip3", "seller",
    "seller_ship_by", "category", *NUMBERS,
)  # fmt: skip
#: Years that a date of an order may be in.
_YEARS: Final = range(1990, 2101)

_WORDING: Final = {
    "empty": "The file has no order with a time of purchase.",
    "columns": "The file has no column {column}.",
    "date": "Row {row}, {column}: “{value}” is no date.",
    "number": "Row {row}, {column}: “{value}” is no number.",
    "not_csv": "Row {row}: this is no CSV file in UTF-8.",
}


class Unreadable(ValueError):
    """The file is not what it should be; the text says what and where.

    `code` is a key of the wording, `row` counts from 1 with the header.
    """

    def __init__(self, code: str, *, row: int = 0, column: str = "", value: str = "") -> None:
        self.code, self.row, self.column, self.value = code, row, column, value[:40]
        super().__init__(_WORDING[code].format(row=row, column=column, value=self.value))


def read(path: Path, *, country: str = "") -> Orders:
    """Read a CSV file (also `.gz`). Raises Unreadable, OSError; for the rest see `parse`."""
    with _opened(path) as lines:
        return parse(lines, country=country)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def parse(lines: Iterable[str], *, country: str = "", home: str = "", most: int = 0) -> Orders:
    """The orders in the lines of a CSV file, the newest `most` of them (0: all).

    `country` (ISO 3166-1 alpha-2) is where it plays; without it, the file's own column, then
    `home`, then the country that has all the states named. Raises Unreadable.
    """
    sheet = _Sheet()
    row = 1
    try:
        reader = csv.DictReader(lines)
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise Unreadable("columns", column=", ".join(missing))
        for row, cells in enumerate(reader, start=2):
            sheet.add(row, {name: (text or "").strip() for name, text in cells.items() if name})
    except (csv.Error, UnicodeDecodeError, EOFError, zlib.error):
        raise Unreadable("not_csv", row=row) from None
    if not len(sheet):
        raise Unreadable("empty")
    return sheet.orders(country=country.upper(), home=home.upper(), most=most)


class _Sheet:
    """The columns of a file while it is read."""

    def __init__(self) -> None:
        self._days = {name: array("q") for name in _TIMES}
        self._hours = {name: array("q") for name in _TIMES}
        self._words = {name: Growing[str]() for name in _WORDS}
        self._numbers = {name: array("d") for name in NUMBERS}
        self._country = ""

    def __len__(self) -> int:
        return len(self._days["purchased_at"])

    def add(self, row: int, cells: Mapping[str, str]) -> None:
        """Take a row in; one without a time of purchase is no order. Raises Unreadable."""
        if not cells["purchased_at"]:
            return
        for name in _TIMES:
            day, hour = _moment(row, name, cells.get(name, ""))
            self._days[name].append(day)
            self._hours[name].append(hour)
        for name, column in self._words.items():
            column.add(cells.get(name, ""))
        for name, numbers in self._numbers.items():
            numbers.append(_number(row, name, cells.get(name, "")))
        self._country = self._country or cells.get("country", "").upper()

    def orders(self, *, country: str, home: str, most: int) -> Orders:
        order = np.lexsort((self._hour("purchased_at"), self._day("purchased_at")))[-most:]
        where = self._where(order)
        country = country or self._country or home or country_of(where.destination.names)
        carriers = where.carrier
        return assemble(
            Told(
                placed=self._day("purchased_at")[order],
                placed_hour=self._hour("purchased_at")[order],
                handed=self._day("handed_to_carrier_at")[order],
                handed_hour=self._hour("handed_to_carrier_at")[order],
                came=self._day("delivered_at")[order],
                promised=self._day("promise_date")[order],
                ship_by=self._day("seller_ship_by")[order],
                where=where,
                numbers={name: self._number(name)[order] for name in NUMBERS},
            ),
            warehouse=Kept(np.zeros(len(order), dtype=np.int64), [warehouse_calendar(country)]),
            courier=Kept(
                carriers.codes, [delivery_calendar(country, name) for name in carriers.names]
            ),
        )

    def _where(self, order: Ints) -> Whereabouts:
        found = {name: words(column, order) for name, column in self._words.items()}
        return Whereabouts(
            merchant=found["seller"],
            kind=found["category"],
            origin=found["from_state"],
            origin_prefix=found["from_zip3"],
            destination=found["to_state"],
            prefix=found["to_zip3"],
            carrier=found["carrier"],
            service=found["service"],
        )

    def _day(self, name: str) -> Ints:
        return np.array(self._days[name], dtype=np.int64)

    def _hour(self, name: str) -> Ints:
        return np.array(self._hours[name], dtype=np.int64)

    def _number(self, name: str) -> Floats:
        return np.array(self._numbers[name], dtype=np.float64)


def _moment(row: int, name: str, text: str) -> tuple[int, int]:
    """The day (an ordinal) and the hour; zeros where it is empty."""
    if not text:
        return 0, 0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("date", row=row, column=name, value=text) from None
    if moment.year not in _YEARS:
        raise Unreadable("date", row=row, column=name, value=text)
    return moment.toordinal(), moment.hour


def _number(row: int, name: str, text: str) -> float:
    if not text:
        return NUMBERS[name]
    try:
        found = float(text)
    except ValueError:
        raise Unreadable("number", row=row, column=name, value=text) from None
    if not 0 <= abs(found) < 1e12:
        raise Unreadable("number", row=row, column=name, value=text)
    return max(found, 0.0)


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
