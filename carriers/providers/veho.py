"""Veho, next-day delivery in US cities (API v2).

https://docs.api.shipveho.com: the 22 package events of its webhooks, all placed below. A
package is looked up by its barcode; its `eventLog` uses the names of the webhooks without
"package.". Older answers have a status word and a carrier's codes: the word is what the
newest event means. No real answer was seen. Times without a zone are the place's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import https, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first, window
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_EVENTS: Final = {
    "created": "info.label_created",
    "notReceivedFromClient": "info.pickup_failed",
    "pickedUpFromClient": "picked_up.accepted",
    "droppedOffAtVeho": "picked_up.accepted",
    "arrivedAtFacility": "transit.arrived_facility",
    "departedFromFacility": "transit.departed_facility",
    "delayed": "delay.generic",
    "rescheduled": "out.rescheduled",
    "pickedUpFromVeho": "out.on_vehicle",
    "hadDeliveryIssue": "attempt.generic",
    "misdelivered": "exception.under_investigation",
    "delivered": "delivered.generic",
    "pendingReturnToClient": "returning.started",
    "returnedToClient": "returned.received",
    "discarded": "lost.destroyed",
    "cancelled": "cancelled.by_shipper",
    # A consumer's return, collected at the door: all of it is the way back
    "outForPickup": "info.pickup_scheduled",
    "pickupSkipped": "info.pickup_failed",
    "pickupFailed": "info.pickup_failed",
    "pickedUpFromConsumer": "returning.started",
    "pickupDroppedOffAtVeho": "returning.started",
    "pickupTransferredToExternalCarrier": "returning.started",
}

#: The status word of older answers.
_STATUSES: Final = {
    "shipment_information_received": "info.label_created",
    "processed": "transit.generic",
    "in_transit": "transit.generic",
    "with_delivery_courier": "out.on_vehicle",
    "out_for_delivery": "out.on_vehicle",
    "delivery_delayed": "delay.generic",
    "delivery_failed": "attempt.generic",
    "on_hold": "exception.held",
    "exception": "exception.other",
    "returned_to_sender": "returned.received",
    "delivered": "delivered.generic",
    "final_delivery": "delivered.generic",
}


class Veho(Carrier):
    slug: ClassVar[str] = "veho"
    name: ClassVar[str] = "Veho"
    countries: ClassVar[tuple[str, ...]] = ("US",)
    website: ClassVar[str] = "https://track.shipveho.com"
    documentation: ClassVar[str] = "https://docs.api.shipveho.com"
    proven: ClassVar[Proven] = "unproven"
    home_zone: ClassVar[str] = "America/New_York"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key"),)
    base_url: ClassVar[str] = "https://api.shipveho.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        headers = {"apikey": credentials["api_key"], "Accept": "application/json"}
        return HttpCall("GET", "/v2/packages", params={"barCode": asks[0].number}, headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = read_json(body)
        rows = mappings(mapping(reply).get("trackingInfo")) or mappings(reply)
        found = [row for row in rows if _number(row)]
        if found:
            return [_package(row) for row in found]
        error = mapping(mapping(reply).get("error"))
        code = text(error.get("code"))
        if reply == [] or code.lower() in {"not_found", "404"}:
            return [TrackingUpdate("", problem="Veho does not know this package", not_found=True)]
        if not code:
            raise CarrierError("The answer is not one of Veho's", kind="unreadable")
        said = f"Veho says: {text(error.get('message')) or 'no reason given'} ({code})"
        raise CarrierError(said, kind="bad_request", permanent=True)

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One event of one package."""
        push = mapping(read_json(body))
        row = {**mapping(push.get("payload")), **push}
        if not text(push.get("eventType")) or not _number(row):
            raise CarrierError("The push is not one of Veho's", kind="unreadable")
        return [TrackingUpdate(_number(row), (_event(push),))]


def _number(row: Mapping[str, Any]) -> str:
    names = ("barCode", "barcode", "trackingNumber", "trackingId")
    return next(filter(None, (text(row.get(name)) for name in names)), "")


def _package(row: Mapping[str, Any]) -> TrackingUpdate:
    log = mappings(row.get("eventLog")) or mappings(row.get("events"))
    events = list(oldest_first(scans([_event(event) for event in log])))
    status = text(row.get("status"))
    meaning = _STATUSES.get(status.lower(), UNKNOWN)
    if not events and status:
        events = [CarrierEvent(code=status, sub_status=meaning)]
    elif events and not events[-1].is_known and meaning != UNKNOWN:
        events[-1] = replace(events[-1], sub_status=meaning)
    end = mapping(row.get("destination"))
    destination = Place(
        city=text(end.get("city")),
        region=text(end.get("state")),
        postcode=text(end.get("zipCode")),
        country="US",
    )
    promised = read_day(row.get("estimatedDelivery") or row.get("serviceDate"))
    photo = https(row.get("deliveryImage") or row.get("deliveryImageUrl"))
    return TrackingUpdate(
        tracking_number=_number(row),
        events=tuple(events),
        edd=window(promised, promised, zone_name(destination)),
        problem=None if events else "Veho knows this package but sent no events yet",
        service=text(row.get("serviceClass")),
        destination=destination,
        proof=Proof(photo_url=photo) if photo else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code = text(row.get("eventType") or row.get("code"))
    city, _, state = text(row.get("location")).partition(", ")
    place = Place(
        city=text(row.get("city")) or city, region=text(row.get("state")) or state, country="US"
    )
    stamp = text(row.get("occurredAt") or row.get("timestamp"))
    if not stamp and text(row.get("date")):
        stamp = f"{text(row.get('date'))}T{text(row.get('time')) or '00:00:00'}"
    at, source = placed(read_iso(stamp), place, home=Veho.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_EVENTS.get(code.removeprefix("package."), UNKNOWN),
        description=text(row.get("message") or row.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
