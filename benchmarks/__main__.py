"""`python -m benchmarks [name …]`, SIZE=small, default or large: run them, print the table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import databases
from benchmarks.sizes import SIZES
from benchmarks.table import table
from config import local_servers
from config.local_servers import ROOT, Addresses

NAMES: Final = (
    "ingest",
    "intake",
    "polling",
    "claim",
    "page",
    "estimate",
    "memory",
    "polling_policy",
    "watchdog",
    "csv",
    "learn_dates",
    "fanout",
    "dry_run",
    "message_figures",
    "lookup_timing",
)
RESULTS: Final = ROOT / ".homeward" / "bench.json"


def main(arguments: Sequence[str]) -> int:
    """0 when everything was measured (met or missed), 1 when a benchmark failed, 2 for misuse."""
    names, size = tuple(arguments) or NAMES, os.environ.get("SIZE", "default")
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if size not in SIZES:
        print(f"SIZE must be one of {', '.join(SIZES)}, not {size!r}", file=sys.stderr)
        return 2
    with local_servers.running("bench") as addresses, databases.template(addresses) as template:
        rows, failed = measure(addresses, template, names=names, size=size)
    print(table(rows))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"size": size, "at": time.time(), "rows": rows}, indent=1))
    print(f"\nSIZE={size}; kept in {RESULTS.relative_to(ROOT)}")
    for name in failed:
        print(f"{name}: failed, see above", file=sys.stderr)
    return 1 if failed else 0


def measure(
    addresses: Addresses,
    template: str,
    *,
    names: Sequence[str],
    size: str,
    together: bool = False,
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of these benchmarks, and the names of those that failed.

    `template` is a migrated, empty database on the same server that nobody is connected to.
    Each benchmark has a copy of it and a process of its own; `together`: all share one.
    """
    rows: list[dict[str, Any]] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for group in [list(names)] if together else [[name] for name in names]:
            file = Path(folder) / "rows.json"
            with databases.copy_of(template, addresses, name=group[0]) as own:
                done = subprocess.run(
                    [sys.executable, "-m", "benchmarks.one", str(file), size, *group],
                    cwd=ROOT, env=databases.environment(own), stdout=sys.stderr,
                )  # fmt: skip
            if done.returncode:
                failed += group
            else:
                rows += json.loads(file.read_text())
    return rows, failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
