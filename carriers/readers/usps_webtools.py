"""USPS Web Tools, TrackV2 in XML: read, not asked.

USPS retired Web Tools in January 2026 for the APIs of `providers/usps.py`
(https://www.usps.com/business/web-tools-apis/). Times are local to their place, in words
("April 28, 2015", "9:01 am"); an event may have a day without a time.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import CarrierError, Kind, Proven, Reader, read_xml
from carriers.countries import country_code
from carriers.providers.usps import HOME
from carriers.providers.usps_codes import meaning, spot
from carriers.scan_times import placed, read_words
from carriers.shapes import scans
from carriers.updates import (
    CarrierEvent,
    DateKind,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import child, local, named, words
from carriers.zones import zone_name
from lib.vocabulary import Status

_NOT_FOUND: Final = frozenset({"-2147219302", "-2147219283"})
_CREDENTIALS: Final = frozenset({"80040b1a", "80040b18"})


class UspsWebTools(Reader):
    slug: ClassVar[str] = "usps_webtools"
    name: ClassVar[str] = "USPS (Web Tools)"
    documentation: ClassVar[str] = "https://www.usps.com/business/web-tools-apis/"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number, found or not."""
        root = read_xml(body)
        if local(root) == "Error":
            code, said = _error(root)
            is_account = code.lower() in _CREDENTIALS
            kind: Kind = "credentials" if is_account else "bad_request"
            raise CarrierError(said, kind=kind, permanent=True)
        infos = list(named(root, "TrackInfo"))
        if local(root) != "TrackResponse" or not infos:
            raise CarrierError("The answer is no TrackResponse of USPS", kind="unreadable")
        return [_parcel(info) for info in infos]


def _error(element: Element) -> tuple[str, str]:
    code, said = words(element, "Number"), words(element, "Description")
    return code, f"USPS says: {said or 'no reason given'} ({code})"


def _parcel(info: Element) -> TrackingUpdate:
    number = info.get("ID", "").strip()
    error = child(info, "Error")
    if error is not None:
        code, said = _error(error)
        return TrackingUpdate(number, problem=said, not_found=code in _NOT_FOUND)
    destination = _end(info, "Destination")
    rows = [row for row in info if local(row) in {"TrackSummary", "TrackDetail"}]
    events = scans([_event(row) for row in rows])
    done = next((event for event in events if event.status is Status.DELIVERED), None)
    names = [words(row, "Name") for row in rows if words(row, "EventCode") == "01"]
    proof = Proof(next(filter(None, names), ""), left_at=spot(done.description) if done else "")
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events[::-1]),
        edd=_promised(info, destination),
        problem=None if events else "USPS knows this number but sent no scans yet",
        service=re.sub(r"<SUP>[^<]*</SUP>", "", words(info, "Class")),
        origin=_end(info, "Origin"),
        destination=destination,
        proof=proof if done and proof != Proof() else None,
    )


def _event(row: Element) -> CarrierEvent:
    code, said = words(row, "EventCode"), words(row, "Event")
    abroad = words(row, "EventCountry")
    place = Place(
        city=words(row, "EventCity"),
        region=words(row, "EventState"),
        postcode=words(row, "EventZIPCode"),
        country=country_code(abroad) if abroad else "US",
    )
    stamp = f"{words(row, 'EventDate')} {words(row, 'EventTime')}".strip()
    found = read_words(stamp, "%m %d, %Y %I:%M %p", "%m %d, %Y")
    at, source = placed(found, place, home=HOME)
    return CarrierEvent(
        code=code,
        sub_status=meaning(code, said),
        description=said,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(info: Element, name: str) -> Place:
    city, state = words(info, f"{name}City"), words(info, f"{name}State")
    postcode = words(info, f"{name}Zip")
    return Place(city, state, postcode, "US" if city or state or postcode else "")


def _promised(info: Element, destination: Place) -> DateWindow | None:
    kinds: tuple[tuple[str, DateKind], ...] = (
        ("Expected", "estimated"), ("Guaranteed", "guaranteed"), ("Predicted", "estimated")
    )  # fmt: skip
    for name, kind in kinds:
        found = read_words(words(info, f"{name}DeliveryDate"), "%m %d, %Y")
        if found is not None:
            return DateWindow(found.date(), found.date(), zone_name(destination), kind)
    return None
