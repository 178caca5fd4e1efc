"""Nationex API v4, a shipment with its tracking.

https://api.nationex.com (documentation is given to customers; the statuses are in its public
description). One shipment a call, Basic with the customer's number and key. A shipment has
statuses in UTC and each parcel scans in Quebec's time, with an exception's number where
something failed; only 5 (nobody there) is documented.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Kind,
    Limits,
    Proven,
    Secret,
    read_json,
)
from carriers.providers.canadapost import HOME
from carriers.scan_times import placed, read_iso
from carriers.shapes import mapping, mappings, scans, text, whole
from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate, oldest_first
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    **dict.fromkeys(("Creation", "DataReceived"), "info.label_created"),
    "OutForPickup": "info.pickup_scheduled",
    "PickupAttemptFailed": "info.pickup_failed",
    "Cancelled": "cancelled.by_shipper",
    **dict.fromkeys(("Pickup", "PartiallyPickedUp"), "picked_up.accepted"),
    # Of several parcels some are delivered: the shipment is still on its way.
    **dict.fromkeys(("Transit", "PartiallyInTransit", "PartiallyDelivered"), "transit.generic"),
    **dict.fromkeys(("OutForDelivery", "PartiallyOutForDelivery"), "out.on_vehicle"),
    "Delivered": "delivered.generic",
    "OnHold": "exception.held",
    "Attention": "exception.other",
    "RefusedDelivery": "exception.refused",
    "ReturnToSender": "returning.started",
    "ReturnCompleted": "returned.received",
}

_EXCEPTIONS: Final = {"5": "attempt.nobody_home"}

_KINDS: Final[Mapping[str, Kind]] = {
    "401": "credentials",
    "403": "credentials",
    "429": "rate_limited",
    "500": "unavailable",
    "503": "unavailable",
}


class Nationex(Carrier):
    slug: ClassVar[str] = "nationex"
    name: ClassVar[str] = "Nationex"
    countries: ClassVar[tuple[str, ...]] = ("CA",)
    website: ClassVar[str] = "https://www.nationex.com/en/tracking"
    documentation: ClassVar[str] = "https://api.nationex.com"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = HOME
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("customer_id", "Customer number", secret=False),
        Secret("api_key", "API key"),
    )
    base_url: ClassVar[str] = "https://api.nationex.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['customer_id']}:{credentials['api_key']}"
        return HttpCall(
            "GET",
            f"/api/v4/Shipments/{quote(asks[0].number, safe='')}",
            params={"tracking": "true"},
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        number = text(reply.get("ShipmentId"))
        if number:
            return [_shipment(reply, number)]
        if not text(reply.get("message")):
            raise CarrierError("The answer holds no shipment of Nationex", kind="unreadable")
        return [_refused(reply)]


def _refused(reply: Mapping[str, Any]) -> TrackingUpdate:
    code = text(reply.get("code"))
    said = f"Nationex says: {text(reply.get('message'))} ({code})"
    if code == "404":
        return TrackingUpdate("", problem=said, not_found=True)
    kind = _KINDS.get(code, "bad_request")
    raise CarrierError(said, kind=kind, permanent=kind in {"credentials", "bad_request"})


def _shipment(reply: Mapping[str, Any], number: str) -> TrackingUpdate:
    parcels = mappings(reply.get("Parcels"))
    statuses = [_status(row) for row in mappings(reply.get("StatusHistories"))]
    handled = [_scan(row) for parcel in parcels for row in mappings(parcel.get("History"))]
    events = scans([*statuses, *handled]) or scans([_status(reply)])
    destination = _place(mapping(reply.get("Destination")))
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events),
        edd=_promised(parcels, destination),
        problem=None if events else "Nationex knows this shipment but sent no status yet",
        origin=_place(mapping(reply.get("Sender"))),
        destination=destination,
        pieces=whole(reply.get("TotalParcels")) or len(parcels) or None,
    )


def _status(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("ShipmentStatus")), text(row.get("StatusDate"))
    place = Place(city=text(row.get("LastLocation")), country="CA")
    at, source = placed(read_iso(stamp), place, home=HOME)
    return CarrierEvent(
        code=code,
        sub_status=_STATUSES.get(code, UNKNOWN),
        description=text(row.get("ShipmentStatusEn")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _scan(row: Mapping[str, Any]) -> CarrierEvent:
    exception, stamp = text(row.get("ExceptionId")), text(row.get("ProcessedDate"))
    place = Place(city=text(row.get("CityDepot")), country="CA")
    at, source = placed(read_iso(stamp), place, home=HOME)
    return CarrierEvent(
        code=f"exception/{exception}" if exception else "",
        sub_status=_EXCEPTIONS.get(exception, UNKNOWN),
        description=text(row.get("DescriptionEn")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(end: Mapping[str, Any]) -> Place:
    city, region = text(end.get("City")), text(end.get("ProvinceState"))
    postcode = text(end.get("PostalCode"))
    return Place(city, region, postcode, "CA" if city or region or postcode else "")


def _promised(parcels: list[Mapping[str, Any]], destination: Place) -> DateWindow | None:
    """The day, or the first and the last where the parcels come on several."""
    found = (read_iso(text(one.get("EstimatedDeliveryDate")) + "T00:00:00") for one in parcels)
    days = sorted(day.date() for day in found if day is not None)
    return DateWindow(days[0], days[-1], zone_name(destination)) if days else None
