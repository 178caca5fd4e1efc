"""DHL Shipment Tracking – Unified, for all of DHL's divisions.

https://developer.dhl.com/api-reference/shipment-tracking; the divisions' codes in its
"Event codes by service", all of which are placed. A code that tells only of data, money or
wishes is `info.label_created`: the carrier knows something, and no scan is undone by it.
A merchant brings a key of its own: DHL does not give one key to a platform (250 calls a day
and one a second to start with, each parcel at most ten times a day). Without the division
(`service`) a number can be another division's parcel as well.

Direct customers may have news pushed (developer.dhl.com/api-reference, "Unified - Push"). They
subscribe with our address as `hook.uri`, once a customer account; a push holds the same
`shipments` as an answer. `hook.authentication` names a header and a token of their choice.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from carriers import code_maps
from carriers.base import Ask, Carrier, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import country_code
from carriers.problems import unknown_number
from carriers.providers import dhl_words
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, https, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status, status_of

#: `(service, status)` → sub-status.
_CODES: Final = code_maps.load("dhl_universal_codes.csv")

#: The generic `statusCode`, where no detailed code is known.
_GENERIC: Final = {
    "pre-transit": "info.label_created",
    "transit": "transit.generic",
    "delivered": "delivered.generic",
    "failure": "exception.other",
}

#: What DHL may mean by "delivered": it counts the pick-up point and the sender's door as well.
_ENDS: Final = frozenset(
    {Status.DELIVERED, Status.AVAILABLE_FOR_PICKUP, Status.RETURNING, Status.RETURNED}
)


class DhlUniversal(Carrier):
    slug: ClassVar[str] = "dhl_universal"
    name: ClassVar[str] = "DHL"
    name_ar: ClassVar[str] = "دي إتش إل"
    countries: ClassVar[tuple[str, ...]] = ("DE", "NL", "GB", "PL", "US", "AE", "SA", "IN", "SG")
    website: ClassVar[str] = "https://www.dhl.com/track"
    documentation: ClassVar[str] = "https://developer.dhl.com/api-reference/shipment-tracking"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(
        per_second=1, per_day=250, per_parcel_per_day=10, concurrent=1
    )
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key"),
        Secret("push_token", "Token of your push subscription, if you have one", optional=True),
    )
    base_url: ClassVar[str] = "https://api-eu.dhl.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """Ask for one number; an extra field `service` keeps DHL to one division."""
        params = {"trackingNumber": asks[0].number, "language": "en"}
        if service := asks[0].extra.get("service"):
            params["service"] = service
        headers = {"DHL-API-Key": credentials["api_key"], "Accept": "application/json"}
        return HttpCall("GET", "/track/shipments", params=params, headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a shipment that DHL found, or the one it did not find."""
        reply = mapping(read_json(body))
        if "shipments" not in reply:
            return [_not_found(reply)]
        updates = [_shipment(shipment) for shipment in mappings(reply["shipments"])]
        return updates or [TrackingUpdate("", problem="DHL found no shipment", not_found=True)]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """The shipments of a push; none for a message about the subscription itself."""
        reply = mapping(read_json(body))
        if "shipments" not in reply and text(reply.get("scope")).startswith("subscription."):
            return []
        return self.parse(body)

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """Whether some header holds the subscription's token: its name is the merchant's choice."""
        token = credentials.get("push_token", "").encode("utf-8", "replace")
        found = [
            hmac.compare_digest(value.encode("utf-8", "replace"), token)
            for value in headers.values()
        ]
        return not token or any(found)


def _not_found(reply: Mapping[str, Any]) -> TrackingUpdate:
    said = unknown_number(reply, "DHL")
    number = text(reply.get("instance")).rpartition("/")[2]
    return TrackingUpdate(number, problem=said, not_found=True)


def _shipment(shipment: Mapping[str, Any]) -> TrackingUpdate:
    service = text(shipment.get("service"))
    destination = _place(mapping(shipment.get("destination")))
    rows = mappings(shipment.get("events"))
    current = mapping(shipment.get("status"))
    if current and (not rows or _is_news(current, rows)):
        rows = [current, *rows]
    is_return = shipment.get("returnFlag") is True
    events = scans([_event(row, service, is_return=is_return) for row in rows])
    ordered = oldest_first(events[::-1])
    details = mapping(shipment.get("details"))
    product = text(mapping(details.get("product")).get("productName"))
    return TrackingUpdate(
        tracking_number=text(shipment.get("id")),
        events=ordered,
        edd=_promised(shipment, destination),
        problem=None if events else "DHL knows this number but sent no events yet",
        service=product or service,
        origin=_place(mapping(shipment.get("origin"))),
        destination=destination,
        proof=_proof(mapping(details.get("proofOfDelivery"))),
        pieces=whole(details.get("totalNumberOfPieces")) or _count(details.get("pieceIds")),
        pickup_point=_pickup_point(rows, ordered),
    )


