"""Evri (formerly Hermes UK): the answer of its consumer tracking pages.

https://www.evri.com. Nobody may ask it: the address belongs to Evri's own site and app, and
Evri offers merchants its tracking by contract only. The meaning is the stage; the tracking
point is a place in Evri's network and is kept in the code. Events come unsorted, with
instants; the answer names no parcel but by what its reader wrote beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.scan_times import placed, read_epoch, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status, status_of

_STAGES: Final = {
    "0": "info.label_created",
    "1": "info.label_created",
    "2": "picked_up.accepted",
    "3": "transit.generic",
    "4": "transit.at_delivery_depot",
    "4_COURIER": "out.on_vehicle",
    "4_SHOP": "pickup.ready",
    "4_LOCKER": "pickup.ready",
    "5_COURIER": "delivered.generic",
    "5_SHOP": "delivered.collected",
    "6": "exception.other",
    "6_INFO": "exception.other",
    "6_ACTION": "exception.other",
    "A": "returning.started",
}
#: What a stage is for a parcel that goes back to its shop.
_BACK: Final = {
    Status.IN_TRANSIT: "returning.started",
    Status.OUT_FOR_DELIVERY: "returning.started",
    Status.DELIVERED: "returned.received",
}


class Evri(Reader):
    slug: ClassVar[str] = "evri"
    name: ClassVar[str] = "Evri"
    documentation: ClassVar[str] = "https://www.evri.com"
    proven: ClassVar[Proven] = "documented"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the parcel of the page."""
        parcel = mapping(read_json(body))
        if not isinstance(parcel.get("trackingEvents"), list):
            raise CarrierError("The answer holds no parcel of Evri", kind="unreadable")
        is_return = parcel.get("returnParcel") is True
        events = scans([_event(row, is_return) for row in mappings(parcel["trackingEvents"])])
        return [
            TrackingUpdate(
                text(parcel.get("_configuredTrackingCode") or parcel.get("barcode")),
                events=oldest_first(events),
                problem=None if events else "Evri knows this parcel but sent no events yet",
                service=text(parcel.get("serviceType")),
                destination=Place(country="GB"),
            )
        ]


def _event(row: Mapping[str, Any], is_return: bool) -> CarrierEvent:
    stage = text(mapping(row.get("trackingStage")).get("trackingStageCode"))
    point = text(mapping(row.get("trackingPoint")).get("trackingPointCode"))
    stamp, place = text(row.get("dateTime")), Place(country="GB")
    meaning = _STAGES.get(stage.upper(), UNKNOWN)
    status = status_of(meaning)
    if is_return and status is not None:
        meaning = _BACK.get(status, meaning)
    at, source = placed(read_iso(stamp) or read_epoch(row.get("dateTime")), place)
    return CarrierEvent(
        code="/".join(part for part in (stage, point) if part),
        sub_status=meaning,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
