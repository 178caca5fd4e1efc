"""Zoom2u (Australia): on-demand couriers; one status, who brings it, and a live map.

https://developer.zoom2u.com/api-reference/get-booking-status/. There is no history: an
answer is the booking's status now and when it changed (UTC; never, while nobody took it).
The webhook (https://developer.zoom2u.com/docs/webhooks/) sends the same fields in `data`
and the key that was left with it as `Authorization`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import https, mapping, text
from carriers.updates import CarrierEvent, Courier, Place, Proof, TrackingUpdate
from lib.signing import same
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    "unassigned": "info.label_created",
    "accepted": "info.pickup_scheduled",
    "on route to pickup": "info.pickup_scheduled",
    "picked up": "picked_up.accepted",
    "on route to dropoff": "out.on_vehicle",
    "tried to deliver": "attempt.generic",
    "on hold - with courier": "exception.held",
    "dropped off": "delivered.generic",
    "returning": "returning.started",
    "returned": "returned.received",
    "cancelled": "cancelled.by_shipper",
}


class Zoom2u(Carrier):
    slug: ClassVar[str] = "zoom2u"
    name: ClassVar[str] = "Zoom2u"
    countries: ClassVar[tuple[str, ...]] = ("AU",)
    website: ClassVar[str] = "https://www.zoom2u.com.au"
    documentation: ClassVar[str] = "https://developer.zoom2u.com/api-reference/get-booking-status/"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key"),
        Secret("webhook_key", "Key of the webhook", optional=True),
    )
    base_url: ClassVar[str] = "https://api.zoom2u.com"
    home_zone: ClassVar[str] = "Australia/Sydney"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/v1/delivery/status/{quote(asks[0].number, safe='')}",
            headers={"Authorization": f"Bearer {credentials['api_key']}"},
        )

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        key = credentials.get("webhook_key", "")
        sent = headers.get("authorization", "").removeprefix("Basic ")
        return not key or same(sent, key)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update with one event, the booking's status now."""
        reply = mapping(read_json(body))
        booking = mapping(reply.get("data")) or reply
        if text(booking.get("status")):
            return [_update(booking)]
        code, said = text(reply.get("error-code")), text(reply.get("message"))
        if code == "404":
            return [TrackingUpdate("", problem=f"Zoom2u says: {said or code}", not_found=True)]
        if code in {"401", "403"}:
            raise CarrierError(f"Zoom2u says: {said or code}", kind="credentials", permanent=True)
        if code:
            raise CarrierError(f"Zoom2u says: {said or code} ({code})", kind="bad_request")
        raise CarrierError("The answer holds no booking of Zoom2u", kind="unreadable")


def _update(booking: Mapping[str, Any]) -> TrackingUpdate:
    status, stamp = text(booking.get("status")), text(booking.get("statusChangeDateTime"))
    place = Place(country="AU")
    at, source = placed(read_iso(stamp), place)
    person = mapping(booking.get("courier"))
    courier = Courier(
        name=text(person.get("name")),
        phone=text(person.get("phone")),
        live_url=https(booking.get("tracking-link")),
    )
    picture = https(booking.get("proofOfDeliveryPhotoUrl")) or https(booking.get("signatureUrl"))
    return TrackingUpdate(
        text(booking.get("reference")),
        events=(
            CarrierEvent(
                code=status,
                sub_status=_STATUSES.get(status.casefold(), UNKNOWN),
                at=at,
                raw_time=stamp,
                zone_source=source,
                place=place,
            ),
        ),
        courier=courier if courier != Courier() else None,
        proof=Proof(photo_url=picture) if picture else None,
    )
