"""GLS Netherlands' recipient app: five numbered states and Dutch words.

Nobody may ask it: the address serves GLS's own app and is neither documented nor offered to
others (businesses use `gls`). Times are Dutch wall clocks; the promised hours are instants.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_HOME: Final = "Europe/Amsterdam"
_STATES: Final = {
    "0": "info.label_created",
    "1": "picked_up.accepted",
    "2": "transit.at_delivery_depot",
    "3": "out.on_vehicle",
    "4": "delivered.generic",
}


class GlsConsumer(Reader):
    slug: ClassVar[str] = "gls_consumer"
    name: ClassVar[str] = "GLS (recipient app)"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update: the parcel."""
        reply = mapping(read_json(body))
        if "scans" not in reply:
            raise CarrierError("The answer is not one of GLS's app", kind="unreadable")
        events = scans([_event(row) for row in mappings(reply["scans"])])
        return [
            TrackingUpdate(
                tracking_number=text(reply.get("parcelNo")),
                events=oldest_first(events),
                edd=_promised(mapping(reply.get("deliveryStatus"))),
                problem=None if events else "GLS knows this parcel but sent no scans yet",
            )
        ]


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("state")), text(row.get("dateTime"))
    at, source = placed(read_iso(stamp), Place(), home=_HOME)
    return CarrierEvent(
        code=code,
        sub_status=_STATES.get(code, UNKNOWN),
        description=text(row.get("eventReasonDescr")),
        language="nl",
        at=at,
        raw_time=stamp,
        zone_source=source,
    )


def _promised(status: Mapping[str, Any]) -> DateWindow | None:
    found = [
        moment.astimezone(ZoneInfo(_HOME)).date()
        for key in ("etaTimestampMin", "etaTimestampMax")
        if (moment := read_iso(text(status.get(key)))) is not None and moment.tzinfo
    ]
    return DateWindow(min(found), max(found), _HOME) if found else None
