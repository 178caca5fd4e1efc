"""UPS OnLine Tools, Track in XML: read, not asked.

UPS retired the XML tools for the REST API (`providers/ups.py`); answers kept from them are
still read. Same letters and codes as today; times are local to the place.
"""

from __future__ import annotations

from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import CarrierError, Proven, Reader, read_xml
from carriers.providers.ups_codes import meaning
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
from carriers.xml_shapes import child, first, named, words
from carriers.zones import zone_name
from lib.vocabulary import Status

_NOT_FOUND: Final = frozenset({"151044", "154030"})
_BAD_NUMBER: Final = frozenset({"151018"})


class UpsXml(Reader):
    slug: ClassVar[str] = "ups_xml"
    name: ClassVar[str] = "UPS (XML tools)"
    documentation: ClassVar[str] = "https://www.ups.com/upsdeveloperkit"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a package."""
        root = first(read_xml(body), "TrackResponse")
        if root is None:
            raise CarrierError("The answer is no TrackResponse of UPS", kind="unreadable")
        updates = [
            _package(package, shipment)
            for shipment in named(root, "Shipment")
            for package in named(shipment, "Package")
        ]
        return updates or [_refused(root)]


def _refused(root: Element) -> TrackingUpdate:
    error = first(root, "Error")
    code, message = words(error, "ErrorCode"), words(error, "ErrorDescription")
    said = f"UPS says: {message or 'no reason given'} ({code})"
    if code in _NOT_FOUND:
        return TrackingUpdate("", problem=said, not_found=True)
    if code.startswith("2500"):
        raise CarrierError(said, kind="credentials", permanent=True)
    if code in _BAD_NUMBER:
        raise CarrierError(said, kind="bad_request", permanent=True)
    raise CarrierError(said, kind="unavailable" if error is not None else "unreadable")


def _package(package: Element, shipment: Element) -> TrackingUpdate:
    destination = _place(child(shipment, "ShipTo", "Address"))
    rows = list(named(package, "Activity"))
    events = scans([_event(row) for row in rows])
    done = {event.status for event in events} & {Status.DELIVERED}
    signed = [words(row, "ActivityLocation", "SignedForByName") for row in rows]
    left = [words(row, "ActivityLocation", "Description") for row in rows]
    proof = Proof(signed_by=next(filter(None, signed), ""), left_at=next(filter(None, left), ""))
    return TrackingUpdate(
        tracking_number=words(package, "TrackingNumber"),
        events=oldest_first(events[::-1]),
        edd=_promised(package, shipment, destination),
        problem=None if events else "UPS knows this number but sent no scans yet",
        service=words(shipment, "Service", "Description"),
        origin=_place(child(shipment, "Shipper", "Address")),
        destination=destination,
        proof=proof if done and proof != Proof() else None,
        pieces=sum(1 for _ in named(shipment, "Package")),
    )


def _event(row: Element) -> CarrierEvent:
    letter = words(row, "Status", "StatusType", "Code")
    code = words(row, "Status", "StatusCode", "Code")
    place = _place(child(row, "ActivityLocation", "Address"))
    day, clock = words(row, "Date"), words(row, "Time")
    at, source = placed(read_digits(day, clock), place)
    return CarrierEvent(
        code="/".join(filter(None, (letter, code))),
        sub_status=meaning(letter, code, ""),
        description=words(row, "Status", "StatusType", "Description"),
        at=at,
        raw_time=f"{day} {clock}".strip(),
        zone_source=source,
        place=place,
    )


def _place(address: Element | None) -> Place:
    return Place(
        city=words(address, "City"),
        region=words(address, "StateProvinceCode"),
        postcode=words(address, "PostalCode"),
        country=country(words(address, "CountryCode")),
    )


def _promised(package: Element, shipment: Element, destination: Place) -> DateWindow | None:
    for element in (package, shipment):
        for name in ("RescheduledDeliveryDate", "ScheduledDeliveryDate"):
            found = read_digits(words(element, name), "0")
            if found is not None:
                return DateWindow(found.date(), found.date(), zone_name(destination))
    return None
