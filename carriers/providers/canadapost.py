"""Canada Post, Get Tracking Details (REST, XML v2).

https://www.canadapost-postescanada.ca/info/mc/business/productsservices/developers/services/tracking/trackingdetails.jsf;
codes in `canadapost_codes`. One number a call; the key's limit is a throttle without a
published figure. `event-time-zone` names a zone, not an offset ("EST" in summer as well;
"CSTNO" is Saskatchewan, which keeps no summer time), and is empty at times. On the way
back a parcel keeps its number and its end has the code of a delivery.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.providers.canadapost_codes import PAPERS, meaning
from carriers.scan_times import placed, read_iso
from carriers.shapes import scans
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import child, first, named, words
from lib.vocabulary import Status

HOME: Final = "America/Toronto"

_ZONES: Final = {
    "NST": "America/St_Johns",
    "AST": "America/Halifax",
    "EST": "America/Toronto",
    "CST": "America/Winnipeg",
    "CSTNO": "America/Regina",
    "MST": "America/Edmonton",
    "PST": "America/Vancouver",
}

_NO_HISTORY: Final = "004"
_TOO_FAST: Final = "Server"


class CanadaPost(Carrier):
    slug: ClassVar[str] = "canadapost"
    name: ClassVar[str] = "Canada Post"
    countries: ClassVar[tuple[str, ...]] = ("CA",)
    website: ClassVar[str] = "https://www.canadapost-postescanada.ca/track-reperage/en"
    documentation: ClassVar[str] = (
        "https://www.canadapost-postescanada.ca/info/mc/business/productsservices/"
        "developers/services/tracking/trackingdetails.jsf"
    )
    proven: ClassVar[Proven] = "recorded"
    home_zone: ClassVar[str] = HOME
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "API key, first half (user name)", secret=False),
        Secret("password", "API key, second half (password)"),
    )
    base_url: ClassVar[str] = "https://soa-gw.canadapost.ca"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['username']}:{credentials['password']}"
        return HttpCall(
            "GET",
            f"/vis/track/pin/{quote(asks[0].number, safe='')}/detail",
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Accept": "application/vnd.cpc.track-v2+xml",
                "Accept-language": "en-CA",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        root = read_xml(body)
        detail = first(root, "tracking-detail")
        if detail is not None:
            return [_parcel(detail)]
        message = first(root, "message")
        if message is None:
            raise CarrierError("The answer is no tracking of Canada Post", kind="unreadable")
        return [_refused(message)]


def _refused(message: Element) -> TrackingUpdate:
    """The update for "no history"; CarrierError for every other message."""
    code = words(message, "code")
    said = f"Canada Post says: {words(message, 'description') or 'no reason given'} ({code})"
    if code == _NO_HISTORY:
        return TrackingUpdate("", problem=said, not_found=True)
    if code == _TOO_FAST:
        raise CarrierError(said, kind="rate_limited")
    is_account = code == "E002" or code.startswith("AA")
    raise CarrierError(said, kind="credentials" if is_account else "bad_request", permanent=True)


def _parcel(detail: Element) -> TrackingUpdate:
    rows = list(named(detail, "occurrence"))
    kept = [row for row in rows if words(row, "event-identifier").zfill(4) not in PAPERS]
    events = _on_their_way(oldest_first(scans([_event(row) for row in kept])[::-1]))
    postcode = words(detail, "destination-postal-id")
    return TrackingUpdate(
        tracking_number=words(detail, "pin"),
        events=events,
        edd=_promised(detail),
        problem=None if events else "Canada Post knows this number but sent no scans yet",
        service=words(detail, "service-name"),
        destination=Place(postcode=postcode, country="CA" if postcode else ""),
        proof=_proof(rows, events),
        pickup_point=_pickup_point(rows),
    )


def _event(row: Element) -> CarrierEvent:
    code = words(row, "event-identifier")
    place = Place(city=words(row, "event-site"), region=words(row, "event-province"))
    if place.region:  # a scan abroad has no province, and its site names the country at best
        place = replace(place, country="CA")
    day, clock = words(row, "event-date"), words(row, "event-time")
    label = words(row, "event-time-zone")
    found = read_iso(f"{day}T{clock}")
    if found is not None and label in _ZONES:
        found = found.replace(tzinfo=ZoneInfo(_ZONES[label]))
    at, source = placed(found, place, home=HOME)
    return CarrierEvent(
        code=code,
        sub_status=meaning(code, is_returning=False),
        description=" ".join(words(row, "event-description").split()),
        at=at,
        raw_time=f"{day} {clock} {label}".strip(),
        zone_source=source,
        place=place,
    )


def _on_their_way(events: tuple[CarrierEvent, ...]) -> tuple[CarrierEvent, ...]:
    """What came after the turn is on the way back."""
    read: list[CarrierEvent] = []
    is_returning = False
    for event in events:
        read.append(replace(event, sub_status=meaning(event.code, is_returning=is_returning)))
        is_returning = is_returning or event.status is Status.RETURNING
    return tuple(read)


def _promised(detail: Element) -> DateWindow | None:
    for name in ("changed-expected-date", "expected-delivery-date"):
        day = read_iso(words(detail, name) + "T00:00:00")
        if day is not None:
            return DateWindow(day.date(), day.date())
    return None


def _proof(rows: list[Element], events: tuple[CarrierEvent, ...]) -> Proof | None:
    signed = next(filter(None, (words(row, "signatory-name") for row in rows)), "")
    done = any(event.status is Status.DELIVERED for event in events)
    return Proof(signed_by=signed) if done and signed else None


def _pickup_point(rows: list[Element]) -> PickupPoint | None:
    """The post office of the newest scan that names one (rows are newest first)."""
    for row in rows:
        name = words(row, "event-retail-name")
        if name and child(row, "event-site") is not None:
            where = [words(row, "event-site"), words(row, "event-province")]
            return PickupPoint(name=name, address=", ".join(filter(None, where)))
    return None
