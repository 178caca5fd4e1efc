"""Teleship, parcels between Britain, North America and Europe through partners.

https://developers.teleship.com: events with codes in words (all of public client code are
placed below). The last mile has a carrier and a number of its own: the next leg. Token and
answers write their names in camel case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    Token,
    read_json,
)
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    NextLeg,
    Place,
    TrackingUpdate,
    oldest_first,
    window,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "pending": "info.label_created",
    "created": "info.label_created",
    "label_created": "info.label_created",
    "collected": "picked_up.accepted",
    "in_hub": "transit.arrived_facility",
    "in_transit": "transit.generic",
    "customs_cleared": "customs.cleared",
    "out_for_delivery": "out.on_vehicle",
    "delivery_failed": "attempt.generic",
    "delivered": "delivered.generic",
    "returned": "returned.received",
    "cancelled": "cancelled.by_shipper",
}


class Teleship(Carrier):
    slug: ClassVar[str] = "teleship"
    name: ClassVar[str] = "Teleship"
    countries: ClassVar[tuple[str, ...]] = ("GB", "US", "CA")
    website: ClassVar[str] = "https://track.teleship.com"
    documentation: ClassVar[str] = "https://developers.teleship.com"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
    )
    base_url: ClassVar[str] = "https://api.teleship.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        path = f"/api/tracking/{quote(asks[0].number, safe='')}"
        return HttpCall("GET", path, headers={"Authorization": f"Bearer {token or ''}"})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        form = {
            "grant_type": "client_credentials",
            "clientId": credentials["client_id"],
            "clientSecret": credentials["client_secret"],
        }
        return HttpCall("POST", "/oauth/token", form=form)

    def parse_token(self, body: bytes) -> Token:
        reply = mapping(read_json(body))
        value = text(reply.get("accessToken") or reply.get("access_token"))
        if not value:
            raise CarrierError("The token answer has no accessToken", kind="unreadable")
        return Token(value, float(whole(reply.get("expiresIn")) or 3600))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        if text(reply.get("trackingNumber")):
            return [_shipment(reply)]
        messages = mappings(reply.get("messages"))
        code = whole(messages[0].get("code")) if messages else None
        if code is None:
            raise CarrierError("The answer is not one of Teleship's", kind="unreadable")
        said = f"Teleship says: {text(messages[0].get('message')) or 'no reason given'} ({code})"
        if code == 404:
            return [TrackingUpdate("", problem=said, not_found=True)]
        if code in {401, 403}:
            raise CarrierError(said, kind="credentials", permanent=True)
        if code == 429:
            raise CarrierError(said, kind="rate_limited")
        if code >= 500:
            raise CarrierError(said, kind="unavailable")
        raise CarrierError(said, kind="bad_request", permanent=True)


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    events = oldest_first(scans([_event(event) for event in mappings(row.get("events"))]))
    status = text(row.get("status"))
    if not events and status:
        events = (CarrierEvent(code=status, sub_status=_CODES.get(status, UNKNOWN)),)
    last = mapping(row.get("lastMile"))
    carrier, number = text(last.get("carrier")), text(last.get("trackingNumber"))
    destination = _end(row.get("shipTo"))
    promised = read_day(row.get("estimatedDelivery"))
    return TrackingUpdate(
        tracking_number=text(row.get("trackingNumber")),
        events=events,
        edd=window(promised, promised, zone_name(destination)),
        problem=None if events else "Teleship knows this parcel but sent no events yet",
        origin=_end(row.get("shipFrom")),
        destination=destination,
        next_leg=NextLeg(carrier, number) if carrier and number else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("code")), text(row.get("timestamp"))
    where, _, last = text(row.get("location")).rpartition(", ")
    nation = country(last)
    place = Place(city=where, country=nation) if nation else Place(city=text(row.get("location")))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=text(row.get("description")),
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
        postcode=text(address.get("postcode")),
        country=country(address.get("country")),
    )
