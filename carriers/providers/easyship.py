"""Easyship, a hub for parcels whose labels were bought there.

https://developers.easyship.com (API 2024-09). Its vocabulary is words ("In Transit to
Customer"), listed under "shipment.tracking.status.changed"; all of them are placed below,
in both spellings Easyship uses. A shipment is asked for by its Easyship id ("ES…"), which
is its number here; the courier's own number is the next leg. It answers with one state a
leg and no time, so that such an event is undated; checkpoints come with the webhook, which
is read under both numbers. Its signature is a JSON Web Token that does not cover the body.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import alpha2
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.signatures import digest, is_one_of
from carriers.updates import CarrierEvent, NextLeg, Place, TrackingUpdate, oldest_first, window
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    "pending tracking event": "pending.not_registered",
    "tracking information received": "info.label_created",
    "uncancelled": "info.label_created",
    "shipped": "picked_up.accepted",
    "shipped (no tracking provided)": "picked_up.accepted",
    "in transit": "transit.generic",
    "in transit to customer": "transit.generic",
    "in transit to consolidation center": "transit.generic",
    "arrived at consolidation center": "transit.arrived_facility",
    "processing at consolidation center": "transit.arrived_facility",
    "delivery expected (end of updates)": "transit.generic",
    "no recent tracking updates": "expired.silent",
    "out for delivery": "out.on_vehicle",
    "failed delivery attempt": "attempt.generic",
    "delivered": "delivered.generic",
    "exception": "exception.other",
    "to be returned": "returning.started",
    "lost by courier": "lost.declared",
    "liquidated": "lost.destroyed",
    "cancelled": "cancelled.by_shipper",
    "cancelled, pending refund": "cancelled.by_shipper",
    "cancelled and refunded": "cancelled.by_shipper",
}

_CREDENTIALS: Final = frozenset({"unauthorized", "forbidden", "invalid_token"})
_TOO_FAST: Final = frozenset({"rate_limited", "too_many_requests"})


class Easyship(Carrier):
    slug: ClassVar[str] = "easyship"
    name: ClassVar[str] = "Easyship"
    is_hub: ClassVar[bool] = True
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "AU", "SG", "HK")
    website: ClassVar[str] = "https://www.trackmyshipment.co"
    documentation: ClassVar[str] = "https://developers.easyship.com"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_token", "API access token"),
        Secret("webhook_secret", "Webhook secret key", optional=True),
    )
    base_url: ClassVar[str] = "https://public-api.easyship.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404, 422})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        name = quote(asks[0].registration or asks[0].number, safe="")
        headers = {
            "Authorization": f"Bearer {credentials['api_token']}",
            "Accept": "application/json",
        }
        return HttpCall("GET", f"/2024-09/shipments/{name}", headers=headers)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """A shipment of Easyship's own, or a tracking made for one of elsewhere."""
        reply = mapping(read_json(body))
        if mapping(reply.get("shipment")):
            return [_shipment(mapping(reply["shipment"]))]
        if mapping(reply.get("tracking")):
            return [_tracking(mapping(reply["tracking"]))]
        return [_refused(mapping(reply.get("error")))]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """Its parcel is in `data`, in older subscriptions in `tracking_status` or `shipment`."""
        push = mapping(read_json(body))
        if not text(push.get("event_type")):
            raise CarrierError("The push is not one of Easyship's", kind="unreadable")
        shapes = ("data", "tracking_status", "shipment")
        row = next(filter(None, (mapping(push.get(name)) for name in shapes)), {})
        names = [text(row.get(name)) for name in ("easyship_shipment_id", "tracking_number")]
        update = _tracking(row)
        return [replace(update, tracking_number=name) for name in names if name]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """`X-EASYSHIP-SIGNATURE`: a token (HS256) signed with the webhook's secret key."""
        secret = credentials.get("webhook_secret", "")
        signed, _, given = headers.get("x-easyship-signature", "").rpartition(".")
        mark = base64.urlsafe_b64encode(digest(secret, signed)).decode().rstrip("=")
        return not secret or is_one_of(given, [mark])


def _refused(error: Mapping[str, Any]) -> TrackingUpdate:
    code = text(error.get("code"))
    if not code:
        raise CarrierError("The answer is not one of Easyship's", kind="unreadable")
    said = f"Easyship says: {text(error.get('message')) or 'no reason given'} ({code})"
    if code in {"not_found", "resource_not_found"}:
        return TrackingUpdate("", problem=said, not_found=True)
    if code in _CREDENTIALS:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code in _TOO_FAST:
        raise CarrierError(said, kind="rate_limited")
    if code == "internal_error":
        raise CarrierError(said, kind="unavailable")
    raise CarrierError(said, kind="bad_request", permanent=True)


def _meaning(status: str) -> str:
    return _STATUSES.get(status.replace("_", " ").casefold(), UNKNOWN)


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    legs = mappings(row.get("trackings"))
    states = [text(leg.get("tracking_state")) for leg in legs]
    events = scans([CarrierEvent(code=state, sub_status=_meaning(state)) for state in states])
    numbers = [text(leg.get("tracking_number")) for leg in legs]
    number = next(filter(None, numbers), "")
    courier = mapping(row.get("courier"))
    carrier = text(courier.get("umbrella_name")) or text(courier.get("name"))
    return TrackingUpdate(
        tracking_number=text(row.get("easyship_shipment_id")) or number,
        events=tuple(events),
        problem=None if events else "Easyship has no news of this parcel yet",
        service=text(courier.get("name")),
        origin=_address(row.get("origin_address")),
        destination=_address(row.get("destination_address")),
        pieces=len(mappings(row.get("parcels"))) or None,
        next_leg=NextLeg(carrier, number) if carrier and number else None,
        courier_code=carrier,
    )


def _tracking(row: Mapping[str, Any]) -> TrackingUpdate:
    found = mappings(row.get("checkpoints"))
    events = oldest_first(scans([_checkpoint(point) for point in found]))
    status = text(row.get("status"))
    if not events and status:
        events = (CarrierEvent(code=status, sub_status=_meaning(status)),)
    origin = row.get("origin_country_alpha2") or row.get("origin")
    end = row.get("destination_country_alpha2") or row.get("destination")
    destination = Place(country=country(end))
    promised = read_day(row.get("eta_date"))
    courier = text(mapping(row.get("courier")).get("umbrella_name"))
    return TrackingUpdate(
        tracking_number=text(row.get("tracking_number")),
        events=events,
        edd=window(promised, promised, zone_name(destination)),
        problem=None if events else "Easyship has no news of this parcel yet",
        origin=Place(country=country(origin)),
        destination=destination,
        courier_code=courier or (text(found[-1].get("handler")) if found else ""),
    )


def _checkpoint(row: Mapping[str, Any]) -> CarrierEvent:
    status = text(row.get("primary_status"))
    place = Place(
        city=text(row.get("city")) or text(row.get("location")),
        region=text(row.get("state")),
        postcode=text(row.get("postal_code")),
        country=alpha2(text(row.get("country_iso3") or row.get("country_alpha3"))),
    )
    stamp = text(row.get("checkpoint_time"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=status,
        sub_status=_meaning(status),
        description=text(row.get("message")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _address(value: object) -> Place:
    address = mapping(value)
    return Place(
        city=text(address.get("city")),
        region=text(address.get("state")),
        postcode=text(address.get("postal_code")),
        country=country(address.get("country_alpha2")),
    )
