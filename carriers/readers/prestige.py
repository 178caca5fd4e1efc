"""Prestige Delivery Systems, the JSON behind its tracking page: read, not asked.

The page's address was private and went with the company into LaserShip; answers kept from
it are still read. Amazon's event codes; local times ("10/19/2015", "2:39 PM").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.readers.amazon_events import meaning
from carriers.scan_times import placed, read_as
from carriers.shapes import country, mappings, scans, text
from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate, oldest_first
from carriers.zones import zone_name

#: It carried around the Great Lakes.
_HOME: Final = "America/Detroit"


class Prestige(Reader):
    slug: ClassVar[str] = "prestige"
    name: ClassVar[str] = "Prestige Delivery"
    documentation: ClassVar[str] = "https://www.prestigedelivery.com"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        parcels = [row for row in mappings(read_json(body)) if text(row.get("TrackingNumber"))]
        if not parcels:
            raise CarrierError("The answer holds no parcel of Prestige", kind="unreadable")
        return [_parcel(row) for row in parcels]


def _parcel(parcel: Mapping[str, Any]) -> TrackingUpdate:
    rows = mappings(parcel.get("TrackingEventHistory"))
    latest = rows[0] if rows else {}
    destination = Place(
        city=text(latest.get("PDCity")),
        region=text(latest.get("PDState")),
        postcode=text(latest.get("PDZip")),
        country=country(latest.get("CountryCode")),
    )
    promised = read_as(text(latest.get("EstimatedDeliveryDate")), "%m/%d/%Y")
    day = promised.date() if promised else None
    events = scans([_event(row) for row in rows])
    return TrackingUpdate(
        tracking_number=text(parcel.get("TrackingNumber")),
        events=oldest_first(events[::-1]),
        edd=DateWindow(day, day, zone_name(destination)) if day else None,
        problem=None if events else "Prestige knows this number but sent no scans yet",
        destination=destination,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code = text(row.get("EventCode"))
    place = Place(
        city=text(row.get("ELCity")),
        region=text(row.get("ELState")),
        postcode=text(row.get("ELZip")),
        country=country(row.get("CountryCode")),
    )
    stamp = f"{text(row.get('serverDate'))} {text(row.get('serverTime'))}".strip()
    at, source = placed(read_as(stamp, "%m/%d/%Y %I:%M %p"), place, home=_HOME)
    return CarrierEvent(
        code=code,
        sub_status=meaning(code),
        description=text(row.get("EventCodeDesc")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
