"""SMSA Express, e-commerce API: tracking by waybill, and its webhook with the same array.

https://ecomapis.smsaexpress.com (documentation is given to customers; the code list is
its `GET /api/track/statuslookup`). OD, DL and AF are in SMSA's public sample, the other
codes in integrators' public code; what is not here stays unknown. CC is the sorting for
collection, RTIN and ST41 the waiting itself. Texts come in English or Arabic. The webhook is
not signed: its address must hold a secret. No way to answer a failed attempt is documented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso, read_offset
from carriers.shapes import country, decimal, mapping, mappings, scans, text, whole
from carriers.updates import CarrierEvent, Cash, Place, Proof, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = {
    "AF": "transit.at_delivery_depot",
    "CC": "transit.at_delivery_depot",
    "CD": "customs.delay",
    "CR": "customs.cleared",
    "DE": "exception.other",
    "DEX03": "exception.address",
    "DEX08": "attempt.nobody_home",
    "DEX8X": "attempt.nobody_home",
    "DEX14": "returning.started",
    "DEX29": "transit.forwarded_new_address",
    "DEX41": "transit.arrived_facility",
    "DEX42": "attempt.business_closed",
    "DEX93": "attempt.cod_not_paid",
    "DF": "transit.departed_facility",
    "DL": "delivered.generic",
    "HIP": "transit.arrived_facility",
    "HOP": "transit.departed_facility",
    "IC": "customs.started",
    "OD": "out.on_vehicle",
    "PU": "picked_up.accepted",
    "RTIN": "pickup.ready",
    "SOP": "transit.departed_facility",
    "ST41": "pickup.ready",
    "ST44": "transit.arrived_facility",
    "ST64": "customs.started",
    "ST68": "transit.generic",
    "ST77": "transit.departed_origin_country",
    "UTI": "exception.address",
    "UTLX": "transit.arrived_facility",
}


class Smsa(Carrier):
    slug: ClassVar[str] = "smsa"
    name: ClassVar[str] = "SMSA Express"
    name_ar: ClassVar[str] = "سمسا"
    countries: ClassVar[tuple[str, ...]] = ("SA", "AE", "BH", "KW", "OM", "QA", "JO", "EG")
    website: ClassVar[str] = "https://www.smsaexpress.com/trackingdetails"
    documentation: ClassVar[str] = "https://ecomapis.smsaexpress.com"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 50
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key"),)
    base_url: ClassVar[str] = "https://ecomapis.smsaexpress.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/api/track/bulk/",
            headers={"apikey": credentials["api_key"], "Accept": "application/json"},
            json=[ask.number for ask in asks],
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill; a waybill that SMSA does not know is left out of its answer."""
        reply = read_json(body)
        rows = [row for row in mappings(reply) if text(row.get("AWB"))]
        if rows or reply == []:
            return [_shipment(row) for row in rows]
        reason = next(
            (text(value) for key, value in mapping(reply).items() if key.lower() == "message"), ""
        )
        if reason:
            raise CarrierError(f"SMSA says: {reason}", kind="unavailable")
        raise CarrierError("The answer holds no waybill of SMSA", kind="unreadable")


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    origin = Place(city=text(row.get("OriginCity")), country=country(row.get("OriginCountry")))
    # "Desination" is SMSA's own spelling; the right one is read as well, should they mend it.
    destination = Place(
        city=text(row.get("DesinationCity") or row.get("DestinationCity")),
        country=country(row.get("DesinationCountry") or row.get("DestinationCountry")),
    )
    events = [_scan(scan, origin, destination) for scan in mappings(row.get("Scans"))]
    ordered = oldest_first(scans(events)[::-1])
    if row.get("isDelivered") is True and not any(e.status is Status.DELIVERED for e in ordered):
        flag = CarrierEvent(code="isDelivered", sub_status="delivered.generic")
        ordered = (*ordered, flag)
    amount = decimal(row.get("CODAmount"))
    signed = next(
        (
            text(scan.get("ReceivedBy"))
            for scan in mappings(row.get("Scans"))
            if text(scan.get("ScanType")).upper() == "DL"
        ),
        "",
    )
    return TrackingUpdate(
        tracking_number=text(row.get("AWB")),
        events=ordered,
        problem=None if ordered else "SMSA knows this waybill but sent no scans yet",
        origin=origin,
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
        pieces=whole(row.get("Pieces")),
        cash=Cash(amount) if amount and amount > 0 else None,
    )


def _scan(scan: Mapping[str, Any], origin: Place, destination: Place) -> CarrierEvent:
    code, description = text(scan.get("ScanType")), text(scan.get("ScanDescription"))
    place = _where(text(scan.get("City")), origin, destination)
    stamp, zone = text(scan.get("ScanDateTime")), text(scan.get("ScanTimeZone"))
    at, source = placed(read_iso(stamp), place, read_offset(zone))
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=description,
        language="ar" if any("\u0600" <= letter <= "\u06ff" for letter in description) else "en",
        at=at,
        raw_time=f"{stamp} {zone}".strip(),
        zone_source=source,
        place=place,
    )


def _where(city: str, origin: Place, destination: Place) -> Place:
    """A scan names its city only; the country follows when an end of the way settles it."""
    for end in (destination, origin):
        if city and city.casefold() == end.city.casefold():
            return Place(city=city, country=end.country)
    same = origin.country if origin.country == destination.country else ""
    return Place(city=city, country=same)
