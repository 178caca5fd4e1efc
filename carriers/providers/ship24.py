"""Ship24 Tracking API, a hub of more than 1,200 couriers.

https://docs.ship24.com and its OpenAPI description: eight milestones and 20 status codes
(https://docs.ship24.com/status), all placed below. A tracker is made once, for up to 100
numbers in a call, then pushed or asked for. A push holds only the events new since the
last one. Times are the place's own wall clock, mostly without a zone (`datetime` is the
same clock with a false Z): the zone follows from `utcOffset`, else from the post whose
scan it is ("cn-post") and the place. One tracker can hold two couriers' numbers.
"""

from __future__ import annotations

import re
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
from carriers.scan_times import placed, read_day, read_iso, read_offset
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.signatures import is_one_of
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
    "data_order_created": "info.label_created",
    "data_order_cancelled": "cancelled.by_shipper",
    "data_delivery_proposed": "out.customer_contacted",
    "data_delivery_decided": "out.appointment_scheduled",
    "transit_handover": "picked_up.accepted",
    "transit_origin_country_departure": "transit.departed_origin_country",
    "destination_arrival": "transit.arrived_destination_country",
    "customs_received": "customs.started",
    "customs_exception": "customs.delay",
    "customs_rejected": "customs.prohibited",
    "customs_cleared": "customs.cleared",
    "delivery_available_for_pickup": "pickup.ready",
    "delivery_out_for_delivery": "out.on_vehicle",
    "delivery_attempted": "attempt.generic",
    "delivery_exception": "exception.other",
    "delivery_refused": "exception.refused",
    "delivery_delivered": "delivered.generic",
    "exception_return": "returning.started",
    "exception_lost": "lost.declared",
    "exception_discarded": "lost.destroyed",
}

#: A milestone is a field of its own; every event has one, most have no code.
_MILESTONES: Final = {
    "pending": "pending.not_registered",
    "info_received": "info.label_created",
    "in_transit": "transit.generic",
    "out_for_delivery": "out.on_vehicle",
    "failed_attempt": "attempt.generic",
    "available_for_pickup": "pickup.ready",
    "delivered": "delivered.generic",
    "exception": "exception.other",
}

#: Our names of extra fields → Ship24's.
_EXTRA: Final = {
    "postcode": "destinationPostCode",
    "country": "destinationCountryCode",
    "ship_date": "shippingDate",
}

_POST: Final = re.compile(r"([a-z]{2})-post")
_US_PLACE: Final = re.compile(r"(?P<city>.*), (?P<region>[A-Z]{2}) (?P<postcode>[0-9]{5})")


class Ship24(Carrier):
    slug: ClassVar[str] = "ship24"
    name: ClassVar[str] = "Ship24"
    is_hub: ClassVar[bool] = True
    website: ClassVar[str] = "https://www.ship24.com"
    documentation: ClassVar[str] = "https://docs.ship24.com"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    registration_batch: ClassVar[int] = 100
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=3, concurrent=3)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key"),
        Secret("webhook_secret", "Webhook secret", optional=True),
    )
    base_url: ClassVar[str] = "https://api.ship24.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        ask = asks[0]
        tracker = quote(ask.registration, safe="") or f"search/{quote(ask.number, safe='')}"
        path = f"/public/v1/trackers/{tracker}/results"
        return HttpCall("GET", path, headers=_bearer(credentials))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a tracker; a tracker without results has a problem."""
        reply = mapping(read_json(body))
        data = mapping(reply.get("data"))
        if isinstance(data.get("trackings"), list):
            found = [_tracking(row) for row in mappings(data["trackings"])]
            return found or [
                TrackingUpdate("", problem="Ship24 has no results of this parcel", not_found=True)
            ]
        tracker = mapping(data.get("tracker"))
        if text(tracker.get("trackingNumber")):
            return [_tracking({"tracker": tracker})]
        code, said = _refusal(mappings(reply.get("errors")))
        if "not_found" in code:
            return [TrackingUpdate("", problem=said, not_found=True)]
        raise CarrierError(said, kind="bad_request", permanent=True)

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """Events new since the last push; a tracker's proof of delivery comes without any."""
        rows = mapping(read_json(body)).get("trackings")
        if not isinstance(rows, list):
            raise CarrierError("The push is not one of Ship24's", kind="unreadable")
        return [_tracking(row) for row in mappings(rows)]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """The body is not signed: a secret of the merchant's comes along as a bearer token."""
        secret = credentials.get("webhook_secret", "")
        return not secret or is_one_of(headers.get("authorization", ""), [f"Bearer {secret}"])

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set once in Ship24's own pages, not with each tracker."""
        rows = [_wanted(ask) for ask in asks]
        headers = _bearer(credentials)
        return HttpCall("POST", "/public/v1/trackers/bulk", headers=headers, json=rows)

    def parse_registration(self, body: bytes) -> list[Registered]:
        """An existing tracker counts as registered; each number is answered by itself."""
        reply = mapping(read_json(body))
        rows = reply.get("data")
        if not isinstance(rows, list):
            errors = mappings(reply.get("error")) or mappings(reply.get("errors"))
            raise CarrierError(_refusal(errors)[1], kind="bad_request", permanent=True)
        return [_registered(row) for row in mappings(rows)]

    def couriers_request(self, credentials: Mapping[str, str], token: str | None) -> HttpCall:
        return HttpCall("GET", "/public/v1/couriers", headers=_bearer(credentials))

    def parse_couriers(self, body: bytes) -> list[HubCourier]:
        rows = mapping(mapping(read_json(body)).get("data")).get("couriers")
        if rows is None:
            raise CarrierError("The answer lists no couriers of Ship24", kind="unreadable")
        return [
            HubCourier(
                code,
                text(row.get("courierName")) or code,
                tuple(filter(None, (country(row.get("countryCode")),))),
            )
            for row in mappings(rows)
            if (code := text(row.get("courierCode"))) and row.get("isDeprecated") is not True
        ]


