"""One look at a whole file: how it is written, what its columns are called and hold. Pure, flat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from lib.csv_cells import restored
from lib.folding import western_digits
from stores.csv.dates import evidence
from stores.csv.encodings import find_encoding
from stores.csv.fields import BY_NAME, header_key
from stores.csv.problems import FileProblem
from stores.csv.reading import Record, find_delimiter, records
from stores.csv.values import comma_evidence, is_nothing

#: Ends the header of the column that we add to what we hand back; such a file is our own.
OUR_MARK: Final = "(Homeward)"
#: Exports begin with a title, a date, a line of instructions: the header is looked for so far.
_HEADER_WITHIN: Final = 12
_SAMPLES: Final = 3
_SAMPLED_ROWS: Final = 400
#: Values kept of a column to tell by what it holds.
_JUDGED: Final = 40

Chunks = Callable[[], Iterable[bytes]]


@dataclass(slots=True)
class Column:
    """What was seen in one column; `dates` and `commas` count what its cells prove."""

    header: str
    samples: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    dates: Counter[str] = field(default_factory=Counter)
    commas: Counter[str] = field(default_factory=Counter)

    def look_at(self, cell: str, *, early: bool) -> None:
        if is_nothing(cell):
            return
        if early:
            if len(self.samples) < _SAMPLES and cell not in self.samples:
                self.samples.append(cell[:200])
            if len(self.judged) < _JUDGED:
                self.judged.append(cell[:200])
        if len(cell) <= 24 and cell[0].isdigit():
            plain = cell if cell.isascii() else western_digits(cell)
            if proves := evidence(plain):
                self.dates[proves] += 1
            elif proves := comma_evidence(plain):
                self.commas[proves] += 1


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file is: `header_row` counts as a spreadsheet does; `rows` are those below it."""

    encoding: str
    delimiter: str
    header_row: int
    columns: tuple[Column, ...]
    rows: int
    is_ours: bool

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns)

    @property
    def decimal_comma(self) -> bool:
        """Whether a comma stands before the decimals; sheets with semicolons are of such places."""
        counted = sum((column.commas for column in self.columns), Counter[str]())
        if counted["comma"] == counted["point"]:
            return self.delimiter == ";"
        return counted["comma"] > counted["point"]


def survey(
    chunks: Chunks, *, encoding: str = "", delimiter: str = "", header_row: int = 0
) -> Survey:
    """Read the whole file once. What is given is a person's word and is not looked for.

    Raises FileProblem: those of `find_encoding` and `records`, "no_columns" and "no_rows".
    """
    encoding = encoding or find_encoding(chunks)
    delimiter = delimiter or find_delimiter(chunks(), encoding)
    rows = records(chunks(), encoding=encoding, delimiter=delimiter)
    begin = list(islice(rows, max(_HEADER_WITHIN, header_row)))
    header = _header(begin, header_row)
    is_ours = any(cell.strip().endswith(OUR_MARK) for cell in header.cells)
    columns = [Column(cell) for cell in _headers(header.cells)]
    if len(columns) < 2:
        raise FileProblem("no_columns", row=header.number)
    count = _look(columns, _below(begin, header), rows, is_ours=is_ours)
    if not count:
        raise FileProblem("no_rows", row=header.number)
    return Survey(encoding, delimiter, header.number, tuple(columns), count, is_ours)


def _headers(cells: list[str]) -> list[str]:
    """Headers without blanks at their ends; columns behind the last named one are none."""
    names = [" ".join(restored(cell).split())[:200] for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _header(begin: list[Record], wanted: int) -> Record:
    """The row of column names: the one with most names that we know, else the first full one."""
    if wanted:
        found = next((record for record in begin if record.number == wanted), None)
        if found is None or found.is_blank:
            raise FileProblem("no_columns", row=wanted)
        return found
    filled = [record for record in begin if not record.is_blank]
    if not filled:
        raise FileProblem("empty")
    widest = max(_width(record) for record in filled)
    full = [record for record in filled if _width(record) * 2 > widest]
    return max(full, key=lambda record: (_known(record), -record.number))


def _width(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _known(record: Record) -> int:
    return sum(header_key(cell) in BY_NAME for cell in record.cells if len(cell) < 60)


def _below(begin: list[Record], header: Record) -> Iterator[Record]:
    return (record for record in begin if record.number > header.number)


def _look(
    columns: list[Column], begin: Iterator[Record], rows: Iterator[Record], *, is_ours: bool
) -> int:
    """Look at every cell below the header; returns how many rows hold something."""
    count = 0
    for part in (begin, rows):
        for record in part:
            if record.is_blank:
                continue
            count += 1
            early = count <= _SAMPLED_ROWS
            for column, cell in zip(columns, record.cells, strict=False):
                told = cell.strip()
                column.look_at(restored(told) if is_ours else told, early=early)
    return count
