"""Clocks, memory, and the line that a benchmark hands in. No Django."""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table.

    `limit` is what the machine can do at best, in the same unit, measured in the same run;
    `ratio` compares with it. `met` is None where there is no target.
    """

    what: str
    figure: float
    unit: str
    limit: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.figure / self.limit if self.limit else None


def against(
    what: str,
    ours: Sequence[float],
    limit: Sequence[float],
    unit: str,
    *,
    least: float,
    **rest: Any,
) -> Line:
    """A line for a rate (more is better) with the least ratio to its limit.

    Both are lists of rates from alternating passes; the medians are compared, and the
    best of each are kept in the details.
    """
    figure, most = statistics.median(ours), statistics.median(limit)
    details = {"ours": list(ours), "limit": list(limit), "best_ratio": max(ours) / max(limit)}
    return Line(
        what, figure, unit, most, f"≥ {least:g}", figure / most >= least,
        rest.pop("note", ""), details | rest,
    )  # fmt: skip


def below(what: str, figure: float, unit: str, most: float, **rest: Any) -> Line:
    """A line for a figure that must stay under a fixed limit."""
    target = f"≤ {most:g} {unit}"
    return Line(what, figure, unit, None, target, figure <= most, rest.pop("note", ""), rest)


@dataclass(slots=True)
class Took:
    """Seconds by the clock, and of this process's processor time."""

    seconds: float = 0.0
    cpu: float = 0.0


@contextmanager
def clocked() -> Iterator[Took]:
    """Time a block; garbage from before it is not charged to it."""
    gc.collect()
    took = Took()
    cpu, start = _cpu(), time.perf_counter()
    try:
        yield took
    finally:
        took.seconds, took.cpu = time.perf_counter() - start, _cpu() - cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of them lie; nearest rank."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def proportional_memory(pid: int | str = "self") -> float:
    """MB that a process would free (PSS): pages shared with others are counted in parts.

    Linux only; raises FileNotFoundError elsewhere or when the process is gone.
    """
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"process {pid} shows no PSS")


def say(text: str) -> None:
    """Progress, to standard error: the table alone goes to standard output."""
    print(f"    {text}", file=sys.stderr, flush=True)


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Poll every tenth of a second. Raises TimeoutError that says what did not come."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not ready after {seconds:g} s")
        time.sleep(0.1)
