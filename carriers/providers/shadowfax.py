"""Shadowfax (India): tracking of many waybills, and its push.

https://sfxunifiedapi.docs.apiary.io (unified API for marketplaces: bulk tracking, "order states for
PUSH API"). The states are that table's; those of bags and of the way back that recorded answers add
are placed by their texts. `on_hold` and `nc` give the reason in words only and stay without one.
Times are instants in UTC. Codes of the return begin with rts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import decimal, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    Cash,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

_STATES: Final = {
    "new": "info.label_created",
    **dict.fromkeys(
        ("assigned_for_pickup", "assigned_for_seller_pickup", "ofp"), "info.pickup_scheduled"
    ),
    **dict.fromkeys(
        (
            "pickup_not_attempted",
            "pickup_on_hold",
            "seller_initiated_delay",
            "seller_not_contactable",
        ),
        "info.pickup_failed",
    ),
    "picked": "picked_up.accepted",
    **dict.fromkeys(
        ("recd_at_rev_hub", "received_at_pickup_hub", "bag_received", "bag_received_at_via"),
        "transit.arrived_facility",
    ),
    **dict.fromkeys(("received_at_via", "recd_at_fwd_dc"), "transit.arrived_facility"),
    **dict.fromkeys(
        ("item_manifested", "in_manifest", "in_transit", "bag_in_transit", "sent_to_fwd"),
        "transit.generic",
    ),
    **dict.fromkeys(("recd_at_fwd_hub", "assigned_for_delivery"), "transit.at_delivery_depot"),
    "item_misrouted": "delay.missorted",
    "ofd": "out.on_vehicle",
    "cid": "out.rescheduled",  # customer initiated delay
    "nc": "attempt.unreachable",  # customer not contactable
    "na": "delay.carrier_operational",  # not attempted
    "on_hold": "exception.held",
    "reopen_ndr": "transit.problem_resolved",
    "cancelled_by_customer": "exception.refused",
    "cancelled_by_seller": "cancelled.by_shipper",
    **dict.fromkeys(("delivered", "item_delivered_at"), "delivered.generic"),
    **dict.fromkeys(
        (
            *("rts", "rts_in_process", "rts_nd", "rts_ofd", "in_transit_return"),
            *("recd_at_dc_rts", "received_at_rts_hub"),
        ),
        "returning.started",
    ),
    "rts_d": "returned.received",
    "lost": "lost.declared",
}
_ZONE: Final = "Asia/Kolkata"


class Shadowfax(Carrier):
    slug: ClassVar[str] = "shadowfax"
    name: ClassVar[str] = "Shadowfax"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://tracker.shadowfax.in"
    documentation: ClassVar[str] = "https://sfxunifiedapi.docs.apiary.io"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 20
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_token", "API token"),
        Secret(
            "push_token", "What it sends in the Authorization header of its push", optional=True
        ),
    )
    base_url: ClassVar[str] = "https://dale.shadowfax.in"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/api/v4/clients/bulk_track/",
            headers={
                "Authorization": f"Token {credentials['api_token']}",
                "Accept": "application/json",
            },
            json={"awb_numbers": [ask.number for ask in asks]},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill; what it does not know is left out of its answer."""
        reply = mapping(read_json(body))
        rows = [row for row in mappings(reply.get("data")) if text(row.get("awb_number"))]
        if rows:
            return [_waybill(row) for row in rows]
        said = text(reply.get("message")) or text(reply.get("detail"))
        if said.lower() == "success" or reply.get("data") == []:
            return []
        if said:
            raise CarrierError(f"Shadowfax says: {said}", kind="unavailable")
        raise CarrierError("The answer holds no order of Shadowfax", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One state of one waybill."""
        row = mapping(read_json(body))
        number, state = text(row.get("awb_number")), text(row.get("event"))
        if not number or not state:
            raise CarrierError("The push holds no state of Shadowfax", kind="unreadable")
        told = {
            "status_id": state,
            "remarks": row.get("comments"),
            "location": row.get("current_location") or row.get("location"),
            "created": row.get("event_timestamp"),
        }
        return [TrackingUpdate(number, events=(_scan(told),))]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        agreed = credentials.get("push_token", "")
        return not agreed or same(headers.get("authorization", ""), agreed)


def _waybill(row: Mapping[str, Any]) -> TrackingUpdate:
    ordered = oldest_first(scans([_scan(one) for one in mappings(row.get("tracking_details"))]))
    to, amount = mapping(row.get("delivery_details")), decimal(row.get("cod_amount"))
    start = mapping(row.get("pickup_details"))
    promised = text(row.get("promised_delivery_date"))
    found = read_iso(promised) or read_as(promised, "%Y-%m-%d")
    signed = text(row.get("received_by"))
    delivered = any(event.status is Status.DELIVERED for event in ordered)
    return TrackingUpdate(
        tracking_number=text(row.get("awb_number")),
        events=ordered,
        edd=DateWindow(found.date(), found.date(), _ZONE) if found else None,
        problem=None if ordered else "Shadowfax knows this waybill but sent no states yet",
        origin=_place(start),
        destination=_place(to),
        proof=Proof(signed_by=signed) if signed and delivered else None,
        cash=Cash(amount, "INR") if amount else None,
    )


def _scan(one: Mapping[str, Any]) -> CarrierEvent:
    code, place = text(one.get("status_id")), Place(city=text(one.get("location")), country="IN")
    stamp = text(one.get("created"))
    found = read_iso(stamp) or read_as(stamp, "%d-%m-%Y %H:%M:%S")
    at, source = placed(found, place, home=_ZONE)
    return CarrierEvent(
        code=code,
        sub_status=_STATES.get(code.lower(), UNKNOWN),
        description=text(one.get("remarks")) or text(one.get("status")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(end: Mapping[str, Any]) -> Place:
    return Place(text(end.get("city")), text(end.get("state")), text(end.get("pincode")), "IN")
