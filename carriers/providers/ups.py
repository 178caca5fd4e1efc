"""UPS Tracking API v1.

https://developer.ups.com/tag/Tracking (Track), codes in its "Track Response Codes".
One number a call; OAuth 2 client credentials; newest event first; each event has the
local time and, since 2023, the same instant in GMT with the facility's offset.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote

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
)
from carriers.scan_times import in_zone, placed, read_digits, read_offset
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    TrackingUpdate,
    ZoneSource,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN, Status, status_of

#: `("status", statusCode)` and `(type letter, code)` → sub-status.
_CODES: Final = code_maps.load("ups_codes.csv")

#: What a type letter says by itself. X (any irregularity, also good news) and U say nothing.
_TYPES: Final = {
    "M": "info.label_created",
    "MV": "cancelled.by_shipper",
    "P": "picked_up.accepted",
    "I": "transit.generic",
    "D": "delivered.generic",
    "RS": "returning.started",
}

#: Main statuses that a type letter can carry; a status code outside them is not believed.
_POSSIBLE: Final[Mapping[str, frozenset[Status]]] = {
    "M": frozenset({Status.INFO_RECEIVED, Status.CANCELLED}),
    "MV": frozenset({Status.CANCELLED}),
    "D": frozenset({Status.DELIVERED, Status.AVAILABLE_FOR_PICKUP, Status.RETURNED}),
    "RS": frozenset({Status.RETURNING, Status.RETURNED}),
}

#: Status codes so broad ("on the way", "delay", "exception") that the detailed code decides.
_BROAD: Final = frozenset({"transit.generic", "delay.generic", "exception.other"})

_BAD_CREDENTIALS: Final = frozenset(
    {"250001", "250002", "250003", "250004", "250005", "250006", "10400", "10401", "10403"}
)
_NOT_FOUND: Final = frozenset({"TW0001", "151044"})
_BAD_NUMBER: Final = frozenset({"TV1002", "151018"})
_TOO_FAST: Final = frozenset({"10429", "250007", "429"})


class Ups(Carrier):
    slug: ClassVar[str] = "ups"
    name: ClassVar[str] = "UPS"
    name_ar: ClassVar[str] = "يو بي إس"
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "GB", "DE", "FR", "NL", "BE", "AE", "SA")
    website: ClassVar[str] = "https://www.ups.com/track"
    documentation: ClassVar[str] = "https://developer.ups.com/tag/Tracking"
    proven: ClassVar[Proven] = "recorded"
    batch_size: ClassVar[int] = 1
    # UPS publishes no numbers; five a second has not been refused to anybody we read of.
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=5)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
    )
    base_url: ClassVar[str] = "https://onlinetools.ups.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/track/v1/details/{quote(asks[0].number, safe='')}",
            params={"locale": "en_US", "returnSignature": "false"},
            headers={
                "Authorization": f"Bearer {token or ''}",
                "transId": uuid.uuid4().hex,
                "transactionSrc": "homeward",
            },
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        pair = f"{credentials['client_id']}:{credentials['client_secret']}"
        return HttpCall(
            "POST",
            "/security/v1/oauth/token",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
            form={"grant_type": "client_credentials"},
        )

    def parse_token(self, body: bytes) -> Token:
        _refuse_errors(mapping(read_json(body)))
        return super().parse_token(body)

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a package; an unknown number comes back with the number UPS repeats, or ""."""
        reply = mapping(read_json(body))
        refused = _refuse_errors(reply)
        if refused is not None:
            return [refused]
        shipments = mappings(mapping(reply.get("trackResponse")).get("shipment"))
        updates = [update for shipment in shipments for update in _shipment(shipment)]
        if not updates:
            raise CarrierError("The answer holds no shipment of UPS", kind="unreadable")
        return updates


def _refuse_errors(reply: Mapping[str, Any]) -> TrackingUpdate | None:
    """The update for "not found"; CarrierError for every other error; None without errors."""
    errors = mappings(mapping(reply.get("response")).get("errors"))
    if not errors:
        return None
    code, message = text(errors[0].get("code")), text(errors[0].get("message"))
    said = f"UPS says: {message or 'no reason given'} ({code})"
    if code in _NOT_FOUND:
        return TrackingUpdate("", problem=said, not_found=True)
    if code in _BAD_CREDENTIALS:
        raise CarrierError(said, kind="credentials", permanent=True)
    if code in _BAD_NUMBER:
        raise CarrierError(said, kind="bad_request", permanent=True)
    raise CarrierError(said, kind="rate_limited" if code in _TOO_FAST else "unavailable")


def _shipment(shipment: Mapping[str, Any]) -> list[TrackingUpdate]:
    inquiry = text(shipment.get("inquiryNumber"))
    packages = mappings(shipment.get("package"))
    if packages:
        return [_package(package, inquiry) for package in packages]
    warnings = mappings(shipment.get("warnings"))
    if not warnings:
        return []
    code, message = text(warnings[0].get("code")), text(warnings[0].get("message"))
    said = f"UPS says: {message or 'no reason given'} ({code})"
    return [TrackingUpdate(inquiry, problem=said, not_found=code in _NOT_FOUND)]


