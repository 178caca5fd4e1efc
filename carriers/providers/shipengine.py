"""ShipEngine (ShipStation API), a hub of some 80 carriers.

https://www.shipengine.com/docs/tracking: eight status codes and the detail codes of both
its lists, all placed below but the ones that say "not known". A number is asked for with
its carrier ("ups", "usps"). Events have codes of the carrier beside ShipEngine's; where
an answer has ShipEngine's only once, at its top, they are what the newest event means.
Pushes are signed with a rotating RSA key that is published at an address, so that the
secret address of the push is the only proof here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first, window
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "AC": "picked_up.accepted",
    "IT": "transit.generic",
    "DE": "delivered.generic",
    "EX": "exception.other",
    "AT": "attempt.generic",
    "NY": "info.label_created",
    "SP": "pickup.ready",
}
#: "Unknown" and "not yet in the carrier's system".
_WAITING: Final = frozenset({"", "UN", "NY"})

_DETAILS: Final = {
    # Before the pick-up
    "SHIPMENT_CREATED": "info.label_created",
    "AWAITING_DESPATCH": "info.label_created",
    "AWAITING_ELECTRONIC_ADVICE": "info.label_created",
    "ELEC_ADVICE_RECD_BY_CARRIER": "info.label_created",
    "AWAITING_PICKUP_DROP_OFF": "info.pickup_scheduled",
    "COLLECTION_REQUESTED": "info.pickup_scheduled",
    "COLLECTION_FAILED": "info.pickup_failed",
    "NOT_YET_RECEIVED_BY_CARRIER": "info.pickup_failed",
    "COLLECTION_MADE": "picked_up.accepted",
    "DESPATCHED": "picked_up.accepted",
    "DROPPED_OFF": "picked_up.accepted",
    "PICKED_UP": "picked_up.accepted",
    "RECEIVED_BY_CARRIER": "picked_up.accepted",
    "RECD_BY_CARRIER_NO_ELEC_ADVICE": "picked_up.accepted",
    # On the way
    "IN_TRANSIT": "transit.generic",
    "INFORMATION": "transit.generic",
    "PARCEL_OVER_LABELLED": "transit.generic",
    "PARCEL_REPACKED": "transit.generic",
    "PARCEL_UPDATE_NOTIFICATION": "transit.generic",
    "PARCEL_UPDATE_NOTIFICATION_VIA_EMAIL": "transit.generic",
    "PARCEL_UPDATE_NOTIFICATION_VIA_SMS": "transit.generic",
    "HUB_PROCESSING": "transit.arrived_facility",
    "HUB_SCAN_IN": "transit.arrived_facility",
    "HUB_SCAN_OUT": "transit.departed_facility",
    "PARCEL_REDIRECTED": "transit.forwarded_new_address",
    "RECEIVED_LOCAL_DELIVERY_DEPOT": "transit.at_delivery_depot",
    "SUB_CONTRACTOR_EVENT": "transit.handed_to_partner",
    "SUB_CONTRACTOR_RECEIVED": "transit.handed_to_partner",
    "CARRIER_DELAYS": "delay.carrier_operational",
    "DELAYED_NOT_CARRIER": "delay.generic",
    "MISSORTED": "delay.missorted",
    "ROUTING_ERROR": "delay.missorted",
    # Customs
    "CUSTOMS_PROCESSING": "customs.started",
    "CUSTOMS_CLEARED": "customs.cleared",
    **dict.fromkeys(
        (
            "HELD_BY_CARRIER_FOR_CLEARANCE_PRE_PROCESSING",
            "HELD_BY_CUSTOMS",
            "HELD_BY_EXPORT_CUSTOMS",
            "HELD_BY_IMPORT_CUSTOMS",
        ),
        "customs.delay",
    ),
    # The last mile
    "OUT_FOR_DELIVERY": "out.on_vehicle",
    "DELIVERY_ARRANGED_WITH_RECIPIENT": "out.appointment_scheduled",
    "DELIVERY_SCHEDULED": "out.appointment_scheduled",
    "DELIVERY_RESCHEDULED": "out.rescheduled",
    **dict.fromkeys(
        (
            "ATTEMPTED_DELIVERY",
            "ATTEMPTED_DELIVERY_2ND",
            "ATTEMPTED_DELIVERY_3RD",
            "ATTEMPTED_DELIVERY_FINAL",
            "CUSTOMER_CARDED",
        ),
        "attempt.generic",
    ),
    "COD_AMOUNT_NOT_PAID": "attempt.cod_not_paid",
    "INVALID_METHOD_OF_PAYMENT": "attempt.cod_not_paid",
    "CUSTOMER_IDENTIFICATION_FAILED": "attempt.id_or_otp_failed",
    "NO_ACCESS_TO_RECIPIENTS_ADDRESS": "attempt.access_restricted",
    "AWAITING_COLLECTION_FROM_PICKUP_POINT": "pickup.ready",
    "COLLECT_AT_LOCAL_PO": "pickup.ready",
    "CUSTOMER_TO_COLLECT_FROM_CARRIER": "pickup.ready",
    "DELIVERED_TO_LOCKER_COLLECTION_POINT": "pickup.ready",
    "NOT_COLLECTED_FROM_PICKUP_POINT": "pickup.missed",
    # Trouble
    "ADDRESS_QUERY": "exception.address",
    "CUSTOMER_MOVED": "exception.recipient_moved",
    "NOT_DELIVERED_ADDRESSEE_DECEASED": "exception.recipient_moved",
    "REFUSED_BY_CUSTOMER": "exception.refused",
    "PARCEL_DAMAGED": "exception.damaged",
    "HAZARDOUS_PROHIBITED": "exception.rejected_by_carrier",
    "INCORRECT_DECLARATION": "exception.rejected_by_carrier",
    "PARCEL_OUTSIDE_OF_SERVICE_CAPABILITY": "exception.rejected_by_carrier",
    "HELD_BY_CARRIER": "exception.held",
    # Ends
    "DELIVERED": "delivered.generic",
    "DELIVERED_DAMAGED": "delivered.generic",
    "DELIVERED_IN_PART": "delivered.generic",
    "DELIVERED_TO_PO_BOX": "delivered.generic",
    "POST_TRANSIT_STATUS": "delivered.generic",
    "COD_AMOUNT_PAID": "delivered.cod_collected",
    "PROOF_OF_DELIVERY": "delivered.signed",
    "PARCEL_COLLECTED_FROM_PICKUP_POINT": "delivered.collected",
    "DELIVERED_SPECIFIED_SAFE_PLACE": "delivered.neighbour_reception_locker",
    "DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION": "delivered.neighbour_reception_locker",
    "DELIVERED_TO_NEIGHBOUR": "delivered.neighbour_reception_locker",
    "NOT_DELIVERED": "returning.started",
    "RETURN_TO_SENDER": "returning.started",
    "PARCEL_LOST": "lost.declared",
    "PARCEL_DISPOSED": "lost.destroyed",
    "CANCELLED": "cancelled.by_shipper",
    "CANCELLED_BEFORE_DESPATCH": "cancelled.by_shipper",
}


class ShipEngine(Carrier):
    slug: ClassVar[str] = "shipengine"
    name: ClassVar[str] = "ShipEngine"
    is_hub: ClassVar[bool] = True
    needs_courier: ClassVar[bool] = True
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "AU", "FR", "DE")
    website: ClassVar[str] = "https://www.shipengine.com"
    documentation: ClassVar[str] = "https://www.shipengine.com/docs/tracking"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    registers: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=3, concurrent=3)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key"),)
    base_url: ClassVar[str] = "https://api.shipengine.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall("GET", "/v1/tracking", params=_named(asks[0]), headers=_key(credentials))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        if text(reply.get("tracking_number")) and "status_code" in reply:
            return [_tracking(reply)]
        return [_refused(mappings(reply.get("errors")))]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """Tracking events (`API_TRACK`); pushes about anything else hold no parcel."""
        push = mapping(read_json(body))
        if not text(push.get("resource_type")):
            raise CarrierError("The push is not one of ShipEngine's", kind="unreadable")
        row = mapping(push.get("data"))
        return [_tracking(row)] if text(row.get("tracking_number")) else []

    def register_request(
        self,
        asks: Sequence[Ask],
        credentials: Mapping[str, str],
        token: str | None,
        *,
        callback: str,
    ) -> HttpCall:
        """The callback is set once in ShipEngine's own pages, not with each number."""
        headers, params = _key(credentials), _named(asks[0])
        return HttpCall("POST", "/v1/tracking/start", params=params, headers=headers)

    def parse_registration(self, body: bytes) -> list[Registered]:
        """An empty answer is a yes."""
        if not body.strip():
            return [Registered("")]
        problem = _refused(mappings(mapping(read_json(body)).get("errors"))).problem
        return [Registered("", problem=problem or "")]


