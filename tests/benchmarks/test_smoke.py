"""Every benchmark runs and measures something. What it measures is not a matter for a test."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from benchmarks.__main__ import NAMES, measure
from benchmarks.measuring import against, below
from benchmarks.table import table
from config.local_servers import Addresses

#: The watchdog's years have a test of their own beside this one.
RUN = tuple(name for name in NAMES if name != "watchdog")


@pytest.mark.processes
def test_every_benchmark_measures_something(django_db_setup: None) -> None:
    # This run's own database, migrated and empty; nobody may be connected while it is copied.
    template = connection.settings_dict["NAME"]
    connection.close()

    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(lambda half: _half(half, template), (0, 1)))
    rows = [row for found, _ in halves for row in found]
    failed = [name for _, names in halves for name in names]

    assert failed == []
    assert {row["what"].partition(":")[0] for row in rows} == set(RUN)
    # Of two things there may be none at all: growth, and queries on the hot path.
    may_be_none = ("growth", "queries")
    assert [
        row["what"]
        for row in rows
        if not row["figure"] > 0 and not any(word in row["what"] for word in may_be_none)
    ] == []


def _half(half: int, template: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Every second benchmark; each half with a database and a Redis of its own."""
    addresses = Addresses(
        database_url=os.environ["DATABASE_URL"],
        database_owner_url=os.environ["DATABASE_OWNER_URL"],
        redis_url=f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{half + 1}",
    )
    return measure(addresses, template, names=RUN[half::2], size="tiny", together=True)


def test_ratio_compares_the_medians_of_both() -> None:
    line = against("x", [1.0, 9.0, 2.0], [4.0, 4.0, 40.0], "rows/s", least=0.5)
    assert (line.figure, line.limit, line.ratio, line.met) == (2.0, 4.0, 0.5, True)


def test_figure_above_its_ceiling_is_missed() -> None:
    assert [below("x", figure, "MB", 120).met for figure in (120.0, 120.1)] == [True, False]


def test_table_shows_ratio_target_and_verdict() -> None:
    rows = [
        {"what": "a", "figure": 1500.0, "unit": "rows/s", "limit": 3000.0, "ratio": 0.5,
         "target": "≥ 0.6", "met": False, "note": "why"},
        {"what": "bb", "figure": 12.34, "unit": "MB", "limit": None, "ratio": None,
         "target": "", "met": None, "note": ""},
    ]  # fmt: skip
    assert table(rows).splitlines()[2:] == [
        "a     1,500 rows/s  3,000 rows/s  0.500   ≥ 0.6  MISSED",
        "    why",
        "bb         12.3 MB",
    ]
