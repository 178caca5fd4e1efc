"""DHL Express: MyDHL API (JSON), and the answers of its predecessor XML-PI.

https://developer.dhl.com/api-reference/dhl-express-mydhl-api: GET /shipments/{number}/tracking
with all checkpoints, and the offset of each on request. XML-PI is not asked any more; its
answers name local times and "CITY,STATE-COUNTRY". The two-letter checkpoints are those of the
unified API's list, and the internal ones that XML-PI and MyDHL send besides (DHL's own names).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element

from carriers import code_maps
from carriers.alpha3 import alpha2
from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    read_json,
    read_xml,
)
from carriers.countries import country_code
from carriers.problems import unknown_number
from carriers.scan_times import placed, read_iso, read_offset
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.updates import CarrierEvent, DateWindow, Place, Proof, TrackingUpdate, oldest_first
from carriers.xml_shapes import child, named, words
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status

_LISTED: Final = {
    code: sub_status
    for (service, code), sub_status in code_maps.load("dhl_universal_codes.csv").items()
    if service == "express"
}
_CODES: Final = _LISTED | {
    "BL": "customs.started",  # bond location
    "CI": "transit.arrived_facility",
    "CU": "transit.departed_facility",  # uplift confirmed
    "DM": "exception.damaged",
    "DP": "customs.prohibited",  # denied parties
    "ES": "customs.started",  # entry submitted
    "HI": "exception.held",
    "HN": "transit.handed_to_partner",
    "HO": "transit.problem_resolved",  # out of held inventory
    "IA": "info.label_created",  # an image of a paper
    "IR": "delay.missorted",
    "LV": "transit.generic",  # some vehicle is loaded, not the courier's alone
    "NA": "delay.generic",
    "PO": "transit.departed_facility",
    "RW": "transit.arrived_facility",  # weighed and measured
    "SI": "customs.started",
    "ST": "customs.delay",
    "TD": "delay.generic",
    "TI": "exception.under_investigation",
    "TT": "info.label_created",  # the search ended, nobody says how
    "UV": "transit.arrived_facility",
}


class DhlExpress(Carrier):
    slug: ClassVar[str] = "dhl_express"
    name: ClassVar[str] = "DHL Express"
    name_ar: ClassVar[str] = "دي إتش إل إكسبرس"
    countries: ClassVar[tuple[str, ...]] = (
        "AE", "SA", "KW", "QA", "BH", "OM", "JO", "EG", "DE", "GB", "US", "FR", "IT", "ES", "IN",
        "HK", "SG", "CN", "JP", "AU",
    )  # fmt: skip
    website: ClassVar[str] = "https://www.dhl.com/track"
    documentation: ClassVar[str] = "https://developer.dhl.com/api-reference/dhl-express-mydhl-api"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=4, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "API user name (MyDHL API)", secret=False),
        Secret("password", "API password (MyDHL API)"),
    )
    base_url: ClassVar[str] = "https://express.api.dhl.com/mydhlapi"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['username']}:{credentials['password']}"
        return HttpCall(
            "GET",
            f"/shipments/{quote(asks[0].number, safe='')}/tracking",
            params={
                "trackingView": "all-checkpoints",
                "levelOfDetail": "shipment",
                "requestGMTOffsetPerEvent": "true",
            },
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Accept": "application/json",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a shipment, in JSON or in the XML of XML-PI."""
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return _from_xml(read_xml(body))
        return from_json(body)


def from_json(body: bytes) -> list[TrackingUpdate]:
    """One update a shipment of MyDHL's answer, or the one that DHL does not know."""
    reply = mapping(read_json(body))
    if "shipments" not in reply:
        said = unknown_number(reply, "DHL Express")
        asked = re.search(r"(?:Number=|shipments/)(\w+)", text(reply.get("instance")))
        return [TrackingUpdate(asked[1] if asked else "", problem=said, not_found=True)]
    updates = [_shipment(shipment) for shipment in mappings(reply["shipments"])]
    return updates or [TrackingUpdate("", problem="DHL Express found nothing", not_found=True)]


def _shipment(shipment: Mapping[str, Any]) -> TrackingUpdate:
    origin, destination = (
        _end(mapping(shipment.get(key))) for key in ("shipperDetails", "receiverDetails")
    )
    rows = [
        {
            "code": text(row.get("typeCode")),
            "description": text(row.get("description")),
            "stamp": f"{text(row.get('date'))}T{text(row.get('time'))}",
            "offset": text(row.get("GMTOffset")),
            "signed": text(row.get("signedBy")),
            **_area(next(iter(mappings(row.get("serviceArea"))), {})),
        }
        for row in mappings(shipment.get("events"))
    ]
    promised = shipment.get("estimatedDeliveryDate") or shipment.get("estimatedTimeOfDelivery")
    return _update(
        text(shipment.get("shipmentTrackingNumber")),
        rows,
        origin=origin,
        destination=destination,
        promised=text(promised),
        service=text(shipment.get("productCode")),
        pieces=whole(shipment.get("numberOfPieces")),
    )


