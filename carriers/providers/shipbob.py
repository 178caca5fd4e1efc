"""ShipBob, a fulfilment partner: what happens to a parcel in its warehouse and after.

https://developer.shipbob.com (API 2026-01). The number is ShipBob's shipment id. Its
timeline is asked for (log types; ShipBob lists them nowhere: these are the ones that its
users' public code names), its webhooks bring the whole shipment with the carrier and the
carrier's number, which is the next leg. "Completed" is packed and labelled, not delivered.
The steps in the warehouse before packing are no news of a parcel yet. Webhooks are signed
by https://www.standardwebhooks.com.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import alpha2
from carriers.scan_times import placed, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.signatures import is_standard_webhook
from carriers.updates import CarrierEvent, NextLeg, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_LOG_TYPES: Final = {
    # In the warehouse: moved to pending, placed, option mapped, dimensions, promise, address,
    # created, picked, allocated
    **dict.fromkeys(
        ("13", "19", "21", "78", "98", "132", "601", "602", "613"), "pending.not_registered"
    ),
    # Packed and labelled: tracking uploaded, label made, label checked, packed …, shipped
    **dict.fromkeys(("20", "35", "70", "603", "604", "605", "612"), "info.label_created"),
    "106": "info.pickup_scheduled",
    "107": "picked_up.accepted",
    "135": "transit.generic",
    "607": "transit.generic",
    "608": "out.on_vehicle",
    "609": "delivered.generic",
    "611": "attempt.generic",
}

#: The state of a shipment, and the details that refine it once a carrier has it.
_STATUSES: Final = {
    "None": "pending.not_registered",
    "Pending": "pending.not_registered",
    "Processing": "pending.not_registered",
    "ImportReview": "pending.not_registered",
    "PickInProgress": "pending.not_registered",
    "Picked": "pending.not_registered",
    "Packed": "info.label_created",
    "LabeledCreated": "info.label_created",
    "Completed": "info.label_created",
    "AwaitingCarrierScan": "info.pickup_scheduled",
    "InTransit": "transit.generic",
    "OutForDelivery": "out.on_vehicle",
    "Delivered": "delivered.generic",
    "DeliveryException": "exception.other",
    "DeliveryAttemptFailed": "attempt.generic",
    "OnHold": "exception.held",
    "Exception": "exception.held",
    "Cancelled": "cancelled.by_shipper",
}


class ShipBob(Carrier):
    slug: ClassVar[str] = "shipbob"
    name: ClassVar[str] = "ShipBob"
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "AU", "IE", "NL", "PL")
    website: ClassVar[str] = "https://www.shipbob.com"
    documentation: ClassVar[str] = "https://developer.shipbob.com"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, per_hour=9000, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_token", "Personal access token"),
        Secret("webhook_secret", "Webhook secret (whsec_…)", optional=True),
    )
    base_url: ClassVar[str] = "https://api.shipbob.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        number = quote(asks[0].number, safe="")
        headers = {
            "Authorization": f"Bearer {credentials['api_token']}",
            "Accept": "application/json",
        }
        return HttpCall("GET", f"/2026-01/shipment/{number}/timeline", headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """A timeline, which does not repeat the shipment's id, or a shipment."""
        reply = read_json(body)
        if isinstance(reply, list):
            rows = [row for row in mappings(reply) if text(row.get("log_type_id"))]
            if rows or not reply:
                return [_timeline(rows)]
        row = mapping(reply)
        if text(row.get("id")) and "status" in row:
            return [_shipment(row)]
        if text(row.get("status")) == "404" or text(row.get("title")) == "Not Found":
            problem = "ShipBob does not know this shipment"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        raise CarrierError("The answer is not one of ShipBob's", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """A shipment, under its own id and under the carrier's number; other topics are none."""
        row = mapping(read_json(body))
        if not row:
            raise CarrierError("The push is not one of ShipBob's", kind="unreadable")
        if not text(row.get("id")) or "tracking" not in row or "status" not in row:
            return []
        update = _shipment(row)
        if update.next_leg is None:
            return [update]
        return [update, replace(update, tracking_number=update.next_leg.number, next_leg=None)]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        secret = credentials.get("webhook_secret", "")
        return not secret or is_standard_webhook(body, headers, secret)


def _timeline(rows: Sequence[Mapping[str, Any]]) -> TrackingUpdate:
    events = scans([_log(row) for row in rows])
    return TrackingUpdate(
        tracking_number="",
        events=oldest_first(events),
        problem=None if events else "ShipBob has no news of this shipment yet",
        not_found=not events,
    )


def _log(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("log_type_id")), text(row.get("timestamp"))
    at, source = placed(read_iso(stamp), Place())
    return CarrierEvent(
        code=code,
        sub_status=_LOG_TYPES.get(code, UNKNOWN),
        description=text(row.get("log_type_text")) or text(row.get("log_type_name")),
        at=at,
        raw_time=stamp,
        zone_source=source,
    )


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    """Its present state as one event: dated when it is the delivery, whose day is given."""
    details = [text(one.get("name")) for one in mappings(row.get("status_details"))]
    status = text(row.get("status"))
    code = next((one for one in details if one in _STATUSES), status)
    stamp = text(row.get("delivery_date"))
    delivered = read_iso(stamp)
    if delivered is not None:
        code = "Delivered"
    at, source = placed(delivered, Place())
    tracking, end = mapping(row.get("tracking")), mapping(row.get("recipient"))
    carrier, number = text(tracking.get("carrier")), text(tracking.get("tracking_number"))
    address = mapping(end.get("address"))
    event = CarrierEvent(
        code=code,
        sub_status=_STATUSES.get(code, UNKNOWN),
        at=at,
        raw_time=stamp if delivered else "",
        zone_source=source,
    )
    return TrackingUpdate(
        tracking_number=text(row.get("id")),
        events=(event,) if code else (),
        problem=None if code else "ShipBob has no news of this shipment yet",
        service=text(tracking.get("carrier_service")) or text(row.get("ship_option")),
        destination=Place(
            city=text(address.get("city")),
            region=text(address.get("state")),
            postcode=text(address.get("zip_code")),
            country=alpha2(text(address.get("country"))),
        ),
        next_leg=NextLeg(carrier, number) if carrier and number else None,
        courier_code=carrier,
    )
