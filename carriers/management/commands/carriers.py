"""`manage.py carriers [--json | --markdown]`: every carrier we can ask, and how well we know it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from carriers.base import Carrier
from carriers.registry import CARRIERS
from carriers.tables import markdown


class Command(BaseCommand):
    help = "List the carriers and aggregators Homeward can ask."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="print JSON for programs")
        form.add_argument("--markdown", action="store_true", help="print the tables of docs")

    def handle(self, *args: Any, **options: Any) -> None:
        carriers = sorted(CARRIERS.values(), key=lambda one: (one.is_hub, one.slug))
        if options["json"]:
            rows = [_row(carrier) for carrier in carriers]
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
            return
        if options["markdown"]:
            self.stdout.write(markdown(carriers))
            return
        self.stdout.write(
            f"{'slug':<18} {'name':<26} {'known from':<11} {'push':<5} {'batch':>5}"
            f" {'limits':<28} {'needs':<18} where"
        )
        for carrier in carriers:
            self.stdout.write(_line(carrier))
        hubs = sum(one.is_hub for one in carriers)
        own = sum(not one.is_hub and bool(one.base_url) for one in carriers)
        self.stdout.write(f"\n{own} adapters of our own, {hubs} aggregators.")
        self.stdout.write(
            "A carrier that is not listed publishes no tracking interface we could find: an"
            "\naggregator serves it (connect one, and the carrier picker lists its carriers)."
        )


def _row(carrier: Carrier) -> dict[str, Any]:
    limits = carrier.limits
    return {
        "slug": carrier.slug,
        "name": carrier.name,
        "kind": "aggregator" if carrier.is_hub else "carrier",
        "countries": list(carrier.countries),
        "proven": carrier.proven,
        "push": carrier.push,
        "batch_size": carrier.batch_size,
        "limits": {
            "per_second": limits.per_second,
            "per_hour": limits.per_hour,
            "per_day": limits.per_day,
            "per_parcel_per_day": limits.per_parcel_per_day,
            "concurrent": limits.concurrent,
        },
        "needs": list(carrier.needs),
        "answers": sorted(carrier.answers.kinds) if carrier.answers else [],
        "documentation": carrier.documentation,
    }


def _line(carrier: Carrier) -> str:
    limits = carrier.limits
    named = (
        (limits.per_second, "/s"), (limits.per_hour, "/h"), (limits.per_day, "/day"),
        (limits.per_parcel_per_day, "/parcel/day"),
    )  # fmt: skip
    said = " ".join(f"{count:g}{unit}" for count, unit in named if count) or "none named"
    where = ", ".join(carrier.countries) or "worldwide"
    if not carrier.is_asked:
        said = "pushes only"
    return (
        f"{carrier.slug:<18} {carrier.name:<26} {carrier.proven:<11}"
        f" {'yes' if carrier.push else '–':<5} {carrier.batch_size:>5} {said:<28}"
        f" {', '.join(carrier.needs) or '–':<18} {where}"
    )
