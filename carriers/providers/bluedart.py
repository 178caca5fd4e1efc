"""Blue Dart (India, of the DHL group): waybill query in XML, and its webhook "lite" or "plus".

https://apigateway.bluedart.com (developer portal; documents are given to customers). The query's
old address, RoutingServlet with login and licence key, lives on behind the gateway: a client id
and secret give a JWT for a day, login and licence key go along as before. The status codes
(`ScanGroupType` S scans, T statuses) are its customers' list as integrators publish it, each
placed by its text; what is not in it stays unknown. The webhook sends one scan ("lite") or all of
them ("plus"), dd-mm-yyyy and HHMM in India's time, with a client id and a token of our choosing in
its headers. A return is told by `ScanType` RT; delivered after that is delivered to the shop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar, Final
from xml.etree.ElementTree import Element

from carriers import code_maps
from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    Token,
    read_json,
    read_xml,
)
from carriers.scan_times import placed, read_as, read_words
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import fields, local, named
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

#: By group of scans (S, T) and code.
_CODES: Final = code_maps.load("bluedart_codes.csv")

_ZONE: Final = "Asia/Kolkata"
_IST: Final = timezone(timedelta(hours=5, minutes=30))
_TOKEN_SECONDS: Final = 20 * 3600.0
#: Codes that mean "handed over" on the way back too.
_HANDED_OVER: Final = frozenset({"000", "118", "188"})


class BlueDart(Carrier):
    slug: ClassVar[str] = "bluedart"
    name: ClassVar[str] = "Blue Dart"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://www.bluedart.com/tracking"
    documentation: ClassVar[str] = "https://apigateway.bluedart.com"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 20
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=4)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID (consumer key of the app)", secret=False),
        Secret("client_secret", "Client secret (consumer secret of the app)"),
        Secret("login_id", "Login ID (customer's, such as BOM00001)", secret=False),
        Secret("license_key", "Tracking licence key"),
        Secret("push_client_id", "Client ID that its webhook sends", optional=True),
        Secret("push_token", "Token that its webhook sends", optional=True),
    )
    base_url: ClassVar[str] = "https://apigateway.bluedart.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            "/in/transportation/tracking/v1/shipment",
            params={
                "handler": "tnt",
                "action": "custawbquery",
                "loginid": credentials["login_id"],
                "lickey": credentials["license_key"],
                "awb": "awb",
                "numbers": ",".join(ask.number for ask in asks),
                "format": "xml",
                "verno": "1.3",
                "scan": "1",
            },
            headers={"JWTToken": token or ""},
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        return HttpCall(
            "GET",
            "/in/transportation/token/v1/login",
            headers={
                "ClientID": credentials["client_id"],
                "clientSecret": credentials["client_secret"],
                "Accept": "application/json",
            },
        )

    def parse_token(self, body: bytes) -> Token:
        value = text(mapping(read_json(body)).get("JWTToken"))
        if not value:
            raise CarrierError("The token answer has no JWTToken", kind="unreadable")
        return Token(value, _TOKEN_SECONDS)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill of the XML answer, found or not."""
        root = read_xml(body)
        shipments = list(named(root, "Shipment"))
        if shipments:
            return [_from_xml(one) for one in shipments]
        problem = next(
            (text(one.text) for one in named(root, "Error", "Message", "ErrorMessage", "Status")),
            "",
        )
        if local(root) != "ShipmentData" and not problem:
            raise CarrierError("The answer is not one of Blue Dart's", kind="unreadable")
        if any(word in problem.lower() for word in ("login", "licen", "lickey", "unauthor")):
            raise CarrierError(f"Blue Dart says: {problem}", kind="credentials", permanent=True)
        if problem:
            raise CarrierError(f"Blue Dart says: {problem}", kind="unavailable")
        return []

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """The webhook's JSON; several scans of one waybill are one update."""
        rows = [
            mapping(row.get("Shipment"))
            for row in mappings(mapping(read_json(body)).get("statustracking"))
        ]
        by_waybill: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            if text(row.get("WaybillNo")):
                by_waybill.setdefault(text(row.get("WaybillNo")), []).append(row)
        if not by_waybill:
            raise CarrierError("The push holds no waybill of Blue Dart", kind="unreadable")
        return [_from_push(number, told) for number, told in by_waybill.items()]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        agreed = {"client-id": "push_client_id", "token": "push_token"}
        return all(
            same(headers.get(header, ""), credentials[name])
            for header, name in agreed.items()
            if credentials.get(name)
        )