def _count(ids: object) -> int | None:
    return len(ids) or None if isinstance(ids, list) else None


def _proof(said: Mapping[str, Any]) -> Proof | None:
    """Who signed and the document about it; DHL writes "string" where it has no address."""
    person = mapping(said.get("signed"))
    parts = (text(person.get("givenName")), text(person.get("familyName")))
    name = " ".join(filter(None, parts)) or text(person.get("name"))
    address = https(said.get("signatureUrl")) or https(said.get("documentUrl"))
    return Proof(signed_by=name, photo_url=address) if name or address else None


def _pickup_point(
    rows: list[Mapping[str, Any]], events: tuple[CarrierEvent, ...]
) -> PickupPoint | None:
    """The service point of the last scan, while the parcel waits there to be collected."""
    if not events or events[-1].status is not Status.AVAILABLE_FOR_PICKUP:
        return None
    row = next((r for r in rows if text(r.get("timestamp")) == events[-1].raw_time), {})
    location = mapping(row.get("location"))
    address, point = mapping(location.get("address")), mapping(location.get("servicePoint"))
    street = text(address.get("streetAddress"))
    town = " ".join(
        filter(None, (text(address.get(key)) for key in ("postalCode", "addressLocality")))
    )
    label = text(point.get("label"))
    if not label and not street:
        return None
    return PickupPoint(name=label, address=", ".join(filter(None, (street, town))))


def _is_news(current: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> bool:
    """Whether the current status is newer than every event and says something else.

    Wall clocks are compared: DHL writes the same moment with a zone here, without there.
    """
    latest = max(rows, key=lambda row: text(row.get("timestamp"))[:19])
    said = ("statusCode", "status", "description")
    return text(current.get("timestamp"))[:19] > text(latest.get("timestamp"))[:19] and any(
        text(current.get(key)) != text(latest.get(key)) for key in said
    )


def _event(row: Mapping[str, Any], service: str, *, is_return: bool) -> CarrierEvent:
    place = _place(mapping(row.get("location")))
    stamp = text(row.get("timestamp"))
    at, source = placed(read_iso(stamp), place)
    generic, detail = text(row.get("statusCode")), text(row.get("status"))
    meaning = _meaning(row, service)
    if is_return and meaning.startswith("delivered."):
        meaning = "returned.received"
    return CarrierEvent(
        # A division without codes puts its sentence into `status`: that is no code.
        code="/".join(part for part in (generic, detail) if part and len(part) <= 60),
        sub_status=meaning,
        description=text(row.get("description")) or detail,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _meaning(row: Mapping[str, Any], service: str) -> str:
    """The detailed code, else the words, as far as the generic status code allows; else that code.

    The fields can contradict each other: DHL's own sample is "pre-transit", "DELIVERED"
    and "pending customs inspection" at once. Only the generic code makes it delivered.
    """
    generic = text(row.get("statusCode")).lower()
    detail = text(row.get("status"))
    words = [text(row.get(key)) for key in ("description", "status", "remark")]
    code = _CODES.get((service.lower(), detail)) or _CODES.get((service.lower(), detail.upper()))
    for found in (code, dhl_words.meaning_of(*words)):
        if found and _agrees(found, generic):
            return found
    return _GENERIC.get(generic, UNKNOWN)


def _agrees(sub_status: str, generic: str) -> bool:
    status = status_of(sub_status)
    if generic == "delivered":
        return status in _ENDS
    return status is not Status.DELIVERED or generic not in _GENERIC


def _place(end: Mapping[str, Any]) -> Place:
    """A place; DHL packs city, state and country into one text ("Hebron, KY, US")."""
    address = mapping(end.get("address"))
    locality = text(address.get("addressLocality"))
    code = country(address.get("countryCode"))
    parts = [part.strip() for part in locality.split(",")]
    if code and len(parts) > 1 and parts[-1].upper() == code:
        parts.pop()
    region = ""
    if len(parts) > 1 and re.fullmatch(r"[A-Z]{2,3}", parts[-1]):
        region = parts.pop()
    return Place(
        city=", ".join(parts),
        region=region,
        postcode=text(address.get("postalCode")),
        country=code or country_code(parts[-1]),
    )


def _promised(shipment: Mapping[str, Any], destination: Place) -> DateWindow | None:
    frame = mapping(shipment.get("estimatedDeliveryTimeFrame"))
    single = _day(shipment.get("estimatedTimeOfDelivery"))
    first, last = _day(frame.get("estimatedFrom")), _day(frame.get("estimatedThrough"))
    first, last = first or last or single, last or first or single
    if first is None or last is None:
        return None
    days = sorted((first.date(), last.date()))
    return DateWindow(days[0], days[1], zone_name(destination))


def _day(value: object) -> datetime | None:
    """A promised day: DHL writes the destination's local date, whatever zone it appends."""
    stamp = text(value)
    return read_iso(stamp if "T" in stamp else f"{stamp}T00:00:00")
