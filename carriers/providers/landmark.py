"""Landmark Global (bpost group): cross-border parcels, XML with the login in the body.

https://api.landmarkglobal.com (Track API, documentation is given to customers). The 21 event
codes are placed by the vendor's names as integrators publish them. 125 is called "customs
cleared" there, but recorded answers say "transmitted customs information" before the border
is crossed: it starts customs. Errors come with HTTP 200. Times are naive and local, in two
forms; a place of two parts may end in a state or a country, and is only believed where it
can be one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import scans
from carriers.updates import CarrierEvent, NextLeg, Place, TrackingUpdate, oldest_first
from carriers.xml_shapes import document, fields, first, named, words
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    **dict.fromkeys(("50", "60", "75", "80", "100"), "info.label_created"),
    "90": "exception.held",
    "125": "customs.started",
    "135": "customs.delay",
    "150": "transit.departed_origin_country",
    "155": "transit.arrived_destination_country",
    **dict.fromkeys(("200", "225", "250"), "transit.arrived_facility"),
    "275": "transit.generic",
    "300": "out.on_vehicle",
    "400": "attempt.generic",
    "410": "pickup.ready",
    "450": "transit.forwarded_new_address",
    "500": "delivered.generic",
    "510": "delivered.signed",
    "900": "exception.other",
}
_CLOCKS: Final = ("%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p")
_ASKED: Final = re.compile(r"tracking number # ?(\S+) in our system", re.IGNORECASE)


def _letters(pairs: str) -> frozenset[str]:
    return frozenset(pairs.split())


#: States of the USA whose two letters are no country's.
_STATES: Final = _letters(
    "AK CT DC FL HI IA KS MI ND NH NJ NM NV NY OH OK OR RI TX UT VT WA WI WV WY"
)
#: States and provinces whose two letters are a country's as well.
_EITHER: Final = _letters(
    "AL AR AZ CA CO DE GA ID IL IN KY LA MA MD ME MN MO MS MT NC NE PA SC SD TN VA NL PE"
)


class Landmark(Carrier):
    slug: ClassVar[str] = "landmark"
    name: ClassVar[str] = "Landmark Global"
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "BE", "NL", "DE", "FR")
    website: ClassVar[str] = "https://track.landmarkglobal.com"
    documentation: ClassVar[str] = "https://api.landmarkglobal.com"
    proven: ClassVar[Proven] = "recorded"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
        Secret("client_id", "Client ID", secret=False),
    )
    base_url: ClassVar[str] = "https://api.landmarkglobal.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        login = {"Username": credentials["username"], "Password": credentials["password"]}
        content = {
            "Login": login,
            "Test": "false",
            "ClientID": credentials["client_id"],
            "TrackingNumber": asks[0].number,
            "RetrievalType": "Historical",
        }
        return HttpCall(
            "POST",
            "/v2/Track.php",
            headers={"Content-Type": "text/xml; charset=utf-8"},
            body=document("TrackRequest", content),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a package of the shipment, or the number that was not found."""
        root = read_xml(body)
        packages = [_package(root, package) for package in named(root, "Package")]
        if packages:
            return packages
        error = first(root, "Error")
        code, reason = words(error, "ErrorCode"), words(error, "ErrorMessage")
        if error is None or not (code or reason):
            raise CarrierError("The answer holds no package of Landmark", kind="unreadable")
        said = f"Landmark says: {re.split('[<&]', reason)[0].strip() or 'no reason given'} ({code})"
        if code == "Lookup":
            asked = _ASKED.search(reason)
            return [TrackingUpdate(asked[1] if asked else "", problem=said, not_found=True)]
        if code == "Login":
            raise CarrierError(said, kind="credentials", permanent=True)
        raise CarrierError(said, kind="unavailable")


def _package(root: Element, package: Element) -> TrackingUpdate:
    said = fields(package)
    number, own = said.get("TrackingNumber", ""), said.get("LandmarkTrackingNumber", "")
    carrier = words(first(root, "EndDeliveryCarrier"))
    events = scans([_event(fields(row)) for row in named(package, "Event")])
    if _newest_first(events):
        events.reverse()
    return TrackingUpdate(
        number or own,
        events=oldest_first(events),
        problem=None if events else "Landmark knows this package but sent no events yet",
        next_leg=NextLeg(carrier, number)
        if carrier and number and not number.startswith("LTN")
        else None,
    )


def _newest_first(events: Sequence[CarrierEvent]) -> bool:
    """Whether the list is written newest first, as some answers are."""
    dated = [event.at for event in events if event.at is not None]
    return len(dated) > 1 and dated[0] > dated[-1]


def _event(said: Mapping[str, str]) -> CarrierEvent:
    code, stamp = said.get("EventCode", ""), said.get("DateTime", "")
    place = _place(said.get("Location", ""))
    at, source = placed(read_iso(stamp) or read_as(stamp, *_CLOCKS), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=said.get("Status", ""),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(location: str) -> Place:
    """ "Toronto, ON, CA", "Columbus, OH", "Berlin, DE": Delaware or Germany stays open."""
    parts = [part.strip() for part in location.split(",")]
    last = parts[-1]
    if len(parts) == 3 and len(last) == 2:
        return Place(city=parts[0], region=parts[1], country=last.upper())
    if len(parts) != 2:
        return Place(city=location)
    if last in _STATES:
        return Place(city=parts[0], region=last, country="US")
    if last == "US" or (last not in _EITHER and zone_name(Place(country=last))):
        return Place(city=parts[0], country=last)
    return Place(city=parts[0], region=last)
