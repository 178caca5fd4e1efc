"""`manage.py outages [list|declare|close] [CARRIER]`: feeds of carriers that are dead."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from carriers import registry
from tracking.models import Outage
from tracking.outages import close, declare


class Command(BaseCommand):
    help = (
        "List the outages of carriers' feeds, newest first; declare one or confirm that one is"
        " real (only you end it then); close one (it is not found again for six hours)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", nargs="?", choices=["list", "declare", "close"], default="list")
        parser.add_argument("carrier", nargs="?", help="a carrier's slug")
        parser.add_argument("--json", action="store_true", help="print the list as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        carrier = options["carrier"]
        if options["do"] == "list":
            self._list(as_json=options["json"])
            return
        if carrier not in registry.CARRIERS:
            raise CommandError(f"There is no carrier {carrier!r}; see manage.py carriers.")
        if options["do"] == "declare":
            outage = declare(carrier=carrier, now=timezone.now())
            self.stdout.write(f"{carrier}: {_words(outage)}. Only `outages close` ends it.")
        elif close(carrier=carrier, now=timezone.now()):
            self.stdout.write(f"{carrier}: closed. Parcels that waited are asked about now.")
        else:
            raise CommandError(f"{carrier} has no outage.")

    def _list(self, *, as_json: bool) -> None:
        rows = list(Outage.objects.order_by("-pk")[:20])
        if as_json:
            self.stdout.write(json.dumps([_row(row) for row in rows], indent=2))
            return
        for row in rows:
            self.stdout.write(f"{row.carrier:<16} {_words(row)}")
        if not rows:
            self.stdout.write("No outage was ever seen.")


def _words(row: Outage) -> str:
    end = f"until {row.closed_at:%Y-%m-%d %H:%M}" if row.closed_at else "lasts"
    by = " (confirmed)" if row.confirmed_at else ""
    seen = ", ".join(f"{name} {count}" for name, count in row.seen.items())
    return f"{row.kind} since {row.since:%Y-%m-%d %H:%M} UTC, {end}{by}  {seen}".rstrip()


def _row(row: Outage) -> dict[str, Any]:
    return {
        "carrier": row.carrier,
        "kind": row.kind,
        "since": row.since.isoformat(),
        "opened_at": row.opened_at.isoformat(),
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "closed_by_hand": row.closed_by_hand,
        "seen": row.seen,
    }
