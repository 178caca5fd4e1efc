"""DHL Paket (Post & Parcel Germany): "Parcel DE Tracking", XML in and out of one parameter.

https://developer.dhl.com/api-reference/dhl-parcel-de-shipment-tracking-post-parcel-germany:
`d-get-piece-detail`, up to 20 numbers in a call. Two pairs of credentials: the gateway's key and
secret, and the business customer's own name and password. All that it says is in attributes of
`data` elements. A scan has an event (ICE), a reason (RIC) and a standard code; DHL's list of
July 2024 names 338 combinations, all placed. A combination outside the list means what its
standard code means. Errors come with HTTP 200. Where a parcel waits and how long is in words only.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers import code_maps
from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Kind,
    Limits,
    Proven,
    Secret,
    read_xml,
)
from carriers.countries import country_code
from carriers.scan_times import placed, read_as
from carriers.shapes import country, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import document, named
from lib.vocabulary import UNKNOWN, Status, status_of

_HOME: Final = "Europe/Berlin"

#: `("ICE/RIC", standard code)` → sub-status.
_CODES: Final = code_maps.load("dhl_parcel_de_codes.csv")
_STANDARD: Final = {
    code: sub_status
    for (service, code), sub_status in code_maps.load("dhl_universal_codes.csv").items()
    if service == "parcel-de"
}
_NO_DATA: Final = frozenset({"57", "100", "200"})
_ERRORS: Final[dict[str, Kind]] = {
    "5": "credentials",
    "6": "credentials",
    "62": "credentials",
    "64": "credentials",
    "41": "bad_request",
    "45": "bad_request",
    "59": "bad_request",
}
#: Scans of a parcel on its way back that only say that it moves.
_MOVES: Final = frozenset(
    {Status.PICKED_UP, Status.IN_TRANSIT, Status.CUSTOMS, Status.OUT_FOR_DELIVERY}
)
_POINT: Final = re.compile(r"\b(packstation|post office|retail outlet|paketshop|filiale)(?: \d+)?")
_DAY: Final = re.compile(r"\b\d{2}\.\d{2}\.\d{4}\b")


class DhlParcelDe(Carrier):
    slug: ClassVar[str] = "dhl_parcel_de"
    name: ClassVar[str] = "DHL Paket"
    countries: ClassVar[tuple[str, ...]] = ("DE",)
    website: ClassVar[str] = "https://www.dhl.de/en/privatkunden/dhl-sendungsverfolgung.html"
    documentation: ClassVar[str] = (
        "https://developer.dhl.com/api-reference/"
        "dhl-parcel-de-shipment-tracking-post-parcel-germany"
    )
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = _HOME
    batch_size: ClassVar[int] = 20
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_key", "API key (developer portal)"),
        Secret("api_secret", "API secret (developer portal)"),
        Secret("username", "Tracking user name (business customer portal)", secret=False),
        Secret("password", "Tracking password (business customer portal)"),
    )
    base_url: ClassVar[str] = "https://api-eu.dhl.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['api_key']}:{credentials['api_secret']}"
        question = document(
            "data",
            {},
            {
                "appname": credentials["username"],
                "password": credentials["password"],
                "request": "d-get-piece-detail",
                "language-code": "en",
                "piece-code": ";".join(ask.number for ask in asks),
            },
        )
        return HttpCall(
            "GET",
            "/parcel/de/tracking/v0/shipments",
            params={"xml": question.decode()},
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a parcel; a number that DHL does not know keeps its own error."""
        root = read_xml(body)
        code, said = root.get("code"), root.get("error") or "no reason given"
        if code is None or root.get("name") not in {"piece-shipment-list", "pieceshipmentlist"}:
            raise CarrierError("The answer is not one of DHL Paket's", kind="unreadable")
        updates = [
            _parcel(piece.attrib, [row.attrib for row in _called(piece, "piece-event")])
            for piece in _called(root, "piece-shipment")
        ]
        if updates:
            return updates
        said = f"DHL Paket says: {said} ({code})"
        if code in _NO_DATA:
            return [TrackingUpdate("", problem=said, not_found=True)]
        kind = _ERRORS.get(code, "unavailable")
        raise CarrierError(said, kind=kind, permanent=kind != "unavailable")


