"""bpost, tracked mail: XML, one item a call.

https://bpost.freshdesk.com/support/solutions/articles/4000037653 (schemas and manual).
`stateDescription` is bpost's own "StateName - detail"; the names that integrators publish
come first, because a "delivered to sender" must never be a delivery. bpost publishes no list
of the state codes: the 78 here are placed as integrators' public code groups them, so most
say only "held", "late" or "not delivered"; the three of bpost's published sample (T00, L00,
U01) are sure. `deliveryTime` is the promise, and once delivered the deed.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import country, scans
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    PickupPoint,
    Place,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import child, fields, local, named, words
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_STATES: Final = {
    "AnnouncementReceived": "info.label_created",
    "BoundToRound": "out.on_vehicle",
    "DistributedNormally": "delivered.generic",
    "DistributedAfterBTS": "delivered.generic",
    "DistributedAbroad": "delivered.generic",
    "DeliveredToSender": "returned.received",
    "ReturnedToSender": "returned.received",
}


def _codes(sub_status: str, codes: str) -> dict[str, str]:
    return dict.fromkeys(codes.split(), sub_status)


_CODES: Final = {
    **_codes("transit.generic", "N14 R00 R01 R02 R03 R04 R05 T00"),
    **_codes("out.on_vehicle", "L00"),
    **_codes("pickup.ready", "N74 R13"),
    **_codes(
        "delay.generic",
        "N01 N02 N03 N04 N05 N06 N07 N08 N10 N11 N12 N13 N16 N28 N32 N91 N92 N93 N94 N95 N96 P00",
    ),
    **_codes(
        "exception.held",
        "B00 B01 B02 C00 I03 I10 I11 I12 I18 I19 I58 I61 I66 I67 I68 I72 I88",
    ),
    **_codes(
        "exception.other",
        "B03 B04 B05 B06 B07 B08 B09 B10 B11 B12 B13 B18 B23 B24 B28 R11 R12 S00 T03",
    ),
    **_codes("delivered.generic", "U00 U01 U02 U03 U04 U05 U06 U07 U08"),
}


class Bpost(Carrier):
    slug: ClassVar[str] = "bpost"
    name: ClassVar[str] = "bpost"
    countries: ClassVar[tuple[str, ...]] = ("BE",)
    website: ClassVar[str] = "https://track.bpost.cloud"
    documentation: ClassVar[str] = (
        "https://bpost.freshdesk.com/support/solutions/articles/4000037653"
    )
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("account_id", "Account ID", secret=False),
        Secret("passphrase", "Passphrase"),
    )
    base_url: ClassVar[str] = "https://api.parcel.bpost.cloud"
    home_zone: ClassVar[str] = "Europe/Brussels"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404, 500})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['account_id']}:{credentials['passphrase']}"
        return HttpCall(
            "GET",
            f"/services/trackedmail/item/{quote(asks[0].number, safe='')}/trackingInfo",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update; a business exception about one item is an item bpost does not know."""
        root = read_xml(body)
        kind = local(root)
        if kind == "itemTracking":
            return [_item(root)]
        if kind not in {"businessException", "systemException"}:
            raise CarrierError("The answer is not one of bpost's", kind="unreadable")
        reason = " ".join(words(root, "message").split()) or "no reason given"
        if kind == "systemException":
            raise CarrierError(f"bpost says: {reason}", kind="unavailable")
        said = f"bpost says: {reason} ({words(root, 'code') or 'no code'})"
        return [TrackingUpdate("", problem=said, not_found=True)]


def _item(root: Element) -> TrackingUpdate:
    origin, destination = _end(root, "sender"), _end(root, "addressee")
    inland = origin.country if origin.country == destination.country else ""
    events = scans([_event(fields(row), inland) for row in named(root, "stateInfo")])
    return TrackingUpdate(
        words(root, "itemCode"),
        events=oldest_first(events),
        edd=_promised(root, destination),
        problem=None if events else "bpost knows this item but sent no states yet",
        origin=origin,
        destination=destination,
        pickup_point=_pickup_point(root),
    )


def _event(state: Mapping[str, str], inland: str) -> CarrierEvent:
    code, stamp = state.get("stateCode", ""), state.get("time", "")
    description = state.get("stateDescription", "")
    place = Place(city=state.get("location", ""), country=inland)
    at, source = placed(read_iso(stamp), place, home=Bpost.home_zone)
    meaning = _STATES.get(description.partition(" - ")[0].strip())
    return CarrierEvent(
        code=code,
        sub_status=meaning or _CODES.get(code.upper(), UNKNOWN),
        description=description,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(root: Element, party: str) -> Place:
    return Place(
        city=words(root, party, "address", "city"),
        postcode=words(root, party, "address", "postalCode"),
        country=country(words(root, party, "address", "countryCode")),
    )


def _promised(root: Element, destination: Place) -> DateWindow | None:
    """The planned window, else the delivery time; the dates as written are local ones."""
    window = ("deliveryTimeWindow", "plannedDeliveryDateWindow")
    stamps = [words(root, window[0], f"{window[1]}{end}") for end in ("Start", "End")]
    days = [read_as(stamp[:10], "%Y-%m-%d") for stamp in stamps]
    found = sorted(day.date() for day in days if day is not None)
    if not found and (single := read_as(words(root, "deliveryTime")[:10], "%Y-%m-%d")):
        found = [single.date()]
    zone = zone_name(destination)
    return DateWindow(found[0], found[-1], zone) if found else None


def _pickup_point(root: Element) -> PickupPoint | None:
    point = child(root, "pickupPoint")
    if point is None:
        return None
    said = fields(point)
    street = f"{said.get('streetName', '')} {said.get('houseNumber', '')}".strip()
    town = f"{said.get('postalCode', '')} {said.get('city', '')}".strip()
    address = ", ".join(part for part in (street, town) if part)
    name = said.get("name", "")
    return PickupPoint(name=name, address=address) if name or address else None