def _area(area: Mapping[str, Any]) -> dict[str, str]:
    return {"area": text(area.get("description")), "area_code": text(area.get("code"))}


def _end(details: Mapping[str, Any]) -> Place:
    address = mapping(details.get("postalAddress"))
    return Place(
        city=text(address.get("cityName")),
        region=text(address.get("provinceCode")),
        postcode=text(address.get("postalCode")),
        country=country(address.get("countryCode")),
    )


def _from_xml(root: Element) -> list[TrackingUpdate]:
    updates = [_awb(info) for info in named(root, "AWBInfo")]
    if updates:
        return updates
    said = next((words(c, "ConditionData") for c in named(root, "Condition")), "")
    if not said:
        raise CarrierError("The answer is not one of DHL Express's", kind="unreadable")
    said = f"DHL Express says: {' '.join(said.split())}"
    raise CarrierError(said, kind="bad_request", permanent=True)


def _awb(info: Element) -> TrackingUpdate:
    number = words(info, "AWBNumber")
    shipment = child(info, "ShipmentInfo")
    if shipment is None:
        said = words(info, "Status", "Condition", "ConditionData") or "no shipment found"
        asked = re.search(r"\d{8,}", said)
        number = number or (asked[0] if asked else "")
        return TrackingUpdate(number, problem=f"DHL Express says: {said}", not_found=True)
    rows = [
        {
            "code": words(row, "ServiceEvent", "EventCode"),
            "description": " ".join(words(row, "ServiceEvent", "Description").split()),
            "stamp": f"{words(row, 'Date')}T{words(row, 'Time')}",
            "signed": words(row, "Signatory"),
            "area": words(row, "ServiceArea", "Description"),
            "area_code": words(row, "ServiceArea", "ServiceAreaCode"),
        }
        for row in named(shipment, "ShipmentEvent")
    ]
    origin, destination = (
        Place(
            city=words(shipment, end, "City"),
            region=words(shipment, end, "DivisionCode"),
            postcode=words(shipment, end, "PostalCode"),
            country=country(words(shipment, end, "CountryCode")),
        )
        for end in ("Shipper", "Consignee")
    )
    return _update(
        number,
        rows,
        origin=origin,
        destination=destination,
        promised=words(shipment, "EstDlvyDate"),
        service=words(shipment, "GlobalProductCode"),
        pieces=whole(words(shipment, "Pieces")),
    )


def _update(
    number: str,
    rows: Sequence[Mapping[str, str]],
    *,
    origin: Place,
    destination: Place,
    promised: str,
    service: str,
    pieces: int | None,
) -> TrackingUpdate:
    events = scans([_event(row) for row in rows])
    # The day in the destination's own calendar comes first, whatever clock and zone follow it.
    day = read_iso(f"{promised[:10]}T00:00:00")
    signed = next((row["signed"] for row in rows if row["code"] == "OK" and row["signed"]), "")
    zone = zone_name(destination)
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events),
        edd=DateWindow(day.date(), day.date(), zone) if day else None,
        problem=None if events else "DHL Express knows this number but sent no scans yet",
        service=service,
        origin=origin,
        destination=destination,
        proof=Proof(signed_by=signed) if signed and _is_delivered(events) else None,
        pieces=pieces or None,
    )


def _is_delivered(events: Sequence[CarrierEvent]) -> bool:
    return any(event.status is Status.DELIVERED for event in events)


def _event(row: Mapping[str, str]) -> CarrierEvent:
    place = _place(row["area"], row["area_code"])
    at, source = placed(read_iso(row["stamp"]), place, read_offset(row.get("offset", "")))
    return CarrierEvent(
        code=row["code"],
        sub_status=_CODES.get(row["code"].upper(), UNKNOWN),
        description=row["description"],
        at=at,
        raw_time=row["stamp"].replace("T", " ").strip(),
        zone_source=source,
        place=place,
    )


def _place(area: str, code: str) -> Place:
    """A service area: "Milan - Italy", "WOODSIDE,NY-USA", "HONG KONG-HKG", "Brisbane-AU"."""
    city, dash, land = area.rpartition("-")
    found = country_code(land) or alpha2(land) or country(land.strip()) if dash else ""
    name, comma, region = (city if found else area).rpartition(",")
    is_state = bool(comma) and re.fullmatch(r"[A-Z]{2,3}", region.strip()) is not None
    town = name if is_state else f"{name}{comma}{region}"
    state = region.strip() if is_state else ""
    return Place(city=town.strip(), region=state, country=found, code=code)
