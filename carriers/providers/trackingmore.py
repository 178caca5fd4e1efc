"""TrackingMore API v4, a hub of more than 1,300 couriers.

https://www.trackingmore.com/docs/trackingmore: nine statuses and 30 sub-statuses, all
placed below. `pickup` means "out for delivery" and "ready for collection" alike: only its
sub-status tells, so that alone it stays unknown. A number is registered once, with its
courier (TrackingMore finds out in a call of its own only), up to 40 in a call. The
webhook's text says that its signature covers the body, in base64; its sample code signs
the `timestamp` header, in hexadecimal: either is taken. The latter proves the sender of
the time, not of the body, so that the secret address stays the first proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    HubCourier,
    Limits,
    Proven,
    Registered,
    Secret,
    read_json,
)
from carriers.scan_times import placed, read_as, read_day, read_iso
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.signatures import digest, in_base64, is_one_of
from carriers.updates import (
    CarrierEvent,
    NextLeg,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
    window,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "notfound001": "info.label_created",  # about to be picked up, in the older list
    "notfound002": "pending.not_registered",
    "inforeceived001": "info.label_created",
    "transit001": "transit.generic",
    "transit002": "transit.arrived_facility",
    "transit003": "transit.at_delivery_depot",
    "transit004": "transit.arrived_destination_country",
    "transit005": "customs.cleared",
    "transit006": "transit.departed_facility",
    "transit007": "transit.departed_origin_country",
    "pickup001": "out.on_vehicle",
    "pickup002": "pickup.ready",
    "pickup003": "out.customer_contacted",
    "delivered001": "delivered.generic",
    "delivered002": "delivered.collected",
    "delivered003": "delivered.signed",
    "delivered004": "delivered.neighbour_reception_locker",
    "undelivered001": "exception.address",
    "undelivered002": "attempt.nobody_home",
    "undelivered003": "attempt.unreachable",
    "undelivered004": "attempt.generic",
    "exception004": "pickup.missed",
    "exception005": "exception.other",
    "exception006": "customs.prohibited",
    "exception007": "exception.damaged",  # damaged, lost or discarded: damage is revocable
    "exception008": "cancelled.by_shipper",
    "exception009": "exception.refused",
    "exception010": "returned.received",
    "exception011": "returning.started",
    "expired001": "expired.silent",
}

_STATUSES: Final = {
    "pending": "pending.not_registered",
    "notfound": "pending.not_registered",
    "inforeceived": "info.label_created",
    "transit": "transit.generic",
    "undelivered": "attempt.generic",
    "delivered": "delivered.generic",
    "exception": "exception.other",
    "expired": "expired.silent",
}

_WAITING: Final = frozenset({"", "pending", "notfound", "inforeceived"})
_EXISTS: Final = 4101
_NOT_FOUND: Final = frozenset({404, 4102})
_CREDENTIALS: Final = frozenset({401, 403, 4001, 4002})
_USED_UP: Final = frozenset({429, 4190})


class TrackingMore(Carrier):
    slug: ClassVar[str] = "trackingmore"
    name: ClassVar[str] = "TrackingMore"
    is_hub: ClassVar[bool] = True
    needs_courier: ClassVar[bool] = True
    website: ClassVar[str] = "https://www.trackingmore.com"
    documentation: ClassVar[str] = "https://www.trackingmore.com/docs/trackingmore"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    registration_batch: ClassVar[int] = 40
    batch_size: ClassVar[int] = 40
    limits: ClassVar[Limits] = Limits(per_second=3, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key"),
        Secret("webhook_secret", "Webhook secret", optional=True),
    )
    base_url: ClassVar[str] = "https://api.trackingmore.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """By number alone: one call can ask about parcels of several couriers."""
        params = {"tracking_numbers": ",".join(ask.number for ask in asks)}
        return HttpCall("GET", "/v4/trackings/get", params=params, headers=_key(credentials))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a tracking; a number that is not registered is left out of a list."""
        reply = mapping(read_json(body))
        code, said = _code(reply)
        rows = [row for row in mappings(reply.get("data")) if text(row.get("tracking_number"))]
        if code in _NOT_FOUND or (code == 200 and reply.get("data") == []):
            problem = "TrackingMore follows no such parcel"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        if rows:
            return [_tracking(row) for row in rows]
        if not 200 <= code < 300:
            raise CarrierError(said, kind="bad_request", permanent=True)
        raise CarrierError("The answer holds no tracking of TrackingMore", kind="unreadable")

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        secret = credentials.get("webhook_secret", "")
        timestamp = headers.get("timestamp", "")
        marks = [digest(secret, body), digest(secret, timestamp)]
        expected = [form for mark in marks for form in (in_base64(mark), mark.hex())]
        return not secret or is_one_of(headers.get("signature", ""), expected)

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set in TrackingMore's own pages, not with each number."""
        rows = [_wanted(ask) for ask in asks]
        return HttpCall("POST", "/v4/trackings/batch", headers=_key(credentials), json=rows)

    def parse_registration(self, body: bytes) -> list[Registered]:
        """One that exists counts as registered; each number is answered by itself."""
        reply = mapping(read_json(body))
        code, said = _code(reply)
        data = mapping(reply.get("data"))
        if not data.keys() & {"success", "error"}:
            if 200 <= code < 300:
                raise CarrierError("The answer registers nothing", kind="unreadable")
            raise CarrierError(said, kind="bad_request", permanent=True)
        found = [
            Registered(
                text(row.get("tracking_number")),
                registration=text(row.get("id")),
                courier_code=text(row.get("courier_code")),
            )
            for row in mappings(data.get("success"))
        ]
        return found + [_refused(row) for row in mappings(data.get("error"))]

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        return HttpCall("GET", "/v4/couriers/all", headers=_key(credentials))

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        rows = mapping(read_json(body)).get("data")
        if not isinstance(rows, list):
            raise CarrierError("The answer lists no couriers of TrackingMore", kind="unreadable")
        return [
            HubCourier(
                code,
                text(row.get("courier_name")) or code,
                tuple(filter(None, (country(row.get("country_code") or row.get("country_iso2")),))),
            )
            for row in mappings(rows)
            if (code := text(row.get("courier_code")))
        ]


