"""FedEx Track API v1, and Advanced Integrated Visibility, its push.

https://developer.fedex.com/api/en-us/catalog/track.html and
https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs.html. Thirty
numbers a call; OAuth 2 client credentials (three tokens in five seconds from one address block
it for ten minutes: `fetch` keeps tokens). Errors of single numbers come with HTTP 200. The
sandbox writes times with a blank ("2024-08-12T15:18:10 -0500") and gives every event one
type. Promised times are local to the destination. The push is set up in FedEx's portal,
signed with the security token chosen there, and holds the same results as an answer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

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
from carriers.providers.fedex_codes import deciding, meaning, signer
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    last_moved,
    oldest_first,
)
from carriers.zones import zone_name
from lib.signing import same
from lib.vocabulary import Status

_Row = Mapping[str, Any]

_CREDENTIALS: Final = ("NOT.AUTHORIZED", "FORBIDDEN", "LOGIN.", "BAD.CREDENTIALS", "UNAUTHORIZED")
_OUTAGES: Final = ("INTERNAL.SERVER", "SERVICE.UNAVAILABLE", "SYSTEM.")
#: The promises, best first; all local to the destination.
_PROMISES: Final = ("estimatedDeliveryTimeWindow", "standardTransitTimeWindow")


class FedEx(Carrier):
    slug: ClassVar[str] = "fedex"
    name: ClassVar[str] = "FedEx"
    name_ar: ClassVar[str] = "فيديكس"
    countries: ClassVar[tuple[str, ...]] = ("US", "CA", "MX", "GB", "AE", "SA", "IN", "CN", "SG")
    website: ClassVar[str] = "https://www.fedex.com/fedextrack"
    documentation: ClassVar[str] = "https://developer.fedex.com/api/en-us/catalog/track.html"
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 30
    # 1,400 calls in ten seconds a project.
    limits: ClassVar[Limits] = Limits(per_second=140, per_day=100_000)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "API key", secret=False),
        Secret("client_secret", "Secret key"),
        Secret("security_token", "Security token of the webhook project", optional=True),
    )
    base_url: ClassVar[str] = "https://apis.fedex.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/track/v1/trackingnumbers",
            headers={"Authorization": f"Bearer {token or ''}", "X-locale": "en_US"},
            json={
                "includeDetailedScans": True,
                "trackingInfo": [
                    {"trackingNumberInfo": {"trackingNumber": ask.number}} for ask in asks
                ],
            },
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        return HttpCall(
            "POST",
            "/oauth/token",
            form={
                "grant_type": "client_credentials",
                "client_id": credentials["client_id"],
                "client_secret": credentials["client_secret"],
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number; of shipments that share a number, the one that moved last."""
        reply = mapping(read_json(body))
        for error in mappings(reply.get("errors"))[:1]:
            return [_refused(error)]
        output = mapping(reply.get("output"))
        asked = mappings(output.get("completeTrackResults"))
        updates = [
            last_moved([_result(row, text(one.get("trackingNumber"))) for row in rows])
            for one in asked
            if (rows := mappings(one.get("trackResults")))
        ]
        if not updates:
            raise CarrierError("The answer holds no tracking of FedEx", kind="unreadable")
        return updates

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        secret = credentials.get("security_token", "")
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        signature = base64.b64encode(digest).decode()
        return not secret or same(headers.get("fdx-signature", ""), signature)


def _refused(error: _Row) -> TrackingUpdate:
    """The update for "not found"; CarrierError for errors of the whole call."""
    code, message = text(error.get("code")), text(error.get("message"))
    said = f"FedEx says: {message or 'no reason given'} ({code})"
    if code.startswith("TRACKING.") and code.endswith(".NOTFOUND"):
        return TrackingUpdate("", problem=said, not_found=True)
    if code.startswith(_CREDENTIALS):
        raise CarrierError(said, kind="credentials", permanent=True)
    kind: Kind = "unavailable" if code.startswith(_OUTAGES) else "bad_request"
    raise CarrierError(said, kind=kind, permanent=kind == "bad_request")


def _result(row: _Row, asked: str) -> TrackingUpdate:
    number = text(mapping(row.get("trackingNumberInfo")).get("trackingNumber")) or asked
    destination = _end(row, "destinationLocation", "recipientInformation")
    events = scans([_event(scan) for scan in mappings(row.get("scanEvents"))])
    if not events:
        events = _current(row, destination)
    details = mapping(row.get("deliveryDetails"))
    ordered = _counted(oldest_first(events[::-1]), whole(details.get("deliveryAttempts")))
    error = mapping(row.get("error"))
    problem = None
    if not ordered:
        problem = text(error.get("message")) or "FedEx knows this number but sent no scans yet"
        problem = f"FedEx says: {problem}" if error else problem
    return TrackingUpdate(
        tracking_number=number,
        events=ordered,
        edd=_promised(row, destination),
        problem=problem,
        not_found=not ordered and text(error.get("code")).endswith(".NOTFOUND"),
        service=text(mapping(row.get("serviceDetail")).get("description")),
        origin=_end(row, "originLocation", "shipperInformation"),
        destination=destination,
        proof=_proof(details, ordered),
        pieces=whole(mapping(row.get("packageDetails")).get("count")) or None,
        pickup_point=_pickup_point(row),
        next_leg=_next_leg(row),
    )


