"""SmartKargo, the e-commerce parcels of airlines (DeliverDirect).

https://www.smartkargo.com (documentation is given to customers): event types of public
client code and its two samples. Places are airports, times their wall clocks without
a zone. A package can have several pieces, each with events of its own: they are read as
one parcel, and the pieces counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first, window
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "BKD": "info.label_created",
    "RCS": "picked_up.accepted",
    "DEP": "transit.departed_facility",
    "PND": "transit.generic",  # "In Transit" in a public sample
    "RCF": "transit.arrived_facility",
    "GDL": "out.on_vehicle",
    "ADL": "attempt.generic",
    "RCU": "out.customer_contacted",
    "DDL": "delivered.generic",
    "DLD": "delivered.neighbour_reception_locker",  # left at the door
}


class SmartKargo(Carrier):
    slug: ClassVar[str] = "smartkargo"
    name: ClassVar[str] = "SmartKargo"
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "BR")
    website: ClassVar[str] = "https://www.deliverdirect.com/tracking"
    documentation: ClassVar[str] = "https://www.smartkargo.com"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key (code)"),
        Secret("site_id", "Site ID", secret=False, optional=True),
    )
    base_url: ClassVar[str] = "https://ihub.smartkargo.com/ihub-mt-api-function"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        headers = {"code": credentials["api_key"], "Accept": "application/json"}
        if site := credentials.get("site_id"):
            headers["SiteId"] = site
        params = {"packageReference": asks[0].number}
        return HttpCall("GET", "/tracking", params=params, headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a package, its pieces' events together."""
        reply = read_json(body)
        packages: dict[str, list[Mapping[str, Any]]] = {}
        for row in mappings(reply):
            if text(row.get("eventType")) and text(row.get("packageReference")):
                packages.setdefault(text(row.get("packageReference")), []).append(row)
        if packages:
            return [_package(number, rows) for number, rows in packages.items()]
        error = mapping(mapping(reply).get("error"))
        code = text(error.get("code"))
        if reply == [] or code == "NOT_FOUND":
            problem = "SmartKargo does not know this package"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        if not code:
            raise CarrierError("The answer is not one of SmartKargo's", kind="unreadable")
        said = f"SmartKargo says: {text(error.get('message')) or 'no reason given'} ({code})"
        raise CarrierError(said, kind="bad_request", permanent=True)


def _package(number: str, rows: Sequence[Mapping[str, Any]]) -> TrackingUpdate:
    events = scans([_event(row) for row in rows])
    pieces = {text(row.get("pieceReference")) for row in rows} - {""}
    days = [read_day(row.get("estimatedDeliveryDate")) for row in rows]
    promised = next(filter(None, days), None)
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events[::-1]),
        edd=window(promised, promised),
        pieces=len(pieces) or None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("eventType")), text(row.get("eventDate"))
    place = Place(code=text(row.get("eventLocation")))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(row.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
