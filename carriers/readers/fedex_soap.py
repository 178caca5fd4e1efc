"""FedEx Web Services, TrackService (SOAP; versions 7 to 20): read, not asked.

FedEx retired its SOAP services for the REST API (`providers/fedex.py`); answers kept from
them are still read. Their times have offsets. A number can stand for several shipments
(`DuplicateWaybill`); an answer about one number can fail while the call succeeded.
"""

from __future__ import annotations

from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import CarrierError, Proven, Reader, read_xml
from carriers.providers.fedex_codes import meaning, signer
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, scans, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    last_moved,
    oldest_first,
)
from carriers.xml_shapes import child, first, local, named, words
from carriers.zones import zone_name
from lib.vocabulary import Status

_NOT_FOUND: Final = frozenset({"9040"})
_CREDENTIALS: Final = frozenset({"1000"})


class FedExSoap(Reader):
    slug: ClassVar[str] = "fedex_soap"
    name: ClassVar[str] = "FedEx (Web Services)"
    documentation: ClassVar[str] = "https://www.fedex.com/en-us/developer/web-services.html"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number; of shipments that share a number, the one that moved last."""
        reply = first(read_xml(body), "TrackReply")
        if reply is None:
            raise CarrierError("The answer is no TrackReply of FedEx", kind="unreadable")
        asked = list(named(reply, "CompletedTrackDetails"))
        updates = [update for one in asked if (update := _answer(one)) is not None]
        if updates:
            return updates
        code, said = _notice(reply, "Notifications")
        if code in _CREDENTIALS:
            raise CarrierError(said, kind="credentials", permanent=True)
        raise CarrierError(said, kind="bad_request", permanent=True)


def _notice(element: Element, *path: str) -> tuple[str, str]:
    code, message = words(element, *path, "Code"), words(element, *path, "Message")
    return code, f"FedEx says: {message or 'no reason given'} ({code})"


def _answer(one: Element) -> TrackingUpdate | None:
    shipments = [_shipment(details) for details in named(one, "TrackDetails")]
    if shipments:
        return last_moved(shipments)
    severity = words(one, "Notifications", "Severity")
    if severity in {"ERROR", "FAILURE"}:
        return TrackingUpdate("", problem=_notice(one, "Notifications")[1])
    return None


def _shipment(details: Element) -> TrackingUpdate:
    destination = _place(child(details, "DestinationAddress"))
    events = scans([_event(one) for one in details if local(one) == "Events"])
    if not events:
        events = _current(details, destination)
    problem, not_found = None, False
    if not events:
        code, said = _notice(details, "Notification")
        failed = words(details, "Notification", "Severity") in {"ERROR", "FAILURE"}
        not_found = code in _NOT_FOUND
        problem = said if failed else "FedEx knows this number but sent no scans"
    signed = signer(words(details, "DeliverySignatureName"))
    done = any(event.status is Status.DELIVERED for event in events)
    return TrackingUpdate(
        tracking_number=words(details, "TrackingNumber"),
        events=oldest_first(events[::-1]),
        edd=_promised(details, destination),
        problem=problem,
        not_found=not_found,
        service=words(details, "Service", "Description"),
        origin=_place(child(details, "OriginLocationAddress")),
        destination=destination,
        proof=Proof(signed_by=signed) if done and signed else None,
        pieces=whole(words(details, "PackageCount")) or None,
    )


def _event(one: Element) -> CarrierEvent:
    code, exception = words(one, "EventType"), words(one, "StatusExceptionCode")
    place, stamp = _place(child(one, "Address")), words(one, "Timestamp")
    at, source = placed(read_iso(stamp), place)
    said = [words(one, "EventDescription"), words(one, "StatusExceptionDescription")]
    return CarrierEvent(
        code="/".join(filter(None, (code, exception))),
        sub_status=meaning(code, exception),
        description=". ".join(filter(None, said)),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _current(details: Element, destination: Place) -> list[CarrierEvent]:
    """One event from the status, for answers without events; a delivery has its own time."""
    status = child(details, "StatusDetail")
    code = words(status, "Code")
    if status is None or not code:
        return []
    reason = words(status, "AncillaryDetails", "Reason")
    stamp = words(details, "ActualDeliveryTimestamp") if code == "DL" else ""
    stamp = stamp or words(status, "CreationTime")
    place = _place(child(status, "Location"))
    at, source = placed(read_iso(stamp), place if place.country else destination)
    return [
        CarrierEvent(
            code="/".join(filter(None, (code, reason))),
            sub_status=meaning(code, reason),
            description=words(status, "Description"),
            at=at,
            raw_time=stamp,
            zone_source=source,
            place=place,
        )
    ]


def _place(address: Element | None) -> Place:
    return Place(
        city=words(address, "City"),
        region=words(address, "StateOrProvinceCode"),
        postcode=words(address, "PostalCode"),
        country=country(words(address, "CountryCode")),
    )


def _promised(details: Element, destination: Place) -> DateWindow | None:
    stamps = [words(details, "EstimatedDeliveryTimestamp")]
    stamps += [
        words(one, "DateOrTimestamp")
        for one in named(details, "DatesOrTimes")
        if words(one, "Type") == "ESTIMATED_DELIVERY"
    ]
    day = next((found for stamp in stamps if (found := read_iso(stamp)) is not None), None)
    return DateWindow(day.date(), day.date(), zone_name(destination)) if day else None
