"""Ekart (India), the Elite platform: its open tracking by Ekart's tracking ID, and its webhook.

https://app.elite.ekartlogistics.in/api/docs (OpenAPI 3.8: "Track Shipment", "Add a Webhook"). The
statuses and the statuses of a failed delivery (`ndrStatus`) are the words of its published lists;
they are matched whole. Tracking needs no key. A pushed event names Ekart's ID and the waybill of
whoever carries it, and both are tried. Odd: the webhook's secret signs its body, but the document
names no header for it, so the secret address is the proof. Ekart's API for large merchants
(api.ekartlogistics.com) is another one and not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, read_json
from carriers.scan_times import placed, read_epoch
from carriers.shapes import mapping, mappings, scans, text, whole
from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    "order placed": "info.label_created",
    **dict.fromkeys(
        ("pickup pending", "pickup scheduled", "out for pickup"), "info.pickup_scheduled"
    ),
    **dict.fromkeys(("not picked", "pickup cancelled"), "info.pickup_failed"),
    "picked up": "picked_up.accepted",
    "in transit": "transit.generic",
    "shipment delayed": "delay.generic",
    "out for delivery": "out.on_vehicle",
    "undelivered": "attempt.generic",
    "delivered": "delivered.generic",
    **dict.fromkeys(("cancelled", "seller cancelled"), "cancelled.by_shipper"),
    "not serviceable": "exception.out_of_area",
    "damaged": "exception.damaged",
    "lost": "lost.declared",
    **dict.fromkeys(
        (
            *("rto requested", "seller rto requested", "rto in transit"),
            *("rto out for delivery", "rto shipment delayed", "rto failed"),
        ),
        "returning.started",
    ),
    "rto delivered": "returned.received",
}
_UNDELIVERED: Final = "undelivered"
#: Why it was not delivered.
_REASONS: Final = {
    "unknown exception": "attempt.generic",
    "customer unavailable": "attempt.nobody_home",
    "customer unreachable": "attempt.unreachable",
    "payment issue": "attempt.cod_not_paid",
    "otp not received/otp mismatch": "attempt.id_or_otp_failed",
    "maximum attempt reached": "attempt.generic",
    "self collect": "attempt.generic",
    "not attempted": "delay.carrier_operational",
    "delivery rescheduled": "out.rescheduled",
    "pickup rescheduled": "info.pickup_scheduled",
    "address issue": "exception.address",
    "out of delivery area": "exception.out_of_area",
    "on hold": "exception.held",
    "dispute": "exception.under_investigation",
    "shipment seized by customer": "exception.under_investigation",
    **dict.fromkeys(
        ("rejected by customer", "order already cancelled", "otp verified cancellation"),
        "exception.refused",
    ),
    "rto delivery failed": "returning.started",
}


class Ekart(Carrier):
    slug: ClassVar[str] = "ekart"
    name: ClassVar[str] = "Ekart Logistics"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://app.elite.ekartlogistics.in/track"
    documentation: ClassVar[str] = "https://app.elite.ekartlogistics.in/api/docs"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)  # it names none
    base_url: ClassVar[str] = "https://app.elite.ekartlogistics.in"
    home_zone: ClassVar[str] = "Asia/Kolkata"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        path = f"/api/v1/track/{quote(asks[0].number, safe='')}"
        return HttpCall("GET", path, headers={"Accept": "application/json"})

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One shipment: where it is now (`track`) and what it was before (`details`)."""
        reply = mapping(read_json(body))
        track, number = mapping(reply.get("track")), text(reply.get("_id"))
        if track or number:
            return [_shipment(number, track, reply.get("edd"))]
        said = text(reply.get("description")) or text(reply.get("message"))
        if said and text(reply.get("statusCode")) == "404":
            return [TrackingUpdate("", problem=f"Ekart says: {said}", not_found=True)]
        if said:
            raise CarrierError(f"Ekart says: {said}", kind="bad_request")
        raise CarrierError("The answer holds no shipment of Ekart", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """`track_updated`: one event, under both its numbers; its other topics say nothing."""
        row = mapping(read_json(body))
        numbers = dict.fromkeys(text(row.get(name)) for name in ("id", "wbn"))
        found = [number for number in numbers if number]
        if not found:
            raise CarrierError("The push holds no shipment of Ekart", kind="unreadable")
        return [_shipment(number, row, row.get("edd")) for number in found if row.get("status")]


def _shipment(number: str, track: Mapping[str, Any], edd: object) -> TrackingUpdate:
    before = [row for row in mappings(track.get("details")) if _key(row) != _key(track)]
    ordered = oldest_first(scans([_scan(row) for row in (*before, track)]))
    promised = read_epoch(edd)
    day = promised.astimezone(ZoneInfo(Ekart.home_zone)).date() if promised else None
    return TrackingUpdate(
        number,
        events=ordered,
        edd=DateWindow(day, day, Ekart.home_zone) if day else None,
        problem=None if ordered else "Ekart knows this shipment but sent no statuses yet",
    )


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return text(row.get("status")).lower(), text(row.get("ctime"))


def _scan(row: Mapping[str, Any]) -> CarrierEvent:
    status, why = text(row.get("status")), text(row.get("ndrStatus"))
    meaning = _STATUSES.get(status.lower(), UNKNOWN)
    is_failed = status.lower() == _UNDELIVERED
    if is_failed:
        meaning = _REASONS.get(why.lower(), meaning)
    place, stamp = Place(city=text(row.get("location")), country="IN"), text(row.get("ctime"))
    at, source = placed(read_epoch(stamp), place)
    return CarrierEvent(
        code=f"{status}/{why}" if is_failed and why else status,
        sub_status=meaning,
        description=text(row.get("desc")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
        attempt=(whole(row.get("attempts")) or None) if is_failed else None,
    )
