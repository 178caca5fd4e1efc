"""Asendia USA (A1 API v2.0), parcels from the United States into the world.

https://a1api.asendiausa.com/swagger: milestones with codes "s1" to "s10"; the ten that
are in public samples are placed below. Errors come with HTTP 200 and a code of their own.
Asendia's other houses (CH, FR …) have another API.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import mapping, mappings, scans, text, whole
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "s1": "info.label_created",
    "s2a": "picked_up.accepted",
    "s2b": "transit.arrived_facility",
    "s2c": "transit.departed_facility",
    "s2d": "transit.departed_facility",
    "s4": "transit.departed_origin_country",
    "s5": "transit.arrived_destination_country",
    "s7": "customs.cleared",
    "s8": "transit.at_delivery_depot",
    "s10": "delivered.generic",
}


class AsendiaUs(Carrier):
    slug: ClassVar[str] = "asendia_us"
    name: ClassVar[str] = "Asendia USA"
    countries: ClassVar[tuple[str, ...]] = ("US",)
    website: ClassVar[str] = "https://a1.asendiausa.com/tracking/"
    documentation: ClassVar[str] = "https://a1api.asendiausa.com/swagger/index.html"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
        Secret("api_key", "API key (X-AsendiaOne-ApiKey)"),
    )
    base_url: ClassVar[str] = "https://a1api.asendiausa.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['username']}:{credentials['password']}".encode()
        headers = {
            "Accept": "application/json",
            "X-AsendiaOne-ApiKey": credentials["api_key"],
            "Authorization": "Basic " + base64.b64encode(pair).decode(),
        }
        params = {"trackingNumberVendor": asks[0].number}
        return HttpCall("GET", "/api/A1/v2.0/Tracking/Milestone", params=params, headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        rows = mappings(reply.get("data"))
        found = [row for row in rows if text(row.get("trackingNumberVendor"))]
        if found:
            return [_parcel(row) for row in found]
        status = mapping(reply.get("responseStatus")) or reply
        code = whole(status.get("responseStatusCode"))
        if code is None:
            raise CarrierError("The answer is not one of Asendia USA's", kind="unreadable")
        words = text(status.get("responseStatusMessage")) or "no such parcel"
        said = f"Asendia says: {words} ({code})"
        if code in {200, 404}:
            return [TrackingUpdate("", problem=said, not_found=True)]
        if code in {401, 403}:
            raise CarrierError(said, kind="credentials", permanent=True)
        if code == 429:
            raise CarrierError(said, kind="rate_limited")
        if code >= 500:
            raise CarrierError(said, kind="unavailable")
        raise CarrierError(said, kind="bad_request", permanent=True)


def _parcel(row: Mapping[str, Any]) -> TrackingUpdate:
    found = mappings(row.get("trackingMilestoneEvents"))
    events = scans([_event(event) for event in found])
    return TrackingUpdate(
        tracking_number=text(row.get("trackingNumberVendor")),
        events=oldest_first(events[::-1]),
        problem=None if events else "Asendia knows this parcel but sent no events yet",
        origin=Place(country="US"),
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code = text(row.get("eventCode"))
    # The first steps are Asendia's own, in the United States; the later ones name no country.
    home = "US" if code.lower().startswith(("s1", "s2", "s4")) and code.lower() != "s10" else ""
    place = Place(city=text(row.get("eventLocation")), country=home)
    stamp = text(row.get("eventOn"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.lower(), UNKNOWN),
        description=text(row.get("eventDescription")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
