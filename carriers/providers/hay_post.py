"""HayPost, Armenia's post: a token, one order a call.

https://order.haypost.am (documentation is given to customers). An order keeps the history of
its states as bare numbers. HayPost publishes no list of them: the eleven are placed as
integrators' public code groups them, so most say only "moving", "late" or "failed". State 1
is grouped there as moving, but an answer has it in the same second as the order is made:
it is the label. Times are naive, those of Armenia; 0001-01-01 is "no date". The states have
no texts; names of places are Armenian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import (
    Ask,
    Carrier,
    CarrierError,
    HttpCall,
    Limits,
    Proven,
    Secret,
    Token,
    read_json,
)
from carriers.countries import country_code
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import decimal, mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    Cash,
    DateWindow,
    Place,
    TrackingUpdate,
    oldest_first,
)
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "1": "info.label_created",
    **dict.fromkeys(("2", "5", "7"), "transit.generic"),
    **dict.fromkeys(("3", "4", "10"), "exception.other"),
    "6": "delivered.generic",
    **dict.fromkeys(("8", "9"), "delay.generic"),
    "11": "exception.held",
}


class HayPost(Carrier):
    slug: ClassVar[str] = "hay_post"
    name: ClassVar[str] = "HayPost"
    countries: ClassVar[tuple[str, ...]] = ("AM",)
    website: ClassVar[str] = "https://www.haypost.am/en/track-and-trace"
    documentation: ClassVar[str] = "https://order.haypost.am"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=1)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name", secret=False),
        Secret("password", "Password"),
        Secret("customer_type", "Customer type (as HayPost gave it)", secret=False),
    )
    base_url: ClassVar[str] = "https://order.haypost.am"
    home_zone: ClassVar[str] = "Asia/Yerevan"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        return HttpCall(
            "POST",
            "/api/Connect/Token",
            host="https://identity.haypost.am",
            json={
                "username": credentials["username"],
                "password": credentials["password"],
                "customerType": credentials["customer_type"],
            },
        )

    def parse_token(self, body: bytes) -> Token:
        value = text(mapping(read_json(body)).get("accessToken"))
        if not value:
            raise CarrierError("The token answer has no accessToken", kind="unreadable")
        return Token(value=value, seconds=3600)

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/Api/Order/Tracking/{quote(asks[0].number, safe='')}",
            headers={"Authorization": token or "", "Accept": "application/json"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the order that was asked for."""
        reply = mapping(read_json(body))
        order, states = mapping(reply.get("order")), mappings(reply.get("orderStateHistories"))
        number = text(order.get("trackingId"))
        if number or states:
            return [_order(reply, order, number, states)]
        status, reason = text(reply.get("status")), text(reply.get("title") or reply.get("message"))
        if not reason:
            raise CarrierError("The answer holds no order of HayPost", kind="unreadable")
        said = f"HayPost says: {reason} ({status or 'no code'})"
        if status == "404":
            return [TrackingUpdate("", problem=said, not_found=True)]
        raise CarrierError(said, kind="unavailable")


def _order(
    reply: Mapping[str, Any],
    order: Mapping[str, Any],
    number: str,
    states: Sequence[Mapping[str, Any]],
) -> TrackingUpdate:
    to = mapping(reply.get("orderDestinationAddress"))
    destination = _end(to)
    events = scans([_event(row) for row in states])
    promised = read_as(text(to.get("deliveryDate"))[:10], "%Y-%m-%d")
    cash = decimal(order.get("codAmount"))
    return TrackingUpdate(
        number,
        events=oldest_first(events),
        edd=DateWindow(promised.date(), promised.date(), zone_name(destination))
        if promised
        else None,
        problem=None if events else "HayPost knows this order but sent no states yet",
        service=text(mapping(order.get("service")).get("name")),
        origin=_end(mapping(reply.get("returnAddress"))),
        destination=destination,
        cash=Cash(cash, "AMD") if cash else None,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("stateId")), text(row.get("createDate"))
    place = Place(country="AM")
    at, source = placed(read_iso(stamp), place, home=HayPost.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        language="hy",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _end(address: Mapping[str, Any]) -> Place:
    return Place(
        city=text(mapping(address.get("cityVillage")).get("name")),
        region=text(mapping(address.get("provinceState")).get("name")),
        postcode=text(address.get("postalCode")),
        country=country_code(text(mapping(address.get("country")).get("name"))),
    )
