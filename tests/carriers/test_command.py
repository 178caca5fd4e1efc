"""`manage.py carriers`: who can be asked, and what is known of each."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from carriers.registry import CARRIERS


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("carriers", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(printed("--json"))
    return listed


def test_there_are_many_adapters_and_aggregators(rows: list[dict[str, Any]]) -> None:
    kinds = [row["kind"] for row in rows if row["slug"] not in {"sandbox", "own_fleet"}]
    assert kinds.count("carrier") >= 45
    assert kinds.count("aggregator") >= 5


def test_every_carrier_stands_there_once_with_what_it_declares(rows: list[dict[str, Any]]) -> None:
    said = {
        row["slug"]: (row["proven"], row["push"], row["batch_size"], row["needs"]) for row in rows
    }
    assert len(rows) == len(said)
    assert said == {
        one.slug: (one.proven, one.push, one.batch_size, list(one.needs))
        for one in CARRIERS.values()
    }


def test_limits_are_said_in_one_shape(rows: list[dict[str, Any]]) -> None:
    named = {"per_second", "per_hour", "per_day", "per_parcel_per_day", "concurrent"}
    assert [row["slug"] for row in rows if set(row["limits"]) != named] == []
    (dhl,) = (row["limits"] for row in rows if row["slug"] == "dhl_universal")
    assert dhl["per_parcel_per_day"] == 10


def test_list_for_people_has_a_line_each_and_the_sums() -> None:
    lines = printed().splitlines()
    assert sorted(line.split()[0] for line in lines[1 : len(CARRIERS) + 1]) == sorted(CARRIERS)
    hubs = sum(one.is_hub for one in CARRIERS.values())
    own = sum(not one.is_hub and bool(one.base_url) for one in CARRIERS.values())
    assert f"{own} adapters of our own, {hubs} aggregators." in lines
