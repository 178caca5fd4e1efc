"""A1 International, in Amazon's tracking XML: read, not asked.

A1 carried for Amazon in the United States until about 2015 and is gone; answers kept from
it are still read. Times have offsets; the promised day stands at an event.
"""

from __future__ import annotations

from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import CarrierError, Proven, Reader, read_xml
from carriers.readers.amazon_events import meaning
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, scans
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import child, local, named, words
from carriers.zones import zone_name
from lib.vocabulary import Status

_NOT_FOUND: Final = "ERROR_102"


class A1(Reader):
    slug: ClassVar[str] = "a1"
    name: ClassVar[str] = "A1 International"
    documentation: ClassVar[str] = (
        "https://developer-docs.amazon.com/sp-api/docs/"
        "fulfillment-outbound-api-v2020-07-01-reference"
    )
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        root = read_xml(body)
        if local(root) != "AmazonTrackingResponse":
            raise CarrierError("The answer is no AmazonTrackingResponse", kind="unreadable")
        found = [_parcel(info) for info in named(root, "PackageTrackingInfo")]
        refused = [_refused(info) for info in named(root, "TrackingErrorInfo")]
        if not found and not refused:
            raise CarrierError("The answer holds no parcel", kind="unreadable")
        return [*found, *refused]


def _refused(info: Element) -> TrackingUpdate:
    code = words(info, "TrackingErrorDetail", "ErrorDetailCode")
    said = words(info, "TrackingErrorDetail", "ErrorDetailCodeDesc") or "no reason given"
    return TrackingUpdate(
        words(info, "TrackingNumber"),
        problem=f"A1 says: {said} ({code})",
        not_found=code == _NOT_FOUND,
    )


def _parcel(info: Element) -> TrackingUpdate:
    destination = _place(child(info, "PackageDestinationLocation"))
    rows = list(named(info, "TrackingEventDetail"))
    events = scans([_event(row) for row in rows])
    done = any(event.status is Status.DELIVERED for event in events)
    return TrackingUpdate(
        tracking_number=words(info, "TrackingNumber"),
        events=oldest_first(events[::-1]),
        edd=_promised(rows, destination),
        problem=None if events else "A1 knows this number but sent no scans yet",
        destination=destination,
        proof=_proof(rows) if done else None,
    )


def _event(row: Element) -> CarrierEvent:
    code, stamp = words(row, "EventCode"), words(row, "EventDateTime")
    place = _place(child(row, "EventLocation"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=meaning(code),
        description=words(row, "EventCodeDesc"),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(location: Element | None) -> Place:
    return Place(
        city=words(location, "City"),
        region=words(location, "StateProvince"),
        postcode=words(location, "PostalCode"),
        country=country(words(location, "CountryCode")),
    )


def _promised(rows: list[Element], destination: Place) -> DateWindow | None:
    for row in rows:
        found = read_iso(words(row, "EstimatedDeliveryDate")[:10] + "T00:00:00")
        if found is not None:
            return DateWindow(found.date(), found.date(), zone_name(destination))
    return None


def _proof(rows: list[Element]) -> Proof | None:
    """A1 writes "Left at front desk" into the name of who signed."""
    for row in rows:
        name = words(row, "SignedForByName")
        if name:
            is_spot = name.casefold().startswith("left at ")
            return Proof(left_at=name[len("left at ") :]) if is_spot else Proof(signed_by=name)
    return None
