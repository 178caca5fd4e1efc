"""Shiprocket (India): a hub that ships with many carriers; bulk tracking and its webhook.

https://apidocs.shiprocket.in: external API, `courier/track/awbs`; the numbers of `sr-status` are
its list of shipment statuses, all placed. What it has no number for ("NA") stays unknown: the code
beside it is the carrier's own. Naive times are India's; its own example has two scans out of
order. The webhook carries a token of our choosing in `x-api-key`; its address may hold neither
"shiprocket" nor "kartrocket", "sr" or "kr", so that another word stands for it there.
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
    Secret,
    Token,
    read_json,
)
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import https, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

_STATUSES: Final = {
    # The label and the pick-up: AWB assigned, label, manifest, packing in its warehouse
    **dict.fromkeys(
        ("1", "2", "5", "26", "52", "59", "60", "61", "62", "63", "67", "68"), "info.label_created"
    ),
    **dict.fromkeys(("3", "4", "15", "19", "27"), "info.pickup_scheduled"),
    **dict.fromkeys(("13", "20", "47", "71", "72"), "info.pickup_failed"),
    **dict.fromkeys(("6", "42", "51"), "picked_up.accepted"),
    # On the way
    **dict.fromkeys(("18", "50", "54", "55"), "transit.generic"),
    **dict.fromkeys(("48", "56"), "transit.arrived_facility"),
    "38": "transit.at_delivery_depot",
    **dict.fromkeys(("49", "57"), "customs.cleared"),
    "22": "delay.generic",
    "39": "delay.missorted",
    # The door
    "17": "out.on_vehicle",
    "21": "attempt.generic",
    "77": "attempt.generic",
    "11": "exception.held",  # pending
    "25": "exception.damaged",
    "76": "exception.under_investigation",
    **dict.fromkeys(("7", "43"), "delivered.generic"),
    "23": "exception.other",  # partly delivered
    # Ends, and the way back
    **dict.fromkeys(("8", "16", "45"), "cancelled.by_shipper"),
    **dict.fromkeys(("9", "14", "40", "41", "46", "75", "78"), "returning.started"),
    "10": "returned.received",
    "12": "lost.declared",
    **dict.fromkeys(("24", "44"), "lost.destroyed"),
}
_ZONE: Final = "Asia/Kolkata"
_TOKEN_SECONDS: Final = 9 * 86_400.0  # it lives ten days


class Shiprocket(Carrier):
    slug: ClassVar[str] = "shiprocket"
    name: ClassVar[str] = "Shiprocket"
    is_hub: ClassVar[bool] = True
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://www.shiprocket.in/shipment-tracking/"
    documentation: ClassVar[str] = "https://apidocs.shiprocket.in"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    push_slug: ClassVar[str] = "courier_s"
    batch_size: ClassVar[int] = 50
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("email", "E-mail of the API user", secret=False),
        Secret("password", "Password of the API user"),
        Secret("push_token", "Token of the webhook (sent as x-api-key)", optional=True),
    )
    base_url: ClassVar[str] = "https://apiv2.shiprocket.in"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/v1/external/courier/track/awbs",
            headers=_headers(token),
            json={"awbs": [ask.number for ask in asks]},
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        return HttpCall(
            "POST",
            "/v1/external/auth/login",
            json={"email": credentials["email"], "password": credentials["password"]},
        )

    def parse_token(self, body: bytes) -> Token:
        value = text(mapping(read_json(body)).get("token"))
        if not value:
            raise CarrierError("The token answer has no token", kind="unreadable")
        return Token(value, _TOKEN_SECONDS)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill: a map of answers by waybill, or one answer by itself."""
        reply = mapping(read_json(body))
        alone = mapping(reply.get("tracking_data"))
        if alone:
            return [_tracked("", alone)]
        found = [
            _tracked(number, mapping(mapping(answer).get("tracking_data")))
            for number, answer in reply.items()
            if mapping(mapping(answer).get("tracking_data"))
        ]
        if found:
            return found
        said = text(reply.get("message"))
        if said:
            raise CarrierError(f"Shiprocket says: {said}", kind="unavailable")
        raise CarrierError("The answer holds no tracking of Shiprocket", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One waybill with all its scans; without any, its current status is one."""
        row = mapping(read_json(body))
        number = text(row.get("awb"))
        if not number:
            raise CarrierError("The push holds no waybill of Shiprocket", kind="unreadable")
        events = [_scan(one) for one in mappings(row.get("scans"))]
        current = {
            "sr-status": row.get("current_status_id"),
            "activity": row.get("current_status"),
            "date": row.get("current_timestamp"),
        }
        if not events and (text(current["sr-status"]) or text(current["activity"])):
            events = [_scan(current)]
        ordered = oldest_first(scans(events)[::-1])
        return [
            TrackingUpdate(
                number,
                events=ordered,
                problem=None if ordered else "Shiprocket's push says nothing of this waybill",
                edd=_promised(row.get("etd")),
                courier_code=text(row.get("courier_name")),
            )
        ]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        agreed = credentials.get("push_token", "")
        return not agreed or same(headers.get("x-api-key", ""), agreed)

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        return HttpCall(
            "GET",
            "/v1/external/courier/courierListWithCounts",
            params={"type": "active"},
            headers=_headers(token),
        )

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        rows = mappings(mapping(read_json(body)).get("courier_data"))
        found = [text(row.get("name")) for row in rows]
        if not any(found):
            raise CarrierError("The answer holds no couriers of Shiprocket", kind="unreadable")
        # Answers and pushes name a carrier by its name alone.
        return [HubCourier(name, name, ("IN",)) for name in dict.fromkeys(found) if name]


def _headers(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token or ''}", "Accept": "application/json"}


def _tracked(number: str, data: Mapping[str, Any]) -> TrackingUpdate:
    head = next(iter(mappings(data.get("shipment_track"))), {})
    number = number or text(head.get("awb_code"))
    events = [_scan(one) for one in mappings(data.get("shipment_track_activities"))]
    ordered = oldest_first(scans(events)[::-1])
    problem = text(data.get("error")) or "Shiprocket knows this waybill but sent no scans yet"
    photo = https(head.get("pod_status"))
    delivered = any(event.status is Status.DELIVERED for event in ordered)
    return TrackingUpdate(
        tracking_number=number,
        events=ordered,
        edd=_promised(head.get("edd")) or _promised(data.get("etd")),
        problem=None if ordered else problem,
        not_found=not ordered and bool(text(data.get("error"))),
        origin=Place(city=text(head.get("origin"))),
        destination=Place(city=text(head.get("destination"))),
        proof=Proof(photo_url=photo) if photo and delivered else None,
        pieces=whole(head.get("packages")),
        courier_code=text(head.get("courier_name")),
    )


def _scan(one: Mapping[str, Any]) -> CarrierEvent:
    status, native = text(one.get("sr-status")), text(one.get("status"))
    parts = [part.strip() for part in text(one.get("location")).split(",") if part.strip()]
    place = Place(
        city=parts[-2] if len(parts) > 1 else "".join(parts),
        region=parts[-1] if len(parts) > 1 else "",
        country="IN",
        code=parts[0][:40] if len(parts) > 2 else "",
    )
    stamp = text(one.get("date"))
    found = read_iso(stamp) or read_as(stamp, "%d %m %Y %H:%M:%S")
    at, source = placed(found, place, home=_ZONE)
    return CarrierEvent(
        code="/".join(part for part in (status, native) if part),
        sub_status=_STATUSES.get(status, UNKNOWN),
        description=text(one.get("activity")) or text(one.get("sr-status-label")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _promised(said: object) -> DateWindow | None:
    stamp = text(said)
    found = read_iso(stamp) or read_as(stamp, "%Y-%m-%d", "%d-%m-%Y", "%d %m %Y %H:%M:%S")
    return DateWindow(found.date(), found.date(), _ZONE) if found else None