def _key(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"Tracking-Api-Key": credentials["api_key"], "Accept": "application/json"}


def _wanted(ask: Ask) -> dict[str, str]:
    extra = {
        "tracking_postal_code": ask.extra.get("postcode", ""),
        "tracking_destination_country": ask.extra.get("country", ""),
        "tracking_shipping_date": ask.extra.get("ship_date", ""),
        "tracking_courier_account": ask.extra.get("account", ""),
        "tracking_key": ask.extra.get("phone", "")[-4:],
    }
    known = {name: value for name, value in extra.items() if value}
    return {"tracking_number": ask.number, "courier_code": ask.courier_code, **known}


def _refused(row: Mapping[str, Any]) -> Registered:
    code = whole(row.get("errorCode") or row.get("code"))
    words = text(row.get("errorMessage") or row.get("message")) or "no reason given"
    problem = "" if code == _EXISTS else f"TrackingMore says: {words} ({code})"
    return Registered(
        text(row.get("tracking_number")),
        courier_code=text(row.get("courier_code")),
        problem=problem,
    )


def _code(reply: Mapping[str, Any]) -> tuple[int, str]:
    """The answer's own code and words; CarrierError when it refuses the whole call."""
    meta = mapping(reply.get("meta")) or reply
    code = whole(meta.get("code"))
    if code is None:
        raise CarrierError("The answer is not one of TrackingMore's", kind="unreadable")
    said = f"TrackingMore says: {text(meta.get('message')) or 'no reason given'} ({code})"
    if code in _CREDENTIALS:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code in _USED_UP:
        raise CarrierError(said, kind="rate_limited")
    if 500 <= code < 600:
        raise CarrierError(said, kind="unavailable")
    return code, said


def _tracking(row: Mapping[str, Any]) -> TrackingUpdate:
    legs = [mapping(row.get("origin_info")), mapping(row.get("destination_info"))]
    rows = [scan for leg in legs for scan in mappings(leg.get("trackinfo"))]
    events = scans([_event(scan) for scan in rows])
    status = text(row.get("delivery_status") or row.get("status")).lower()
    if not events and status not in _WAITING:
        latest = {"checkpoint_delivery_status": status, "substatus": row.get("substatus")}
        events = [_event({**latest, "tracking_detail": row.get("latest_event")})]
    destination = Place(
        city=text(row.get("destination_city")),
        region=text(row.get("destination_state")),
        country=country(row.get("destination_country")),
    )
    signed = text(row.get("signed_by"))
    promised = read_day(row.get("scheduled_delivery_date"))
    return TrackingUpdate(
        tracking_number=text(row.get("tracking_number")),
        events=oldest_first(events[::-1]),
        edd=window(promised, promised, zone_name(destination)),
        problem=None if events else f"TrackingMore has no scans of this parcel yet ({status})",
        not_found=not events and status in {"", "pending", "notfound"},
        service=text(row.get("service_code")),
        origin=Place(
            city=text(row.get("origin_city")),
            region=text(row.get("origin_state")),
            country=country(row.get("origin_country")),
        ),
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
        pieces=whole(row.get("pieces")) or None,
        next_leg=_next_leg(legs[1], text(row.get("tracking_number"))),
        courier_code=text(row.get("courier_code")),
    )


def _next_leg(destination: Mapping[str, Any], number: str) -> NextLeg | None:
    """The destination's courier, where it has a number of its own."""
    carrier, other = (
        text(destination.get("courier_code")),
        text(destination.get("reference_number")),
    )
    return NextLeg(carrier, other) if carrier and other and other != number else None


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    status = text(row.get("checkpoint_delivery_status") or row.get("checkpoint_status"))
    code = text(row.get("checkpoint_delivery_substatus") or row.get("substatus"))
    place = Place(
        city=text(row.get("city")) or text(row.get("location")),
        region=text(row.get("state")),
        postcode=text(row.get("zip")),
        country=country(row.get("country_iso2")),
    )
    stamp = text(row.get("checkpoint_date"))
    at, source = placed(read_iso(stamp) or read_as(stamp, "%Y-%m-%d %H:%M"), place)
    return CarrierEvent(
        code="/".join(filter(None, (status, code))),
        sub_status=_CODES.get(code.lower().replace("_", ""))
        or _STATUSES.get(status.lower(), UNKNOWN),
        description=text(row.get("tracking_detail") or row.get("details")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
