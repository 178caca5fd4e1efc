"""PostNord (Sweden, Denmark, Norway, Finland), Track & Trace v5: find by identifier.

https://developer.postnord.com/apis/details?systemName=shipment-v5-trackandtrace-shipmentinformation.
Every scan carries one of PostNord's documented status words; its event codes differ from
country to country, and only 113 ("delivery in progress" under EN_ROUTE) says more. OTHER and SPLIT
say nothing and stay unknown. Odd: an item's own status can be ahead of its scans; where it
is, it is believed and stands in for the status of the newest scan. RETURNED is the start of
the way back. A shipment of several items is as far as the item that is not delivered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import country, mapping, mappings, scans, text, whole
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
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    "CREATED": "info.label_created",
    "INFORMED": "info.label_created",
    "EN_ROUTE": "transit.generic",
    "DELAYED": "delay.generic",
    "EXPECTED_DELAY": "delay.generic",
    "DELIVERY": "out.on_vehicle",
    "AVAILABLE_FOR_DELIVERY": "pickup.ready",
    "AVAILABLE_FOR_DELIVERY_PAR_LOC": "pickup.ready",
    "DELIVERY_IMPOSSIBLE": "attempt.generic",
    "DELIVERY_REFUSED": "exception.refused",
    "STOPPED": "exception.held",
    "DELIVERED": "delivered.generic",
    "RETURNED": "returning.started",
}
_EVENT_CODES: Final = {"113": "out.on_vehicle"}
#: Statuses of an item that must not be missed where no scan says so.
_AHEAD: Final = frozenset(
    {
        "AVAILABLE_FOR_DELIVERY",
        "AVAILABLE_FOR_DELIVERY_PAR_LOC",
        "DELIVERED",
        "DELIVERY_IMPOSSIBLE",
        "DELIVERY_REFUSED",
        "RETURNED",
        "STOPPED",
    }
)
_LANGUAGE: Final = "en"


class PostNord(Carrier):
    slug: ClassVar[str] = "postnord"
    name: ClassVar[str] = "PostNord"
    countries: ClassVar[tuple[str, ...]] = ("SE", "DK", "NO", "FI")
    website: ClassVar[str] = "https://www.postnord.com/track-and-trace"
    documentation: ClassVar[str] = (
        "https://developer.postnord.com/apis/details"
        "?systemName=shipment-v5-trackandtrace-shipmentinformation"
    )
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key"),)
    base_url: ClassVar[str] = "https://api2.postnord.com"
    home_zone: ClassVar[str] = "Europe/Stockholm"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            "/rest/shipment/v5/trackandtrace/findByIdentifier.json",
            params={
                "apikey": credentials["api_key"],
                "id": asks[0].number,
                "locale": _LANGUAGE,
            },
            headers={"Accept": "application/json"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update for each shipment, and for each of its items with another number."""
        reply = mapping(read_json(body))
        answer = mapping(reply.get("TrackingInformationResponse"))
        faults = mappings(
            mapping(answer.get("compositeFault") or reply.get("compositeFault")).get("faults")
        )
        if not answer and not faults:
            raise CarrierError("The answer is not one of PostNord's", kind="unreadable")
        shipments = mappings(answer.get("shipments"))
        updates = [update for shipment in shipments for update in _shipment(shipment)]
        return updates or [_nothing(faults[0] if faults else {})]


def _nothing(fault: Mapping[str, Any]) -> TrackingUpdate:
    code = text(fault.get("faultCode"))
    said = f"PostNord says: {text(fault.get('explanationText')) or 'no such shipment'}"
    if not code or code == "invalidIdentifier":
        return TrackingUpdate("", problem=said, not_found=True)
    raise CarrierError(f"{said} ({code})", kind="bad_request")


def _shipment(shipment: Mapping[str, Any]) -> list[TrackingUpdate]:
    items = mappings(shipment.get("items")) or [{}]
    number = text(shipment.get("shipmentId"))
    slowest = min(items, key=lambda item: text(item.get("status")).upper() == "DELIVERED")
    pieces = whole(shipment.get("assessedNumberOfItems")) or len(items)
    whole_one = _item(number, slowest, shipment, pieces)
    others = [
        _item(text(item.get("itemId")), item, shipment, 1)
        for item in items
        if text(item.get("itemId")) not in {"", number}
    ]
    return [whole_one, *others]


