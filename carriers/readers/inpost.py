"""InPost (Poland): the parcels of its consumer app, with the locker and its code.

https://dokumentacja-inpost.atlassian.net (ShipX, "statuses": the same words in lower case).
Nobody may ask it: the address belongs to InPost's app and answers a shopper's own log-in
only. The words are those of ShipX's list; `statusGroup` is not needed. Odd: what ShipX
calls "claimed" is a complaint, "avizo" a delivery that failed, and "taken_by_courier" is
taken from the sender. `expiryDate` is the last moment in the locker.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, PickupPoint, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN


def _words(sub_status: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), sub_status)


_CODES: Final = {
    **_words("info.label_created", "created offers_prepared offer_selected confirmed"),
    **_words(
        "picked_up.accepted",
        "dispatched_by_sender dispatched_by_sender_to_pok collected_from_sender"
        " taken_by_courier taken_by_courier_from_pok",
    ),
    **_words("transit.arrived_facility", "adopted_at_source_branch adopted_at_sorting_center"),
    **_words("transit.departed_facility", "sent_from_source_branch sent_from_sorting_center"),
    **_words("transit.at_delivery_depot", "adopted_at_target_branch"),
    **_words(
        "transit.generic",
        "unstack_from_box_machine unstack_from_customer_service_point"
        " taken_by_courier_from_customer_service_point canceled_redirect_to_box",
    ),
    **_words(
        "transit.forwarded_new_address",
        "readdressed redirect_to_box permanently_redirected_to_box_machine"
        " permanently_redirected_to_customer_service_point",
    ),
    **_words("delay.generic", "delay_in_delivery"),
    **_words("out.on_vehicle", "out_for_delivery out_for_delivery_to_address"),
    **_words(
        "pickup.ready",
        "ready_to_pickup ready_for_collection ready_to_pickup_from_branch"
        " ready_to_pickup_from_pok ready_to_pickup_from_pok_registered stack_in_box_machine"
        " stack_in_customer_service_point courier_avizo_in_customer_service_point",
    ),
    **_words("pickup.last_days", "pickup_reminder_sent pickup_reminder_sent_address"),
    **_words(
        "pickup.missed",
        "pickup_time_expired stack_parcel_pickup_time_expired not_collected"
        " stack_parcel_in_box_machine_pickup_time_expired",
    ),
    **_words("attempt.generic", "avizo delivery_attempt_failed undelivered"),
    **_words("attempt.cod_not_paid", "undelivered_cod_cash_receiver"),
    **_words(
        "attempt.access_restricted",
        "undelivered_lack_of_access_letterbox undelivered_no_mailbox",
    ),
    **_words(
        "exception.address",
        "undelivered_incomplete_address undelivered_unknown_receiver undelivered_wrong_address",
    ),
    **_words("exception.recipient_moved", "undelivered_not_live_address"),
    **_words("exception.refused", "rejected_by_receiver avizo_rejected"),
    **_words("exception.rejected_by_carrier", "oversized"),
    **_words("exception.under_investigation", "claimed"),
    **_words("delivered.generic", "delivered"),
    **_words("delivered.collected", "collected_by_customer"),
    **_words("returning.started", "returned_to_sender"),
    **_words("returned.received", "return_pickup_confirmation_to_sender"),
    **_words("lost.declared", "missing"),
    **_words("cancelled.by_shipper", "canceled cancelled"),
}


class InPost(Reader):
    slug: ClassVar[str] = "inpost"
    name: ClassVar[str] = "InPost"
    documentation: ClassVar[str] = "https://dokumentacja-inpost.atlassian.net"
    proven: ClassVar[Proven] = "documented"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a parcel of the shopper's list."""
        reply = mapping(read_json(body))
        parcels = [
            parcel
            for parcel in mappings(reply.get("parcels")) or [reply]
            if text(parcel.get("shipmentNumber"))
        ]
        if not parcels:
            raise CarrierError("The answer holds no parcel of InPost", kind="unreadable")
        return [_parcel(parcel) for parcel in parcels]


def _parcel(parcel: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_event(row) for row in mappings(parcel.get("eventLog"))])
    if not events and text(parcel.get("status")):
        events = [_event({"name": parcel["status"]})]
    return TrackingUpdate(
        text(parcel.get("shipmentNumber")),
        events=oldest_first(events),
        problem=None if events else "InPost knows this parcel but sent no events yet",
        service=text(parcel.get("shipmentType")),
        pickup_point=_pickup_point(mapping(parcel.get("pickUpPoint")), parcel),
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp, place = text(row.get("name")), text(row.get("date")), Place(country="PL")
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.lower(), UNKNOWN),
        language="pl",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _pickup_point(point: Mapping[str, Any], parcel: Mapping[str, Any]) -> PickupPoint | None:
    name, about = text(point.get("name")), text(point.get("locationDescription"))
    if not name and not about:
        return None
    address = mapping(point.get("addressDetails"))
    street = f"{text(address.get('street'))} {text(address.get('buildingNumber'))}".strip()
    town = f"{text(address.get('postCode'))} {text(address.get('city'))}".strip()
    last = read_as(text(parcel.get("expiryDate"))[:10], "%Y-%m-%d")
    return PickupPoint(
        name=name or about,
        address=", ".join(part for part in (about if name else "", street, town) if part),
        hours=text(point.get("openingHours")),
        code=text(parcel.get("openCode")),
        last_day=last.date() if last else None,
    )
