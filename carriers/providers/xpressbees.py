"""XpressBees (India): tracking of one waybill of its shipping panel, and its native status push.

https://shipment.xpressbees.com (API documents are given to customers). No recorded answer of its
own was found: the shape is that of integrators' public code. The native codes are also seen inside
Shiprocket's recorded answers; the panel's short ones (PP, DL, RT-DL …) in public code only. `UD`
says that it was not delivered, and why only in words: it stays a failed attempt without a reason.
Naive times are India's. Codes of the return begin with RT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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
from carriers.scan_times import placed, read_as
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import (
    CarrierEvent,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.signing import same
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "DRC": "info.label_created",
    **dict.fromkeys(("PUC", "OFP", "PP"), "info.pickup_scheduled"),
    "PND": "info.pickup_failed",
    **dict.fromkeys(("PUD", "PKD"), "picked_up.accepted"),
    "IT": "transit.generic",
    "RAD": "transit.at_delivery_depot",
    "OFD": "out.on_vehicle",
    "UD": "attempt.generic",
    "EX": "exception.other",
    "STD": "exception.damaged",
    "STG": "exception.under_investigation",
    **dict.fromkeys(("DLVD", "DL"), "delivered.generic"),
    **dict.fromkeys(
        ("RTON", "RTO", "RTO-IT", "RAO", "RTU", "RTO-OFD", "RTO-STG", "RT", "RT-IT"),
        "returning.started",
    ),
    **dict.fromkeys(("RTD", "RT-DL"), "returned.received"),
    "LOST": "lost.declared",
    "CAN": "cancelled.by_shipper",
}
_ZONE: Final = "Asia/Kolkata"
_TOKEN_SECONDS: Final = 3600.0  # it does not say how long a token lives


class XpressBees(Carrier):
    slug: ClassVar[str] = "xpressbees"
    name: ClassVar[str] = "XpressBees"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://www.xpressbees.com/shipment/tracking"
    documentation: ClassVar[str] = "https://shipment.xpressbees.com"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("email", "E-mail of the panel's user", secret=False),
        Secret("password", "Password of the panel's user"),
        Secret(
            "push_token", "What it sends in the Authorization header of its push", optional=True
        ),
    )
    base_url: ClassVar[str] = "https://shipment.xpressbees.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/shipments2/track/{quote(asks[0].number, safe='')}",
            headers={"Authorization": f"Bearer {token or ''}", "Accept": "application/json"},
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        return HttpCall(
            "POST",
            "/api/users/login",
            json={"email": credentials["email"], "password": credentials["password"]},
        )

    def parse_token(self, body: bytes) -> Token:
        reply = mapping(read_json(body))
        if text(reply.get("data")):
            return Token(text(reply.get("data")), _TOKEN_SECONDS)
        said = text(reply.get("message"))
        if said:
            raise CarrierError(f"XpressBees says: {said}", kind="credentials", permanent=True)
        raise CarrierError("The token answer has no token", kind="unreadable")

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """The waybill asked for; one that it does not know comes back without a number."""
        reply = mapping(read_json(body))
        row = mapping(reply.get("data"))
        if row:
            return [_waybill(row)]
        said = text(reply.get("message"))
        if reply.get("status") is False and said:
            problem = f"XpressBees says: {said}"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        raise CarrierError("The answer holds no shipment of XpressBees", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One scan of one waybill; `Remarks` is the number of the reason, of which no list is
        public."""
        row = mapping(read_json(body))
        number, code = text(row.get("AWBNO")), text(row.get("StatusCode"))
        if not number or not code:
            raise CarrierError("The push holds no scan of XpressBees", kind="unreadable")
        stamp = f"{text(row.get('StatusDate'))} {text(row.get('StatusTime'))}".strip()
        when = read_as(stamp, "%d-%m-%Y %H%M")
        words = f"{code} {text(row.get('Remarks'))}".strip()
        promised = read_as(text(row.get("EDD")), "%d-%m-%Y")
        signed = text(row.get("Receivedby"))
        return [
            TrackingUpdate(
                number,
                events=(_event(code, words, (when, stamp), text(row.get("CurrentLocation"))),),
                edd=DateWindow(promised.date(), promised.date(), _ZONE) if promised else None,
                proof=Proof(signed_by=signed) if signed else None,
            )
        ]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        agreed = credentials.get("push_token", "")
        return not agreed or same(headers.get("authorization", ""), agreed)


def _waybill(row: Mapping[str, Any]) -> TrackingUpdate:
    events = [
        _event(
            text(one.get("status_code")),
            text(one.get("message")),
            (
                read_as(text(one.get("event_time")), "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"),
                text(one.get("event_time")),
            ),
            text(one.get("location")),
        )
        for one in mappings(row.get("history"))
    ]
    ordered = oldest_first(scans(events)[::-1])
    return TrackingUpdate(
        tracking_number=text(row.get("awb_number")),
        events=ordered,
        problem=None if ordered else "XpressBees knows this waybill but sent no scans yet",
    )


def _event(code: str, words: str, when: tuple[datetime | None, str], location: str) -> CarrierEvent:
    house, _, rest = location.partition(", ")
    city, _, region = rest.partition(", ")
    place = Place(city=city or house, region=region, country="IN", code=house if city else "")
    at, source = placed(when[0], place, home=_ZONE)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=words,
        at=at,
        raw_time=when[1],
        zone_source=source,
        place=place,
    )
