"""Newgistics package tracking (JSON): read, not asked.

Newgistics carried returns and went into Pitney Bowes, whose parcel business closed in 2024;
answers kept from it are still read. Absent values are the word "null". `Date` holds the
local day as an instant with its offset, `Time` the clock on a day without meaning. A RETURN
service brings the parcel back to the merchant: its end is "returned", never "delivered".
The codes are in recorded answers only; what is not here stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any, ClassVar, Final

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.scan_times import read_epoch, read_offset
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = {
    "DNF": "transit.departed_facility",
    "DRC": "returned.received",
    "IPS": "transit.arrived_facility",
    "PUU": "picked_up.accepted",
}

_STAMP: Final = re.compile(r"/Date\(([0-9]{9,14})([+-][0-9]{4})\)/")


class Newgistics(Reader):
    slug: ClassVar[str] = "newgistics"
    name: ClassVar[str] = "Newgistics"
    documentation: ClassVar[str] = "https://www.pitneybowes.com"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        packages = mappings(mapping(read_json(body)).get("Packages"))
        if not packages:
            raise CarrierError("The answer holds no package of Newgistics", kind="unreadable")
        return [_package(package) for package in packages]


def _said(value: object) -> str:
    words = text(value)
    return "" if words == "null" else words


def _package(package: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_event(row) for row in mappings(package.get("PackageTrackingEvents"))])
    done = any(event.status is Status.DELIVERED for event in events)
    signed = _said(package.get("Signer"))
    city, state = _said(package.get("ShipToCity")), _said(package.get("ShipToState"))
    postcode = _said(package.get("ShipToPostalCode"))
    problem = _said(package.get("ErrorMessage")) or "no scans yet"
    return TrackingUpdate(
        tracking_number=_said(package.get("TrackingNumber")),
        events=oldest_first(events[::-1]),
        problem=None if events else f"Newgistics says: {problem}",
        not_found=not events and _said(package.get("Status")) == "NotFound",
        service=_said(package.get("CarrierService")),
        destination=Place(city, state, postcode, "US" if city or state else ""),
        proof=Proof(signed_by=signed) if done and signed else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, day, clock = (_said(row.get(key)) for key in ("EventCode", "Date", "Time"))
    at = _when(day, clock)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=_said(row.get("EventDescription")),
        at=at,
        raw_time=f"{day} {clock}".strip(),
        zone_source="carrier" if at else "assumed",
        place=Place(
            city=_said(row.get("City")),
            region=_said(row.get("State")),
            postcode=_said(row.get("PostalCode")),
            country="US",
            code=_said(row.get("FacilityName")),
        ),
    )


def _when(day: str, clock: str) -> datetime | None:
    """The day of one stamp at the local clock of the other."""
    date, time = _local(day), _local(clock)
    if date is None:
        return None
    if time is None:
        return date
    return date.replace(hour=time.hour, minute=time.minute, second=time.second)


def _local(stamp: str) -> datetime | None:
    found = _STAMP.fullmatch(stamp)
    at = read_epoch(found[1]) if found else None
    zone: tzinfo | None = read_offset(found[2]) if found else None
    if at is None or zone is None:
        return None
    return at.astimezone(zone)