def _bearer(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials['api_key']}", "Accept": "application/json"}


def _wanted(ask: Ask) -> dict[str, Any]:
    row: dict[str, Any] = {
        theirs: ask.extra[ours] for ours, theirs in _EXTRA.items() if ask.extra.get(ours)
    }
    if ask.courier_code:
        row["courierCode"] = [ask.courier_code]
    return {"trackingNumber": ask.number, **row}


def _registered(row: Mapping[str, Any]) -> Registered:
    tracker = mapping(row.get("tracker"))
    number = text(mapping(row.get("inputData")).get("trackingNumber"))
    errors = mappings(row.get("errors"))
    registration = text(tracker.get("trackerId"))
    refused = "" if registration else _refusal(errors or [{"code": "error"}])[1]
    return Registered(
        number or text(tracker.get("trackingNumber")),
        registration=registration,
        courier_code=_first(tracker.get("courierCode")),
        problem=refused,
    )


def _refusal(errors: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    code = text(errors[0].get("code")) if errors else ""
    if not code:
        raise CarrierError("The answer is not one of Ship24's", kind="unreadable")
    return code, f"Ship24 says: {text(errors[0].get('message')) or 'no reason given'} ({code})"


def _first(value: object) -> str:
    """Ship24 gives one code, a list of up to three, or none."""
    return text(value[0]) if isinstance(value, list) and value else text(value)


def _tracking(row: Mapping[str, Any]) -> TrackingUpdate:
    tracker, shipment = mapping(row.get("tracker")), mapping(row.get("shipment"))
    rows = sorted(mappings(row.get("events")), key=_order)
    before = ["", *(text(event.get("statusMilestone")) for event in rows)]
    events = scans([_event(event, was) for event, was in zip(rows, before, strict=False)])
    milestone = text(shipment.get("statusMilestone"))
    if not events and milestone not in {"", "pending", "info_received"}:
        events = [_event(shipment)]
    numbers = [text(one.get("tn")) for one in mappings(shipment.get("trackingNumbers"))]
    number = next(filter(None, [text(tracker.get("trackingNumber")), *numbers]), "")
    delivery = mapping(shipment.get("delivery"))
    recipient = mapping(shipment.get("recipient"))
    destination = Place(
        city=text(recipient.get("city")),
        region=text(recipient.get("subdivision")),
        postcode=text(recipient.get("postCode")),
        country=country(shipment.get("destinationCountryCode")),
    )
    courier = _first(tracker.get("courierCode")) or _first(shipment.get("courierCode"))
    seen = [text(event.get("courierCode")) for event in rows]
    signed = text(delivery.get("signedBy"))
    own = mapping(delivery.get("courierEstimatedDeliveryDate"))
    single = read_day(delivery.get("estimatedDeliveryDate"))
    first, last = read_day(own.get("from")), read_day(own.get("to"))
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events),
        edd=window(first or last or single, last, zone_name(destination)),
        problem=None if events else f"Ship24 has no scans of this parcel yet ({milestone})",
        not_found=not events and milestone in {"", "pending"},
        service=text(delivery.get("service")),
        origin=Place(country=country(shipment.get("originCountryCode"))),
        destination=destination,
        proof=Proof(signed_by=signed) if signed else None,
        next_leg=_next_leg(rows, number, [one for one in numbers if one]),
        courier_code=courier or next(filter(None, seen), ""),
    )


def _order(row: Mapping[str, Any]) -> tuple[str, int]:
    order = row.get("order")
    return text(row.get("occurrenceDatetime"))[:19], order if isinstance(order, int) else 0


def _next_leg(
    rows: Sequence[Mapping[str, Any]], number: str, numbers: Sequence[str]
) -> NextLeg | None:
    """The other number of the parcel, and the courier that scanned it under that."""
    for other in numbers:
        if other == number:
            continue
        for row in rows:
            courier = text(row.get("courierCode"))
            if courier and text(row.get("eventTrackingNumber")) == other:
                return NextLeg(courier, other)
    return None


def _event(row: Mapping[str, Any], before: str = "") -> CarrierEvent:
    """A scan without a code keeps the milestone the parcel had: that is no second attempt."""
    code, milestone = text(row.get("statusCode")), text(row.get("statusMilestone"))
    repeated = not code and milestone == before == "failed_attempt"
    general = UNKNOWN if repeated else _MILESTONES.get(milestone, UNKNOWN)
    place = _place(text(row.get("location")), _first(row.get("courierCode")))
    stamp, offset = text(row.get("occurrenceDatetime")), text(row.get("utcOffset"))
    at, source = placed(
        read_iso(stamp) or read_iso(f"{stamp}T00:00:00"), place, read_offset(offset)
    )
    return CarrierEvent(
        code="/".join(filter(None, (milestone, code))),
        sub_status=_CODES.get(code, general),
        description=text(row.get("status")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(location: str, courier: str) -> Place:
    """A place in one text; a national post ("cn-post") scans in its own country."""
    post = _POST.fullmatch(courier)
    code = post[1].upper() if post else ""
    found = _US_PLACE.fullmatch(location) if code == "US" else None
    if found is not None:
        return Place(found["city"], found["region"], found["postcode"], code)
    return Place(city=location, country=code)
