"""LaserShip, today OnTrac: the JSON of a shipment.

https://www.ontrac.com/resources/ (OnTrac's terms: five calls a parcel and day, none after the
delivery). No account. The shape and the event types are in recorded answers; a type that is
not here stays unknown. "Released" is left without a signature. Local time and UTC stand side
by side. An order can hold several pieces: the scans are the order's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    ZoneSource,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status

_HOME: Final = "America/New_York"

_TYPES: Final = {
    "OrderCreated": "info.label_created",
    "OrderReceived": "info.label_created",
    "Received": "picked_up.accepted",
    "Arrived": "transit.arrived_facility",
    "OutForDelivery": "out.on_vehicle",
    "Delivered": "delivered.generic",
    "Released": "delivered.generic",
}


class LaserShip(Carrier):
    slug: ClassVar[str] = "lasership"
    name: ClassVar[str] = "OnTrac (LaserShip)"
    countries: ClassVar[tuple[str, ...]] = ("US",)
    website: ClassVar[str] = "https://www.ontrac.com/tracking"
    documentation: ClassVar[str] = "https://www.ontrac.com/resources/"
    proven: ClassVar[Proven] = "recorded"
    home_zone: ClassVar[str] = _HOME
    limits: ClassVar[Limits] = Limits(per_second=1, per_parcel_per_day=5, concurrent=2)
    base_url: ClassVar[str] = "https://t.lasership.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall("GET", f"/Track/{quote(asks[0].number, safe='')}/json")

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a piece of the order."""
        reply = mapping(read_json(body))
        pieces = [text(row.get("TrackingNumber")) for row in mappings(reply.get("Pieces"))]
        numbers = [number for number in pieces if number]
        if numbers:
            return [_piece(reply, number, len(pieces)) for number in numbers]
        said = text(reply.get("ErrorMessage"))
        if not said:
            raise CarrierError("The answer holds no piece of LaserShip", kind="unreadable")
        return [TrackingUpdate("", problem=f"LaserShip says: {said}", not_found=True)]


def _piece(reply: Mapping[str, Any], number: str, pieces: int) -> TrackingUpdate:
    rows = mappings(reply.get("Events"))
    events = scans([_event(row) for row in rows])
    destination = _place(mapping(reply.get("Destination")))
    day = read_iso(text(reply.get("EstimatedDeliveryDate")) + "T00:00:00")
    promised = day.date() if day else None
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events[::-1]),
        edd=DateWindow(promised, promised, zone_name(destination)) if promised else None,
        problem=None if events else "LaserShip knows this number but sent no scans yet",
        origin=_place(mapping(reply.get("Origin"))),
        destination=destination,
        proof=_proof(rows),
        pieces=pieces,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, place = text(row.get("EventType")), _place(row)
    at, source = _when(row, place)
    said = [text(row.get("EventShortText")), text(row.get("Reason"))]
    return CarrierEvent(
        code=code,
        sub_status=_TYPES.get(code, UNKNOWN),
        description=". ".join(filter(None, said)),
        at=at,
        raw_time=text(row.get("DateTime")),
        zone_source=source,
        place=place,
    )


def _when(row: Mapping[str, Any], place: Place) -> tuple[datetime | None, ZoneSource]:
    """The local time, with the offset that parts it from UTC."""
    local, utc = (read_iso(text(row.get(key))) for key in ("DateTime", "UTCDateTime"))
    if local is None or utc is None or local.tzinfo or utc.tzinfo:
        return placed(local, place, home=_HOME)
    apart = local - utc
    if abs(apart) > timedelta(hours=14) or apart % timedelta(minutes=15):
        return placed(utc, place, UTC)
    return placed(local, place, timezone(apart))


def _place(end: Mapping[str, Any]) -> Place:
    return Place(
        city=text(end.get("City")),
        region=text(end.get("State")),
        postcode=text(end.get("PostalCode")),
        country=country(end.get("Country")),
    )


def _proof(rows: list[Mapping[str, Any]]) -> Proof | None:
    """Who signed and where it lies, of the delivery."""
    for row in rows:
        sub_status = _TYPES.get(text(row.get("EventType")), "")
        proof = Proof(text(row.get("Signature")), left_at=text(row.get("Location")))
        if sub_status.startswith(f"{Status.DELIVERED}.") and proof != Proof():
            return proof
    return None
