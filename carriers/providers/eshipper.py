"""eShipper, a Canadian hub for parcels whose labels were bought there.

https://uu2.eshipper.com/swagger-ui.html (API v2). An event has the code of whichever
carrier wrote it, and eShipper says in five flags only where the parcel stands: they are
what the newest event means, the others stay unknown. Times have no zone; eShipper is in
Toronto. No real answer was seen: built from the vendor's description and public code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

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
from carriers.shapes import https, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first, window
from lib.vocabulary import UNKNOWN

#: The flags, the one that tells most first.
_FLAGS: Final = {
    "delivered": "delivered.generic",
    "exception": "exception.other",
    "inTransit": "transit.generic",
    "reachedAtWarehouse": "transit.arrived_facility",
    "labelGenerated": "info.label_created",
}


class EShipper(Carrier):
    slug: ClassVar[str] = "eshipper"
    name: ClassVar[str] = "eShipper"
    is_hub: ClassVar[bool] = True
    countries: ClassVar[tuple[str, ...]] = ("CA", "US")
    website: ClassVar[str] = "https://www.eshipper.com"
    documentation: ClassVar[str] = "https://uu2.eshipper.com/swagger-ui.html"
    proven: ClassVar[Proven] = "unproven"
    home_zone: ClassVar[str] = "America/Toronto"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://uu2.eshipper.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        headers = {"Authorization": f"Bearer {token or ''}", "Accept": "application/json"}
        params = {"includePublished": "true", "trackingNumbers": asks[0].number}
        return HttpCall("GET", "/api/v2/track/events", params=params, headers=headers)

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        pair = {"principal": credentials["username"], "credential": credentials["password"]}
        return HttpCall("POST", "/api/v2/authenticate", json=pair)

    def parse_token(self, body: bytes) -> Token:
        reply = mapping(read_json(body))
        if not text(reply.get("token")):
            raise CarrierError("The token answer has no token", kind="unreadable")
        seconds = text(reply.get("expires_in"))
        return Token(text(reply["token"]), float(seconds) if seconds.isdecimal() else 3600.0)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = read_json(body)
        rows = [row for row in mappings(reply) if text(row.get("trackingNumber"))]
        if rows:
            return [_parcel(row) for row in rows]
        if reply == []:
            problem = "eShipper has no events of this parcel"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        error = mapping(reply)
        if not text(error.get("message")) or "code" not in error:
            raise CarrierError("The answer is not one of eShipper's", kind="unreadable")
        words = f"eShipper says: {text(error.get('message'))} ({text(error.get('code'))})"
        raise CarrierError(words, kind="bad_request", permanent=True)


def _parcel(row: Mapping[str, Any]) -> TrackingUpdate:
    found = mappings(row.get("event"))
    events = list(oldest_first(scans([_event(event) for event in found])[::-1]))
    flags = mapping(row.get("shipmentStatus"))
    flag = next((name for name in _FLAGS if flags.get(name) is True), "")
    if events and flag:
        events[-1] = replace(events[-1], sub_status=_FLAGS[flag])
    elif flag:
        said = text(row.get("currentStatus"))
        events = [CarrierEvent(code=flag, sub_status=_FLAGS[flag], description=said)]
    photo = next(filter(None, (https(event.get("proofOfDelivery")) for event in found)), "")
    promised = read_day(row.get("expectedDeliveryDate"))
    return TrackingUpdate(
        tracking_number=text(row.get("trackingNumber")),
        events=tuple(events),
        edd=window(promised, promised),
        problem=None if events else "eShipper knows this parcel but sent no events yet",
        service=text(row.get("carrierService")),
        proof=Proof(photo_url=photo) if photo else None,
        courier_code=text(row.get("carrierName")),
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    original = mapping(row.get("originalEvent"))
    place = Place(
        city=text(row.get("location")) or text(original.get("eventLocation")),
        postcode=text(row.get("postalCode")),
    )
    stamp = text(row.get("dateTime"))
    clock = read_iso(stamp)
    if clock is None:
        stamp = text(original.get("eventDate")) or stamp
        clock = read_iso(stamp)
    at, source = placed(clock, place, home=EShipper.home_zone)
    return CarrierEvent(
        code=text(original.get("identifier")) or text(original.get("name")),
        sub_status=UNKNOWN,
        description=text(row.get("description")) or text(original.get("name")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