def _key(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"API-Key": credentials["api_key"], "Accept": "application/json"}


def _named(ask: Ask) -> dict[str, str]:
    return {"carrier_code": ask.courier_code, "tracking_number": ask.number}


def _refused(errors: Sequence[Mapping[str, Any]]) -> TrackingUpdate:
    code = text(errors[0].get("error_code")) if errors else ""
    if not code:
        raise CarrierError("The answer is not one of ShipEngine's", kind="unreadable")
    said = f"ShipEngine says: {text(errors[0].get('message')) or 'no reason given'} ({code})"
    if code == "not_found":
        return TrackingUpdate("", problem=said, not_found=True)
    if code in {"unauthorized", "permissions_error"}:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code == "rate_limit_exceeded":
        raise CarrierError(said, kind="rate_limited")
    if code == "unspecified":
        raise CarrierError(said, kind="unavailable")
    raise CarrierError(said, kind="bad_request", permanent=True)


def _tracking(row: Mapping[str, Any]) -> TrackingUpdate:
    rows = mappings(row.get("events"))
    status = text(row.get("status_code")).upper()
    events = list(oldest_first(scans([_event(event) for event in rows])[::-1]))
    if status not in _WAITING and not any(event.is_known for event in events):
        said = _event({**row, "description": row.get("status_description")})
        events[-1:] = [replace(events[-1], sub_status=said.sub_status) if events else said]
    signed = next(filter(None, (text(event.get("signer")) for event in rows)), "")
    promised = read_day(row.get("estimated_delivery_date"))
    return TrackingUpdate(
        tracking_number=text(row.get("tracking_number")),
        events=tuple(events),
        edd=window(promised, promised),
        problem=None if events else f"ShipEngine has no scans of this parcel yet ({status})",
        not_found=not events and status in _WAITING,
        proof=Proof(signed_by=signed) if signed else None,
        courier_code=text(row.get("carrier_code")),
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    status = text(row.get("status_code")).upper()
    detail = text(row.get("status_detail_code")).upper()
    place = Place(
        city=text(row.get("city_locality")),
        region=text(row.get("state_province")),
        postcode=text(row.get("postal_code")),
        country=country(row.get("country_code")),
    )
    stamp = text(row.get("occurred_at"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code="/".join(filter(None, (status, detail, text(row.get("event_code"))))),
        sub_status=_DETAILS.get(detail) or _CODES.get(status, UNKNOWN),
        description=text(row.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
