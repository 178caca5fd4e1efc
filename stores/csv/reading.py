"""A file as records: decoded, split, numbered as a spreadsheet numbers its rows. Pure, and flat.

Nothing here holds more than one line of the file. What stands in quotation marks may hold line
ends and delimiters; a mark without its pair would swallow the rest of the file, so lines and
cells have a limit.
"""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from stores.csv.problems import FileProblem

MOST_COLUMNS: Final = 500
LONGEST_LINE: Final = 1_000_000
DELIMITERS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 60


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its number as a spreadsheet shows it, from 1, and its cells."""

    number: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


class _Stream(io.RawIOBase):
    """Pieces of bytes as one file that is read once, from the beginning."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


def lines(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The file's lines with their ends, decoded. NULs go: PostgreSQL keeps none.

    Bytes that are not of the encoding become U+FFFD, which a person sees in the preview. Raises
    FileProblem "long_line".
    """
    raw = io.BufferedReader(_Stream(chunks), buffer_size=65_536)
    text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise FileProblem("long_line", row=number)
        yield line.replace("\x00", "") if "\x00" in line else line


def records(chunks: Iterable[bytes], *, encoding: str, delimiter: str) -> Iterator[Record]:
    """Every row of the file, blank ones included. Raises FileProblem: "long_line", "long_cell"."""
    numbered = lines(chunks, encoding)
    first = next(numbered, "")
    # Excel's own way to name the delimiter; it shows no row for it.
    begin = [] if first.lower().startswith("sep=") else [first]
    reader = csv.reader(_chain(begin, numbered), delimiter=delimiter)
    number = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileProblem("long_cell", row=number + 1) from error
        if cells is None:
            return
        number += 1
        if len(cells) > MOST_COLUMNS:
            raise FileProblem("many_columns", row=number, detail=str(len(cells)))
        yield Record(number, cells)


def _chain(first: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


def find_delimiter(chunks: Iterable[bytes], encoding: str) -> str:
    """The delimiter with which most rows have equally many columns, and more than one."""
    sample = list(islice(lines(chunks, encoding), _LOOKED_AT))
    named = sample[0].strip()[4:5] if sample and sample[0].lower().startswith("sep=") else ""
    if named in DELIMITERS:
        return named
    return max(DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: list[str], delimiter: str) -> float:
    """The share of rows that have the usual number of columns; more columns count more."""
    try:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0.0
    if not counts:
        return 0.0
    usual, times = Counter(counts).most_common(1)[0]
    return (times / len(counts)) * math.log2(usual) if usual > 1 else 0.0
