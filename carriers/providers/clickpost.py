"""ClickPost, a hub of Indian, Gulf and South-East Asian carriers.

https://docs.clickpost.in: 28 status codes and twelve reasons of failed deliveries (NDR),
all placed below. A waybill is asked for with its courier's id (`cp_id`), after it was
registered once. The API's times are India's and naive; a push appends a Z to the same
Indian clock, which is not believed. An NDR reason belongs to the last failed delivery.
A push about a return order without a waybill is about no parcel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Registered,
    Secret,
    read_json,
)
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.signatures import is_one_of
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first, window
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "1": "info.label_created",
    "2": "info.pickup_scheduled",
    "3": "info.pickup_failed",
    "4": "picked_up.accepted",
    "5": "transit.generic",
    "6": "out.on_vehicle",
    "7": "exception.out_of_area",
    "8": "delivered.generic",
    "9": "attempt.generic",
    "10": "cancelled.by_shipper",
    "14": "returned.received",
    "15": "exception.other",
    "16": "lost.declared",
    "17": "exception.damaged",
    "18": "delay.generic",
    "19": "exception.other",
    "20": "exception.held",
    "25": "info.pickup_scheduled",
    "28": "info.label_created",
    # On the way back: requested, marked, out for delivery, in transit, in doubt, late
    **dict.fromkeys(("11", "12", "13", "21", "26", "27"), "returning.started"),
}

_FAILED: Final = "9"
_REASONS: Final = {
    "0": "attempt.generic",
    "1": "attempt.nobody_home",
    "2": "exception.refused",
    "3": "out.rescheduled",
    "4": "delay.carrier_operational",  # not attempted
    "5": "attempt.unreachable",
    "6": "exception.address",
    "7": "attempt.cod_not_paid",
    "8": "exception.out_of_area",
    "9": "exception.refused",  # cancelled by the customer
    "10": "pickup.ready",  # the customer collects it
    "11": "exception.other",  # seized by the customer
}


class ClickPost(Carrier):
    slug: ClassVar[str] = "clickpost"
    name: ClassVar[str] = "ClickPost"
    is_hub: ClassVar[bool] = True
    needs_courier: ClassVar[bool] = True
    countries: ClassVar[tuple[str, ...]] = ("IN", "AE", "SA", "ID")
    website: ClassVar[str] = "https://www.clickpost.ai"
    documentation: ClassVar[str] = "https://docs.clickpost.in"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = "Asia/Kolkata"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("api_key", "API key"),
        Secret("webhook_key", "Webhook key", optional=True),
    )
    base_url: ClassVar[str] = "https://www.clickpost.in"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        params = {
            "username": credentials["username"],
            "key": credentials["api_key"],
            "waybill": asks[0].number,
            "cp_id": asks[0].courier_code,
        }
        return HttpCall("GET", "/api/v2/track-order/", params=params)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill; one that is wrong or not registered is marked invalid."""
        result = _result(body)
        if not isinstance(result, dict):
            raise CarrierError("The answer holds no waybill of ClickPost", kind="unreadable")
        return [_waybill(number, mapping(row)) for number, row in result.items()]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One scan, and the latest one where that is another: pushes come in any order."""
        push = mapping(read_json(body))
        if "clickpost_status_code" not in push or "waybill" not in push:
            raise CarrierError("The push is not one of ClickPost's", kind="unreadable")
        about = mapping(push.get("additional"))
        reason = text(about.get("ndr_status_code"))
        rows = [push, *mappings(about.get("latest_status"))]
        events = scans([_scan(row, reason) for row in rows])
        number = text(push.get("waybill"))
        promised = read_day(about.get("courier_partner_edd"))
        update = TrackingUpdate(
            number,
            oldest_first(events),
            edd=window(promised, promised),
            courier_code=text(push.get("cp_id")),
        )
        return [update] if number and events else []

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """The key that the merchant chose comes along as `webhook_key`; nothing is signed."""
        key = credentials.get("webhook_key", "")
        return not key or is_one_of(headers.get("webhook_key", ""), [key])

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set once in ClickPost's own pages, not with each waybill."""
        code = asks[0].courier_code
        row = {
            "waybill": asks[0].number,
            "cp_id": int(code) if code.isdecimal() else code,
            "key": credentials["api_key"],
        }
        return HttpCall("POST", "/api/v2/tracking/awb-register/", json=row)

    def parse_registration(self, body: bytes) -> list[Registered]:
        """The answer does not repeat the waybill."""
        registration = text(mapping(_result(body)).get("tracking_id"))
        problem = "" if registration else "ClickPost gave no tracking id"
        return [Registered("", registration=registration, problem=problem)]


def _result(body: bytes) -> Any:
    """What an answer holds; CarrierError when it refuses the whole call."""
    reply = mapping(read_json(body))
    meta = mapping(reply.get("meta"))
    if "success" not in meta:
        raise CarrierError("The answer is not one of ClickPost's", kind="unreadable")
    if meta["success"] is True:
        return reply.get("result")
    status = text(meta.get("status"))
    said = f"ClickPost says: {text(meta.get('message')) or 'no reason given'} ({status})"
    if status in {"401", "403"}:
        raise CarrierError(said, kind="credentials", permanent=True)
    if status == "429":
        raise CarrierError(said, kind="rate_limited")
    if status.startswith("5"):
        raise CarrierError(said, kind="unavailable")
    raise CarrierError(said, kind="bad_request", permanent=True)


def _waybill(number: str, row: Mapping[str, Any]) -> TrackingUpdate:
    if row.get("valid") is False:
        problem = "ClickPost does not know this waybill, or it is not registered"
        return TrackingUpdate(text(number), problem=problem, not_found=True)
    about = mapping(row.get("additional"))
    reason = text(mapping(about.get("ndr")).get("ndr_bucket_code"))
    events = []
    for scan in mappings(row.get("scans")) or mappings(row.get("latest_status")):
        events.append(_scan(scan, reason))
        if text(scan.get("clickpost_status_code")) == _FAILED:
            reason = ""  # newest first: older failures had their own
    found = scans(events)
    promised = read_day(about.get("courier_partner_edd"))
    return TrackingUpdate(
        text(number),
        oldest_first(found[::-1]),
        edd=window(promised, promised),
        problem=None if found else "ClickPost knows this waybill but sent no scans yet",
    )


def _scan(row: Mapping[str, Any], reason: str) -> CarrierEvent:
    code = text(row.get("clickpost_status_code"))
    failed = code == _FAILED
    stamp = text(row.get("timestamp"))
    clock = read_iso(stamp)
    place = Place(city=text(row.get("location")))
    naive = clock.replace(tzinfo=None) if clock else None
    at, source = placed(naive, place, home=ClickPost.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=(_REASONS.get(reason) if failed else None) or _CODES.get(code, UNKNOWN),
        description=text(row.get("remark")) or text(row.get("status")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
