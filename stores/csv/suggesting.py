"""Which column is what: a marketplace's own export, what the merchant chose last time, the names
of the columns, and at last what they hold. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from carriers.detect import detect
from carriers.number_check import problem_of
from stores.csv.fields import BY_NAME, FIELDS, header_key
from stores.csv.presets import Preset, find_preset
from stores.csv.problems import Misread
from stores.csv.settings import Settings
from stores.csv.survey import OUR_MARK, Column, Survey
from stores.csv.values import read

_MOSTLY: Final = 0.8
_SURE: Final = 0.6


def headers_key(headers: Sequence[str]) -> str:
    """The same for the same set of headers, in whatever order they stand; our own column, in a
    file that we handed back, counts for nothing."""
    theirs = [header for header in headers if not header.endswith(OUR_MARK)]
    text = "\n".join(sorted(header_key(header) for header in theirs))
    return hashlib.sha256(text.encode()).hexdigest()


def by_header(headers: Sequence[str], columns: Mapping[int, str]) -> dict[str, str]:
    """A mapping as it is remembered: by header, so that moved columns keep their meaning."""
    return {_nth(headers, column): key for column, key in columns.items()}


def remembered(headers: Sequence[str], kept: Mapping[str, str]) -> dict[int, str]:
    """The same mapping for these headers."""
    found = {column: kept.get(_nth(headers, column), "") for column in range(len(headers))}
    return {column: key for column, key in found.items() if key in FIELDS}


def _nth(headers: Sequence[str], column: int) -> str:
    """A header and which of its name it is: two columns may be called the same."""
    name = header_key(headers[column])
    before = sum(header_key(header) == name for header in headers[:column])
    return f"{name}#{before}" if before else name


def suggest(found: Survey, settings: Settings) -> tuple[dict[int, str], Preset | None]:
    """A field for each column that we recognise, and the export that the file is of."""
    preset = find_preset(found.headers)
    columns = _of_preset(found.headers, preset) if preset else {}
    skipped = {header_key(name) for name in preset.skips} if preset else set()
    taken = set(columns.values())
    for column, seen in enumerate(found.columns):
        key = BY_NAME.get(header_key(seen.header), "")
        if key == "order_number" and header_key(seen.header) == "name" and not _numbered(seen):
            key = "customer_name"  # Shopify calls the order's number so; everybody else a person
        is_free = column not in columns and header_key(seen.header) not in skipped
        if key and is_free and key not in taken:
            columns[column] = key
            taken.add(key)
    for column, seen in enumerate(found.columns):
        if column not in columns and header_key(seen.header) not in skipped:
            key = _by_values(seen, settings, taken)
            if key:
                columns[column] = key
                taken.add(key)
    return _identified(columns), preset


def _of_preset(headers: Sequence[str], preset: Preset) -> dict[int, str]:
    columns: dict[int, str] = {}
    position = {header_key(header): column for column, header in reversed([*enumerate(headers)])}
    for name, key in preset.columns.items():
        column = position.get(header_key(name))
        if column is not None and key not in columns.values():
            columns[column] = key
    return columns


def _identified(columns: dict[int, str]) -> dict[int, str]:
    """A file whose only number is the shop's internal one is known by that."""
    if "order_number" in columns.values() or "external_id" not in columns.values():
        return columns
    return {col: "order_number" if key == "external_id" else key for col, key in columns.items()}


def _numbered(seen: Column) -> bool:
    return _share(seen, lambda cell: any(char.isdigit() for char in cell)) >= _MOSTLY


def _share(seen: Column, test: Callable[[str], bool]) -> float:
    return sum(map(test, seen.judged)) / len(seen.judged) if seen.judged else 0.0


def _by_values(seen: Column, settings: Settings, taken: set[str]) -> str:
    """What a column with an unknown name holds, where its cells leave no doubt."""
    for key, test in _TESTS:
        if key not in taken and seen.judged and _share(seen, test(settings)) >= _MOSTLY:
            return key
    return ""


def _reads(kind: str) -> Callable[[Settings], Callable[[str], bool]]:
    def test(settings: Settings) -> Callable[[str], bool]:
        def reads(cell: str) -> bool:
            try:
                return bool(read(kind, cell, settings))
            except Misread:
                return False

        return reads

    return test


def _is_tracking(settings: Settings) -> Callable[[str], bool]:
    def looks(cell: str) -> bool:
        if len(cell) < 9 or problem_of(cell) is not None:
            return False
        guesses = detect(cell)
        return bool(guesses) and guesses[0].confidence >= _SURE

    return looks


def _is_country(settings: Settings) -> Callable[[str], bool]:
    reads = _reads("country")(settings)
    return lambda cell: len(cell) > 3 and reads(cell)


def _is_phone(settings: Settings) -> Callable[[str], bool]:
    shape = re.compile(r"(?:\+|00)\d[\d\s().-]{7,18}|05\d[\d\s-]{7,9}|01\d[\d\s-]{8,10}")
    return lambda cell: shape.fullmatch(cell) is not None


_TESTS: Final = (
    ("customer_email", _reads("email")),
    ("tracking_number", _is_tracking),
    ("customer_phone", _is_phone),
    ("country", _is_country),
)
