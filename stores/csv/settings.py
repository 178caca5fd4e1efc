"""How one file is to be read: what was found in it, and what a person decided. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that turns rows into orders; kept with the import as JSON.

    `columns` maps a column's position to a field's key. `day_first` is None where nothing told
    it. `undated` is the day (ISO) of orders that name none; `source_name` tells this file's shop
    from other files', empty for plain "csv".
    """

    encoding: str
    delimiter: str
    header_row: int
    headers: tuple[str, ...]
    columns: Mapping[int, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal_comma: bool = False
    country: str = ""
    currency: str = ""
    zone: str = "UTC"
    undated: str = ""
    source_name: str = ""
    preset: str = ""
    #: Written by ourselves: cells were made harmless on the way out.
    is_ours: bool = False

    @property
    def source(self) -> str:
        """How orders of this file name where they came from."""
        return f"csv:{self.source_name}"[:60] if self.source_name else "csv"

    def column_of(self, key: str) -> int | None:
        return next((column for column, name in self.columns.items() if name == key), None)

    def as_json(self) -> dict[str, Any]:
        kept = asdict(self)
        kept["headers"] = list(self.headers)
        kept["columns"] = {str(column): key for column, key in self.columns.items()}
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        columns = {int(column): key for column, key in kept["columns"].items()}
        return cls(**kept | {"columns": columns, "headers": tuple(kept["headers"])})
