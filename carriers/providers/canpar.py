"""Canpar Express, CanparAddonsService trackByBarcodeV2 (SOAP 1.2).

https://www.canpar.com/en/solutions/ecommerce_tools.htm. Tracking takes the barcode alone, no
account. Canpar documents no list of codes: DEL, PIC, ARR, INA and INO are in its sample
answer, the others stay unknown. Times are local ("20110308 091442"); what `time_shift` is
relative to is not documented, so it is not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, read_xml
from carriers.providers.canadapost import HOME
from carriers.scan_times import placed, read_digits
from carriers.shapes import country, scans
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import child, document, fault, first, local, words
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = {
    "ARR": "transit.arrived_facility",
    "DEL": "delivered.generic",
    "INA": "transit.handed_to_partner",
    "INO": "transit.handed_to_partner",
    "PIC": "picked_up.accepted",
}

_SPACES: Final = {
    "xmlns:soap": "http://www.w3.org/2003/05/soap-envelope",
    "xmlns:ws": "http://ws.onlinerating.canshipws.canpar.com",
    "xmlns:xsd": "http://ws.dto.canshipws.canpar.com/xsd",
}


class Canpar(Carrier):
    slug: ClassVar[str] = "canpar"
    name: ClassVar[str] = "Canpar Express"
    countries: ClassVar[tuple[str, ...]] = ("CA",)
    website: ClassVar[str] = "https://www.canpar.com/en/tracking/track.htm"
    documentation: ClassVar[str] = "https://www.canpar.com/en/solutions/ecommerce_tools.htm"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = HOME
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    base_url: ClassVar[str] = "https://canship.canpar.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        wanted = {"xsd:barcode": asks[0].number, "xsd:track_shipment": "true"}
        content = {
            "soap:Header": "",
            "soap:Body": {"ws:trackByBarcodeV2": {"ws:request": wanted}},
        }
        return HttpCall(
            "POST",
            "/canshipws/services/CanparAddonsService.CanparAddonsServiceHttpSoap12Endpoint/",
            headers={
                "Content-Type": "text/xml; charset=utf-8",
                "soapaction": "urn:trackByBarcodeV2",
            },
            body=document("soap:Envelope", content, _SPACES),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        root = read_xml(body)
        refused = fault(root)
        if refused is not None:
            raise CarrierError(f"Canpar says: {refused}", kind="unavailable")
        reply = first(root, "return")
        if reply is None:
            raise CarrierError("The answer is no tracking of Canpar", kind="unreadable")
        results = [one for one in reply if local(one) == "result" and words(one, "barcode")]
        if results:
            return [_parcel(result) for result in results]
        said = words(reply, "error")
        problem = f"Canpar says: {said or 'no such barcode'}"
        return [TrackingUpdate("", problem=problem, not_found=not said)]


def _parcel(result: Element) -> TrackingUpdate:
    destination = _place(child(result, "consignee_address"))
    events = scans([_event(row) for row in result if local(row) == "events"])
    ordered = oldest_first(events[::-1])
    done = any(event.status is Status.DELIVERED for event in ordered)
    if words(result, "delivered") == "true" and not done:
        ordered = (*ordered, CarrierEvent(code="delivered", sub_status="delivered.generic"))
        done = True
    signed = words(result, "signed_by")
    return TrackingUpdate(
        tracking_number=words(result, "barcode"),
        events=ordered,
        edd=_promised(result, destination),
        problem=None if ordered else "Canpar knows this barcode but sent no scans yet",
        service=words(result, "service_description_en"),
        destination=destination,
        proof=Proof(signed_by=signed) if done and signed else None,
    )


def _event(row: Element) -> CarrierEvent:
    code, stamp = words(row, "code"), words(row, "local_date_time")
    place = _place(child(row, "address"))
    day, _, clock = stamp.partition(" ")
    at, source = placed(read_digits(day, clock), place, home=HOME)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=words(row, "code_description_en"),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(address: Element | None) -> Place:
    return Place(
        city=words(address, "city"),
        region=words(address, "province"),
        postcode=words(address, "postal_code"),
        country=country(words(address, "country")),
    )


def _promised(result: Element, destination: Place) -> DateWindow | None:
    day = read_digits(words(result, "estimated_delivery_date"), "0")
    return DateWindow(day.date(), day.date(), zone_name(destination)) if day else None
