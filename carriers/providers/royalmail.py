"""Royal Mail, Tracking API v2: the events of one mail piece.

https://developer.royalmail.net/api/tracking (events operation). The codes beside this module
are Royal Mail's event codes as integrators publish them, 220 of them; codes that Royal Mail
itself files as "not applicable" (EVZ… and N… notifications, EVNOU, EVNDS) say nothing about
the parcel and stay unknown. Odd: "Returned to Sender" is its word for the start of the way
back, an item at a Post Office for collection counts as "delivered", and one mail piece is
an object where the summary operation has a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers import code_maps
from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import country_code
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = code_maps.load("royalmail_codes.csv")

_NOT_FOUND: Final = frozenset({"E1142"})


class RoyalMail(Carrier):
    slug: ClassVar[str] = "royalmail"
    name: ClassVar[str] = "Royal Mail"
    countries: ClassVar[tuple[str, ...]] = ("GB",)
    website: ClassVar[str] = "https://www.royalmail.com/track-your-item"
    documentation: ClassVar[str] = "https://developer.royalmail.net/api/tracking"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID (X-IBM-Client-Id)", secret=False),
        Secret("client_secret", "Client secret (X-IBM-Client-Secret)"),
    )
    base_url: ClassVar[str] = "https://api.royalmail.net"
    home_zone: ClassVar[str] = "Europe/London"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/mailpieces/v2/{quote(asks[0].number, safe='')}/events",
            headers={
                "X-IBM-Client-Id": credentials["client_id"],
                "X-IBM-Client-Secret": credentials["client_secret"],
                "X-Accept-RMG-Terms": "yes",
                "Accept": "application/json",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a mail piece; the number is the one that was asked (`mailPieceId`)."""
        reply = mapping(read_json(body))
        pieces = mappings(reply.get("mailPieces"))
        if pieces:
            return [_piece(piece) for piece in pieces]
        errors = mappings(reply.get("errors"))
        if not errors and not text(reply.get("httpCode")):
            raise CarrierError("The answer holds no mail piece of Royal Mail", kind="unreadable")
        return [_refused(reply, errors[0] if errors else {})]


def _refused(reply: Mapping[str, Any], error: Mapping[str, Any]) -> TrackingUpdate:
    status, code = text(reply.get("httpCode")), text(error.get("errorCode"))
    reason = text(error.get("errorDescription")) or text(reply.get("httpMessage"))
    said = f"Royal Mail says: {reason or 'no reason given'} ({code or status})"
    if code in _NOT_FOUND or status == "404":
        return TrackingUpdate("", problem=said, not_found=True)
    if status in {"401", "403"}:
        raise CarrierError(said, kind="credentials", permanent=True)
    if status == "429":
        raise CarrierError(said, kind="rate_limited")
    if status == "400":
        raise CarrierError(said, kind="bad_request", permanent=True)
    raise CarrierError(said, kind="unavailable")


def _piece(piece: Mapping[str, Any]) -> TrackingUpdate:
    summary, error = mapping(piece.get("summary")), mapping(piece.get("error"))
    number = text(piece.get("mailPieceId")) or text(summary.get("oneDBarcode"))
    if error:
        said = f"Royal Mail says: {text(error.get('errorDescription')) or 'no reason given'}"
        return TrackingUpdate(
            number, problem=said, not_found=text(error.get("errorCode")) in _NOT_FOUND
        )
    origin = Place(country=_country(summary, "originCountry"))
    destination = Place(country=_country(summary, "destinationCountry"))
    inland = origin.country if origin.country == destination.country else ""
    events = scans([_event(row, inland) for row in mappings(piece.get("events"))])
    signer = text(mapping(piece.get("signature")).get("recipientName"))
    return TrackingUpdate(
        number,
        events=oldest_first(events[::-1]),
        edd=_promised(mapping(piece.get("estimatedDelivery")), destination),
        problem=None if events else "Royal Mail knows this item but sent no events yet",
        service=text(summary.get("productName")),
        origin=origin,
        destination=destination,
        proof=Proof(signed_by=signer) if signer else None,
    )


def _event(row: Mapping[str, Any], inland: str) -> CarrierEvent:
    code, stamp = text(row.get("eventCode")), text(row.get("eventDateTime"))
    place = Place(city=text(row.get("locationName")), country=inland)
    at, source = placed(read_iso(stamp), place, home=RoyalMail.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(("event", code.upper()), UNKNOWN),
        description=text(row.get("eventName")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _country(summary: Mapping[str, Any], end: str) -> str:
    """Three letters and a name ("GBR"); only Britain's long name needs help."""
    if text(summary.get(f"{end}Code")).upper() in {"GBR", "GB"}:
        return "GB"
    return country_code(text(summary.get(f"{end}Name")))


def _promised(estimate: Mapping[str, Any], destination: Place) -> DateWindow | None:
    found = read_as(text(estimate.get("date"))[:10], "%Y-%m-%d")
    return DateWindow(found.date(), found.date(), zone_name(destination)) if found else None
