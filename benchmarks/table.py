"""The table that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

_HEAD: Final = ("what", "figure", "limit", "ratio", "target", "")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Plain text, columns aligned; a row's note stands below it."""
    cells = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(_HEAD))]
    lines = []
    for index, row in enumerate(cells):
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join((first, *rest)).rstrip())
        if index == 0:
            lines.append("-" * len(lines[0]))
        elif note := rows[index - 1]["note"]:
            lines += [f"    {line}" for line in note.splitlines()]
    return "\n".join(lines)


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    unit = row["unit"]
    return (
        row["what"],
        f"{_number(row['figure'])} {unit}",
        f"{_number(row['limit'])} {unit}" if row["limit"] is not None else "",
        f"{row['ratio']:.3f}" if row["ratio"] is not None else "",
        row["target"],
        {True: "met", False: "MISSED", None: ""}[row["met"]],
    )


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
