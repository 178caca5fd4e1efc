"""BoxKnight, same-day delivery in Canadian cities.

https://www.docs.boxknight.com (for customers): an order has one state and no history, so
that there is one undated event. The states are those of public client code; no real answer
beyond one sample was seen. The number is BoxKnight's order id. How a token is got is told
to customers only: the merchant types it in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.countries import country_code
from carriers.scan_times import read_epoch
from carriers.shapes import mapping, text, whole
from carriers.updates import CarrierEvent, Place, TrackingUpdate, window
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "CREATED": "info.label_created",
    "GEOCODED": "info.label_created",
    "DELIVERY_ASSIGNED": "info.pickup_scheduled",
    "PICKUP_EN_ROUTE": "info.pickup_scheduled",
    "PICKUP_COMPLETED": "picked_up.accepted",
    "DELIVERY_EN_ROUTE": "out.on_vehicle",
    "DELIVERY_COMPLETED": "delivered.generic",
}


class BoxKnight(Carrier):
    slug: ClassVar[str] = "boxknight"
    name: ClassVar[str] = "BoxKnight"
    countries: ClassVar[tuple[str, ...]] = ("CA",)
    website: ClassVar[str] = "https://www.tracking.boxknight.com/tracking"
    documentation: ClassVar[str] = "https://www.docs.boxknight.com"
    proven: ClassVar[Proven] = "unproven"
    home_zone: ClassVar[str] = "America/Toronto"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=1)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("api_token", "API token"),)
    base_url: ClassVar[str] = "https://api.boxknight.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        path = f"/v1/orders/{quote(asks[0].number, safe='')}"
        return HttpCall("GET", path, headers={"Authorization": credentials["api_token"]})

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        reply = mapping(read_json(body))
        if text(reply.get("id")) and "orderStatus" in reply:
            return [_order(reply)]
        error = text(reply.get("error"))
        if not error:
            raise CarrierError("The answer is not one of BoxKnight's", kind="unreadable")
        said = f"BoxKnight says: {error}"
        if "not found" in error.lower():
            return [TrackingUpdate("", problem=said, not_found=True)]
        raise CarrierError(said, kind="bad_request", permanent=True)


def _order(row: Mapping[str, Any]) -> TrackingUpdate:
    code = text(row.get("orderStatus"))
    zone = ZoneInfo(BoxKnight.home_zone)
    after, before = read_epoch(row.get("completeAfter")), read_epoch(row.get("completeBefore"))
    return TrackingUpdate(
        tracking_number=text(row.get("id")),
        events=(CarrierEvent(code=code, sub_status=_CODES.get(code, UNKNOWN)),) if code else (),
        edd=window(
            after.astimezone(zone).date() if after else None,
            before.astimezone(zone).date() if before else None,
            BoxKnight.home_zone,
        ),
        problem=None if code else "BoxKnight says nothing about this order yet",
        service=text(row.get("service")),
        origin=_address(row.get("originAddress")),
        destination=_address(row.get("recipientAddress")),
        pieces=whole(row.get("packageCount")) or None,
    )


def _address(value: object) -> Place:
    address = mapping(value)
    return Place(
        city=text(address.get("city")),
        region=text(address.get("province")),
        postcode=text(address.get("postalCode")),
        country=country_code(text(address.get("country"))),
    )