def _item(
    number: str, item: Mapping[str, Any], shipment: Mapping[str, Any], pieces: int
) -> TrackingUpdate:
    destination = _end(mapping(shipment.get("consignee")))
    rows = mappings(item.get("events"))
    events = scans([_event(row, destination) for row in rows])[::-1]
    words = mapping(item.get("statusText")) or mapping(shipment.get("statusText"))
    status = text(item.get("status") or shipment.get("status")).upper()
    ordered = _with_status(oldest_first(events), status, text(words.get("header")))
    signer = text(mapping(item.get("acceptor")).get("name"))
    return TrackingUpdate(
        number,
        events=ordered,
        edd=_promised(item, shipment, destination),
        problem=None if ordered else "PostNord knows this shipment but sent no events yet",
        service=text(mapping(shipment.get("service")).get("name")),
        origin=_end(mapping(shipment.get("consignor"))),
        destination=destination,
        proof=Proof(signed_by=signer) if signer else None,
        pieces=pieces,
        pickup_point=_pickup_point(mapping(shipment.get("deliveryPoint")), item),
    )


def _with_status(
    events: tuple[CarrierEvent, ...], status: str, header: str
) -> tuple[CarrierEvent, ...]:
    """The item's own status, where it is one that no scan has, read into the newest scan."""
    if status not in _AHEAD or any(event.code.endswith(f"/{status}") for event in events):
        return events
    meaning = _STATUSES[status]
    if not events:
        return (CarrierEvent(f"item/{status}", meaning, description=header, language=_LANGUAGE),)
    newest = events[-1]
    told = replace(
        newest,
        code=f"{newest.code.partition('/')[0]}/{status}",
        sub_status=meaning,
        description=header or newest.description,
    )
    return (*events[:-1], told)


def _event(row: Mapping[str, Any], destination: Place) -> CarrierEvent:
    code, status = text(row.get("eventCode")), text(row.get("status") or row.get("eventStatus"))
    where, stamp = mapping(row.get("location")), text(row.get("eventTime"))
    place = Place(
        city=text(where.get("city") or where.get("displayName") or where.get("name")),
        postcode=text(where.get("postcode") or where.get("postCode")),
        country=country(where.get("countryCode")),
        code=text(where.get("locationId")),
    )
    at, source = placed(read_iso(stamp), place, home=zone_name(destination) or PostNord.home_zone)
    return CarrierEvent(
        code="/".join(part for part in (code, status.upper()) if part),
        sub_status=_EVENT_CODES.get(code) or _STATUSES.get(status.upper(), UNKNOWN),
        description=text(row.get("eventDescription")),
        language=_LANGUAGE,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(party: Mapping[str, Any]) -> Place:
    address = mapping(party.get("address"))
    return Place(
        city=text(address.get("city")),
        postcode=text(address.get("postCode")),
        country=country(address.get("countryCode")),
    )


def _promised(
    item: Mapping[str, Any], shipment: Mapping[str, Any], destination: Place
) -> DateWindow | None:
    names = ("publicTimeOfArrival", "estimatedTimeOfArrival")
    stamps = [text(part.get(name)) for name in names for part in (item, shipment)]
    days = [found for stamp in stamps if (found := read_as(stamp[:10], "%Y-%m-%d"))]
    return DateWindow(days[0].date(), days[0].date(), zone_name(destination)) if days else None


def _pickup_point(point: Mapping[str, Any], item: Mapping[str, Any]) -> PickupPoint | None:
    """Where it waits; `returnDate` is the day it goes back when nobody has come."""
    name = text(point.get("displayName") or point.get("name"))
    address = mapping(point.get("address"))
    town = f"{text(address.get('postCode'))} {text(address.get('city'))}".strip()
    parts = (text(address.get("street1")), text(address.get("street2")), town)
    line = ", ".join(part for part in parts if part)
    if not name and not line:
        return None
    hours = text(point.get("openingHours"))
    back = read_as(text(item.get("returnDate"))[:10], "%Y-%m-%d")
    return PickupPoint(name=name, address=line, hours=hours, last_day=back.date() if back else None)
