"""What we write is never run by a spreadsheet, and comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.csv_cells import harmless, line, restored


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+971501234567", "-5", "@SUM(A1)", "\tx", "\rx", "'=1", '"=1', "  =1", "＝1", "\n=1"],
)
def test_formula_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "1001", "Sara", "a=b", "O'Neill", "'quoted'", "12-13"])
def test_other_cells_stay(cell: str) -> None:
    assert harmless(cell) == cell


@given(st.text())
def test_every_cell_comes_back(cell: str) -> None:
    assert restored(harmless(cell)) == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_written_line_reads_back_equal(cells: list[str]) -> None:
    (read,) = csv.reader(io.StringIO(line(cells), newline=""))
    assert [restored(cell) for cell in read] == cells