def _event(scan: _Row) -> CarrierEvent:
    code, exception = text(scan.get("eventType")), text(scan.get("exceptionCode"))
    deciding_code = deciding(code, text(scan.get("derivedStatusCode")))
    delay = mapping(scan.get("delayDetail"))
    is_late = text(delay.get("status")).upper() == "DELAYED"
    kind = text(delay.get("type")) if is_late else ""
    place = _place(mapping(scan.get("scanLocation")))
    stamp = text(scan.get("date"))
    at, source = placed(read_iso(_joined(stamp)), place)
    words = [text(scan.get("eventDescription")), text(scan.get("exceptionDescription"))]
    return CarrierEvent(
        code="/".join(dict.fromkeys(filter(None, (code, deciding_code, exception)))),
        sub_status=meaning(deciding_code, exception, delay=kind),
        description=". ".join(dict.fromkeys(filter(None, words))),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _joined(stamp: str) -> str:
    """The sandbox parts time and offset by a blank."""
    return stamp.replace(" -", "-").replace(" +", "+")


def _current(row: _Row, destination: Place) -> list[CarrierEvent]:
    """One event from the latest status, for results that list no scans."""
    latest = mapping(row.get("latestStatusDetail"))
    code = deciding(text(latest.get("code")), text(latest.get("derivedCode")))
    if not code:
        return []
    reason = next((text(one.get("reason")) for one in mappings(latest.get("ancillaryDetails"))), "")
    times = {text(one.get("type")): text(one.get("dateTime")) for one in _times(row)}
    stamp = times.get("ACTUAL_DELIVERY", "") if code == "DL" else ""
    place = _place(mapping(latest.get("scanLocation")))
    at, source = placed(read_iso(_joined(stamp)), place if place.country else destination)
    return [
        CarrierEvent(
            code="/".join(filter(None, (code, reason))),
            sub_status=meaning(code, reason),
            description=text(latest.get("description")) or text(latest.get("statusByLocale")),
            at=at,
            raw_time=stamp,
            zone_source=source,
            place=place,
        )
    ]


def _times(row: _Row) -> list[_Row]:
    return mappings(row.get("dateAndTimes"))


def _counted(events: tuple[CarrierEvent, ...], attempts: int | None) -> tuple[CarrierEvent, ...]:
    """FedEx counts the attempts of the shipment: the count is that of the last one."""
    failed = [n for n, event in enumerate(events) if event.status is Status.ATTEMPT_FAILED]
    if not failed or not attempts:
        return events
    last = failed[-1]
    return (*events[:last], replace(events[last], attempt=attempts), *events[last + 1 :])


def _place(address: _Row) -> Place:
    return Place(
        city=text(address.get("city")),
        region=text(address.get("stateOrProvinceCode")),
        postcode=text(address.get("postalCode")),
        country=country(address.get("countryCode")),
    )


def _end(row: _Row, location: str, party: str) -> Place:
    """An end of the way: FedEx's own location there, else what the shipper wrote."""
    found = mapping(mapping(row.get(location)).get("locationContactAndAddress")).get("address")
    return _place(mapping(found or mapping(row.get(party)).get("address")))


def _promised(row: _Row, destination: Place) -> DateWindow | None:
    zone = zone_name(destination)
    for name in _PROMISES:
        window = mapping(mapping(row.get(name)).get("window"))
        begins, ends = (read_iso(_joined(text(window.get(key)))) for key in ("begins", "ends"))
        first, last = begins or ends, ends or begins
        if first and last:
            days = sorted((first.date(), last.date()))
            return DateWindow(days[0], days[1], zone)
    for one in _times(row):
        day = read_iso(_joined(text(one.get("dateTime"))))
        if day and text(one.get("type")) == "ESTIMATED_DELIVERY":
            return DateWindow(day.date(), day.date(), zone)
    return None


def _proof(details: _Row, events: tuple[CarrierEvent, ...]) -> Proof | None:
    name = signer(text(details.get("receivedByName")) or text(details.get("signedByName")))
    spot = text(details.get("locationDescription"))
    is_delivered = any(event.status is Status.DELIVERED for event in events)
    return Proof(signed_by=name, left_at=spot) if is_delivered and (name or spot) else None


def _pickup_point(row: _Row) -> PickupPoint | None:
    held = mapping(mapping(row.get("holdAtLocation")).get("locationContactAndAddress"))
    address = mapping(held.get("address"))
    lines = address.get("streetLines")
    parts = [text(line) for line in (lines if isinstance(lines, list) else [lines])]
    parts += [text(address.get(key)) for key in ("city", "stateOrProvinceCode", "postalCode")]
    where = ", ".join(filter(None, parts))
    name = text(mapping(held.get("contact")).get("companyName"))
    return PickupPoint(name=name, address=where) if where else None


def _next_leg(row: _Row) -> NextLeg | None:
    """The post's number, where FedEx Ground Economy hands over to it."""
    service = text(mapping(row.get("serviceDetail")).get("type")).upper()
    extra = mapping(row.get("additionalTrackingInfo"))
    for one in mappings(extra.get("packageIdentifiers")):
        values = one.get("values")
        number = text(values[0]) if isinstance(values, list) and values else text(one.get("value"))
        is_partner = text(one.get("type")) == "PARTNER_CARRIER_NUMBER"
        if is_partner and number and service in {"SMART_POST", "FEDEX_GROUND_ECONOMY"}:
            return NextLeg("USPS", number)
    return None
