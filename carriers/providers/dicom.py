"""GLS Canada (once Dicom), Smart4i API: a shipment's tracking.

https://smart4i.dicom.com (its description; the host still has the old name). One number a
call, Basic. Times are UTC; activities name a terminal by three letters. Dicom publishes no
list of codes: DL is in its description, the others stay unknown.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.providers.canadapost import HOME
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, https, mapping, mappings, scans, text, whole
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status

_CODES: Final = {"DL": "delivered.generic"}


class Dicom(Carrier):
    slug: ClassVar[str] = "dicom"
    name: ClassVar[str] = "GLS Canada"
    countries: ClassVar[tuple[str, ...]] = ("CA",)
    website: ClassVar[str] = "https://gls-canada.com/en/express/tracking"
    documentation: ClassVar[str] = "https://smart4i.dicom.com"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = HOME
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name (e-mail)", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://smart4i.dicom.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['username']}:{credentials['password']}"
        return HttpCall(
            "GET",
            f"/v1/tracking/{quote(asks[0].number, safe='')}",
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Accept": "application/json",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        number = text(reply.get("trackingNumber"))
        if number:
            return [_shipment(reply, number)]
        said = text(reply.get("Message"))
        if not said:
            raise CarrierError("The answer holds no shipment of GLS Canada", kind="unreadable")
        if said.startswith("Authorization has been denied"):
            raise CarrierError(f"GLS Canada says: {said}", kind="credentials", permanent=True)
        return [TrackingUpdate("", problem=f"GLS Canada says: {said}", not_found=True)]


def _shipment(reply: Mapping[str, Any], number: str) -> TrackingUpdate:
    events = scans([_activity(row) for row in mappings(reply.get("activities"))])
    parcels = [whole(row.get("quantity")) or 1 for row in mappings(reply.get("parcels"))]
    done = any(event.status is Status.DELIVERED for event in events)
    return TrackingUpdate(
        tracking_number=number,
        events=oldest_first(events[::-1]),
        problem=None if events else "GLS Canada knows this number but sent no scans yet",
        service=text(reply.get("deliveryType")),
        origin=_place(mapping(reply.get("sender"))),
        destination=_place(mapping(reply.get("consignee"))),
        proof=_proof(reply) if done else None,
        pieces=sum(parcels) or None,
    )


def _activity(row: Mapping[str, Any]) -> CarrierEvent:
    code, detail = text(row.get("code")), text(row.get("codeDetail"))
    place = Place(country="CA", code=text(row.get("terminal")))
    stamp = text(row.get("activityDate"))
    at, source = placed(read_iso(stamp), place, home=HOME)
    said = [text(row.get("status")), text(row.get("statusDetail"))]
    return CarrierEvent(
        code="/".join(filter(None, (code, detail))),
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=". ".join(filter(None, said)),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(party: Mapping[str, Any]) -> Place:
    return Place(
        city=text(party.get("city")),
        region=text(party.get("provinceCode")),
        postcode=text(party.get("postalCode")),
        country=country(party.get("countryCode")),
    )


def _proof(reply: Mapping[str, Any]) -> Proof | None:
    for image in mappings(reply.get("activityImages")):
        proof = Proof(text(image.get("clientName")), https(image.get("url")))
        if text(image.get("imageType")).upper() == "POD" and proof != Proof():
            return proof
    return None
