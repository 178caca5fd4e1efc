"""USPS Tracking API v3.

https://developers.usps.com/trackingv3r2. One number a call; OAuth 2 client credentials with
the scope "tracking", which USPS grants on request; about sixty calls an hour for an
application (https://github.com/USPS/api-examples/issues/30). The local time and its offset are
right; `GMTTimestamp` of recorded answers is a day off in the evening, so it is used alone only.
"No status yet" comes as an error 400, an unknown number as 404.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Kind,
    Limits,
    Proven,
    Secret,
    read_json,
)
from carriers.countries import country_code
from carriers.providers.usps_codes import meaning, spot
from carriers.scan_times import placed, read_iso, read_offset
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateKind,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import Status

HOME: Final = "America/New_York"

_KINDS: Final[Mapping[str, Kind]] = {
    "401": "credentials",
    "403": "credentials",
    "429": "rate_limited",
    "500": "unavailable",
    "502": "unavailable",
    "503": "unavailable",
    "504": "unavailable",
}


class Usps(Carrier):
    slug: ClassVar[str] = "usps"
    name: ClassVar[str] = "USPS"
    countries: ClassVar[tuple[str, ...]] = ("US",)
    website: ClassVar[str] = "https://tools.usps.com/go/TrackConfirmAction_input"
    documentation: ClassVar[str] = "https://developers.usps.com/trackingv3r2"
    proven: ClassVar[Proven] = "recorded"
    home_zone: ClassVar[str] = HOME
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_hour=60, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Consumer key", secret=False),
        Secret("client_secret", "Consumer secret"),
    )
    base_url: ClassVar[str] = "https://apis.usps.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/tracking/v3/tracking/{quote(asks[0].number, safe='')}",
            params={"expand": "DETAIL"},
            headers={"Authorization": f"Bearer {token or ''}", "Accept": "application/json"},
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        return HttpCall(
            "POST",
            "/oauth2/v3/token",
            json={
                "grant_type": "client_credentials",
                "client_id": credentials["client_id"],
                "client_secret": credentials["client_secret"],
                "scope": "tracking",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        if reply.get("error"):
            return [_refused(reply)]
        if not text(reply.get("trackingNumber")):
            raise CarrierError("The answer holds no tracking number of USPS", kind="unreadable")
        return [_package(reply)]


def _refused(reply: Mapping[str, Any]) -> TrackingUpdate:
    """The update for "nothing yet" and "unknown"; CarrierError for every other error."""
    error = mapping(reply.get("error"))
    code, message = text(error.get("code")), _plain(text(error.get("message")))
    if not error:  # the OAuth server's own form: {"error": "invalid_client", …}
        said = text(reply.get("error_description")) or text(reply.get("error"))
        raise CarrierError(f"USPS says: {said}", kind="credentials", permanent=True)
    said = f"USPS says: {message or 'no reason given'} ({code})"
    if code in {"400", "404"}:
        return TrackingUpdate("", problem=said, not_found=True)
    kind = _KINDS.get(code, "bad_request")
    raise CarrierError(said, kind=kind, permanent=kind in {"credentials", "bad_request"})


def _package(reply: Mapping[str, Any]) -> TrackingUpdate:
    rows = mappings(reply.get("trackingEvents"))
    destination = _end(reply, "destination")
    events = scans([_event(row) for row in rows])
    return TrackingUpdate(
        tracking_number=text(reply.get("trackingNumber")),
        events=oldest_first(events[::-1]),
        edd=_promised(reply, destination),
        problem=None if events else "USPS knows this number but sent no scans yet",
        service=_plain(text(reply.get("mailClass"))),
        origin=_end(reply, "origin"),
        destination=destination,
        proof=_proof(rows, events),
    )


def _plain(words: str) -> str:
    """Words without the marks ("<SUP>&#174;</SUP>") that USPS writes for its own pages."""
    return re.sub(r"<SUP>[^<]*</SUP>", "", words)


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, words = text(row.get("eventCode")), _plain(text(row.get("eventType")))
    abroad = text(row.get("eventCountry"))
    place = Place(
        city=text(row.get("eventCity")),
        region=text(row.get("eventState")),
        postcode=text(row.get("eventZIP")),
        country=country(abroad) or country_code(abroad) or ("" if abroad else "US"),
    )
    stamp, offset = text(row.get("eventTimestamp")), read_offset(text(row.get("GMTOffset")))
    found = read_iso(stamp) or read_iso(text(row.get("GMTTimestamp")))
    at, source = placed(found, place, offset, home=HOME)
    return CarrierEvent(
        code=code,
        sub_status=meaning(code, words),
        description=words,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(reply: Mapping[str, Any], name: str) -> Place:
    city, state = text(reply.get(f"{name}City")), text(reply.get(f"{name}State"))
    postcode, abroad = text(reply.get(f"{name}ZIP")), text(reply.get(f"{name}CountryCode"))
    known = bool(city or state or postcode)
    return Place(city, state, postcode, country(abroad) or ("US" if known and not abroad else ""))


def _promised(reply: Mapping[str, Any], destination: Place) -> DateWindow | None:
    kinds: tuple[tuple[str, DateKind], ...] = (
        ("expected", "estimated"), ("guaranteed", "guaranteed"), ("predicted", "estimated")
    )  # fmt: skip
    for name, kind in kinds:
        found = read_iso(text(reply.get(f"{name}DeliveryTimeStamp")))
        if found is not None:
            return DateWindow(found.date(), found.date(), zone_name(destination), kind)
    return None


def _proof(rows: list[Mapping[str, Any]], events: list[CarrierEvent]) -> Proof | None:
    """Who took it, and the place that the words of the delivery name."""
    done = next((event for event in events if event.status is Status.DELIVERED), None)
    names = [text(row.get("name")) for row in rows if text(row.get("eventCode")) == "01"]
    proof = Proof(
        signed_by=next(filter(None, names), ""), left_at=spot(done.description) if done else ""
    )
    return proof if done and proof != Proof() else None
