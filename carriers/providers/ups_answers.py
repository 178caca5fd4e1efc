"""What a package of UPS's tracking answer, and a Track Alert push, say in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from carriers.providers.ups_codes import SILENT, Line, attempt_of, line_of, meaning
from carriers.scan_times import in_zone, placed, read_digits, read_offset
from carriers.shapes import country, decimal, https, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    Cash,
    DateWindow,
    NextLeg,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    ZoneSource,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import Status

_Row = Mapping[str, Any]

#: Where a push writes what an answer writes elsewhere: (answer, push).
_PUSHED: Final = (
    ("date", "localActivityDate"),
    ("time", "localActivityTime"),
    ("gmtDate", "gmtActivityDate"),
    ("gmtTime", "gmtActivityTime"),
)


def package_update(package: _Row, inquiry: str) -> TrackingUpdate:
    """What UPS says of one package; `inquiry` is the number asked for."""
    number = text(package.get("trackingNumber"))
    # UPS's own sample has the word "string" here: a number has digits.
    number = number if re.search(r"\d", number) else inquiry
    ends = {text(row.get("type")).upper(): row for row in mappings(package.get("packageAddress"))}
    destination = _place(mapping(mapping(ends.get("DESTINATION")).get("address")))
    service = text(mapping(package.get("service")).get("description"))
    rows = mappings(package.get("activity"))
    letters = {text(mapping(row.get("status")).get("type")).upper() for row in rows}
    line = line_of(number, service, letters)
    events = scans([_activity(row, line) for row in rows if not _is_silent(row)])
    if not events:
        events = _current(package, destination, line)
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events[::-1]),
        edd=_promised(package, destination),
        problem=None if events else "UPS knows this number but sent no scans yet",
        service=service,
        origin=_place(mapping(mapping(ends.get("ORIGIN")).get("address"))),
        destination=destination,
        proof=_proof(package, events),
        pieces=whole(package.get("packageCount")) or None,
        cash=_cash(package),
        pickup_point=_pickup_point(package, ends),
        next_leg=_next_leg(package),
    )


def pushed_update(push: _Row) -> TrackingUpdate:
    """What a Track Alert says: one activity, or (type U) a changed promise alone."""
    location, status = mapping(push.get("activityLocation")), mapping(push.get("activityStatus"))
    number = text(push.get("trackingNumber"))
    row = {
        "location": {"address": location},
        "status": {**status, "statusCode": text(status.get("descriptionCode"))},
        **{answer: text(push.get(pushed)) for answer, pushed in _PUSHED},
    }
    events = [] if _is_silent(row) else scans([_activity(row, line_of(number, "", set()))])
    day = _day(text(push.get("scheduledDeliveryDate")))
    photo = https(push.get("deliveryPhoto"))
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events),
        edd=DateWindow(day, day) if day else None,
        problem=None if events else "UPS changed the promise and sent no scan",
        proof=Proof(photo_url=photo) if photo else None,
    )


def _is_silent(row: _Row) -> bool:
    """Whether it is no scan: a new date or time of delivery (U), or "not available"."""
    status = mapping(row.get("status"))
    if text(status.get("type")).upper() == "U":
        return text(status.get("code")).upper() != "PX"  # the photo, after the delivery
    number = text(status.get("statusCode"))
    return bool(number) and not text(status.get("code")) and number.zfill(3) in SILENT


def _activity(row: _Row, line: Line) -> CarrierEvent:
    status = mapping(row.get("status"))
    location = mapping(row.get("location"))
    place = _place(mapping(location.get("address")), code=text(location.get("slic")))
    letter, code, number = (text(status.get(key)) for key in ("type", "code", "statusCode"))
    at, source = _when(row, place)
    return CarrierEvent(
        code="/".join(part for part in (letter, code, number) if part),
        sub_status=meaning(letter, code, number, line),
        description=text(status.get("description")),
        at=at,
        raw_time=" ".join(filter(None, (text(row.get("date")), text(row.get("time"))))),
        zone_source=source,
        place=place,
        attempt=attempt_of(code, number),
    )


def _when(row: _Row, place: Place) -> tuple[datetime | None, ZoneSource]:
    local = read_digits(text(row.get("date")), text(row.get("time")))
    gmt = read_digits(text(row.get("gmtDate")), text(row.get("gmtTime")))
    offset = read_offset(text(row.get("gmtOffset")))
    if gmt is not None:
        return in_zone(gmt.replace(tzinfo=UTC), offset or _between(gmt, local)), "carrier"
    return placed(local, place, offset)


def _between(gmt: datetime, local: datetime | None) -> tzinfo | None:
    """The offset that parts the two clocks of a push; None where no zone has it."""
    apart = (local or gmt) - gmt
    quarter = timedelta(minutes=15)
    return timezone(apart) if abs(apart) <= timedelta(hours=14) and not apart % quarter else None


def _current(package: _Row, destination: Place, line: Line) -> list[CarrierEvent]:
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
    event = CarrierEvent(
        code="/".join(part for part in (letter, code, number) if part),
        sub_status=meaning(letter, code, number, line),
        description=text(status.get("description")),
        attempt=attempt_of(code, number),
    )
    if event.status is not Status.DELIVERED:
        return [event]
    at, source = placed(read_digits(done, ended) if ended else None, destination)
    return [replace(event, at=at, raw_time=f"{done} {ended}".strip(), zone_source=source)]


def _place(address: _Row, code: str = "") -> Place:
    return Place(
        city=text(address.get("city")),
        region=text(address.get("stateProvince")),
        postcode=text(address.get("postalCode")),
        country=country(address.get("countryCode")) or country(address.get("country")),
        code=code,
    )


def _days(package: _Row) -> dict[str, str]:
    """The delivery dates by type: SDD scheduled, RDD rescheduled, DEL delivered."""
    rows = mappings(package.get("deliveryDate"))
    return {text(row.get("type")).upper(): text(row.get("date")) for row in rows}


def _day(digits: str) -> date | None:
    found = read_digits(digits, "0")
    return found.date() if found is not None else None


def _promised(package: _Row, destination: Place) -> DateWindow | None:
    days = _days(package)
    day = _day(days.get("RDD", "")) or _day(days.get("SDD", ""))
    return DateWindow(day, day, zone_name(destination)) if day else None


def _proof(package: _Row, events: list[CarrierEvent]) -> Proof | None:
    """Who took it and where it was left. Signature and photo come as base64 only: not kept."""
    said = mapping(package.get("deliveryInformation"))
    name, spot = text(said.get("receivedBy")), text(said.get("location"))
    photo = https(mapping(said.get("deliveryPhoto")).get("photo"))
    is_delivered = any(event.status is Status.DELIVERED for event in events)
    return Proof(name, photo, spot) if is_delivered and (name or photo or spot) else None


def _cash(package: _Row) -> Cash | None:
    """What is still to be paid at the door (COD, or ICOD: import charges)."""
    for row in mappings(package.get("paymentInformation")):
        amount = decimal(row.get("amount"))
        if amount and "COD" in text(row.get("type")).upper() and row.get("paid") is not True:
            code = text(row.get("currency")).upper()
            return Cash(amount, code if re.fullmatch(r"[A-Z]{3}", code) else "")
    return None


def _pickup_point(package: _Row, ends: Mapping[str, _Row]) -> PickupPoint | None:
    """The Access Point: UPS gives its last day; name and address where it lists them."""
    last = _day(text(mapping(package.get("accessPointInformation")).get("pickupByDate")))
    row = mapping(next((row for kind, row in ends.items() if "ACCESS" in kind), None))
    address = mapping(row.get("address"))
    lines = [text(address.get(f"addressLine{n}")) for n in (1, 2, 3)]
    words = [*lines, text(address.get("postalCode")), text(address.get("city"))]
    where, name = ", ".join(filter(None, words)), text(row.get("name"))
    return PickupPoint(name, where, last_day=last) if last or where or name else None


def _next_leg(package: _Row) -> NextLeg | None:
    """The post's number of a parcel that the post brings (SurePost, Ground Saver)."""
    for row in mappings(package.get("alternateTrackingNumber")):
        number = text(row.get("number"))
        if number and text(row.get("type")).upper().startswith("USPS"):
            return NextLeg("USPS", number)
    return None
