"""The page for merchants names every variable, filter, tag and block."""

from __future__ import annotations

from pathlib import Path

from notifications.templates.blocks import BLOCKS
from notifications.templates.filters import FILTERS
from notifications.templates.liquid import TAGS
from notifications.templates.variables import VARIABLES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "templates.md"


def test_page_lists_what_can_be_named() -> None:
    rows = [f"| `{one.name}` | {one.label} | {one.example} |" for one in VARIABLES]
    lines = PAGE.read_text().splitlines()
    assert [line for line in lines if line in rows] == rows


def test_page_names_every_filter_tag_and_block() -> None:
    text = PAGE.read_text()
    words = [*(f"`{name}`" for name in {*FILTERS, *TAGS} - {"#"}), *(f"{{% {b}" for b in BLOCKS)]
    assert [word for word in words if word not in text] == []
