"""Loads the code tables that are too long for a dict literal.

A table is a CSV beside its adapter: the vendor's code in the columns before the last,
our sub-status in the last. Each row is a fact we placed ourselves; no vendor text.
"""

from __future__ import annotations

import csv
from pathlib import Path

from lib.vocabulary import SUB_STATUSES

_FOLDER = Path(__file__).parent / "providers"


def load(file_name: str) -> dict[tuple[str, str], str]:
    """`{(service or type, code): sub_status}` of `providers/<file_name>`.

    Raises ValueError for a sub-status outside the vocabulary or a code listed twice:
    at import, so a bad table never reaches a parcel.
    """
    table: dict[tuple[str, str], str] = {}
    with (_FOLDER / file_name).open(newline="", encoding="utf-8") as lines:
        for group, code, sub_status in list(csv.reader(lines))[1:]:
            if sub_status not in SUB_STATUSES or (group, code) in table:
                raise ValueError(f"{file_name}: bad row {group},{code},{sub_status}")
            table[(group, code)] = sub_status
    return table
