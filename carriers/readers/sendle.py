"""Sendle (Australia, Canada, the United States): its tracking answers, for parcels of its days.

https://developers.sendle.com/reference/subscribetotrackingevents ("event types"). Sendle
stopped taking parcels on 11 January 2026 and its API is gone from the DNS, so nobody can be
asked. `scan_time` is the instant; `display_time` shows it at the place's offset. Odd:
"Drop Off" is a parcel not yet dropped off, "Dropped Off" one that was; "Expired" is the
label's; "Info" is any remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.scan_times import in_zone, placed, read_as, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_TYPES: Final = {
    "drop off": "info.label_created",
    "pickup attempted": "info.pickup_failed",
    "pickup": "picked_up.accepted",
    "dropped off": "picked_up.accepted",
    "in transit": "transit.generic",
    "transit": "transit.generic",
    "local delivery": "transit.handed_to_partner",
    "out for delivery": "out.on_vehicle",
    "delivery attempted": "attempt.generic",
    "card left": "attempt.generic",
    "left with agent": "pickup.ready",
    "damaged": "exception.damaged",
    "unable to deliver": "exception.other",
    "delivered": "delivered.generic",
    "cancelled": "cancelled.by_shipper",
    "expired": "cancelled.by_shipper",
}


class Sendle(Reader):
    slug: ClassVar[str] = "sendle"
    name: ClassVar[str] = "Sendle"
    documentation: ClassVar[str] = (
        "https://developers.sendle.com/reference/subscribetotrackingevents"
    )
    proven: ClassVar[Proven] = "documented"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update; the parcel's own number is mostly not repeated in the answer."""
        reply = mapping(read_json(body))
        if error := text(reply.get("error")):
            said = f"Sendle says: {text(reply.get('error_description')) or error}"
            if error == "not_found":
                return [TrackingUpdate("", problem=said, not_found=True)]
            raise CarrierError(said, kind="bad_request")
        if not mappings(reply.get("tracking_events")) and not text(reply.get("state")):
            raise CarrierError("The answer holds no parcel of Sendle", kind="unreadable")
        return [_update(reply)]


def _update(reply: Mapping[str, Any]) -> TrackingUpdate:
    origin, destination = _end(reply.get("origin")), _end(reply.get("destination"))
    inland = origin.country if origin.country == destination.country else ""
    events = scans([_event(row, inland) for row in mappings(reply.get("tracking_events"))])
    if not events and text(reply.get("state")):
        events = [_event({"event_type": reply["state"]}, inland)]
    signed = text(mapping(reply.get("proof_of_delivery")).get("signed_by"))
    return TrackingUpdate(
        text(reply.get("sendle_reference")),
        events=oldest_first(events),
        edd=_promise(mapping(reply.get("scheduling")), zone_name(destination)),
        problem=None if events else "Sendle knows this number but sent no events yet",
        origin=origin,
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
    )


def _promise(schedule: Mapping[str, Any], zone: str) -> DateWindow | None:
    first = _day(schedule.get("estimated_delivery_date_minimum"))
    last = _day(schedule.get("estimated_delivery_date_maximum"))
    days = [day for day in (first, last) if day]
    return DateWindow(min(days), max(days), zone) if days else None


def _day(value: object) -> date | None:
    found = read_as(text(value)[:10], "%Y-%m-%d")
    return found.date() if found else None


def _end(value: object) -> Place:
    return Place(country=country(mapping(value).get("country")))


def _event(row: Mapping[str, Any], inland: str) -> CarrierEvent:
    code, stamp = text(row.get("event_type")), text(row.get("scan_time"))
    place, found = _place(row, inland), read_iso(stamp)
    if found and found.tzinfo and (shown := read_iso(text(row.get("display_time")))):
        found = in_zone(found, shown.tzinfo)
    at, source = placed(found, place)
    said, reason = text(row.get("description")), text(row.get("reason"))
    return CarrierEvent(
        code=code,
        sub_status=_TYPES.get(code.casefold(), UNKNOWN),
        description=f"{said} ({reason})" if said and reason else said or reason,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(row: Mapping[str, Any], inland: str) -> Place:
    parts = mapping(row.get("location_data"))
    if parts:
        return Place(
            city=text(parts.get("suburb")),
            region=text(parts.get("state")),
            postcode=text(parts.get("postcode")),
            country=country(parts.get("country")) or inland,
        )
    city, comma, region = text(row.get("location")).rpartition(", ")
    if comma and len(region) in {2, 3} and region.isupper():
        return Place(city=city, region=region, country=inland)
    return Place(city=text(row.get("location")), country=inland)
