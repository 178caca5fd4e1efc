"""DPD in Belgium and the Netherlands: the shipper web services, SOAP with a login token.

https://esolutions.dpd.com (LoginService 2.1, ParcelLifeCycleService 2.0). Statuses are words,
here those of published answers and of DPD's manual for the service; the rest stays unknown.
Rows of steps that have not been reached yet are not scans. Times have no zone: they are
those of the depot, whose country stands behind its name. The answer does not repeat the
number. "Back at the depot after an unsuccessful attempt" is the attempt itself, unless
the attempt was scanned since the van left. The Netherlands are another address
(https://wsshipper.dpd.nl), and so are the test systems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    Token,
    read_xml,
)
from carriers.scan_times import placed, read_as
from carriers.shapes import scans
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from carriers.xml_shapes import child, fault, first, named, soap, words
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = {
    "shipment": "info.label_created",
    "pickedup": "picked_up.accepted",
    "accepted": "picked_up.accepted",
    "atsendingdepot": "transit.arrived_facility",
    "betweendepots": "transit.generic",
    "ontheroad": "transit.generic",
    "depot": "transit.at_delivery_depot",
    "atdeliverydepot": "transit.at_delivery_depot",
    "courier": "out.on_vehicle",
    "deliveryfailure": "attempt.generic",
    "returningfromdelivery": "attempt.generic",
    "parcelshop": "pickup.ready",
    "delivered": "delivered.generic",
}
_BACK: Final = "returningfromdelivery"
_LOGIN: Final = "http://dpd.com/common/service/types/LoginService/2.1"
_LIFE_CYCLE: Final = "http://dpd.com/common/service/types/ParcelLifeCycleService/2.0"
_AUTHENTICATION: Final = "http://dpd.com/common/service/types/Authentication/2.0"
#: Dates are written for this language; another writes them otherwise.
_LANGUAGE: Final = "en_EN"
_CLOCKS: Final = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S")


class Dpd(Carrier):
    slug: ClassVar[str] = "dpd"
    name: ClassVar[str] = "DPD"
    countries: ClassVar[tuple[str, ...]] = ("BE", "NL", "LU")
    website: ClassVar[str] = "https://www.dpdgroup.com/be/mydpd/my-parcels/track"
    documentation: ClassVar[str] = "https://esolutions.dpd.com"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("delis_id", "Delis ID", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://wsshipper.dpd.be"
    home_zone: ClassVar[str] = "Europe/Brussels"
    #: SOAP faults come with 500.
    readable_statuses: ClassVar[frozenset[int]] = frozenset({500})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        content = {
            "delisId": credentials["delis_id"],
            "password": credentials["password"],
            "messageLanguage": _LANGUAGE,
        }
        body = soap("getAuth", content, namespace=_LOGIN)
        return _call("LoginService/V2_1", f"{_LOGIN}/getAuth", body)

    def parse_token(self, body: bytes) -> Token:
        """The token of a day; `authTokenExpires` is Belgian time, so an hour is all we trust."""
        root = read_xml(body)
        _refuse_faults(root)
        value = words(first(root, "return"), "authToken")
        if not value:
            raise CarrierError("The token answer has no authToken", kind="unreadable")
        return Token(value=value, seconds=3600)

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        login = {
            "delisId": credentials["delis_id"],
            "authToken": token or "",
            "messageLanguage": _LANGUAGE,
        }
        body = soap(
            "getTrackingData",
            {"parcelLabelNumber": asks[0].number},
            namespace=_LIFE_CYCLE,
            header={"ns:authentication": login},
            further={"ns": _AUTHENTICATION},
        )
        return _call("ParcelLifeCycleService/V2_0", f"{_LIFE_CYCLE}/getTrackingData", body)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update without a number: DPD does not repeat it."""
        root = read_xml(body)
        _refuse_faults(root)
        result = first(root, "trackingresult")
        if result is None:
            raise CarrierError("The answer holds no tracking of DPD", kind="unreadable")
        rows = [
            row
            for row in named(result, "statusInfo")
            if words(row, "statusHasBeenReached").lower() != "false"
        ]
        events = _attempts_once(oldest_first(scans([_event(row) for row in rows])))
        return [
            TrackingUpdate(
                "",
                events=events,
                problem=None if events else "DPD sent no scans of this parcel yet",
                service=_content(first(result, "serviceDescription"), "content"),
            )
        ]


def _call(service: str, action: str, body: bytes) -> HttpCall:
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": action}
    return HttpCall("POST", f"/soap/services/{service}", headers=headers, body=body)


def _refuse_faults(root: Element) -> None:
    reason = fault(root)
    if reason is None:
        return
    code = words(first(root, "errorCode"))
    said = f"DPD says: {words(first(root, 'errorMessage')) or reason} ({code or 'no code'})"
    if "AUTHENTICATION" in code.upper():
        raise CarrierError(said, kind="credentials", permanent=True)
    raise CarrierError(said, kind="unavailable")


def _content(element: Element | None, *path: str) -> str:
    """The text of DPD's nested `content`, which may hang one level deeper than it should."""
    found = child(element, *path) if element is not None else None
    if found is None:
        return ""
    return words(found) or words(found, "content")


def _event(row: Element) -> CarrierEvent:
    code, stamp = words(row, "status"), _content(row, "date", "content")
    place = _depot(_content(row, "location", "content"))
    at, source = placed(read_as(stamp, *_CLOCKS), place, home=Dpd.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.replace("_", "").lower(), UNKNOWN),
        description=_content(row, "description", "content") or _content(row, "label", "content"),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _depot(name: str) -> Place:
    """ "Mechelen (BE)"."""
    match = re.fullmatch(r"(.*?)\s*\(([A-Z]{2})\)", name)
    return Place(city=match[1], country=match[2]) if match is not None else Place(city=name)


def _attempts_once(events: tuple[CarrierEvent, ...]) -> tuple[CarrierEvent, ...]:
    """Make the way back to the depot no second attempt where the attempt itself was scanned."""
    counted = False
    found: list[CarrierEvent] = []
    for event in events:
        if event.status is Status.OUT_FOR_DELIVERY:
            counted = False
        elif event.status is Status.ATTEMPT_FAILED and event.code.lower() != _BACK:
            counted = True
        elif event.status is Status.ATTEMPT_FAILED and counted:
            event = replace(event, sub_status="transit.at_delivery_depot")
        found.append(event)
    return tuple(found)
