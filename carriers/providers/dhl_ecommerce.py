"""DHL eCommerce Americas: Tracking API v4 (JSON), and the XML of its predecessor.

https://developer.dhl.com/api-reference/tracking-dhl-ecommerce-americas: GET
/tracking/v4/package/open with a token; only packages of the account's own pickups are found.
Its webhooks (…/tracking-webhooks-dhl-ecommerce-americas) hold the same `packages`, each with
its whole history. The XML was recorded from the older interface, which nobody is given any
more. Event numbers are those of the unified API's list for `ecommerce`; 400 is another thing
here than in Asia. Times are wall clocks with the letters of a zone: ET, CT, MT, PT, or LT for
the place's own.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from carriers import code_maps
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
from carriers.problems import unknown_number
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    NextLeg,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from carriers.xml_shapes import fields, first, named
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_LISTED: Final = {
    code: sub_status
    for (service, code), sub_status in code_maps.load("dhl_universal_codes.csv").items()
    if service == "ecommerce"
}
_CODES: Final = _LISTED | {"400": "transit.handed_to_partner"}
_ZONES: Final = {
    **dict.fromkeys(("ET", "EST", "EDT"), ZoneInfo("America/New_York")),
    **dict.fromkeys(("CT", "CST", "CDT"), ZoneInfo("America/Chicago")),
    **dict.fromkeys(("MT", "MST", "MDT"), ZoneInfo("America/Denver")),
    **dict.fromkeys(("PT", "PST", "PDT"), ZoneInfo("America/Los_Angeles")),
}


class DhlEcommerce(Carrier):
    slug: ClassVar[str] = "dhl_ecommerce"
    name: ClassVar[str] = "DHL eCommerce"
    countries: ClassVar[tuple[str, ...]] = ("US",)
    website: ClassVar[str] = "https://webtrack.dhlecs.com"
    documentation: ClassVar[str] = (
        "https://developer.dhl.com/api-reference/tracking-dhl-ecommerce-americas"
    )
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
    )
    base_url: ClassVar[str] = "https://api.dhlecs.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            "/tracking/v4/package/open",
            params={"trackingId": asks[0].number},
            headers={"Authorization": f"Bearer {token or ''}", "Accept": "application/json"},
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        pair = f"{credentials['client_id']}:{credentials['client_secret']}"
        return HttpCall(
            "POST",
            "/auth/v4/accesstoken",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
            form={"grant_type": "client_credentials"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a package, in JSON or in the XML of the older interface."""
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return _from_xml(read_xml(body))
        reply = mapping(read_json(body))
        if "packages" not in reply:
            said = unknown_number(reply, "DHL eCommerce")
            return [TrackingUpdate("", problem=said, not_found=True)]
        updates = [_package(package) for package in mappings(reply["packages"])]
        said = "DHL eCommerce knows no such package of this account"
        return updates or [TrackingUpdate("", problem=said, not_found=True)]


def _package(package: Mapping[str, Any]) -> TrackingUpdate:
    about, recipient = mapping(package.get("package")), mapping(package.get("recipient"))
    destination = Place(
        city=text(recipient.get("city")),
        region=text(recipient.get("state")),
        postcode=text(recipient.get("postalCode")),
        country=country(recipient.get("country")),
    )
    events = scans(
        [
            _event(
                code=text(row.get("primaryEventId")),
                description=text(row.get("primaryEventDescription")),
                stamp=f"{text(row.get('date'))} {text(row.get('time'))}".strip(),
                zone=text(row.get("timeZone")),
                place=_location(row),
            )
            for row in mappings(package.get("events"))
        ]
    )
    ids = (text(about.get(key)) for key in ("trackingId", "dhlPackageId", "packageId"))
    day = read_iso(f"{text(about.get('expectedDelivery'))[:10]}T00:00:00")
    zone = zone_name(destination)
    return TrackingUpdate(
        tracking_number=next(filter(None, ids), ""),
        events=oldest_first(events[::-1]),
        edd=DateWindow(day.date(), day.date(), zone) if day else None,
        problem=None if events else "DHL eCommerce knows this package but sent no events yet",
        service=text(about.get("productName")) or text(about.get("orderedProduct")),
        destination=destination,
    )


def _location(row: Mapping[str, Any]) -> Place:
    """ "Hebron, KY, US", or only a country."""
    parts = [part.strip() for part in text(row.get("location")).split(",") if part.strip()]
    land = country(row.get("country"))
    if parts and parts[-1].upper() == land:
        parts.pop()
    elif parts and not land:
        land = country(parts[-1]) if len(parts) != 2 else ""
        parts = parts[:-1] if land else parts
    region = parts.pop() if len(parts) > 1 else ""
    postcode = text(row.get("postalCode"))
    return Place(city=", ".join(parts), region=region, postcode=postcode, country=land)


def _from_xml(root: Element) -> list[TrackingUpdate]:
    updates = [_shipment(shipment) for shipment in named(root, "shipment")]
    if updates:
        return updates
    error = first(root, "error")
    if root.tag != "track" or error is None:
        raise CarrierError("The answer is not one of DHL eCommerce's", kind="unreadable")
    said = fields(error)
    words = f"DHL eCommerce says: {said.get('description') or 'no reason given'}"
    if said.get("code") == "400":  # "no results for your tracking number"
        return [TrackingUpdate("", problem=words, not_found=True)]
    raise CarrierError(words, kind="unavailable")


def _shipment(shipment: Element) -> TrackingUpdate:
    about = fields(shipment)
    events = []
    for row in map(fields, named(shipment, "event")):
        land = row.get("country", "")
        place = Place(
            city=row.get("city", ""),
            region=row.get("state", ""),
            postcode=row.get("postalcode", ""),
            country=country(land) or country_code(land),
        )
        clock, _, zone = row.get("time", "").rpartition(" ")
        stamp = f"{row.get('date', '')} {clock}".strip()
        code, said = row.get("code", ""), row.get("description", "")
        events.append(_event(code=code, description=said, stamp=stamp, zone=zone, place=place))
    ordered = oldest_first(scans(events)[::-1])
    confirmation, signer = about.get("deliveryconfirm", ""), about.get("signedby", "")
    return TrackingUpdate(
        tracking_number=about.get("trackingnumber", ""),
        events=ordered,
        problem=None if ordered else "DHL eCommerce knows this number but sent no events yet",
        destination=Place(
            city=about.get("city", ""),
            region=about.get("state", ""),
            postcode=about.get("zip", ""),
            country=country(about.get("country")),
        ),
        proof=Proof(signed_by=signer) if signer else None,
        next_leg=NextLeg("USPS", confirmation) if confirmation else None,
    )


def _event(*, code: str, description: str, stamp: str, zone: str, place: Place) -> CarrierEvent:
    found = read_as(stamp, "%m/%d/%Y %I:%M %p", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
    named_zone = _ZONES.get(zone.upper())
    at, source = placed(found.replace(tzinfo=named_zone) if found and named_zone else found, place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=description,
        at=at,
        raw_time=f"{stamp} {zone}".strip(),
        zone_source=source,
        place=place,
    )
