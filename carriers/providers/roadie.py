"""Roadie, same-day delivery by drivers nearby (US).

https://docs.roadie.com: the event names in its public sample and public client code. A
shipment is asked for by Roadie's own id; the number on the shopper's tracking page comes
with it. Events have coordinates only, so that their place is the country.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    Courier,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
    window,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = {
    "at_pickup": "info.pickup_scheduled",
    "pickup_confirmed": "picked_up.accepted",
    "en_route_to_delivery": "out.on_vehicle",
    "driver_approaching_delivery": "out.on_vehicle",
    "at_delivery": "out.on_vehicle",
    "delivery_confirmed": "delivered.generic",
    "delivery_attempted": "attempt.generic",
    "returned": "returned.received",
    "canceled": "cancelled.by_shipper",
}
#: The state of a shipment that has no events yet.
_STATES: Final = {
    "scheduled": "info.label_created",
    "assigned": "info.pickup_scheduled",
    "delivered": "delivered.generic",
    "returned": "returned.received",
    "canceled": "cancelled.by_shipper",
}


class Roadie(Carrier):
    slug: ClassVar[str] = "roadie"
    name: ClassVar[str] = "Roadie"
    countries: ClassVar[tuple[str, ...]] = ("US",)
    website: ClassVar[str] = "https://track.roadie.com"
    documentation: ClassVar[str] = "https://docs.roadie.com"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 20
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API token"),)
    base_url: ClassVar[str] = "https://connect.roadie.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404, 422})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        headers = {"Authorization": f"Bearer {credentials['api_key']}"}
        params = {"ids": ",".join(ask.number for ask in asks)}
        return HttpCall("GET", "/v1/shipments", params=params, headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a shipment; one that Roadie does not know is left out of a list."""
        reply = read_json(body)
        rows = [row for row in mappings(reply) if text(row.get("id"))]
        if rows:
            return [_shipment(row) for row in rows]
        if reply == []:
            return [
                TrackingUpdate("", problem="Roadie does not know this shipment", not_found=True)
            ]
        errors = mappings(mapping(reply).get("errors"))
        if not errors:
            raise CarrierError("The answer is not one of Roadie's", kind="unreadable")
        code = text(errors[0].get("code"))
        said = f"Roadie says: {text(errors[0].get('message')) or 'no reason given'} ({code})"
        raise CarrierError(said, kind="bad_request", permanent=True)


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    events = oldest_first(scans([_event(event) for event in mappings(row.get("events"))]))
    state = text(row.get("state"))
    if not events and state:
        events = (CarrierEvent(code=state, sub_status=_STATES.get(state, UNKNOWN)),)
    over = any(event.status in {Status.DELIVERED, Status.RETURNED} for event in events)
    driver = mapping(row.get("driver"))
    courier = Courier(name=text(driver.get("name")), phone=text(driver.get("phone")))
    destination = _end(row.get("delivery_location"))
    promised = mapping(row.get("deliver_between"))
    signed = text(row.get("signatory_name"))
    return TrackingUpdate(
        tracking_number=text(row.get("id")),
        events=events,
        edd=window(
            read_day(promised.get("start")), read_day(promised.get("end")), zone_name(destination)
        ),
        problem=None if events else "Roadie knows this shipment but sent no events yet",
        origin=_end(row.get("pickup_location")),
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
        pieces=len(mappings(row.get("items"))) or None,
        courier=None if over or courier == Courier() else courier,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("name")), text(row.get("occurred_at"))
    place = Place(country="US")
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(value: object) -> Place:
    address = mapping(mapping(value).get("address"))
    return Place(
        city=text(address.get("city")),
        region=text(address.get("state")),
        postcode=text(address.get("zip")),
        country="US",
    )
