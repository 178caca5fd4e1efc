"""What can be wrong with a file, a row or a cell, as codes; a face puts them into words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self


class FileProblem(ValueError):
    """A file that cannot be read at all. `code` says why; `row` where, when that is known."""

    def __init__(self, code: str, *, row: int = 0, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.row, self.detail = code, row, detail


class Misread(ValueError):
    """A cell that is not what its column holds. `code` says what was expected."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that keeps its row out.

    `row` counts as a spreadsheet does, from 1; `column` is the header as it stands in the file;
    `value` is what the cell holds, shown to the merchant alone; `detail` belongs to the code (a
    row that it is about, a sign that may not stand there).
    """

    row: int
    code: str
    column: str = ""
    value: str = ""
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "code": self.code,
            "column": self.column,
            "value": self.value,
            "detail": self.detail,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)
