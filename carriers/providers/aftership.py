"""AfterShip Tracking API (2025-07), a hub of more than 1,200 couriers.

https://www.aftership.com/docs/tracking: nine tags and 46 subtags, all placed below; the
older shapes (recorded answers of v4) and the present one are both read. A tracking is
created once, then pushed or asked for by AfterShip's id (a search by number alone sees
the trackings of the last 30 days only). Creating it again is refused with its id, which
counts as created. A checkpoint's time has the courier's offset, or none where AfterShip
does not know it.
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
    HubCourier,
    Limits,
    Proven,
    Registered,
    Secret,
    read_json,
)
from carriers.countries import alpha2
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import mapping, mappings, scans, text, whole
from carriers.signatures import digest, in_base64, is_one_of
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
    window,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    # Pending: new, no information, waiting for the courier's account or another field …
    **dict.fromkeys(
        ("Pending_001", "Pending_002", "Pending_003", "Pending_004", "Pending_005", "Pending_006"),
        "pending.not_registered",
    ),
    "InfoReceived_001": "info.label_created",
    "InTransit_001": "transit.generic",
    "InTransit_002": "picked_up.accepted",
    "InTransit_003": "transit.arrived_facility",
    "InTransit_004": "transit.arrived_destination_country",
    "InTransit_005": "customs.cleared",
    "InTransit_006": "customs.started",
    "InTransit_007": "transit.departed_facility",
    "InTransit_008": "transit.problem_resolved",
    "InTransit_009": "transit.forwarded_new_address",
    "OutForDelivery_001": "out.on_vehicle",
    "OutForDelivery_002": "pickup.ready",  # before AvailableForPickup was its own tag
    "OutForDelivery_003": "out.customer_contacted",
    "OutForDelivery_004": "out.appointment_scheduled",
    "AvailableForPickup_001": "pickup.ready",
    "AttemptFail_001": "attempt.generic",
    "AttemptFail_002": "attempt.nobody_home",
    "AttemptFail_003": "attempt.business_closed",
    "Delivered_001": "delivered.generic",
    "Delivered_002": "delivered.collected",
    "Delivered_003": "delivered.signed",
    "Delivered_004": "delivered.cod_collected",
    "Delivered_005": "delivered.neighbour_reception_locker",
    "Exception_001": "exception.other",
    "Exception_002": "exception.recipient_moved",
    "Exception_003": "exception.refused",
    "Exception_004": "customs.delay",
    "Exception_005": "delay.generic",
    "Exception_006": "attempt.cod_not_paid",  # held for a payment
    "Exception_007": "exception.address",
    "Exception_008": "pickup.missed",
    "Exception_009": "exception.rejected_by_carrier",
    "Exception_010": "returning.started",
    "Exception_011": "returned.received",
    "Exception_012": "exception.damaged",
    "Exception_013": "lost.declared",
    "Exception_016": "delay.carrier_operational",
    "Exception_017": "delay.weather",
    "Exception_018": "customs.information_required",
    "Expired_001": "expired.silent",
}

#: A tag is a field of its own: it holds where a subtag is missing or new.
_TAGS: Final = {
    "Pending": "pending.not_registered",
    "InfoReceived": "info.label_created",
    "InTransit": "transit.generic",
    "OutForDelivery": "out.on_vehicle",
    "AttemptFail": "attempt.generic",
    "Delivered": "delivered.generic",
    "AvailableForPickup": "pickup.ready",
    "Exception": "exception.other",
    "Expired": "expired.silent",
}

_EXISTS: Final = 4003
_NOT_FOUND: Final = frozenset({404, 4004})
#: Our names of extra fields → AfterShip's.
_EXTRA: Final = {
    "postcode": "destination_postal_code",
    "country": "destination_country_region",
    "ship_date": "tracking_ship_date",
    "phone": "tracking_key",
}


class AfterShip(Carrier):
    slug: ClassVar[str] = "aftership"
    name: ClassVar[str] = "AfterShip"
    is_hub: ClassVar[bool] = True
    website: ClassVar[str] = "https://www.aftership.com"
    documentation: ClassVar[str] = "https://www.aftership.com/docs/tracking"
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=6, concurrent=6)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key"),
        Secret("webhook_secret", "Webhook secret", optional=True),
    )
    base_url: ClassVar[str] = "https://api.aftership.com/tracking/2025-07"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        ask = asks[0]
        if ask.registration:
            path = f"/trackings/{quote(ask.registration, safe='')}"
            return HttpCall("GET", path, headers=_key(credentials))
        params = {"tracking_numbers": ask.number}
        if ask.courier_code:
            params["slug"] = ask.courier_code
        return HttpCall("GET", "/trackings", params=params, headers=_key(credentials))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a tracking: a single one, a list, or the answer to its creation."""
        reply = mapping(read_json(body))
        data = mapping(reply.get("data"))
        if "trackings" in data:
            found = [_tracking(row) for row in mappings(data["trackings"])]
            return found or [
                TrackingUpdate("", problem="AfterShip follows no such parcel", not_found=True)
            ]
        row = mapping(data.get("tracking")) or data
        if text(row.get("tracking_number")) and "tag" in row:
            return [_tracking(row)]
        code, said = _refusal(reply)
        if code in _NOT_FOUND:
            return [TrackingUpdate("", problem=said, not_found=True)]
        raise CarrierError(said, kind="bad_request", permanent=True)

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        row = mapping(mapping(read_json(body)).get("msg"))
        if not text(row.get("tracking_number")):
            raise CarrierError("The push is not one of AfterShip's", kind="unreadable")
        return [_tracking(row)]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """`aftership-hmac-sha256`, where the merchant gave us the secret of the webhook."""
        secret = credentials.get("webhook_secret", "")
        given = headers.get("aftership-hmac-sha256", "")
        return not secret or is_one_of(given, [in_base64(digest(secret, body))])

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set in AfterShip's own pages, at most ten an organisation."""
        ask = asks[0]
        row = {theirs: ask.extra[ours] for ours, theirs in _EXTRA.items() if ask.extra.get(ours)}
        if ask.courier_code:
            row["slug"] = ask.courier_code
        row["tracking_number"] = ask.number
        return HttpCall("POST", "/trackings", headers=_key(credentials), json=row)

    def parse_registration(self, body: bytes) -> list[Registered]:
        reply = mapping(read_json(body))
        data = mapping(reply.get("data"))
        row = mapping(data.get("tracking")) or data
        if not text(row.get("id")):
            return [Registered("", problem=_refusal(reply)[1])]
        code = mapping(reply.get("meta")).get("code")
        return [
            Registered(
                text(row.get("tracking_number")),
                registration=text(row.get("id")),
                courier_code=text(row.get("slug")),
                update=None if code == _EXISTS else _tracking(row),
            )
        ]

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        return HttpCall("GET", "/couriers", headers=_key(credentials))

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        rows = mapping(mapping(read_json(body)).get("data")).get("couriers")
        if rows is None:
            raise CarrierError("The answer lists no couriers of AfterShip", kind="unreadable")
        return [_listed(row) for row in mappings(rows) if text(row.get("slug"))]


