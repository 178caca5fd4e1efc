"""Asendia Sync: e-PAQ parcels of Asendia (Swiss Post and La Poste) in all the world.

https://www.asendia-sync.com (documentation is given to customers). The 36 codes are those of
integrators' public code, of which only PU, IT and DL are in an answer we have seen; what is
not here stays unknown. Errors are problem documents, "error.tracking.not_found" among them.
Times are instants in UTC.
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
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    **dict.fromkeys(("PENDING", "CREATED", "ACCEPTED", "LABEL_PRINTED"), "info.label_created"),
    **dict.fromkeys(("PICKED_UP", "COLLECTED", "COLLECTION", "PU"), "picked_up.accepted"),
    **dict.fromkeys(("IN_TRANSIT", "IT", "TRANSIT", "PROCESSED"), "transit.generic"),
    "DEPARTED": "transit.departed_facility",
    "ARRIVED": "transit.arrived_facility",
    "CUSTOMS": "customs.started",
    "CLEARED": "customs.cleared",
    **dict.fromkeys(("OUT_FOR_DELIVERY", "OFD", "WITH_COURIER"), "out.on_vehicle"),
    **dict.fromkeys(("DELIVERED", "DL", "DELIVERY_CONFIRMED"), "delivered.generic"),
    **dict.fromkeys(("READY_FOR_PICKUP", "PICKUP", "AT_LOCATION"), "pickup.ready"),
    **dict.fromkeys(("ON_HOLD", "HELD", "AWAITING"), "exception.held"),
    **dict.fromkeys(("DELAYED", "DELAY"), "delay.generic"),
    "RESCHEDULED": "out.rescheduled",
    **dict.fromkeys(("DELIVERY_FAILED", "FAILED"), "attempt.generic"),
    "UNDELIVERABLE": "exception.other",
    "RTS": "returning.started",
    "RETURNED": "returned.received",
}


class Asendia(Carrier):
    slug: ClassVar[str] = "asendia"
    name: ClassVar[str] = "Asendia"
    countries: ClassVar[tuple[str, ...]] = ("CH", "FR", "GB", "DE", "NL", "IT", "ES")
    website: ClassVar[str] = "https://tracking.asendia.com"
    documentation: ClassVar[str] = "https://www.asendia-sync.com"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
        Secret("customer_id", "Customer ID", secret=False),
    )
    base_url: ClassVar[str] = "https://www.asendia-sync.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        return HttpCall(
            "POST",
            "/api/authenticate",
            json={"username": credentials["username"], "password": credentials["password"]},
        )

    def parse_token(self, body: bytes) -> Token:
        value = text(mapping(read_json(body)).get("id_token"))
        if not value:
            raise CarrierError("The token answer has no id_token", kind="unreadable")
        return Token(value=value, seconds=3600)

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        customer, number = (
            quote(part, safe="") for part in (credentials["customer_id"], asks[0].number)
        )
        return HttpCall(
            "GET",
            f"/api/customers/{customer}/tracking/{number}",
            headers={"Authorization": f"Bearer {token or ''}", "Accept": "application/json"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update; an unknown number is named by the path of the problem document."""
        reply = mapping(read_json(body))
        if text(reply.get("trackingNumber")) or "trackingEvents" in reply:
            return [_parcel(reply)]
        status, title = text(reply.get("status")), text(reply.get("title"))
        if not status or not title:
            raise CarrierError("The answer is not one of Asendia's", kind="unreadable")
        said = f"Asendia says: {text(reply.get('detail')) or title} ({status})"
        if status == "404":
            number = text(reply.get("path")).rpartition("/")[2]
            return [TrackingUpdate(number, problem=said, not_found=True)]
        if status in {"401", "403"}:
            raise CarrierError(said, kind="credentials", permanent=True)
        raise CarrierError(said, kind="bad_request" if status == "400" else "unavailable")


def _parcel(reply: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_event(row) for row in mappings(reply.get("trackingEvents"))])
    return TrackingUpdate(
        text(reply.get("trackingNumber")),
        events=oldest_first(events),
        problem=None if events else "Asendia knows this number but sent no events yet",
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("code")), text(row.get("time"))
    place = Place(city=text(row.get("locationName")), country=country(row.get("locationCountry")))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(row.get("carrierEventDescription")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
