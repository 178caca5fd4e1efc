"""17TRACK Tracking API v2.4, a hub of some 3,000 carriers.

https://api.17track.net/en/doc?version=v2.4: nine main statuses and 30 sub-statuses, all
placed below. A number is registered once (one credit), then asked for free or pushed. One
answer can hold several carriers' scans of one parcel ("providers"). The numbers of one
call are accepted or rejected one by one. A zone that no carrier named is 17TRACK's guess
from the scan's place, and is marked so. The list of carriers is a public file.
"""

from __future__ import annotations

import hashlib
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
from carriers.scan_times import placed, read_day, read_iso, read_offset
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.signatures import is_one_of
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    Place,
    TrackingUpdate,
    ZoneSource,
    oldest_first,
    window,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "NotFound_Other": "pending.not_registered",
    "NotFound_InvalidCode": "pending.bad_number",
    "InfoReceived": "info.label_created",
    "InTransit_PickedUp": "picked_up.accepted",
    "InTransit_Other": "transit.generic",
    "InTransit_Departure": "transit.departed_origin_country",
    "InTransit_Arrival": "transit.arrived_destination_country",
    "InTransit_CustomsProcessing": "customs.started",
    "InTransit_CustomsReleased": "customs.cleared",
    "InTransit_CustomsRequiringInformation": "customs.information_required",
    "Expired_Other": "expired.silent",
    "AvailableForPickup_Other": "pickup.ready",
    "OutForDelivery_Other": "out.on_vehicle",
    "DeliveryFailure_Other": "attempt.generic",
    "DeliveryFailure_NoBody": "attempt.nobody_home",
    "DeliveryFailure_Security": "attempt.id_or_otp_failed",  # security, clearance or fees
    "DeliveryFailure_Rejected": "exception.refused",
    "DeliveryFailure_InvalidAddress": "exception.address",
    "Delivered_Other": "delivered.generic",
    "Exception_Other": "exception.other",
    "Exception_Returning": "returning.started",
    "Exception_Returned": "returned.received",
    "Exception_NoBody": "pickup.missed",  # nobody found, or not claimed within the time
    "Exception_Security": "exception.held",  # security, customs or fees
    "Exception_Damage": "exception.damaged",
    "Exception_Rejected": "exception.refused",
    "Exception_Delayed": "delay.generic",
    "Exception_Lost": "lost.declared",
    "Exception_Destroyed": "lost.destroyed",
    "Exception_Cancel": "cancelled.by_shipper",
    # The main statuses, should one come without its sub-status
    "NotFound": "pending.not_registered",
    "InTransit": "transit.generic",
    "Expired": "expired.silent",
    "AvailableForPickup": "pickup.ready",
    "OutForDelivery": "out.on_vehicle",
    "DeliveryFailure": "attempt.generic",
    "Delivered": "delivered.generic",
    "Exception": "exception.other",
}

_ALREADY_REGISTERED: Final = -18019901
#: Not registered with 17TRACK; no tracking information yet.
_NOT_FOUND: Final = frozenset({-18019902, -18019909})
#: Address not allowed, bad key, account disabled, not authorised.
_CREDENTIALS: Final = frozenset({-18010001, -18010002, -18010004, -18010005})
#: Limit of the day, quota used up.
_USED_UP: Final = frozenset({-18019907, -18019908})
_FAILED: Final = -18010003

#: Our names of extra fields → 17TRACK's, for carriers that want them.
_EXTRA: Final = {
    "postcode": "destination_postal_code",
    "country": "destination_country",
    "ship_date": "ship_date",
}


