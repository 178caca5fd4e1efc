"""What README and the docs link to is there."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_every_local_link_of_the_papers_leads_somewhere() -> None:
    papers = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
    papers += sorted((ROOT / "docs").glob("*.md"))
    broken = [
        f"{paper.name}: {link}"
        for paper in papers
        for link in re.findall(r"\]\(([^)#\s]+)", paper.read_text())
        if "://" not in link and not (paper.parent / link).exists()
    ]
    assert broken == []
