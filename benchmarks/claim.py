"""The schedule's own cost: 1,000 due parcels claimed from tables of different sizes.

They must be found by the same indexes whatever the size; the whole plans are in the JSON.
(Whether the due rows are sorted or read in the index's order is the planner's choice.)
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from typing import Any

from django.db import connection

from benchmarks import seeding
from benchmarks.measuring import Line, below, clocked, say
from benchmarks.sizes import Size
from merchants.scope import every_merchant
from tests import factories
from tests.factories import NOW
from tracking.polling import claim

DUE = 1000
PASSES = 9
ORDERS = 20_000


def run(size: Size) -> list[Line]:
    lines: list[Line] = []
    ways: list[str] = []
    have = 0
    for count in size.claim_from:
        merchant = factories.merchant(slug=f"bench-{count}")
        say(f"seeding {count - have:,} parcels")
        seeding.parcels(merchant, count - have, orders=min(count - have, ORDERS), listed=False)
        have = count
        _spread_schedule(count)
        times, plan = _measure()
        say(f"{count:,}: {', '.join(f'{ms:.1f}' for ms in times)} ms")
        ways.append(_way(plan))
        changed = "" if ways[-1] == ways[0] else ", NOT AS BEFORE"
        lines.append(
            below(
                f"claim: {DUE:,} due of {count:,}", statistics.median(times), "ms", 20,
                note=f"found by {ways[-1]}{changed}; fastest {min(times):.1f} ms",
                all=times, plan=plan,
            )
        )  # fmt: skip
    return lines


def _way(plan: str) -> str:
    """How the plan finds its rows: its indexes, or the table that it reads whole."""
    scans = re.findall(r"Seq Scan on \w+|Index Scan using \w+|Bitmap Index Scan on \w+", plan)
    return ", ".join(re.sub(r".*Index Scan (using|on) ", "", scan) for scan in scans)


def _spread_schedule(count: int) -> None:
    """1,000 due in the last hour; of the others every second is finished, the rest come later."""
    with every_merchant("a benchmark sets everybody's schedule"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracking_watch SET next_ask_at = CASE"
            " WHEN id %% %(step)s = 0 THEN %(now)s - interval '1 second' * (id %% 3600)"
            " WHEN id %% 2 = 0 THEN %(now)s + interval '1 second' * (1 + id %% 10800)"
            " END",
            {"now": NOW, "step": max(count // DUE, 1)},
        )
    seeding.settle("tracking_watch", "tracking_shipment")


class _Undo(Exception):
    """Rolls a claim back, so that the next pass finds the same rows due."""


def _measure() -> tuple[list[float], str]:
    """Milliseconds of each pass, and the plan of the statement that claims."""
    times: list[float] = []
    seen: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE"):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    for _ in range(PASSES):
        # What the pass before left behind is swept up, as autovacuum would have.
        seeding.settle("tracking_watch")
        try:
            with every_merchant("due parcels of all merchants are claimed together"):
                with connection.execute_wrapper(note), clocked() as took:
                    claimed = claim(now=NOW, limit=DUE)
                times.append(took.seconds * 1000)
                raise _Undo
        except _Undo:
            pass
    if abs(len(claimed) - DUE) > DUE // 100:
        raise RuntimeError(f"{len(claimed)} parcels were due, expected {DUE}")
    with every_merchant("the plan of the same statement"), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {seen[0][0]}", seen[0][1])
        plan = "\n".join(re.sub(r"  \(cost=.*", "", row[0]) for row in cursor.fetchall())
    return times, re.sub(r"'[^']*'", "…", plan)
