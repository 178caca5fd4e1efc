"""`manage.py carrier_parse SLUG FILE`: what a carrier's recorded answer means, as JSON.

Needs no database: adapter, then the same fold that the product uses.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carriers.base import CarrierError, Reader
from carriers.registry import READERS
from carriers.updates import CarrierEvent, TrackingUpdate
from tracking.reading import state_of


class Command(BaseCommand):
    help = "Read a file with a carrier's answer and print what it means."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the carrier; see `manage.py carriers`")
        parser.add_argument("file", type=Path, help="the answer's body as it came")

    def handle(self, *args: Any, **options: Any) -> None:
        carrier = READERS.get(options["slug"])
        if carrier is None:
            raise CommandError(
                f"There is no carrier {options['slug']!r}; see `manage.py carriers`."
            )
        try:
            body = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from None
        try:
            found = [_describe(update) for update in _read(carrier, body)]
        except CarrierError as error:
            if error.kind == "unreadable":
                raise CommandError(f"{carrier.name} did not send this: {error}.") from None
            found = [_refused(error)]
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))


def _read(carrier: Reader, body: bytes) -> list[TrackingUpdate]:
    """The answer to a question, or the carrier's own push, whichever the file holds."""
    try:
        return carrier.parse(body)
    except CarrierError as error:
        if error.kind != "unreadable":
            raise
        try:
            return carrier.read_push(body)
        except CarrierError:
            raise error from None


def _describe(update: TrackingUpdate) -> dict[str, Any]:
    state = state_of(update.events)
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
