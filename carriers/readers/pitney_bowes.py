"""Pitney Bowes Shipping API, tracking: read, not asked.

https://docs.shippingapi.pitneybowes.com/reference/tracking-codes.html. Pitney Bowes closed
its parcel business in 2024; answers kept from it are still read. Every scan has Pitney
Bowes's standardized code and, in `scanType`, the carrier's own: USPS's mostly. `eventType`
RTN is a return: its delivery is at the merchant's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.providers import usps_codes
from carriers.scan_times import placed, read_iso, read_offset
from carriers.shapes import country, https, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status, status_of

_CODES: Final = {
    "AWP": "pickup.ready",
    "CUC": "customs.cleared",
    "DAT": "attempt.generic",
    "DLD": "delivered.generic",
    "DYU": "delay.generic",
    "INF": "transit.generic",
    "LC": "info.label_created",
    "MSC": "transit.generic",
    "OFD": "out.on_vehicle",
    "PSR": "info.label_created",
    "RTS": "returning.started",
    "SPH": "transit.departed_origin_country",
    "TRD": "transit.generic",
    "UDL": "exception.other",
}


class PitneyBowes(Reader):
    slug: ClassVar[str] = "pitney_bowes"
    name: ClassVar[str] = "Pitney Bowes"
    documentation: ClassVar[str] = (
        "https://docs.shippingapi.pitneybowes.com/reference/tracking-codes.html"
    )
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        if not text(reply.get("trackingNumber")):
            raise CarrierError("The answer holds no tracking number", kind="unreadable")
        rows = mappings(reply.get("scanDetailsList")) or mappings(reply.get("currentStatus"))
        events = scans([_event(row) for row in rows])
        destination = _place(mapping(reply.get("destinationAddress")))
        return [
            TrackingUpdate(
                tracking_number=text(reply.get("trackingNumber")),
                events=oldest_first(events[::-1]),
                edd=_promised(reply, destination),
                problem=None if events else "Pitney Bowes knows this number but sent no scans yet",
                service=text(reply.get("serviceName")),
                origin=_place(mapping(reply.get("senderAddress"))),
                destination=destination,
                proof=_proof(reply, events),
                pieces=whole(reply.get("packageCount")) or None,
            )
        ]


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, own = text(row.get("standardizedEventCode")), text(row.get("scanType"))
    words = text(row.get("scanDescription")) or text(row.get("standardizedEventDescription"))
    place = Place(
        city=text(row.get("eventCity")),
        region=text(row.get("eventStateOrProvince")),
        postcode=text(row.get("postalCode")),
        country=country(row.get("country")),
    )
    day, clock = text(row.get("eventDate")), text(row.get("eventTime"))
    offset = text(row.get("eventTimeOffset"))
    at, source = placed(read_iso(f"{day}T{clock}"), place, read_offset(offset))
    return CarrierEvent(
        code="/".join(dict.fromkeys(filter(None, (code, own)))),
        sub_status=_meaning(code, own, words, is_return=text(row.get("eventType")) == "RTN"),
        description=words,
        at=at,
        raw_time=f"{day} {clock}{offset}".strip(),
        zone_source=source,
        place=place,
    )


def _meaning(code: str, own: str, words: str, *, is_return: bool) -> str:
    """The standardized code, refined by the carrier's own of the same main status."""
    general, detail = _CODES.get(code.upper(), ""), usps_codes.meaning(own, words)
    found = general or detail
    if general.endswith(".generic") and status_of(detail) is status_of(general):
        found = detail
    if is_return and found != UNKNOWN and status_of(found) is Status.DELIVERED:
        return "returned.received"
    return found


def _place(address: Mapping[str, Any]) -> Place:
    return Place(
        city=text(address.get("city")),
        region=text(address.get("stateOrProvince")),
        postcode=text(address.get("postalCode")),
        country=country(address.get("country")),
    )


def _promised(reply: Mapping[str, Any], destination: Place) -> DateWindow | None:
    day = read_iso(text(reply.get("estimatedDeliveryDate")) + "T00:00:00")
    return DateWindow(day.date(), day.date(), zone_name(destination)) if day else None


def _proof(reply: Mapping[str, Any], events: list[CarrierEvent]) -> Proof | None:
    proof = Proof(
        signed_by=text(reply.get("signedBy")),
        photo_url=https(reply.get("deliveryProofUrl")),
        left_at=text(reply.get("deliveryLocationDescription")),
    )
    done = any(event.status is Status.DELIVERED for event in events)
    return proof if done and proof != Proof() else None
