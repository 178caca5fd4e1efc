"""`manage.py carrier_detect NUMBER [--country CC] [--origin CC] [--named NAME] [--json]`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carriers.detect import detect


class Command(BaseCommand):
    help = "Say which carriers a tracking number may belong to, best first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--country", default="", help="destination, ISO 3166-1 alpha-2")
        parser.add_argument("--origin", default="", help="where it starts, ISO 3166-1 alpha-2")
        parser.add_argument("--named", default="", help="what the store calls its carrier")
        parser.add_argument("--json", action="store_true", help="print JSON for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = detect(
            options["number"],
            country=options["country"],
            origin=options["origin"],
            named=options["named"],
        )
        if options["json"]:
            rows = [asdict(candidate) for candidate in found]
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        if not found:
            self.stdout.write("No carrier we know uses numbers of this form.")
        for candidate in found:
            self.stdout.write(f"{candidate.confidence:4.0%}  {candidate.slug:<16} {candidate.why}")
