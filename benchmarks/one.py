"""`python -m benchmarks.one NAME SIZE FILE`: one benchmark in a process of its own.

Started by `python -m benchmarks` with the environment that Django needs; memory and
processor time are then this benchmark's alone.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

import django

from benchmarks.sizes import SIZES


def main(name: str, size: str, file: str) -> None:
    django.setup()
    lines = importlib.import_module(f"benchmarks.{name}").run(SIZES[size])
    rows = [asdict(line) | {"ratio": line.ratio} for line in lines]
    Path(file).write_text(json.dumps(rows, default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
