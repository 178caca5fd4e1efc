"""EasyPost trackers, a hub of some 100 carriers (most of them in North America).

https://docs.easypost.com/docs/trackers: ten statuses and 28 details, all placed below. A
tracker is made once and answers with everything that is known; making it again within
three months returns the same one. `arrived_at_destination` is EasyPost's detail of
*delivered*, not of a country. A detail refines its status and never makes it another.
Times carry an offset, but it is a plain Z where EasyPost does not know the place: that
is marked as assumed.
"""

from __future__ import annotations

import base64
import unicodedata
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
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.signatures import digest, is_one_of
from carriers.updates import (
    CarrierEvent,
    Place,
    Proof,
    TrackingUpdate,
    ZoneSource,
    oldest_first,
    window,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    "unknown": "pending.not_registered",
    "pre_transit": "info.label_created",
    "in_transit": "transit.generic",
    "out_for_delivery": "out.on_vehicle",
    "delivered": "delivered.generic",
    "available_for_pickup": "pickup.ready",
    "return_to_sender": "returning.started",
    "failure": "exception.other",
    "cancelled": "cancelled.by_shipper",
    "error": "exception.other",
}

#: Details that say what is wrong.
_TROUBLE: Final = {
    "address_correction": "exception.address",
    "awaiting_information": "customs.information_required",
    "damaged": "exception.damaged",
    "delayed": "delay.generic",
    "delivery_exception": "attempt.generic",
    "held": "exception.held",
    "lost": "lost.declared",
    "missorted": "delay.missorted",
    "refused": "exception.refused",
    "return": "returning.started",
    "transit_exception": "exception.other",
    "weather_delay": "delay.weather",
}
_MOVEMENT: Final = {
    "arrived_at_facility": "transit.arrived_facility",
    "departed_facility": "transit.departed_facility",
    "departed_origin_facility": "transit.departed_facility",
    "out_for_delivery": "out.on_vehicle",
    "received_at_destination_facility": "transit.at_delivery_depot",
    "received_at_origin_facility": "picked_up.accepted",
    "transferred_to_destination_carrier": "transit.handed_to_partner",
}

#: What a detail says beyond its status. The others of the 28 (`arrived_at_destination`,
#: `arrived_at_pickup_location`, `cancelled`, `expired`, `failure`, `in_transit`,
#: `label_created`, `status_update`, `unknown`) say no more than the status they come with.
_DETAILS: Final[Mapping[str, Mapping[str, str]]] = {
    "unknown": {"expired": "expired.silent"},
    "pre_transit": {"awaiting_information": "pending.awaiting_extra_field"},
    "in_transit": _TROUBLE | _MOVEMENT,
    "out_for_delivery": {
        detail: _TROUBLE[detail] for detail in ("delivery_exception", "delayed", "weather_delay")
    },
    "failure": _TROUBLE,
    "error": _TROUBLE,
}

_NOT_FOUND: Final = frozenset({"NOT_FOUND", "TRACKER.NOT_FOUND"})
_CREDENTIALS: Final = ("APIKEY.", "UNAUTHORIZED", "FORBIDDEN", "AUTHENTICATION")


