"""DHL eCommerce Poland (DHL24 WebAPI2, SOAP): getTrackAndTraceInfo, one shipment in a call.

https://dhl24.com.pl/en/webapi2/doc/getTrackAndTraceInfo.html. `status` holds the codes of the
unified API's list for `parcel-pl`, all placed. Names and descriptions are Polish, times are
Polish wall clocks. `receivedBy` is filled once somebody took the parcel. Fault 100 is a refused
login; which fault an unknown number gets is not documented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from carriers import code_maps
from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.scan_times import placed, read_iso
from carriers.shapes import scans
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from carriers.xml_shapes import child, fault, fields, first, named, soap, words
from lib.vocabulary import UNKNOWN, Status

_NAMESPACE: Final = "https://dhl24.com.pl/webapi2/provider/service.html?ws=1"
_CODES: Final = {
    code: sub_status
    for (service, code), sub_status in code_maps.load("dhl_universal_codes.csv").items()
    if service == "parcel-pl"
}


class DhlPoland(Carrier):
    slug: ClassVar[str] = "dhl_poland"
    name: ClassVar[str] = "DHL eCommerce Polska"
    countries: ClassVar[tuple[str, ...]] = ("PL",)
    website: ClassVar[str] = "https://www.dhl.com/pl-en/home/tracking/tracking-parcel.html"
    documentation: ClassVar[str] = "https://dhl24.com.pl/en/webapi2/doc.html"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = "Europe/Warsaw"
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "DHL24 WebAPI user name", secret=False),
        Secret("password", "DHL24 WebAPI password"),
    )
    base_url: ClassVar[str] = "https://dhl24.com.pl"
    #: SOAP faults come with 500.
    readable_statuses: ClassVar[frozenset[int]] = frozenset({500})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        body = soap(
            "getTrackAndTraceInfo",
            {
                "v:authData": {
                    "v:username": credentials["username"],
                    "v:password": credentials["password"],
                },
                "v:shipmentId": asks[0].number,
            },
            namespace=_NAMESPACE,
        )
        return HttpCall(
            "POST",
            "/webapi2/provider/service.html?ws=1",
            headers={
                "Content-Type": "text/xml; charset=utf-8",
                "SOAPAction": f"{_NAMESPACE}#getTrackAndTraceInfo",
            },
            body=body,
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update: the shipment asked for."""
        root = read_xml(body)
        said = fault(root)
        if said is not None:
            code = words(first(root, "Fault"), "faultcode")
            said = f"DHL24 says: {said} ({code})"
            if code == "100":
                raise CarrierError(said, kind="credentials", permanent=True)
            raise CarrierError(said, kind="unavailable")
        result = first(root, "getTrackAndTraceInfoResult")
        if result is None:
            raise CarrierError("The answer is not one of DHL24's", kind="unreadable")
        return [_shipment(result)]


def _shipment(result: Element) -> TrackingUpdate:
    listed = child(result, "events")
    rows = [] if listed is None else [fields(row) for row in named(listed, "item")]
    events = scans([_event(row) for row in rows])
    taker = words(result, "receivedBy")
    delivered = any(event.status is Status.DELIVERED for event in events)
    return TrackingUpdate(
        tracking_number=words(result, "shipmentId"),
        events=oldest_first(events[::-1]),
        problem=None if events else "DHL24 knows this number but sent no events yet",
        proof=Proof(signed_by=taker) if taker and delivered else None,
    )


def _event(row: Mapping[str, str]) -> CarrierEvent:
    place = Place(city=row.get("terminal", ""), country="PL")
    stamp, code = row.get("timestamp", ""), row.get("status", "")
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=row.get("description", ""),
        language="pl",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
