"""`manage.py edd_backtest FILE.csv`: hold our dates to account on a file of past orders."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from edd.backtest import run
from edd.backtest.reading import Unreadable


class Command(BaseCommand):
    help = (
        "Walks through the orders of a CSV file week by week, predicts each from what was known "
        "by then, and prints how good the dates were as JSON. Needs no database. The columns "
        "and every figure are explained in docs/dates.md."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file, may be compressed (.gz)")
        parser.add_argument(
            "--from",
            dest="start",
            default="2018-01-01",
            help="score orders from this day on; what is before it only teaches (2018-01-01)",
        )
        parser.add_argument(
            "--country", default="", help="where it plays, two letters; else the file tells"
        )

    def handle(self, *args: Any, file: Path, start: str, country: str, **options: Any) -> None:
        try:
            begin = date.fromisoformat(start)
        except ValueError:
            raise CommandError(f"--from: “{start}” is no date; write 2018-01-01.") from None
        try:
            found = run(file, start=begin, country=country)
        except (Unreadable, OSError) as problem:
            raise CommandError(f"{file}: {problem}") from None
        self.stdout.write(json.dumps(found, indent=2))
