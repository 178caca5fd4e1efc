"""`manage.py carriers [--json]`: every carrier we can ask, and how well we know it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carriers.registry import CARRIERS


class Command(BaseCommand):
    help = "List the carriers Homeward can ask."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [
            {
                "slug": carrier.slug,
                "name": carrier.name,
                "countries": list(carrier.countries),
                "proven": carrier.proven,
                "push": carrier.push,
                "batch_size": carrier.batch_size,
                "limits": {
                    "per_second": carrier.limits.per_second,
                    "per_day": carrier.limits.per_day,
                    "concurrent": carrier.limits.concurrent,
                },
                "needs": list(carrier.needs),
            }
            for carrier in CARRIERS.values()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        for row in rows:
            where = ", ".join(CARRIERS[str(row["slug"])].countries) or "worldwide"
            push = "polled and pushed" if row["push"] else "polled"
            name = f"{row['slug']:<16} {row['name']:<20}"
            self.stdout.write(f"{name} {row['proven']:<11} {push}; {where}")
