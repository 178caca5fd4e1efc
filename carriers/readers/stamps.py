"""Stamps.com SWSIM, TrackShipment (SOAP): read, not asked.

Its numbers are USPS's, and USPS is asked for them (`providers/usps.py`); answers kept from
Stamps.com are still read. `TrackingEventType` is a closed list of its WSDL
(https://developer.stamps.com). An answer does not repeat the number; times are local.
"""

from __future__ import annotations

from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import CarrierError, Proven, Reader, read_xml
from carriers.providers.usps import HOME
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, scans
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from carriers.xml_shapes import fault, first, named, words
from lib.vocabulary import UNKNOWN, Status

CODES: Final = {
    **dict.fromkeys(
        ("ManifestAcknowledgement", "ElectronicNotification", "ShippingLabelCreated"),
        "info.label_created",
    ),
    **dict.fromkeys(
        (
            "AcceptOrPickup", "AcceptedAtDestination", "In_processAcceptance",
            "OriginAcceptance", "PickedUpAndProcessedByAgent", "PickedUpByShippingPartner",
            "ShipmentAcceptance", "TenderedToPostalService", "MailConsigned",
        ),
        "picked_up.accepted",
    ),
    **dict.fromkeys(
        (
            "ArrivedAtShippingPartner", "ArriveSortFacility_A1", "ArriveSortFacility_R1",
            "ArriveSortFacility_U1", "ArrivedUSPSSortFacility", "ArrivedAgentFacility",
            "Processed_BE", "Processed_RB", "ReceivedAtOpeningUnit",
            *(f"Processed_RegisteredMailOnly_{n}" for n in (35, 36, 38, 39, 40)),
        ),
        "transit.arrived_facility",
    ),
    **dict.fromkeys(
        (
            "DepartedFromShippingPartner", "DepartUSPSSortFacility", "DepartSortFacility_L1",
            "DepartSortFacility_T1", "DepartedAgentFacility", "DispatchedFromSortFacility",
            "DispatchedToSortFacility",
        ),
        "transit.departed_facility",
    ),
    **dict.fromkeys(("Enroute", "USPS Event", "DispatchedToMilitary"), "transit.generic"),
    **dict.fromkeys(
        ("ArrivalAtUnit", "ProcessedAtDestinationFacility", "Sorting_ProcessingComplete"),
        "transit.at_delivery_depot",
    ),
    **dict.fromkeys(
        ("USPSHandoffToShippingPartner", "TenderedToAgentForFinalDelivery"),
        "transit.handed_to_partner",
    ),
    "ForeginReceipt": "transit.arrived_destination_country",  # Stamps.com's own spelling
    "Forwarded": "transit.forwarded_new_address",
    **dict.fromkeys(("Missent", "Mis_shipped"), "delay.missorted"),
    **dict.fromkeys(("Delay", "ServiceDelay", "DeliveryStatusNotUpdated"), "delay.generic"),
    "CustomsClearance": "customs.started",
    "OutForDelivery": "out.on_vehicle",
    **dict.fromkeys(("ArrivalAtPickupPoint", "AvailableForPickup"), "pickup.ready"),
    **dict.fromkeys(
        ("AttemptedNoticeLeft", "AttemptedNoticeLeft_H0", "NoticeLeft"), "attempt.generic"
    ),
    "BusinessClosed": "attempt.business_closed",
    "ReceptacleBlocked": "attempt.access_restricted",
    **dict.fromkeys(("ReceptacleFull", "NoSecureLocationAvailable"), "attempt.no_safe_place"),
    "NoAuthorizedRecipientAvailable": "attempt.nobody_home",
    "Refused": "exception.refused",
    **dict.fromkeys(
        ("AddresseeUnknown", "InsufficientAddress", "NoSuchNumber", "Undeliverable", "Vacant"),
        "exception.address",
    ),
    **dict.fromkeys(("ForwardingExpired", "MovedNoForwarding"), "exception.recipient_moved"),
    **dict.fromkeys(("DuplicateLabelID", "RecipientActionRequired"), "exception.other"),
    "Delivered": "delivered.generic",
    **dict.fromkeys(("PickedUp", "PickedUpByAgent"), "delivered.collected"),
    **dict.fromkeys(
        (
            "CustomerRecall", "Deceased", "ReturnedOtherReason", "ReturnToSender",
            "ReturnToSender_CO", "ReturnToSender_NotPickedUp", "Unclaimed",
        ),
        "returning.started",
    ),
    **dict.fromkeys(
        ("DeliveredByAgentToMerchant", "FinalDispositionByMerchant"), "returned.received"
    ),
    **dict.fromkeys(("DeadLetter", "DeadMail_SentToRecoveryCenter"), "lost.declared"),
    "DeadMail_DisposedByPostOffice": "lost.destroyed",
}  # fmt: skip


class Stamps(Reader):
    slug: ClassVar[str] = "stamps"
    name: ClassVar[str] = "Stamps.com"
    documentation: ClassVar[str] = "https://developer.stamps.com"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        root = read_xml(body)
        refused = fault(root)
        if refused is not None:
            raise CarrierError(f"Stamps.com says: {refused}", kind="bad_request", permanent=True)
        if first(root, "TrackShipmentResponse") is None:
            raise CarrierError("The answer is none of Stamps.com's tracking", kind="unreadable")
        rows = list(named(root, "TrackingEvent"))
        events = scans([_event(row) for row in rows])
        signed = next(filter(None, (words(row, "SignedBy") for row in rows)), "")
        done = any(event.status is Status.DELIVERED for event in events)
        return [
            TrackingUpdate(
                tracking_number="",
                events=oldest_first(events[::-1]),
                problem=None if events else "Stamps.com sent no scans yet",
                proof=Proof(signed_by=signed) if done and signed else None,
            )
        ]


def _event(row: Element) -> CarrierEvent:
    code, stamp = words(row, "TrackingEventType"), words(row, "Timestamp")
    place = Place(
        city=words(row, "City"),
        region=words(row, "State"),
        postcode=words(row, "Zip"),
        country=country(words(row, "Country")),
    )
    at, source = placed(read_iso(stamp), place, home=HOME)
    return CarrierEvent(
        code=code,
        sub_status=CODES.get(code, UNKNOWN),
        description=words(row, "Event"),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
