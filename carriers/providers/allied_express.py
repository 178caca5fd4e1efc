"""Allied Express (Australia): the shipments' status of its web service, one shipment a call.

https://www.alliedexpress.com.au; the service is ttws-ejb, whose answers name
http://neptune.alliedexpress.com.au/ttws-ejb, and 3plapi.com hands out as JSON. No public
page describes it: the shape is that of an open client's tests, and the statuses are those
its users met. A status is a sentence without a code. Odd: one scan is an object, several
are a list; "scannnedTimestamp" is spelt with three n; an unknown number is a `statusError`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

#: By how the sentence begins, in lower case.
_SENTENCES: Final = (
    ("freight has been delivered", "delivered.generic"),
    ("it's on board with driver", "out.on_vehicle"),
    ("in transit to", "transit.generic"),
    ("in agent", "pickup.ready"),
    ("card left", "attempt.generic"),
    ("return to depot", "delay.generic"),
    ("left in depot", "delay.generic"),
    ("return to sender", "returning.started"),
    ("damaged", "exception.damaged"),
)
_NO_STATUS: Final = "no shipment status found"


class AlliedExpress(Carrier):
    slug: ClassVar[str] = "allied_express"
    name: ClassVar[str] = "Allied Express"
    countries: ClassVar[tuple[str, ...]] = ("AU",)
    website: ClassVar[str] = "https://www.alliedexpress.com.au"
    proven: ClassVar[Proven] = "unproven"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=1)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://3plapi.com"
    home_zone: ClassVar[str] = "Australia/Sydney"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['username']}:{credentials['password']}"
        return HttpCall(
            "POST",
            f"/getShipmentsStatus/{quote(asks[0].number, safe='')}",
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Content-Type": "application/json",
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the shipment that was asked for."""
        return [read_status(body)]


def read_status(body: bytes) -> TrackingUpdate:
    """The shipment in an answer of the web service, with or without its envelope."""
    reply = mapping(read_json(body))
    inner = mapping(reply.get("soapenv:Envelope")) or reply
    inner = mapping(inner.get("soapenv:Body")) or inner
    answer = mapping(inner.get("ns1:getShipmentsStatusResponse")) or inner
    result = mapping(answer.get("result"))
    if refused := text(result.get("statusError")):
        said = f"Allied Express says: {refused}"
        if refused.casefold().startswith(_NO_STATUS):
            return TrackingUpdate("", problem=said, not_found=True)
        raise CarrierError(said, kind="bad_request")
    if failed := text(reply.get("Message")) or text(result.get("errors")):
        raise CarrierError(f"Allied Express says: {failed}", kind="unavailable")
    rows = mappings(result.get("statusBarcodesList"))
    events = scans([_event(row) for row in rows])
    if not events:
        raise CarrierError("The answer holds no scan of Allied Express", kind="unreadable")
    return TrackingUpdate(
        next((text(row["consignmentNote"]) for row in rows if row.get("consignmentNote")), ""),
        events=oldest_first(events),
        pieces=len({text(row.get("scannedBarcode")) for row in rows} - {""}) or None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    status, stamp = text(row.get("scannedStatus")), text(row.get("scannnedTimestamp"))
    place = Place(city=text(row.get("depotLocation")), country="AU")
    at, source = placed(read_iso(stamp), place, home=AlliedExpress.home_zone)
    begins = status.casefold().replace("\u2019", "'")
    return CarrierEvent(
        code="",
        sub_status=next((ours for start, ours in _SENTENCES if begins.startswith(start)), UNKNOWN),
        description=status,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