def _called(root: Element, name: str) -> list[Element]:
    """The `data` elements of this name; DHL's documents write it with a hyphen and without."""
    names = {name, name.replace("-", "")}
    return [element for element in named(root, "data") if element.get("name") in names]


def _parcel(piece: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> TrackingUpdate:
    number = text(piece.get("searched-piece-code")) or text(piece.get("piece-code"))
    fault = piece.get("error-status", "0")
    if fault not in {"", "0"}:
        said = text(piece.get("status")) or "no data"
        said = f"DHL Paket says: {said} ({fault})"
        return TrackingUpdate(number, problem=said, not_found=fault in _NO_DATA)
    ends = [Place(country=country(piece.get(key))) for key in ("origin-country", "dest-country")]
    origin, destination = ends
    inside = origin.country if origin.country == destination.country else ""
    back = piece.get("ruecksendung") == "true"
    events = oldest_first(scans([_scan(row, inside, back=back) for row in rows]))
    delivered = any(event.status is Status.DELIVERED for event in events)
    return TrackingUpdate(
        tracking_number=number,
        events=events,
        edd=_promised(piece),
        problem=None if events else "DHL Paket knows this number but sent no scans yet",
        service=text(piece.get("product-name")),
        origin=origin,
        destination=destination,
        proof=_proof(piece) if delivered else None,
        pickup_point=_pickup_point(events),
    )


def _scan(row: Mapping[str, str], inside: str, *, back: bool) -> CarrierEvent:
    """One scan; `inside` is the country of a parcel that never leaves it."""
    ice, ric, standard = (text(row.get(key)) for key in ("ice", "ric", "standard-event-code"))
    land = text(row.get("event-country"))
    place = Place(
        city=text(row.get("event-location")),
        country=country_code(land) or country(land) or inside,
    )
    stamp = text(row.get("event-timestamp"))
    found = read_as(stamp, "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")
    at, source = placed(found, place, home=_HOME)
    meaning = _CODES.get((f"{ice}/{ric}", standard)) or _STANDARD.get(standard, UNKNOWN)
    return CarrierEvent(
        code="/".join(part for part in (ice, ric, standard) if part),
        sub_status=_returning(meaning) if back or row.get("ruecksendung") == "true" else meaning,
        description=text(row.get("event-status")) or text(row.get("event-text")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _returning(sub_status: str) -> str:
    """What a scan means on the way back to the shop."""
    status = status_of(sub_status)
    if status is Status.DELIVERED:
        return "returned.received"
    return "returning.started" if status in _MOVES else sub_status


def _promised(piece: Mapping[str, str]) -> DateWindow | None:
    found = read_as(text(piece.get("delivery-date")), "%d.%m.%Y", "%Y-%m-%d")
    return DateWindow(found.date(), found.date(), _HOME) if found else None


def _proof(piece: Mapping[str, str]) -> Proof | None:
    """Who took it. `recipient-name` is that person, `pan-recipient-name` the one on the label."""
    name, who = text(piece.get("recipient-name")), text(piece.get("recipient-id-text"))
    return Proof(signed_by=name, left_at=who) if name or who else None


def _pickup_point(events: Sequence[CarrierEvent]) -> PickupPoint | None:
    """Where it waits, as far as the words of the last scan name a kind of place or a day."""
    if not events or events[-1].status is not Status.AVAILABLE_FOR_PICKUP:
        return None
    said = events[-1].description
    point, day = _POINT.search(said.lower()), _DAY.search(said)
    last = read_as(day[0], "%d.%m.%Y") if day else None
    last_day: date | None = last.date() if last else None
    if point is None and last_day is None:
        return None
    name = said[point.start() : point.end()] if point else ""
    return PickupPoint(name=name, address=events[-1].place.city, last_day=last_day)
