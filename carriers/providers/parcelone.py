"""PARCEL.ONE (Germany), which hands parcels over to DHL, UPS, posts and others.

https://doc.parcelone.io: Tracking REST API, GET /shipment/{13 digits}, with an API key. An event
has a number of PARCEL.ONE's own and a `DeliveryStatus`, which uses AfterShip's names of
sub-statuses; the numbers in the documents' samples are placed, others mean what their
DeliveryStatus says. Who carries the last mile, and under which number, is in each event.

A second form (`results.Events`, words for codes) is in public client code and not in PARCEL.ONE's
documents; it is read, with the 48 words that client knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import country_code
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, NextLeg, Place, Proof, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_HOME: Final = "Europe/Berlin"

_NUMBERS: Final = {
    **dict.fromkeys(("100", "P100"), "info.label_created"),
    **dict.fromkeys(("200", "P101"), "picked_up.accepted"),
    "300": "transit.arrived_facility",
    **dict.fromkeys(("392", "394"), "transit.handed_to_partner"),
    "430": "transit.arrived_facility",
    "495": "out.on_vehicle",
    "900": "delivered.generic",
}

#: `DeliveryStatus`, by AfterShip's public list of sub-statuses.
_STATUSES: Final = {
    "Pending_001": "pending.not_registered",
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
    "OutForDelivery_002": "pickup.ready",
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
    "Exception_006": "attempt.cod_not_paid",
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

#: The words of the form that only client code knows.
_WORDS: Final = {
    **dict.fromkeys(
        ("CREATED", "REGISTERED", "DATA_RECEIVED", "LABEL_PRINTED", "0", "1"), "info.label_created"
    ),
    **dict.fromkeys(("IN_TRANSIT", "SHIPPED", "10", "20", "30"), "transit.generic"),
    **dict.fromkeys(("ARRIVED", "PROCESSED", "SORTING"), "transit.arrived_facility"),
    "DEPARTED": "transit.departed_facility",
    "EXPORTED": "transit.departed_origin_country",
    "IMPORTED": "transit.arrived_destination_country",
    **dict.fromkeys(
        ("OUT_FOR_DELIVERY", "ON_DELIVERY_VEHICLE", "IN_DELIVERY_VEHICLE", "DELIVERY_IN_PROGRESS"),
        "out.on_vehicle",
    ),
    "80": "out.on_vehicle",
    **dict.fromkeys(("HELD", "40"), "exception.held"),
    **dict.fromkeys(("CUSTOMS", "CUSTOMS_CLEARANCE"), "customs.started"),
    "PAYMENT_REQUIRED": "customs.duties_unpaid",
    **dict.fromkeys(
        ("AWAITING_PICKUP", "READY_FOR_PICKUP", "AT_PARCELSHOP", "AVAILABLE_FOR_COLLECTION", "70"),
        "pickup.ready",
    ),
    "DELIVERED_PARCELSHOP": "pickup.ready",
    **dict.fromkeys(("FAILED", "NOT_DELIVERED"), "attempt.generic"),
    **dict.fromkeys(("EXCEPTION", "99"), "exception.other"),
    "REFUSED": "exception.refused",
    **dict.fromkeys(("ADDRESSEE_NOT_FOUND", "WRONG_ADDRESS"), "exception.address"),
    "DELAYED": "delay.generic",
    "RESCHEDULED": "out.rescheduled",
    "REDIRECTED": "transit.forwarded_new_address",
    **dict.fromkeys(("DELIVERED", "DELIVERED_SAFE_PLACE", "90"), "delivered.generic"),
    "POD": "delivered.signed",
    "DELIVERED_NEIGHBOR": "delivered.neighbour_reception_locker",
}


class ParcelOne(Carrier):
    slug: ClassVar[str] = "parcelone"
    name: ClassVar[str] = "PARCEL.ONE"
    countries: ClassVar[tuple[str, ...]] = ("DE",)
    website: ClassVar[str] = "https://tracking.parcel.one"
    documentation: ClassVar[str] = "https://doc.parcelone.io"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = _HOME
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_key", "API key"),)
    base_url: ClassVar[str] = "https://production.parcelone.io/tracking"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/shipment/{quote(asks[0].number, safe='')}",
            params={"lang": "en"},
            headers={"Apikey": credentials["api_key"], "Accept": "application/json"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update: the shipment asked for."""
        reply = mapping(read_json(body))
        if "TrackingEvents" in reply:
            return [_shipment(reply)]
        if "results" in reply:
            return [_results(mapping(reply["results"]))]
        error = text(reply.get("Error"))
        if not error:
            raise CarrierError("The answer is not one of PARCEL.ONE's", kind="unreadable")
        return [TrackingUpdate("", problem=f"PARCEL.ONE says: {error}", not_found=True)]


def _shipment(reply: Mapping[str, Any]) -> TrackingUpdate:
    rows = mappings(reply.get("TrackingEvents"))
    events = scans([_event(row) for row in rows])
    leg = next((row for row in rows if text(row.get("CarrierTrackno"))), {})
    carrier, number = text(leg.get("Carrier")), text(leg.get("CarrierTrackno"))
    return TrackingUpdate(
        tracking_number=text(reply.get("P1Trackno")),
        events=oldest_first(events),
        problem=None if events else "PARCEL.ONE knows this number but sent no events yet",
        next_leg=NextLeg(carrier, number) if number else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    number, status = text(row.get("Statuscode")), text(row.get("DeliveryStatus"))
    stamp = text(row.get("EventdateCET"))
    place = _place(text(row.get("Location")))
    at, source = placed(read_iso(stamp), place, home=_HOME)
    return CarrierEvent(
        code="/".join(filter(None, (number, status))),
        sub_status=_NUMBERS.get(number) or _STATUSES.get(status, UNKNOWN),
        description=_plain(text(row.get("Status"))),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _plain(words: str) -> str:
    """Without links: PARCEL.ONE writes the carrier's number as an HTML anchor."""
    head, anchor, tail = words.partition("<a ")
    if not anchor:
        return words
    return _plain(head + tail.partition(">")[2].replace("</a>", "", 1))


def _place(location: str) -> Place:
    """ "DE Pohlheim", "Mainz-Kastel, Deutschland", "Munich, Germany", "Deutschland"."""
    first, _, rest = location.partition(" ")
    if country(first) == first and rest:
        return Place(city=rest, country=first)
    city, _, last = location.rpartition(",")
    land = country_code(last)
    return Place(city=city.strip(), country=land) if land else Place(city=location)


def _results(results: Mapping[str, Any]) -> TrackingUpdate:
    events = []
    for row in mappings(results.get("Events")):
        code, stamp = text(row.get("StatusCode")), text(row.get("DateTime"))
        place = _place(text(row.get("Location")))
        at, source = placed(read_iso(stamp), place, home=_HOME)
        event = CarrierEvent(
            code=code,
            sub_status=_WORDS.get(code.upper(), UNKNOWN),
            description=text(row.get("Description")),
            at=at,
            raw_time=stamp,
            zone_source=source,
            place=place,
        )
        events.append(event)
    ordered = oldest_first(scans(events)[::-1])
    signer, number = text(results.get("SignedBy")), text(results.get("CarrierTrackingID"))
    return TrackingUpdate(
        tracking_number="",
        events=ordered,
        problem=None if ordered else "PARCEL.ONE has no events for this number yet",
        not_found=not ordered,
        proof=Proof(signed_by=signer) if signer else None,
        next_leg=NextLeg(text(results.get("CarrierIDLMC")), number) if number else None,
    )
