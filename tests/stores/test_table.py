"""docs/stores.md says what the registry says."""

from __future__ import annotations

from stores.management.commands.stores import table
from stores.registry import STORES
from tests.conftest import ROOT


def test_page_lists_every_platform_as_it_is() -> None:
    page = (ROOT / "docs" / "stores.md").read_text(encoding="utf-8")
    shown = page.partition("a test compares -->\n")[2].partition("\n<!-- end -->")[0]
    assert shown == table(), "put the command's output into docs/stores.md"
    assert len(STORES) == 11
