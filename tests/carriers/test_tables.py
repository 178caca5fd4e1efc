"""docs/carriers.md says what the registry says."""

from __future__ import annotations

import re
from io import StringIO

from django.core.management import call_command

from carriers.providers.own_fleet import OwnFleet
from carriers.registry import CARRIERS
from carriers.tables import markdown
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "carriers.md").read_text(encoding="utf-8")
BEGIN, END = "<!-- begin: manage.py carriers --markdown -->", "<!-- end -->"


def _printed() -> str:
    out = StringIO()
    call_command("carriers", "--markdown", stdout=out)
    return out.getvalue()


def test_page_has_the_table_that_the_command_prints() -> None:
    table = PAGE.partition(BEGIN)[2].partition(END)[0]
    assert table.strip() == _printed().strip(), "put the command's output into docs/carriers.md"


def test_each_carrier_stands_in_the_table_once() -> None:
    slugs = re.findall(r"^\| [^|]+ \| `(\w+)`", _printed(), re.MULTILINE)
    assert sorted(slugs) == sorted(set(CARRIERS) - {"sandbox"})


def test_who_has_an_adapter_is_not_said_to_have_none() -> None:
    without = PAGE.partition("## Carriers only aggregators serve")[2].partition("\n## ")[0]
    slugs = set(re.findall(r"`(\w+)`", without))
    assert len(slugs) >= 7
    assert slugs & set(CARRIERS) == set()


def test_carriers_stand_by_region_and_aggregators_last() -> None:
    class Near(OwnFleet):
        slug = name = "near"
        countries = ("AE", "SA")

    class Far(OwnFleet):
        slug = name = "far"
        countries = ("AE", "IN")

    class Elsewhere(OwnFleet):
        slug = name = "elsewhere"
        countries = ("AQ",)

    class Hub(OwnFleet):
        slug = name = "hub"
        is_hub = True
        registers = True
        countries = ("AE",)

    text = markdown([Hub(), Far(), Near(), Elsewhere(), OwnFleet()])
    order = re.findall(r"^### (.+)|^\| [^|]+ \| `(\w+)`", text, re.MULTILINE)
    assert [heading or slug for heading, slug in order] == [
        "Middle East and Africa", "near", "Several regions", "elsewhere", "far",
        "Anywhere", "own_fleet", "Aggregators", "hub",
    ]  # fmt: skip
    assert "| hub | `hub` | documented | registered |" in text