def _key(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"as-api-key": credentials["api_key"], "Accept": "application/json"}


def _listed(row: Mapping[str, Any]) -> HubCourier:
    codes = row.get("service_from_country_iso3") or row.get("service_from_country_regions")
    served = [alpha2(text(code)) for code in codes] if isinstance(codes, list) else []
    return HubCourier(
        text(row.get("slug")), text(row.get("name")), tuple(code for code in served if code)
    )


def _refusal(reply: Mapping[str, Any]) -> tuple[int, str]:
    """The code and the words of a refused call; raises for those that are not about the parcel."""
    meta = mapping(reply.get("meta"))
    code = whole(meta.get("code"))
    if code is None or 200 <= code < 300:
        raise CarrierError("The answer is not one of AfterShip's", kind="unreadable")
    said = f"AfterShip says: {text(meta.get('message')) or 'no reason given'} ({code})"
    if code in {401, 403}:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code == 429:
        raise CarrierError(said, kind="rate_limited")
    if 500 <= code < 600:
        raise CarrierError(said, kind="unavailable")
    return code, said


def _tracking(row: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_checkpoint(point) for point in mappings(row.get("checkpoints"))])
    tag = text(row.get("tag"))
    waiting = tag in {"", "Pending", "InfoReceived"}
    if not events and not waiting:
        events = [_checkpoint({**row, "message": row.get("subtag_message")})]
    destination = _end(row, "destination")
    signed = text(row.get("signed_by"))
    pickup = text(row.get("pickup_location"))
    return TrackingUpdate(
        tracking_number=text(row.get("tracking_number")),
        events=oldest_first(events),
        edd=_promised(row, destination),
        problem=None if events else f"AfterShip has no scans of this parcel yet ({tag})",
        not_found=not events and tag in {"", "Pending"},
        service=text(row.get("shipment_type")),
        origin=_end(row, "origin"),
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
        pieces=whole(row.get("shipment_package_count")) or None,
        pickup_point=PickupPoint(address=pickup) if pickup else None,
        next_leg=_next_leg(row),
        courier_code=text(row.get("slug")),
    )


def _checkpoint(row: Mapping[str, Any]) -> CarrierEvent:
    tag, subtag = text(row.get("tag")), text(row.get("subtag"))
    code = row.get("country_region") or row.get("country_iso3")
    place = Place(
        city=text(row.get("city")),
        region=text(row.get("state")),
        postcode=text(row.get("postal_code") or row.get("zip")),
        country=alpha2(text(code)),
        code=text(row.get("location")),
    )
    stamp = text(row.get("checkpoint_time"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=subtag or tag,
        sub_status=_CODES.get(subtag) or _TAGS.get(tag, UNKNOWN),
        description=text(row.get("message")) or text(row.get("subtag_message")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(row: Mapping[str, Any], end: str) -> Place:
    code = row.get(f"{end}_country_region") or row.get(f"{end}_country_iso3")
    return Place(
        city=text(row.get(f"{end}_city")),
        region=text(row.get(f"{end}_state")),
        postcode=text(row.get(f"{end}_postal_code")),
        country=alpha2(text(code)),
    )


def _next_leg(row: Mapping[str, Any]) -> NextLeg | None:
    legs = [mapping(row.get("last_mile")), *mappings(row.get("next_couriers"))]
    for leg in legs:
        carrier, number = text(leg.get("slug")), text(leg.get("tracking_number"))
        if carrier and number and number != text(row.get("tracking_number")):
            return NextLeg(carrier, number)
    return None


def _promised(row: Mapping[str, Any], destination: Place) -> DateWindow | None:
    """The latest estimate, else the courier's own; the older shape has one expected day."""
    latest = mapping(row.get("latest_estimated_delivery"))
    own = mapping(row.get("courier_estimated_delivery_date"))
    single = [latest.get("datetime"), own.get("estimated_delivery_date")]
    starts = [latest.get("datetime_min"), own.get("estimated_delivery_date_min")]
    ends = [latest.get("datetime_max"), own.get("estimated_delivery_date_max")]
    old = row.get("expected_delivery")
    first = next(filter(None, map(read_day, (*starts, *single, old))), None)
    last = next(filter(None, map(read_day, (*ends, *single, old))), None)
    return window(first, last, zone_name(destination))
