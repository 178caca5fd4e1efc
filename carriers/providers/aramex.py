"""Aramex Shipments Tracking API (Middle East, Africa, Asia; not Aramex Australia).

https://www.aramex.com/us/en/developers-solution-center/aramex-apis: TrackShipments, SOAP
or JSON with one content. The code list is given to customers only: the places below come
from recorded answers and integrators' public code; the rest stays unknown. Errors come
with HTTP 200. SOAP times are local to the place they name, JSON times are instants. No way
to answer a failed attempt is documented.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from xml.etree.ElementTree import Element

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    read_json,
    read_xml,
)
from carriers.countries import country_code
from carriers.scan_times import in_zone, placed, read_iso, read_offset
from carriers.shapes import mapping, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, ZoneSource, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    # The label and the pick-up
    **dict.fromkeys(("SH014", "SH203", "SH278"), "info.label_created"),
    **dict.fromkeys(("SH308", "SH312"), "info.pickup_scheduled"),
    **dict.fromkeys(("SH299", "SH313"), "info.pickup_failed"),
    **dict.fromkeys(("SH012", "SH314"), "picked_up.accepted"),
    # On the way
    **dict.fromkeys(
        ("SH001", "SH160", "SH047", "SH406", "SH434", "SH259", "SH495"),
        "transit.arrived_facility",
    ),
    **dict.fromkeys(("SH022", "SH260"), "transit.departed_facility"),
    "SH222": "transit.arrived_destination_country",
    **dict.fromkeys(("SH073", "SH077", "SH252", "SH272", "SH475"), "transit.generic"),
    "SH110": "transit.at_delivery_depot",
    **dict.fromkeys(("SH070", "SH295", "SH296"), "transit.forwarded_new_address"),
    "SH007": "transit.handed_to_partner",
    **dict.fromkeys(("SH044", "SH076", "SH376"), "delay.generic"),
    "SH162": "delay.carrier_operational",
    # Customs
    **dict.fromkeys(("SH466", "SH469", "SH035"), "customs.started"),
    **dict.fromkeys(("SH041", "SH464"), "customs.cleared"),
    **dict.fromkeys(("SH158", "SH462"), "customs.delay"),
    **dict.fromkeys(
        ("SH156", "SH163", "SH467", "SH468", "SH471", "SH473"), "customs.information_required"
    ),
    "SH470": "customs.duties_unpaid",
    "SH472": "customs.prohibited",
    # The last mile
    **dict.fromkeys(("SH003", "SH004"), "out.on_vehicle"),
    **dict.fromkeys(("SH164", "SH499", "SH532", "SH533"), "pickup.ready"),
    **dict.fromkeys(("SH491", "SH530", "SH560"), "pickup.last_days"),
    **dict.fromkeys(("SH492", "SH531"), "pickup.missed"),
    "SH157": "attempt.generic",
    "SH043": "attempt.id_or_otp_failed",
    **dict.fromkeys(("SH074", "SH480"), "attempt.cod_not_paid"),
    **dict.fromkeys(("SH294", "SH410", "SH515"), "attempt.unreachable"),
    "SH033": "exception.refused",
    "SH375": "exception.address",
    **dict.fromkeys(("SH008", "SH275", "SH381"), "exception.held"),
    # Ends
    **dict.fromkeys(("SH005", "SH234"), "delivered.generic"),
    **dict.fromkeys(("SH006", "SH496", "SH534"), "delivered.collected"),
    **dict.fromkeys(("SH474", "SH498"), "returning.started"),
    **dict.fromkeys(("SH069", "SH407", "SH559"), "returned.received"),
    "SH280": "lost.declared",
}

_WCF_DATE: Final = re.compile(r"/Date\((-?[0-9]{1,15})([+-][0-9]{4})?\)/")
_FIELDS: Final = (
    "WaybillNumber",
    "UpdateCode",
    "UpdateDescription",
    "UpdateDateTime",
    "UpdateLocation",
    "ProblemCode",
)
_BAD_CREDENTIALS: Final = frozenset({"ERR01", "ERR02"})


class Aramex(Carrier):
    slug: ClassVar[str] = "aramex"
    name: ClassVar[str] = "Aramex"
    name_ar: ClassVar[str] = "أرامكس"
    countries: ClassVar[tuple[str, ...]] = (
        "AE", "SA", "KW", "QA", "BH", "OM", "JO", "LB", "EG", "IQ", "IN", "ZA",
    )  # fmt: skip
    website: ClassVar[str] = "https://www.aramex.com/track"
    documentation: ClassVar[str] = (
        "https://www.aramex.com/us/en/developers-solution-center/aramex-apis"
    )
    proven: ClassVar[Proven] = "recorded"
    batch_size: ClassVar[int] = 50
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name (e-mail)", secret=False),
        Secret("password", "Password"),
        Secret("account_number", "Account number", secret=False),
        Secret("account_pin", "Account PIN"),
        Secret("account_entity", "Account entity (three letters, such as DXB)", secret=False),
        Secret("account_country_code", "Account country (two letters)", secret=False),
    )
    base_url: ClassVar[str] = "https://ws.aramex.net"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        client = {
            "UserName": credentials["username"],
            "Password": credentials["password"],
            "Version": "v1.0",
            "AccountNumber": credentials["account_number"],
            "AccountPin": credentials["account_pin"],
            "AccountEntity": credentials["account_entity"],
            "AccountCountryCode": credentials["account_country_code"],
        }
        return HttpCall(
            "POST",
            "/ShippingAPI.V2/Tracking/Service_1_0.svc/json/TrackShipments",
            headers={"Accept": "application/json"},
            json={
                "ClientInfo": client,
                "Shipments": [ask.number for ask in asks],
                "GetLastTrackingUpdateOnly": False,
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill, found or not; reads the SOAP answer and the JSON one."""
        is_xml = body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        reply = _from_xml(read_xml(body)) if is_xml else _from_json(read_json(body))
        _refuse_errors(reply)
        by_waybill: dict[str, list[CarrierEvent]] = {}
        for row in reply.rows:  # rows of several waybills can share a Key: group by waybill
            by_waybill.setdefault(row["WaybillNumber"], []).append(_event(row))
        found = [_update(number, scans(events)) for number, events in by_waybill.items()]
        return found + [
            TrackingUpdate(number, problem="Aramex does not know this waybill", not_found=True)
            for number in reply.missing
            if number not in by_waybill
        ]


