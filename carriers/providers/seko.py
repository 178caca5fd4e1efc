"""SEKO Logistics' OmniParcel: parcels handed to local carriers in many countries.

https://staging.omniparcel.com/swagger (labels/statusv2). One code of its own (OP-n) for every
carrier; the 93 that integrators' public code names are placed here, but OP-31 and OP-32
("information") say nothing and stay unknown. "RTS received" is SEKO's returns hub, "delivered
to locker" waits for the shopper, "delivered in part" is not over. Times are naive and local
to a place that ends in its country ("Essen, DE").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status


def _numbers(sub_status: str, *numbers: int) -> dict[str, str]:
    return {f"OP-{number}": sub_status for number in numbers}


_CODES: Final = {
    **_numbers("info.label_created", 1, 8, 9),
    **_numbers("info.pickup_scheduled", 12),
    **_numbers("picked_up.accepted", 10, 11, 14, 33, 89),
    # On the way
    **_numbers("transit.generic", 18, 20, 54, 71, 79, 80),
    **_numbers("transit.arrived_facility", 47, 50, 82),
    **_numbers("transit.departed_facility", 3, 51),
    **_numbers("transit.departed_origin_country", 4, 81),
    **_numbers("transit.arrived_destination_country", 78),
    **_numbers("transit.handed_to_partner", 7, 22, 48, 56),
    **_numbers("transit.forwarded_new_address", 52, 53),
    **_numbers("transit.problem_resolved", 39),
    **_numbers("delay.generic", 16),
    **_numbers("delay.missorted", 13, 35),
    **_numbers("customs.cleared", 5),
    **_numbers("customs.delay", 6),
    **_numbers("customs.duties_unpaid", 87),
    # The last mile
    **_numbers("out.on_vehicle", 21),
    **_numbers("out.appointment_scheduled", 36),
    **_numbers("out.rescheduled", 44),
    **_numbers("pickup.ready", 19, 25, 42, 76),
    **_numbers("pickup.missed", 43),
    **_numbers("attempt.generic", 30, 45, 86),
    **_numbers("attempt.nobody_home", 24, 84),
    **_numbers("attempt.access_restricted", 37),
    **_numbers("attempt.id_or_otp_failed", 38),
    **_numbers("exception.address", 23, 27),
    **_numbers("exception.refused", 28),
    **_numbers("exception.damaged", 17),
    **_numbers("exception.rejected_by_carrier", 41),
    **_numbers("exception.held", 2, 26, 49, 70, 88, 91),
    **_numbers("exception.under_investigation", 46),
    **_numbers("exception.other", 83),
    # Ends
    **_numbers("delivered.generic", 72),
    **_numbers("delivered.collected", 75),
    **_numbers("delivered.neighbour_reception_locker", 73, 74, 77),
    **_numbers("returning.started", 29, 55, 60, 63, 66, 67, 85, 94),
    **_numbers("returned.received", 57, 58, 59, 61, 62, 64, 65, 68, 69, 90),
    **_numbers("lost.declared", 15),
    **_numbers("lost.destroyed", 40, 92),
    **_numbers("cancelled.by_shipper", 34),
}


class Seko(Carrier):
    slug: ClassVar[str] = "seko"
    name: ClassVar[str] = "SEKO Logistics"
    countries: ClassVar[tuple[str, ...]] = ("GB", "AU", "NZ", "US", "NL", "DE", "HK")
    website: ClassVar[str] = "https://track.omniparcel.com"
    documentation: ClassVar[str] = "https://staging.omniparcel.com/swagger"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 20
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("access_key", "Access key"),)
    base_url: ClassVar[str] = "https://api.omniparcel.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/labels/statusv2",
            headers={"access_key": credentials["access_key"], "Accept": "application/json"},
            json=[ask.number for ask in asks],
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a consignment; those that SEKO does not know are left out of its list."""
        reply = read_json(body)
        rows = [row for row in mappings(reply) if text(row.get("ConsignmentNo"))]
        if rows or reply == []:
            return [_consignment(row) for row in rows]
        errors = mappings(mapping(reply).get("Errors"))
        if not errors:
            raise CarrierError("The answer holds no consignment of SEKO", kind="unreadable")
        reason = text(errors[0].get("Message")) or "no reason given"
        raise CarrierError(f"SEKO says: {reason}", kind="bad_request", permanent=True)


def _consignment(row: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_event(scan) for scan in mappings(row.get("Events"))])
    done = any(event.status is Status.DELIVERED for event in events)
    if not events and not done and text(row.get("Status")).upper() == "DELIVERED":
        stamp = text(row.get("Delivered"))
        at, source = placed(read_iso(stamp), Place())
        events = [
            CarrierEvent(
                "DELIVERED", "delivered.generic", at=at, raw_time=stamp, zone_source=source
            )
        ]
    parts = {text(scan.get("Part")) for scan in mappings(row.get("Events"))} - {""}
    return TrackingUpdate(
        text(row.get("ConsignmentNo")),
        events=oldest_first(events),
        problem=None if events else "SEKO knows this consignment but sent no events yet",
        pieces=len(parts) or None,
    )


def _event(scan: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(scan.get("OmniCode")), text(scan.get("EventDT"))
    place = _place(text(scan.get("Location")))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code or text(scan.get("Code")),
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(scan.get("Description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(location: str) -> Place:
    """ "Egham, Surrey,GB": city, sometimes a region, and the country last (or alone)."""
    parts = [part.strip() for part in location.split(",") if part.strip()]
    land = country(parts[-1]) if parts else ""
    if not land:
        return Place(city=", ".join(parts))
    return Place(
        city=parts[0] if len(parts) > 1 else "",
        region=parts[1] if len(parts) > 2 else "",
        country=land,
    )