def _from_xml(element: Element) -> TrackingUpdate:
    row = fields(element)
    number = text(element.get("WaybillNo")) or row.get("WaybillNo", "")
    if row.get("StatusType", "").upper() == "NF":
        return TrackingUpdate(
            number, problem="Blue Dart does not know this waybill", not_found=True
        )
    told = [fields(one) for one in named(element, "ScanDetail")]
    return _update(number, row, told, received_by=row.get("ReceivedBy", ""))


def _from_push(number: str, rows: Sequence[Mapping[str, Any]]) -> TrackingUpdate:
    """`lite` has the scan in the shipment itself, `plus` a list (or one) under Scans."""
    told: list[Mapping[str, Any]] = []
    received_by = ""
    for row in rows:
        below = mapping(row.get("Scans"))
        told += mappings(below.get("ScanDetail")) or ([row] if text(row.get("ScanCode")) else [])
        handed = mapping(below.get("DeliveryDetails"))
        received_by = text(handed.get("ReceivedBy")) or received_by
    return _update(number, rows[-1], told, received_by=received_by)


def _update(
    number: str,
    row: Mapping[str, Any],
    told: Sequence[Mapping[str, Any]],
    *,
    received_by: str,
) -> TrackingUpdate:
    ordered = _with_return(oldest_first(scans([_scan(one) for one in told])))
    delivered = bool(ordered) and ordered[-1].status is Status.DELIVERED
    return TrackingUpdate(
        tracking_number=number,
        events=ordered,
        edd=_promised(row),
        problem=None if ordered else "Blue Dart knows this waybill but sent no scans yet",
        service=text(row.get("Prodcode")),
        origin=Place(city=text(row.get("Origin")), country="IN"),
        destination=Place(city=text(row.get("Destination")), country="IN"),
        proof=Proof(signed_by=received_by) if received_by and delivered else None,
    )


def _scan(one: Mapping[str, Any]) -> CarrierEvent:
    group, code = text(one.get("ScanGroupType")).upper(), text(one.get("ScanCode"))
    place = Place(
        city=text(one.get("ScannedLocationCity")) or text(one.get("ScannedLocation")),
        region=text(one.get("ScannedLocationStateCode")),
        country="IN",
        code=text(one.get("ScannedLocationCode")),
    )
    stamp = f"{text(one.get('ScanDate'))} {text(one.get('ScanTime'))}".strip()
    offset = _IST if text(one.get("StatusTimeZone")).upper() == "IST" else None
    at, source = placed(_when(stamp), place, offset, home=_ZONE)
    meaning = _CODES.get((group, code), UNKNOWN)
    if text(one.get("ScanType")).upper() == "RT":
        meaning = "returned.received" if code in _HANDED_OVER else "returning.started"
    return CarrierEvent(
        code="/".join(part for part in (code, group) if part),
        sub_status=meaning,
        description=text(one.get("Scan")) or text(one.get("Comments")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _with_return(events: tuple[CarrierEvent, ...]) -> tuple[CarrierEvent, ...]:
    """What is delivered once it goes back is delivered to the shop."""
    seen, told = False, []
    for event in events:
        seen = seen or event.status is Status.RETURNING
        back = seen and event.status is Status.DELIVERED
        told.append(replace(event, sub_status="returned.received") if back else event)
    return tuple(told)


def _when(stamp: str) -> datetime | None:
    """`28-05-2019 1425`, `15-01-2024 10:30` in the webhook, `12-Jun-2019 14:25` in XML."""
    return read_words(stamp, "%d-%m-%Y %H%M", "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S")


def _promised(row: Mapping[str, Any]) -> DateWindow | None:
    for name in ("DynamicExpectedDeliveryDate", "ExpectedDeliveryDate"):
        said = text(row.get(name))
        found = read_as(said, "%d-%m-%Y") or read_words(said, "%d %m %Y", "%d-%m-%Y")
        if found is not None:
            return DateWindow(found.date(), found.date(), _ZONE)
    return None