@dataclass(slots=True)
class _Reply:
    """What both forms of the answer say: rows as plain text, errors as (code, message)."""

    rows: list[dict[str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)


def _from_xml(root: Element) -> _Reply:
    """Elements by local name: Aramex has used several namespaces for one shape."""
    reply = _Reply()
    names = set()
    for element in root.iter():
        name = _local(element)
        names.add(name)
        fields = {_local(child): text(child.text) for child in element}
        if name == "TrackingResult" and fields.get("WaybillNumber"):
            reply.rows.append({key: fields.get(key, "") for key in _FIELDS})
        elif name == "Notification":
            reply.errors.append((fields.get("Code", ""), fields.get("Message", "")))
        elif name == "NonExistingWaybills":
            reply.missing += filter(None, (text(child.text) for child in element))
        elif name == "Fault":
            reply.errors.append(("", fields.get("faultstring", "")))
    if not names & {"TrackingResults", "NonExistingWaybills", "Fault"}:
        raise CarrierError("The answer is not one of Aramex's", kind="unreadable")
    return reply


def _from_json(data: object) -> _Reply:
    """Objects wherever they hang: a list of pairs, a map by waybill, one object for a list."""
    reply = _Reply()
    if not mapping(data).keys() & {"TrackingResults", "NonExistingWaybills"}:
        raise CarrierError("The answer is not one of Aramex's", kind="unreadable")
    for item in _objects(mapping(data).get("TrackingResults")):
        if text(item.get("WaybillNumber")):
            reply.rows.append({key: text(item.get(key)) for key in _FIELDS})
    for item in _objects(mapping(data).get("Notifications")):
        if text(item.get("Code")) or text(item.get("Message")):
            reply.errors.append((text(item.get("Code")), text(item.get("Message"))))
    missing = mapping(data).get("NonExistingWaybills")
    numbers = missing if isinstance(missing, list) else [missing]
    reply.missing = [number for number in map(text, numbers) if number]
    return reply


def _objects(data: object) -> list[Mapping[str, Any]]:
    """Every object inside, in the order written, without recursion (the depth is theirs)."""
    found: list[Mapping[str, Any]] = []
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found.append(item)
            waiting.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            waiting.extend(reversed(item))
    return found


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _refuse_errors(reply: _Reply) -> None:
    """Raise for answers that refuse the whole call; a notice beside results is no refusal."""
    if not reply.errors or reply.rows or reply.missing:
        return
    code, message = reply.errors[0]
    said = f"Aramex says: {message or 'no reason given'} ({code or 'no code'})"
    if code.upper() in _BAD_CREDENTIALS:
        raise CarrierError(said, kind="credentials", permanent=True)
    raise CarrierError(said, kind="unavailable")


def _update(number: str, events: list[CarrierEvent]) -> TrackingUpdate:
    problem = None if events else "Aramex knows this waybill but sent no updates yet"
    return TrackingUpdate(number, events=oldest_first(events[::-1]), problem=problem)


def _event(row: Mapping[str, str]) -> CarrierEvent:
    city, _, land = row["UpdateLocation"].rpartition(",")
    code = country_code(land)
    place = Place(
        city=city.strip() or land.strip() if code else row["UpdateLocation"], country=code
    )
    at, source = _when(row["UpdateDateTime"], place)
    return CarrierEvent(
        code="/".join(part for part in (row["UpdateCode"], row["ProblemCode"]) if part),
        sub_status=_CODES.get(row["UpdateCode"].upper(), UNKNOWN),
        description=row["UpdateDescription"],
        at=at,
        raw_time=row["UpdateDateTime"],
        zone_source=source,
        place=place,
    )


def _when(value: str, place: Place) -> tuple[datetime | None, ZoneSource]:
    """`/Date(1706788140000+0300)/` (milliseconds since 1970 in UTC, shown at +03:00) or ISO."""
    match = _WCF_DATE.fullmatch(value)
    if match is None:
        return placed(read_iso(value), place)
    try:
        found = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1]))
    except OverflowError:
        return None, "assumed"
    # The same sanity check of the year as for written times.
    plausible = read_iso(found.isoformat())
    return in_zone(plausible, read_offset(match[2] or "Z")), "carrier"
