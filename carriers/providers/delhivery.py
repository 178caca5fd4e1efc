"""Delhivery (India): tracking by waybill, its scan push, and what it takes after failed attempts.

https://one.delhivery.com/developer-portal and https://delhivery-express-api-doc.readme.io. The
pairs of status type and status are documented (package lifecycle); the NSL codes come from
recorded answers and integrators' public tables, each placed by its text. Of the return (RT), the
pick-up at a customer (PP, PU), cancelled (CN) and lost (LT) the type alone decides; of the way
out (UD) a code without a place here takes the meaning of its status, but for "Pending", which may
hide a failed attempt and stays unknown. Naive times are India's. Errors come with HTTP 200.

NDR: `POST /api/p/update` takes RE-ATTEMPT, DEFER_DLV (six days) and EDIT_DETAILS, but for eight
codes and after the first and second attempt only, best after 21:00, when the day's rounds are
closed. The portal of today describes RE-ATTEMPT alone; where an account may not do the others,
Delhivery says so and the wish is refused in its words. It answers with an id ("UPL…"), by which
`GET /api/cmu/get_bulk_upl/` tells the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers import code_maps
from carriers.answers import AnswerOptions, Instruction, Verdict
from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import decimal, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    Cash,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

_ZONE: Final = "Asia/Kolkata"

#: By status type and NSL code.
_CODES: Final = code_maps.load("delhivery_codes.csv")

#: The documented pairs: status type and status. "" is any other status of the type.
_PAIRS: Final = {
    ("UD", "manifested"): "info.label_created",
    ("UD", "not picked"): "info.pickup_failed",
    ("UD", "in transit"): "transit.generic",
    ("UD", "dispatched"): "out.on_vehicle",
    ("DL", "delivered"): "delivered.generic",
    ("DL", "rto"): "returned.received",
    ("DL", "dto"): "returned.received",
    ("RT", ""): "returning.started",
    ("PP", ""): "info.pickup_scheduled",
    ("PU", ""): "returning.started",
    ("CN", ""): "cancelled.by_shipper",
    ("LT", ""): "lost.declared",
}
_REFUSALS: Final = ("authentication", "token", "unauthor")
_PLACE: Final = re.compile(r"(?P<name>[^_(]+)[^(]*(?:\((?P<region>[^)]*)\))?")


class Delhivery(Carrier):
    slug: ClassVar[str] = "delhivery"
    name: ClassVar[str] = "Delhivery"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://www.delhivery.com/track/package/"
    documentation: ClassVar[str] = "https://one.delhivery.com/developer-portal"
    home_zone: ClassVar[str] = _ZONE
    proven: ClassVar[Proven] = "recorded"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 50
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=4)  # 750 in five minutes
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_token", "API token"),
        Secret(
            "push_token",
            "What Delhivery sends in the Authorization header of its webhook",
            optional=True,
        ),
    )
    base_url: ClassVar[str] = "https://track.delhivery.com"
    answers: ClassVar[AnswerOptions | None] = AnswerOptions(
        frozenset({"date", "address", "phone"}),
        days_ahead=6,
        after_codes=frozenset(f"UD/EOD-{number}" for number in (6, 11, 15, 43, 69, 74, 86, 104)),
        last_attempt=2,
        hours=(21, 6),
        zone=_ZONE,
        by_reference=True,
    )

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            "/api/v1/packages/json/",
            params={"waybill": ",".join(ask.number for ask in asks)},
            headers=_headers(credentials),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill; what Delhivery does not know is left out of its answer."""
        reply = mapping(read_json(body))
        rows = [mapping(row.get("Shipment")) for row in mappings(reply.get("ShipmentData"))]
        known = [_shipment(row) for row in rows if text(row.get("AWB"))]
        if known:
            return known
        said = text(reply.get("Error")) or text(reply.get("message")) or text(reply.get("rmk"))
        if "no such waybill" in said.lower() or "invalid awb" in said.lower():
            return []
        if any(word in said.lower() for word in _REFUSALS):
            raise CarrierError(f"Delhivery says: {said}", kind="credentials", permanent=True)
        if said:
            raise CarrierError(f"Delhivery says: {said}", kind="unavailable")
        raise CarrierError("The answer holds no shipment of Delhivery", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One scan of one waybill; the NSL code stands beside the status."""
        row = mapping(mapping(read_json(body)).get("Shipment"))
        number, status = text(row.get("AWB")), mapping(row.get("Status"))
        if not number or not status:
            raise CarrierError("The push holds no scan of Delhivery", kind="unreadable")
        scan = _scan(
            text(status.get("StatusType")),
            text(row.get("NSLCode")) or text(status.get("StatusCode")),
            text(status.get("Status")),
            (text(status.get("StatusDateTime")), text(status.get("StatusLocation"))),
            text(status.get("Instructions")),
        )
        return [TrackingUpdate(number, events=tuple(scans([scan])))]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        agreed = credentials.get("push_token", "")
        return not agreed or same(headers.get("authorization", ""), agreed)

    def answer_request(
        self, instruction: Instruction, credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        details = {"add": instruction.address, "phone": instruction.phone}
        given = {name: value for name, value in details.items() if value}
        acts: list[dict[str, Any]] = []
        if given:
            acts.append({"act": "EDIT_DETAILS", "action_data": given})
        if instruction.day is not None:
            day = {"deferred_date": instruction.day.isoformat()}
            acts.append({"act": "DEFER_DLV", "action_data": day})
        rows = [{"waybill": instruction.number} | act for act in acts or [{"act": "RE-ATTEMPT"}]]
        return HttpCall("POST", "/api/p/update", headers=_headers(credentials), json={"data": rows})

    def answer_question(
        self, instruction: Instruction, credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/cmu/get_bulk_upl/{quote(instruction.reference, safe='')}",
            params={"verbose": "true"},
            headers=_headers(credentials),
        )

    def parse_answer(self, body: bytes) -> Verdict:
        """Taken under an id; or what became of each act: one that failed is a refusal."""
        reply = mapping(read_json(body))
        reference = text(reply.get("request_id")) or text(reply.get("upl_id"))
        status = text(reply.get("status")).lower()
        failed = mappings(reply.get("failed_wbns"))
        said = text(failed[0].get("message")) if failed else text(reply.get("remark"))
        if failed or status == "failure":
            return Verdict("refused", reference=reference, words=said)
        if status == "success" or mappings(reply.get("success_wbns")):
            return Verdict("accepted", reference=reference, words=said)
        if reference:
            return Verdict("received", reference=reference)
        problem = text(reply.get("error")) or text(reply.get("message"))
        if problem:
            return Verdict("refused", words=problem)
        raise CarrierError("The answer says nothing of an instruction", kind="unreadable")


def _headers(credentials: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Token {credentials['api_token']}", "Accept": "application/json"}


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    details = [mapping(scan.get("ScanDetail")) for scan in mappings(row.get("Scans"))]
    rows = [
        _scan(
            text(scan.get("ScanType")),
            text(scan.get("StatusCode")),
            text(scan.get("Scan")),
            (
                text(scan.get("StatusDateTime")) or text(scan.get("ScanDateTime")),
                text(scan.get("ScannedLocation")),
            ),
            text(scan.get("Instructions")),
        )
        for scan in details
    ]
    ordered = _numbered(oldest_first(scans(rows)), whole(row.get("DispatchCount")) or 0)
    consignee, amount = mapping(row.get("Consignee")), decimal(row.get("CODAmount"))
    city = text(consignee.get("City")) or text(row.get("Destination"))
    received = text(mapping(row.get("Status")).get("RecievedBy"))
    was_delivered = any(event.status is Status.DELIVERED for event in ordered)
    return TrackingUpdate(
        tracking_number=text(row.get("AWB")),
        events=ordered,
        edd=_promised(row),
        problem=None if ordered else "Delhivery knows this waybill but sent no scans yet",
        origin=_place(text(row.get("Origin"))),
        destination=Place(city, text(consignee.get("State")), text(consignee.get("PinCode")), "IN"),
        proof=Proof(signed_by=received) if received and was_delivered else None,
        cash=Cash(amount, "INR") if amount and text(row.get("OrderType")) == "COD" else None,
    )


def _scan(
    kind: str, code: str, status: str, when_where: tuple[str, str], words: str
) -> CarrierEvent:
    stamp, where = when_where
    place = _place(where)
    at, source = placed(read_iso(stamp), place, home=_ZONE)
    return CarrierEvent(
        code="/".join(part for part in (kind, code) if part),
        sub_status=_meaning(kind.upper(), code.upper().replace(" ", ""), status.lower()),
        description=words or status,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _meaning(kind: str, code: str, status: str) -> str:
    """By the code of the leg, else by the documented pair, else unknown."""
    if (kind, code, status) == ("UD", "X-IBD3F", "pending"):
        return "transit.at_delivery_depot"
    pair = _PAIRS.get((kind, status)) or _PAIRS.get((kind, ""), UNKNOWN)
    if pair == "returned.received":
        return pair  # handed over, but to the shop: whatever the code says
    return _CODES.get((kind, code), pair)


def _numbered(events: tuple[CarrierEvent, ...], dispatches: int) -> tuple[CarrierEvent, ...]:
    """Failed attempts with their number: how often it was sent out before.

    `DispatchCount` counts all of them, also those whose scans are no longer in the answer.
    """
    seen = sum(event.sub_status == "out.on_vehicle" for event in events)
    before = max(dispatches - seen, 0)
    numbered = []
    for event in events:
        before += event.sub_status == "out.on_vehicle"
        failed = event.status is Status.ATTEMPT_FAILED and before
        numbered.append(replace(event, attempt=before) if failed else event)
    return tuple(numbered)


def _promised(row: Mapping[str, Any]) -> DateWindow | None:
    found = read_iso(text(row.get("ExpectedDeliveryDate"))) or read_iso(
        text(row.get("PromisedDeliveryDate"))
    )
    if found is None:
        return None
    day: date = found.date()
    return DateWindow(day, day, _ZONE)


def _place(words: str) -> Place:
    """ "Visakhapatnam_Duvvada_H (Andhra Pradesh)": city, part of it and kind of house (state)."""
    match = _PLACE.fullmatch(words)
    if match is None:
        return Place(country="IN")
    region = (match["region"] or "").strip()
    return Place(city=match["name"].strip(), region=region, country="IN", code=words[:40])
