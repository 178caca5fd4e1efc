"""`python -m benchmarks.one FILE SIZE NAME…`: benchmarks in a process of their own.

Started by `python -m benchmarks` with the environment that Django needs; memory and
processor time are then the benchmark's alone.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import django

from benchmarks.measuring import Line, say
from benchmarks.sizes import SIZES


def main(file: str, size: str, *names: str) -> None:
    django.setup()
    lines: list[Line] = []
    for name in names:
        say(f"{name} ({size})")
        lines += importlib.import_module(f"benchmarks.{name}").run(SIZES[size])
    rows = [asdict(line) | {"ratio": line.ratio} for line in lines]
    Path(file).write_text(json.dumps(rows, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