class SeventeenTrack(Carrier):
    slug: ClassVar[str] = "17track"
    name: ClassVar[str] = "17TRACK"
    is_hub: ClassVar[bool] = True
    website: ClassVar[str] = "https://www.17track.net"
    documentation: ClassVar[str] = "https://api.17track.net/en/doc?version=v2.4"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    registration_batch: ClassVar[int] = 40
    batch_size: ClassVar[int] = 40
    limits: ClassVar[Limits] = Limits(per_second=3, concurrent=3)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key (17token)"),)
    base_url: ClassVar[str] = "https://api.17track.net"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        rows = [_named(ask) for ask in asks]
        return HttpCall("POST", "/track/v2.4/gettrackinfo", headers=_key(credentials), json=rows)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number, accepted or rejected."""
        data = _data(body)
        found = [_parcel(row) for row in mappings(data.get("accepted"))]
        return found + [_rejected(row) for row in mappings(data.get("rejected"))]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """TRACKING_UPDATED with a parcel, or TRACKING_STOPPED with its number alone."""
        push = mapping(read_json(body))
        row = mapping(push.get("data"))
        if not text(push.get("event")) or not text(row.get("number")):
            raise CarrierError("The push is not one of 17TRACK's", kind="unreadable")
        if push["event"] == "TRACKING_STOPPED" and not mapping(row.get("track_info")):
            problem = "17TRACK has stopped following this parcel"
            return [_bare(row, problem)]
        return [_parcel(row)]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """`sign` is the SHA-256 of the raw body, a slash and the API key."""
        signed = body + b"/" + credentials["api_key"].encode()
        return is_one_of(headers.get("sign", "").lower(), [hashlib.sha256(signed).hexdigest()])

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set once in 17TRACK's own pages, not with each number."""
        rows = [{**_named(ask), **_extras(ask.extra)} for ask in asks]
        return HttpCall("POST", "/track/v2.4/register", headers=_key(credentials), json=rows)

    def parse_registration(self, body: bytes) -> list[Registered]:
        data = _data(body)
        found = [
            Registered(text(row.get("number")), courier_code=_courier(row))
            for row in mappings(data.get("accepted"))
        ]
        for row in mappings(data.get("rejected")):
            code, said = _error(mapping(row.get("error")))
            problem = "" if code == _ALREADY_REGISTERED else said
            number = text(row.get("number"))
            found.append(Registered(number, courier_code=_courier(row), problem=problem))
        return found

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        return HttpCall(
            "GET", "/asset/carrier/info/apicarrier.all.json", host="https://res.17track.net"
        )

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        rows = mappings(read_json(body))
        found = [
            HubCourier(
                code,
                name,
                countries=tuple(filter(None, (country(row.get("_country_iso")),))),
            )
            for row in rows
            if (code := text(row.get("key")))
            and (name := text(row.get("_name")) or text(row.get("name")))
        ]
        if not found:
            raise CarrierError("The file lists no carriers of 17TRACK", kind="unreadable")
        return found


def _key(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"17token": credentials["api_key"]}


def _named(ask: Ask) -> dict[str, Any]:
    """The number, with the carrier's key where we know it (17TRACK finds out otherwise)."""
    known = {"carrier": int(ask.courier_code)} if ask.courier_code.isdecimal() else {}
    return {"number": ask.number, **known}


def _extras(extra: Mapping[str, str]) -> dict[str, str]:
    found = {theirs: extra[ours] for ours, theirs in _EXTRA.items() if extra.get(ours)}
    if phone := extra.get("phone", ""):
        found["phone_number_last_4"] = phone[-4:]
    return found


def _error(error: Mapping[str, Any]) -> tuple[int, str]:
    code = error.get("code")
    number = code if isinstance(code, int) and not isinstance(code, bool) else 0
    return number, f"17TRACK says: {text(error.get('message')) or 'no reason given'} ({number})"


def _data(body: bytes) -> Mapping[str, Any]:
    """The rows of an answer; CarrierError when the whole call is refused."""
    reply = mapping(read_json(body))
    data = mapping(reply.get("data"))
    errors = mappings(data.get("errors"))
    code, said = _error(errors[0] if errors else reply)
    if code in _CREDENTIALS:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code in _USED_UP:
        raise CarrierError(said, kind="rate_limited")
    if code == _FAILED:
        raise CarrierError(said, kind="unavailable")
    if code or errors:
        raise CarrierError(said, kind="bad_request", permanent=True)
    if not data.keys() & {"accepted", "rejected"}:
        raise CarrierError("The answer is not one of 17TRACK's", kind="unreadable")
    return data


def _courier(row: Mapping[str, Any]) -> str:
    """The carrier's key; 0 stands for none."""
    return text(row.get("carrier")).removeprefix("0")


