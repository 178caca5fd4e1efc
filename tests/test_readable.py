"""No file grows beyond what can be read in one go."""

from __future__ import annotations

from tests.conftest import ROOT

LIMIT = 400
#: Not written by us, or made anew by a command.
SKIPPED = {".venv", ".homeward", "build", "migrations"}
#: Tables that are looked things up in: every setting, every row, every page.
TABLES = {"config/settings.py", "tests/everything.py", "tests/dashboard/test_pages.py"}


def test_no_module_has_400_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in ROOT.rglob("*.py")
        if not SKIPPED & set(path.relative_to(ROOT).parts)
        and str(path.relative_to(ROOT)) not in TABLES
    }
    assert len(lengths) > 300
    assert {name: length for name, length in lengths.items() if length >= LIMIT} == {}