class EasyPost(Carrier):
    slug: ClassVar[str] = "easypost"
    name: ClassVar[str] = "EasyPost"
    is_hub: ClassVar[bool] = True
    countries: ClassVar[tuple[str, ...]] = ("US", "CA")
    website: ClassVar[str] = "https://www.easypost.com"
    documentation: ClassVar[str] = "https://docs.easypost.com/docs/trackers"
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=5)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key"),
        Secret("webhook_secret", "Webhook secret", optional=True),
    )
    base_url: ClassVar[str] = "https://api.easypost.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404, 422})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        ask = asks[0]
        if ask.registration:
            path = f"/v2/trackers/{quote(ask.registration, safe='')}"
            return HttpCall("GET", path, headers=_basic(credentials))
        params = {"tracking_code": ask.number}
        if ask.courier_code:
            params["carrier"] = ask.courier_code
        return HttpCall("GET", "/v2/trackers", params=params, headers=_basic(credentials))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a tracker: a single one or a list of them."""
        reply = mapping(read_json(body))
        if "trackers" in reply:
            found = [_tracker(row) for row in mappings(reply["trackers"])]
            return found or [
                TrackingUpdate("", problem="EasyPost follows no such parcel", not_found=True)
            ]
        if text(reply.get("tracking_code")) and "status" in reply:
            return [_tracker(reply)]
        code, said = _refusal(reply)
        if code in _NOT_FOUND:
            return [TrackingUpdate("", problem=said, not_found=True)]
        raise CarrierError(said, kind="bad_request", permanent=True)

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """An Event with a tracker; events about anything else hold no parcel."""
        push = mapping(read_json(body))
        if push.get("object") != "Event":
            raise CarrierError("The push is not one of EasyPost's", kind="unreadable")
        result = mapping(push.get("result"))
        return [_tracker(result)] if text(result.get("tracking_code")) else []

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """`X-Hmac-Signature`: "hmac-sha256-hex=…", the secret in Unicode's form NFKD."""
        secret = unicodedata.normalize("NFKD", credentials.get("webhook_secret", ""))
        expected = f"hmac-sha256-hex={digest(secret, body).hex()}"
        return not secret or is_one_of(headers.get("x-hmac-signature", ""), [expected])

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set once in EasyPost's own pages, not with each tracker."""
        tracker = {"tracking_code": asks[0].number}
        if asks[0].courier_code:
            tracker["carrier"] = asks[0].courier_code
        headers = _basic(credentials)
        return HttpCall("POST", "/v2/trackers", headers=headers, json={"tracker": tracker})

    def parse_registration(self, body: bytes) -> list[Registered]:
        row = mapping(read_json(body))
        if not text(row.get("id")) or not text(row.get("tracking_code")):
            return [Registered("", problem=_refusal(row)[1])]
        number, courier = text(row.get("tracking_code")), text(row.get("carrier"))
        return [Registered(number, text(row.get("id")), courier, update=_tracker(row))]

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        return HttpCall("GET", "/v2/metadata/carriers", headers=_basic(credentials))

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        rows = mapping(read_json(body)).get("carriers")
        if rows is None:
            raise CarrierError("The answer lists no carriers of EasyPost", kind="unreadable")
        return [
            HubCourier(code, text(row.get("human_readable")) or code)
            for row in mappings(rows)
            if (code := text(row.get("name")))
        ]


def _basic(credentials: Mapping[str, str]) -> dict[str, str]:
    pair = f"{credentials['api_key']}:".encode()
    return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def _refusal(reply: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the words of a refused call; raises for those that are not about the parcel."""
    error = mapping(reply.get("error"))
    code = text(error.get("code")).upper()
    if not code:
        raise CarrierError("The answer is not one of EasyPost's", kind="unreadable")
    said = f"EasyPost says: {text(error.get('message')) or 'no reason given'} ({code})"
    if code.startswith(_CREDENTIALS):
        raise CarrierError(said, kind="credentials", permanent=True)
    if "RATE_LIMIT" in code:
        raise CarrierError(said, kind="rate_limited")
    if code in {"INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "GATEWAY_TIMEOUT"}:
        raise CarrierError(said, kind="unavailable")
    return code, said


def _tracker(row: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_detail(scan) for scan in mappings(row.get("tracking_details"))])
    status = text(row.get("status"))
    if not events and status not in {"", "unknown", "pre_transit"}:
        events = [_detail({**row, "message": "", "datetime": row.get("updated_at")})]
    about = mapping(row.get("carrier_detail"))
    destination = _place(about.get("destination_tracking_location"))
    signed = text(row.get("signed_by"))
    promised = read_day(about.get("est_delivery_date_local")) or read_day(
        row.get("est_delivery_date")
    )
    return TrackingUpdate(
        tracking_number=text(row.get("tracking_code")),
        events=oldest_first(events),
        edd=window(promised, promised, zone_name(destination)),
        problem=None if events else f"EasyPost has no scans of this parcel yet ({status})",
        not_found=not events and status in {"", "unknown"},
        service=text(about.get("service")),
        origin=_place(about.get("origin_tracking_location")),
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
        courier_code=text(row.get("carrier")),
    )


def _detail(row: Mapping[str, Any]) -> CarrierEvent:
    status, detail = text(row.get("status")), text(row.get("status_detail"))
    place = _place(row.get("tracking_location"))
    stamp = text(row.get("datetime"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code="/".join(filter(None, (status, detail, text(row.get("carrier_code"))))),
        sub_status=_meaning(status, detail),
        description=text(row.get("message")) or text(row.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=_zone_source(source, stamp, place),
        place=place,
    )


def _meaning(status: str, detail: str) -> str:
    return _DETAILS.get(status, {}).get(detail) or _STATUSES.get(status, UNKNOWN)


def _zone_source(source: ZoneSource, stamp: str, place: Place) -> ZoneSource:
    """Z without a place is what EasyPost writes for "zone not known"."""
    nowhere = not place.city and not place.postcode
    return "assumed" if nowhere and stamp.endswith("Z") else source


def _place(value: object) -> Place:
    where = mapping(value)
    return Place(
        city=text(where.get("city")),
        region=text(where.get("state")),
        postcode=text(where.get("zip")),
        country=country(where.get("country")),
    )
