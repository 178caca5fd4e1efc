"""Amazon Shipping (Selling Partner API, shipping v2).

https://developer-docs.amazon.com/sp-api/docs/shipping-api-v2-reference: `EventCode` (12),
`Status` (10) and `DetailCodes` (30), all placed below. Each region has its host; tokens
come from Login with Amazon. A detail belongs to the summary, that is to the newest event,
and refines it. Events of the leg back (`shipmentType` RETURNS) never deliver anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_day, read_iso
from carriers.shapes import country, https, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first, window
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status, status_of

_CODES: Final = {
    "PreTransit": "info.label_created",
    "PickupCancelled": "info.pickup_failed",
    "PickupDone": "picked_up.accepted",
    "Departed": "transit.departed_facility",
    "ArrivedAtCarrierFacility": "transit.arrived_facility",
    "InTransit": "transit.generic",
    "OutForDelivery": "out.on_vehicle",
    "AvailableForPickup": "pickup.ready",
    "AwaitingCustomerPickup": "pickup.ready",
    "DeliveryAttempted": "attempt.generic",
    "Rejected": "exception.refused",
    "Undeliverable": "exception.other",
    "ReturnInitiated": "returning.started",
    "Delivered": "delivered.generic",
    "Lost": "lost.declared",
}

_DETAILS: Final = {
    "BusinessClosed": "attempt.business_closed",
    "CustomerUnavailable": "attempt.nobody_home",
    "PaymentNotReady": "attempt.cod_not_paid",
    "OtpNotAvailable": "attempt.id_or_otp_failed",
    "DeliveryAttempted": "attempt.generic",
    "UnableToAccess": "attempt.access_restricted",
    "UnableToContactRecipient": "attempt.unreachable",
    **dict.fromkeys(
        (
            "DeliveredToBehindWheelieBin",
            "DeliveredToPorch",
            "DeliveredToGarage",
            "DeliveredToGarden",
            "DeliveredToGreenhouse",
            "DeliveredToMailSlot",
            "DeliveredToMailRoom",
            "DeliveredToNeighbor",
            "DeliveredToRearDoor",
            "DeliveredToReceptionist",
            "DeliveredToShed",
        ),
        "delivered.neighbour_reception_locker",
    ),
    "DeliveredWithOTP": "delivered.signed",
    "Signed": "delivered.signed",
    "Damaged": "exception.damaged",
    "IncorrectItems": "exception.refused",
    "NotRequired": "exception.refused",
    "Rejected": "exception.refused",
    "RejectedByRecipientWithVerification": "exception.refused",
    "CancelledByRecipient": "exception.refused",
    "AddressNotFound": "exception.address",
    "HazmatShipment": "exception.rejected_by_carrier",
    "Undeliverable": "exception.other",
    "ArrivedAtLocalFacility": "transit.at_delivery_depot",
}

#: What a leg back can come to; the rest of it is "on the way back".
_BACK: Final = {Status.DELIVERED: "returned.received", Status.LOST_OR_DESTROYED: "lost.declared"}

_HOSTS: Final = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
_NOT_FOUND: Final = frozenset({"InvalidTrackingId", "NotFound", "ResourceNotFound"})
_CREDENTIALS: Final = frozenset({"Unauthorized", "AccessDenied", "Forbidden"})


class AmazonShipping(Carrier):
    slug: ClassVar[str] = "amazon_shipping"
    name: ClassVar[str] = "Amazon Shipping"
    name_ar: ClassVar[str] = "أمازون للشحن"
    countries: ClassVar[tuple[str, ...]] = ("US", "GB", "FR", "ES", "IT", "IN")
    website: ClassVar[str] = "https://track.amazon.com"
    documentation: ClassVar[str] = (
        "https://developer-docs.amazon.com/sp-api/docs/shipping-api-v2-reference"
    )
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=5)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID (Login with Amazon)", secret=False),
        Secret("client_secret", "Client secret"),
        Secret("refresh_token", "Refresh token"),
        Secret("region", "Region: na, eu or fe", secret=False, optional=True),
        Secret(
            "business_id", "Business ID (such as AmazonShipping_UK)", secret=False, optional=True
        ),
        Secret("carrier_id", "Carrier ID (such as AMZN_US)", secret=False, optional=True),
    )
    base_url: ClassVar[str] = _HOSTS["na"]
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        headers = {"x-amz-access-token": token or "", "Accept": "application/json"}
        if business := credentials.get("business_id"):
            headers["x-amzn-shipping-business-id"] = business
        params = {
            "trackingId": asks[0].number,
            "carrierId": credentials.get("carrier_id") or "AMZN_US",
        }
        region = credentials.get("region", "").strip().lower()
        host = _HOSTS.get(region, "")
        return HttpCall("GET", "/shipping/v2/tracking", params=params, headers=headers, host=host)

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credentials["refresh_token"],
            "client_id": credentials["client_id"],
            "client_secret": credentials["client_secret"],
        }
        return HttpCall("POST", "/auth/o2/token", form=form, host="https://api.amazon.com")

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        payload = mapping(reply.get("payload")) or reply
        if text(payload.get("trackingId")):
            return [_parcel(payload)]
        errors = mappings(reply.get("errors"))
        code = text(errors[0].get("code")) if errors else ""
        if not code:
            raise CarrierError("The answer is not one of Amazon's", kind="unreadable")
        said = f"Amazon says: {text(errors[0].get('message')) or 'no reason given'} ({code})"
        if code in _NOT_FOUND:
            return [TrackingUpdate("", problem=said, not_found=True)]
        if code in _CREDENTIALS:
            raise CarrierError(said, kind="credentials", permanent=True)
        if code == "QuotaExceeded":
            raise CarrierError(said, kind="rate_limited")
        if code in {"InternalFailure", "InternalError", "ServiceUnavailable"}:
            raise CarrierError(said, kind="unavailable")
        raise CarrierError(said, kind="bad_request", permanent=True)


def _parcel(row: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_event(event) for event in mappings(row.get("eventHistory"))])
    summary = mapping(row.get("summary"))
    status = text(summary.get("status"))
    if not events and status not in {"", "PreTransit"}:
        events = [CarrierEvent(code=status, sub_status=_CODES.get(status, UNKNOWN))]
    ordered = oldest_first(events[::-1])
    details = mapping(summary.get("trackingDetailCodes")).get("forward")
    known = [text(one) for one in details] if isinstance(details, list) else []
    if ordered and known:
        ordered = (*ordered[:-1], _refined(ordered[-1], known[-1]))
    destination = ordered[-1].place if ordered else Place()
    promised = read_day(row.get("promisedDeliveryDate"))
    return TrackingUpdate(
        tracking_number=text(row.get("trackingId")),
        events=ordered,
        edd=window(promised, promised, zone_name(destination)),
        problem=None if ordered else "Amazon knows this parcel but sent no events yet",
        proof=_proof(mapping(summary.get("proofOfDelivery")), known),
    )


def _refined(event: CarrierEvent, detail: str) -> CarrierEvent:
    """The newest event with what the detail says more, as far as both can be true."""
    meaning = _DETAILS.get(detail, "")
    if not meaning or not event.is_known:
        return event
    vague = event.sub_status in {"attempt.generic", "exception.other", "exception.refused"}
    if vague or status_of(meaning) is event.status:
        return replace(event, sub_status=meaning)
    return event


def _proof(proof: Mapping[str, Any], details: Sequence[str]) -> Proof | None:
    left = [one.removeprefix("DeliveredTo") for one in details if one.startswith("DeliveredTo")]
    found = Proof(
        signed_by=text(proof.get("receivedBy")),
        photo_url=https(proof.get("deliveryImageURL")),
        left_at=left[-1] if left else "",
    )
    return found if found != Proof() else None


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code = text(row.get("eventCode"))
    back = text(row.get("shipmentType")).upper() in {"RETURN", "RETURNS"}
    meaning = _CODES.get(code, UNKNOWN)
    if back and meaning != UNKNOWN:
        meaning = _BACK.get(status_of(meaning) or Status.RETURNING, "returning.started")
    where = mapping(row.get("location"))
    place = Place(
        city=text(where.get("city")),
        region=text(where.get("stateOrRegion")),
        postcode=text(where.get("postalCode")),
        country=country(where.get("countryCode")),
    )
    stamp = text(row.get("eventTime"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=f"RETURNS/{code}" if back and code else code,
        sub_status=meaning,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
