"""`manage.py carrier_parse SLUG FILE`: what a carrier's recorded answer means, as JSON.

Needs no database: adapter, then the same fold that the product uses.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carriers.base import CarrierError
from carriers.registry import CARRIERS
from carriers.updates import CarrierEvent, TrackingUpdate
from tracking.fold import MappedEvent, fold
from tracking.ingest import event_key

#: An event whose time cannot be read sorts first: nothing says when it happened.
_NO_TIME = datetime.min.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Read a file with a carrier's answer and print what it means."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the carrier; see `manage.py carriers`")
        parser.add_argument("file", type=Path, help="the answer's body as it came")

    def handle(self, *args: Any, **options: Any) -> None:
        carrier = CARRIERS.get(options["slug"])
        if carrier is None:
            raise CommandError(
                f"There is no carrier {options['slug']!r}; see `manage.py carriers`."
            )
        try:
            body = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from None
        try:
            found = [_describe(update) for update in carrier.parse(body)]
        except CarrierError as error:
            if error.kind == "unreadable":
                raise CommandError(f"{carrier.name} did not send this: {error}.") from None
            found = [_refused(error)]
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))


def _describe(update: TrackingUpdate) -> dict[str, Any]:
    state = fold(
        MappedEvent(event_key(event), event.at or _NO_TIME, event.sub_status, event.attempt)
        for event in update.events
    )
    window = update.edd
    return {
        "tracking_number": update.tracking_number,
        "status": state.status.value,
        "sub_status": state.sub_status,
        "edd": window
        and {"from": str(window.first), "to": str(window.last), "zone": window.zone or None},
        "problem": update.problem,
        "events": [_event(event) for event in update.events],
    }


def _event(event: CarrierEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat() if event.at else None,
        "zone_source": event.zone_source,
        "status": event.status.value if event.status else None,
        "sub_status": event.sub_status,
        "code": event.code,
        "description": event.description,
        "location": str(event.place) or event.place.code,
    }


def _refused(error: CarrierError) -> dict[str, Any]:
    """An answer that refuses the whole call: readable, but about no parcel."""
    return {
        "tracking_number": None,
        "status": "pending",
        "sub_status": "pending.not_registered",
        "edd": None,
        "problem": str(error),
        "events": [],
    }