def _package(package: Mapping[str, Any], inquiry: str) -> TrackingUpdate:
    number = text(package.get("trackingNumber"))
    ends = {
        text(row.get("type")).upper(): _place(mapping(row.get("address")))
        for row in mappings(package.get("packageAddress"))
    }
    destination = ends.get("DESTINATION", Place())
    events = scans([_activity(row) for row in mappings(package.get("activity"))])
    if not events:
        events = _current(package, destination)
    return TrackingUpdate(
        # UPS's own sample has the word "string" here: a number has digits.
        tracking_number=number if re.search(r"\d", number) else inquiry,
        events=oldest_first(events[::-1]),
        edd=_promised(package, destination),
        problem=None if events else "UPS knows this number but sent no scans yet",
        service=text(mapping(package.get("service")).get("description")),
        origin=ends.get("ORIGIN", Place()),
        destination=destination,
    )


def _activity(row: Mapping[str, Any]) -> CarrierEvent:
    status = mapping(row.get("status"))
    location = mapping(row.get("location"))
    place = _place(mapping(location.get("address")), code=text(location.get("slic")))
    letter, code, number = (text(status.get(key)) for key in ("type", "code", "statusCode"))
    at, source = _when(row, place)
    return CarrierEvent(
        code="/".join(part for part in (letter, code, number) if part),
        sub_status=_meaning(letter, code, number),
        description=text(status.get("description")),
        at=at,
        raw_time=" ".join(filter(None, (text(row.get("date")), text(row.get("time"))))),
        zone_source=source,
        place=place,
    )


def _when(row: Mapping[str, Any], place: Place) -> tuple[datetime | None, ZoneSource]:
    local = read_digits(text(row.get("date")), text(row.get("time")))
    gmt = read_digits(text(row.get("gmtDate")), text(row.get("gmtTime")))
    offset = read_offset(text(row.get("gmtOffset")))
    if gmt is not None:
        return in_zone(gmt.replace(tzinfo=UTC), offset), "carrier"
    return placed(local, place, offset)


def _current(package: Mapping[str, Any], destination: Place) -> list[CarrierEvent]:
    """One event from the current status, for answers that list no activity."""
    status = mapping(package.get("currentStatus"))
    letter, code, number = (text(status.get(key)) for key in ("type", "code", "statusCode"))
    if not number and re.fullmatch(r"[0-9]{3}", code):
        code, number = "", code  # the current status may have its status code in `code`
    if not (letter or code or number):
        return []
    done = _days(package).get("DEL", "")
    clock = mapping(package.get("deliveryTime"))
    ended = text(clock.get("endTime")) if text(clock.get("type")).upper() == "DEL" else ""
    meaning = _meaning(letter, code, number)
    is_delivered = meaning != UNKNOWN and status_of(meaning) is Status.DELIVERED
    local = read_digits(done, ended) if is_delivered and ended else None
    at, source = placed(local, destination)
    return [
        CarrierEvent(
            code="/".join(part for part in (letter, code, number) if part),
            sub_status=meaning,
            description=text(status.get("description")),
            at=at,
            raw_time=f"{done} {ended}".strip() if is_delivered else "",
            zone_source=source,
        )
    ]


def _meaning(letter: str, code: str, number: str) -> str:
    """The sub-status of an event: status code, then detailed code, then the type letter.

    A detailed code refines a broad status code, or one of the same main status; a
    status code that cannot go with the letter is not believed (UPS's own sample has
    "released by customs", type X, with the code of "label created").
    """
    letter, code = letter.upper(), code.upper()
    general = _CODES.get(("status", number.zfill(3)), "") if number else ""
    detail = _CODES.get((letter, code)) or _CODES.get((letter, code.lstrip("0") or code), "")
    if letter == "X" and general == "info.label_created":
        general = ""
    possible = _POSSIBLE.get(letter, frozenset(Status))
    general, detail = (
        sub if sub and status_of(sub) in possible else "" for sub in (general, detail)
    )
    if not general or not detail:
        return general or detail or _TYPES.get(letter, UNKNOWN)
    same = status_of(general) is status_of(detail)
    refines = general in _BROAD or (same and general.endswith(".generic"))
    return detail if refines else general


def _place(address: Mapping[str, Any], code: str = "") -> Place:
    return Place(
        city=text(address.get("city")),
        region=text(address.get("stateProvince")),
        postcode=text(address.get("postalCode")),
        country=country(address.get("countryCode")) or country(address.get("country")),
        code=code,
    )


def _days(package: Mapping[str, Any]) -> dict[str, str]:
    """The delivery dates by type: SDD scheduled, RDD rescheduled, DEL delivered."""
    rows = mappings(package.get("deliveryDate"))
    return {text(row.get("type")).upper(): text(row.get("date")) for row in rows}


def _promised(package: Mapping[str, Any], destination: Place) -> DateWindow | None:
    days = _days(package)
    for kind in ("RDD", "SDD"):
        found = read_digits(days.get(kind, ""), "0")
        if found is not None:
            day: date = found.date()
            return DateWindow(day, day, zone_name(destination))
    return None
