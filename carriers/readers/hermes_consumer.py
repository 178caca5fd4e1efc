"""Hermes Germany's recipient app: parcelProgress with one English word a step.

Nobody may ask it: the address serves Hermes' own app and site and is neither documented nor
offered to others (businesses use `hermes`). The words were seen in answers and in the code of
public clients; what is not here stays unknown. A booked wish (EDL_…) is no movement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    **dict.fromkeys(
        ("ANNOUNCED", "ORDER_INFO_RECEIVED", "PREANNOUNCED", "ATG_OUT_OF_WAREHOUSE"),
        "info.label_created",
    ),
    "EDL_BOOKED_DROPOFF": "info.label_created",
    **dict.fromkeys(
        (
            "PARCELSHOP_DROP_OFF", "PARCELSHOP_COLLECTED_BY_DRIVER", "TAKEN_OVER_BY_HERMES",
            "HANDED_OVER_TO_HERMES", "SHIPMENT_PICKED_UP",
        ),
        "picked_up.accepted",
    ),
    "IN_TRANSIT": "transit.generic",
    "SORTED": "transit.arrived_facility",
    **dict.fromkeys(
        ("ARRIVED_IN_DESTINATION_REGION", "ARRIVED_AT_DEPOT", "ARRIVED_AT_DELIVERY_DEPOT"),
        "transit.at_delivery_depot",
    ),
    **dict.fromkeys(("DELIVERY_TOUR_STARTED", "OUT_FOR_DELIVERY", "NEXT_STOP"), "out.on_vehicle"),
    **dict.fromkeys(("PARCELSHOP_ITEMS_FOR_COLLECTION", "READY_FOR_COLLECTION"), "pickup.ready"),
    **dict.fromkeys(
        ("DELIVERED", "DELIVERED_HOMEDELIVERY", "DELIVERED_DROPOFF", "DELIVERED_MAILBOX"),
        "delivered.generic",
    ),
    **dict.fromkeys(
        ("DELIVERED_NEIGHBOUR", "DELIVERED_PARCELBOX"), "delivered.neighbour_reception_locker"
    ),
    **dict.fromkeys(
        ("DELIVERED_PARCELSHOP", "PICKED_UP_BY_RECIPIENT", "COLLECTED"), "delivered.collected"
    ),
    "NOT_DELIVERABLE": "exception.other",
    "UNKNOWN_WHEREABOUTS": "exception.under_investigation",
    **dict.fromkeys(("RETURN", "RETURN_TO_SENDER"), "returning.started"),
    "RETURN_DELIVERED_TO_SENDER": "returned.received",
}  # fmt: skip


class HermesConsumer(Reader):
    slug: ClassVar[str] = "hermes_consumer"
    name: ClassVar[str] = "Hermes (recipient app)"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update: the parcel."""
        reply = mapping(read_json(body))
        if "parcelProgress" not in reply:
            raise CarrierError("The answer is not one of Hermes' app", kind="unreadable")
        events = scans([_event(row) for row in mappings(reply["parcelProgress"])])
        return [
            TrackingUpdate(
                tracking_number=text(reply.get("barcode")),
                events=oldest_first(events[::-1]),
                problem=None if events else "Hermes knows this parcel but sent no steps yet",
            )
        ]


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("parcelStatus")), text(row.get("timestamp"))
    place = Place(country="DE")
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(row.get("historyText")),
        language="de",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