def _bare(row: Mapping[str, Any], problem: str, *, not_found: bool = False) -> TrackingUpdate:
    number = text(row.get("number"))
    return TrackingUpdate(number, problem=problem, not_found=not_found, courier_code=_courier(row))


def _rejected(row: Mapping[str, Any]) -> TrackingUpdate:
    code, said = _error(mapping(row.get("error")))
    return _bare(row, said, not_found=code in _NOT_FOUND)


def _parcel(row: Mapping[str, Any]) -> TrackingUpdate:
    info = mapping(row.get("track_info"))
    providers = mappings(mapping(info.get("tracking")).get("providers"))
    events = [event for provider in providers for event in _provider_scans(provider)]
    latest = mapping(info.get("latest_status"))
    status = text(latest.get("status"))
    if not events and status and status not in {"NotFound", "InfoReceived"}:
        events = [_event({**latest, "sub_status": latest.get("sub_status") or status}, "")]
    ordered = oldest_first(scans(events)[::-1])
    if not ordered:
        said = text(latest.get("sub_status")) or status or "nothing"
        problem = f"17TRACK has no scans of this parcel yet ({said})"
        return _bare(row, problem, not_found=status in {"", "NotFound"})
    shipping = mapping(info.get("shipping_info"))
    misc = mapping(info.get("misc_info"))
    destination = _place(mapping(shipping.get("recipient_address")))
    return TrackingUpdate(
        tracking_number=text(row.get("number")),
        events=ordered,
        edd=_promised(info, destination),
        service=text(misc.get("service_type")),
        origin=_place(mapping(shipping.get("shipper_address"))),
        destination=destination,
        pieces=whole(misc.get("pieces")) or None,
        next_leg=_next_leg(misc, text(row.get("number"))),
        courier_code=_courier(row),
    )


def _next_leg(misc: Mapping[str, Any], number: str) -> NextLeg | None:
    local = text(misc.get("local_number"))
    carrier = text(misc.get("local_provider"))
    return NextLeg(carrier, local) if carrier and local and local != number else None


def _provider_scans(provider: Mapping[str, Any]) -> list[CarrierEvent]:
    language = text(provider.get("provider_lang")) or "en"
    return [_event(row, language) for row in mappings(provider.get("events"))]


def _event(row: Mapping[str, Any], language: str) -> CarrierEvent:
    code = text(row.get("sub_status"))
    translated = mapping(row.get("description_translation"))
    own = text(row.get("description")) or text(row.get("sub_status_descr"))
    english = text(translated.get("description")) if translated.get("lang") == "en" else ""
    place = _place(mapping(row.get("address")), text(row.get("location")))
    raw = mapping(row.get("time_raw"))
    stamp = " ".join(filter(None, (text(raw.get(key)) for key in ("date", "time", "timezone"))))
    at, source = placed(
        read_iso(text(row.get("time_iso")))
        or read_iso(text(row.get("time_utc")))
        or read_iso(f"{text(raw.get('date'))}T{text(raw.get('time'))}"),
        place,
        read_offset(text(raw.get("timezone"))),
    )
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=english or own,
        language="en" if english else language or "en",
        at=at,
        raw_time=stamp or text(row.get("time_iso")),
        zone_source=_zone_source(source, raw, place),
        place=place,
    )


def _zone_source(source: ZoneSource, raw: Mapping[str, Any], place: Place) -> ZoneSource:
    """17TRACK gives every time an offset; without one in `time_raw` it is its own inference."""
    if source != "carrier" or not raw or text(raw.get("timezone")):
        return source
    return "facility" if zone_name(place) else "assumed"


def _place(address: Mapping[str, Any], location: str = "") -> Place:
    return Place(
        city=text(address.get("city")) or location,
        region=text(address.get("state")),
        postcode=text(address.get("postal_code")),
        country=country(address.get("country")),
    )


def _promised(info: Mapping[str, Any], destination: Place) -> DateWindow | None:
    """The carrier's dates ("Official") or 17TRACK's own; both are local to the destination."""
    said = mapping(mapping(info.get("time_metrics")).get("estimated_delivery_date"))
    return window(read_day(said.get("from")), read_day(said.get("to")), zone_name(destination))
