"""The JSON behind FedEx's tracking page (trackingCal/track): read, not asked.

It was the page's own private address and is gone; FedEx offers the Track API for programs
(`providers/fedex.py`). Each scan has a local time and its offset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from carriers.base import CarrierError, Proven, Reader, read_json
from carriers.providers.fedex_codes import meaning, signer
from carriers.scan_times import placed, read_iso, read_offset
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import Status


class FedExWeb(Reader):
    slug: ClassVar[str] = "fedex_web"
    name: ClassVar[str] = "FedEx (web page)"
    documentation: ClassVar[str] = "https://www.fedex.com/fedextrack"
    proven: ClassVar[Proven] = "recorded"

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(mapping(read_json(body)).get("TrackPackagesResponse"))
        packages = mappings(reply.get("packageList"))
        if packages:
            return [_package(package) for package in packages]
        if not reply:
            raise CarrierError("The answer is not FedEx's tracking page", kind="unreadable")
        raise CarrierError(f"FedEx says: {_reason(reply)}", kind="unavailable")


def _reason(row: Mapping[str, Any]) -> str:
    errors = mappings(row.get("errorList"))
    return next((said for one in errors if (said := text(one.get("message")))), "no reason given")


def _package(package: Mapping[str, Any]) -> TrackingUpdate:
    origin, destination = _end(package, "origin", "shipper"), _end(package, "dest", "recipient")
    events = scans(
        [_event(scan, origin, destination) for scan in mappings(package.get("scanEventList"))]
    )
    done = any(event.status is Status.DELIVERED for event in events)
    signed = signer(text(package.get("receivedByNm")))
    return TrackingUpdate(
        tracking_number=text(package.get("trackingNbr")),
        events=oldest_first(events[::-1]),
        edd=_promised(package, destination),
        problem=None if events else f"FedEx says: {_reason(package)}",
        not_found=not events and package.get("isSuccessful") is False,
        service=text(package.get("serviceDesc")),
        origin=origin,
        destination=destination,
        proof=Proof(signed_by=signed) if done and signed else None,
        pieces=whole(package.get("totalPieces")) or None,
    )


def _event(scan: Mapping[str, Any], origin: Place, destination: Place) -> CarrierEvent:
    code = text(scan.get("statusCD"))
    day, clock = text(scan.get("date")), text(scan.get("time"))
    place = _spot(text(scan.get("scanLocation")), origin, destination)
    at, source = placed(read_iso(f"{day}T{clock}"), place, read_offset(text(scan.get("gmtOffset"))))
    said = [text(scan.get("status")), text(scan.get("scanDetails"))]
    return CarrierEvent(
        code=code,
        sub_status=meaning(code),
        description=". ".join(filter(None, said)),
        at=at,
        raw_time=f"{day} {clock}".strip(),
        zone_source=source,
        place=place,
    )


def _spot(words: str, origin: Place, destination: Place) -> Place:
    """ "LEWISBERRY, PA" names no country: it has one where both ends have the same."""
    city, _, region = words.partition(", ")
    same = origin.country if origin.country == destination.country else ""
    return Place(city=city, region=region, country=same)


def _end(package: Mapping[str, Any], station: str, party: str) -> Place:
    for name in (station, party):
        city = text(package.get(f"{name}City"))
        if city:
            return Place(
                city=city,
                region=text(package.get(f"{name}StateCD")),
                country=country(package.get(f"{name}CntryCD")),
            )
    return Place()


def _promised(package: Mapping[str, Any], destination: Place) -> DateWindow | None:
    window = mapping(package.get("estDelTimeWindow"))
    first = read_iso(text(window.get("estDelTmWindowStart")))
    last = read_iso(text(window.get("estDelTmWindowEnd")))
    usual = read_iso(text(mapping(package.get("standardTransitDate")).get("stdTransitDate")))
    found = sorted(day.date() for day in (first or last or usual, last or first or usual) if day)
    return DateWindow(found[0], found[-1], zone_name(destination)) if found else None
