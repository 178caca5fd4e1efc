"""Spring GDS (PostNL), XBS API: parcels handed to a local carrier in each country.

https://mtapi.net (documentation is given to customers; command TrackShipment). The 37 event
codes of its manual's third chapter are placed as integrators' public code names them, but
9999 ("information"), which says nothing and stays unknown. 101 ends untracked services:
delivered to the destination *country*. `ErrorLevel` 10 is a refusal with HTTP 200. `Timestamp` is
the instant; `DateTime` repeats it in words. The last mile's number is another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_epoch, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, NextLeg, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    **dict.fromkeys(("0", "12"), "info.label_created"),
    **dict.fromkeys(("18", "20"), "picked_up.accepted"),
    **dict.fromkeys(("15", "25", "9102"), "transit.generic"),
    **dict.fromkeys(("19", "22", "9101"), "transit.arrived_facility"),
    **dict.fromkeys(("21", "2101"), "transit.departed_origin_country"),
    **dict.fromkeys(("101", "2103"), "transit.arrived_destination_country"),
    "93": "transit.at_delivery_depot",
    "40": "customs.started",
    "41": "customs.delay",
    "2102": "customs.cleared",
    "9301": "out.on_vehicle",
    "9302": "delay.generic",
    "91": "attempt.generic",
    "92": "pickup.ready",
    "31": "exception.other",
    "1001": "exception.rejected_by_carrier",
    "100": "delivered.generic",
    "124": "returning.started",
    **dict.fromkeys(
        ("125", "12406", "12501", "12502", "12503", "12504", "12505"), "returned.received"
    ),
    "111": "lost.declared",
    "12506": "lost.destroyed",
    "4106": "cancelled.by_shipper",
}
_UNKNOWN_NUMBER: Final = re.compile(r"(tracking number|shipment) not found\.?", re.IGNORECASE)
_BAD_KEY: Final = re.compile(r"\bapi ?key\b", re.IGNORECASE)


class Spring(Carrier):
    slug: ClassVar[str] = "spring"
    name: ClassVar[str] = "Spring GDS"
    countries: ClassVar[tuple[str, ...]] = ("NL", "GB", "BE", "DE", "FR", "ES", "IT", "SE")
    website: ClassVar[str] = "https://mailingtechnology.com/tracking"
    documentation: ClassVar[str] = "https://mtapi.net"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key"),)
    base_url: ClassVar[str] = "https://mtapi.net"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/",
            headers={"Accept": "application/json"},
            json={
                "Apikey": credentials["api_key"],
                "Command": "TrackShipment",
                "Shipment": {"TrackingNumber": asks[0].number},
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the shipment that was asked for."""
        reply = mapping(read_json(body))
        shipment = mapping(reply.get("Shipment"))
        if text(shipment.get("TrackingNumber")) or mappings(shipment.get("Events")):
            return [_shipment(shipment)]
        level, reason = text(reply.get("ErrorLevel")), text(reply.get("Error"))
        if not level:
            raise CarrierError("The answer is not one of Spring's", kind="unreadable")
        said = f"Spring says: {reason or 'no reason given'} ({level})"
        if _UNKNOWN_NUMBER.fullmatch(reason):
            return [TrackingUpdate("", problem=said, not_found=True)]
        if _BAD_KEY.search(reason):
            raise CarrierError(said, kind="credentials", permanent=True)
        raise CarrierError(said, kind="unavailable")


def _shipment(shipment: Mapping[str, Any]) -> TrackingUpdate:
    number = text(shipment.get("TrackingNumber"))
    carrier, theirs = text(shipment.get("Carrier")), text(shipment.get("CarrierTrackingNumber"))
    events = scans([_event(row) for row in mappings(shipment.get("Events"))])
    return TrackingUpdate(
        number,
        events=oldest_first(events),
        problem=None if events else "Spring knows this shipment but sent no events yet",
        service=text(shipment.get("Service")),
        next_leg=NextLeg(carrier, theirs) if carrier and theirs and theirs != number else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("Code")), text(row.get("DateTime"))
    place = Place(
        city=text(row.get("City")),
        region=text(row.get("State")),
        postcode=text(row.get("Zip")),
        country=country(row.get("Country")),
    )
    at, source = placed(read_epoch(row.get("Timestamp")) or read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=text(row.get("Description")),
        at=at,
        raw_time=stamp or text(row.get("Timestamp")),
        zone_source=source,
        place=place,
    )
