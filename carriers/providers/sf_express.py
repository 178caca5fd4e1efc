"""SF Express (China, Hong Kong and beyond): route queries of its open platform, ten a call.

https://open.sf-express.com/Api/ApiDetails?level3=404 (EXP_RECE_SEARCH_ROUTES) and the table
of opCodes, https://open.sf-express.com/developSupport/734349?activeIndex=589678. The
message is a JSON text in a form, signed with Java's spelling of URL encoding; the answer is
a JSON text in JSON, and refusals come with 200. A parcel of another account also wants the
last four digits of a phone. Times are naive, those of China. An opCode that is not in the
table still has its first status. Hong Kong's server is https://sfapi-hk.sf-express.com, the
sandbox https://sfapi-sbox.sf-express.com, as the account's own address. Pushes are unsigned.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote_plus

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
from carriers.code_maps import load
from carriers.scan_times import placed, read_as
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = load("sf_express_codes.csv")
_FIRST_STATUSES: Final = {
    "1": "picked_up.accepted",
    "2": "transit.generic",
    "3": "out.on_vehicle",
    "4": "delivered.generic",
    "11": "pickup.ready",
    "13": "attempt.generic",
}
_DONE: Final = "A1000"
#: What the platform refuses a call for, and whether it stays so.
_REFUSALS: Final[dict[str, tuple[Kind, bool]]] = {
    "A1001": ("bad_request", False),
    **dict.fromkeys(("A1002", "A1003", "A1004", "A1006"), ("credentials", True)),
    "A1005": ("rate_limited", False),
}


class SfExpress(Carrier):
    slug: ClassVar[str] = "sf_express"
    name: ClassVar[str] = "SF Express"
    countries: ClassVar[tuple[str, ...]] = ("CN", "HK", "MO", "TW")
    website: ClassVar[str] = "https://www.sf-express.com"
    documentation: ClassVar[str] = "https://open.sf-express.com/Api/ApiDetails?level3=404"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    push_reply: ClassVar[bytes] = '{"return_code":"0000","return_msg":"成功"}'.encode()
    batch_size: ClassVar[int] = 10
    limits: ClassVar[Limits] = Limits(per_second=10, per_day=3000, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("partner_id", "Customer code (partnerID)", secret=False),
        Secret("checkword", "Check word"),
    )
    base_url: ClassVar[str] = "https://bspgw.sf-express.com"
    home_zone: ClassVar[str] = "Asia/Shanghai"
    test_number: ClassVar[str] = "SF0000000000000"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        asked: dict[str, Any] = {
            "language": "1",  # English, where SF has it
            "trackingType": "1",
            "trackingNumber": [ask.number for ask in asks],
            "methodType": "1",
        }
        phones = [ask.extra.get("phone", "")[-4:] for ask in asks]
        if any(phones):
            asked["checkPhoneNo"] = ",".join(phones)
        message, moment = json.dumps(asked, separators=(",", ":")), str(int(time.time() * 1000))
        return HttpCall(
            "POST",
            "/std/service",
            form={
                "partnerID": credentials["partner_id"],
                "requestID": str(uuid.uuid4()),
                "serviceCode": "EXP_RECE_SEARCH_ROUTES",
                "timestamp": moment,
                "msgData": message,
                "msgDigest": digest(message + moment + credentials["checkword"]),
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number; one without routes is a number SF does not know, or not for us."""
        reply = mapping(read_json(body))
        code = text(reply.get("apiResultCode"))
        if not code:
            raise CarrierError("The answer is not SF's open platform's", kind="unreadable")
        if code != _DONE:
            kind, permanent = _REFUSALS.get(code, ("unavailable", False))
            said = f"SF says: {text(reply.get('apiErrorMsg')) or 'no reason given'} ({code})"
            raise CarrierError(said, kind=kind, permanent=permanent)
        data = reply.get("apiResultData")
        result = mapping(data) or mapping(read_json(text(data).encode()))
        if result.get("success") is False:
            said = text(result.get("errorMsg")) or "no reason given"
            problem = f"SF says: {said} ({text(result.get('errorCode')) or 'no code'})"
            raise CarrierError(problem, kind="bad_request")
        parcels = mappings(mapping(result.get("msgData")).get("routeResps"))
        if not parcels:
            raise CarrierError("The answer holds no parcel of SF", kind="unreadable")
        return [_update(text(one.get("mailNo")), mappings(one.get("routes"))) for one in parcels]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """RoutePushService: rows of several parcels, each naming its own."""
        inner = mapping(mapping(read_json(body)).get("Body"))
        numbered: dict[str, list[Mapping[str, Any]]] = {}
        for row in mappings(inner.get("WaybillRoute")):
            numbered.setdefault(text(row.get("mailno")), []).append(row)
        if not numbered:
            raise CarrierError("The push holds no route of SF", kind="unreadable")
        return [_update(number, rows) for number, rows in numbered.items()]


def digest(signed: str) -> str:
    """MD5 in base64 over the text as Java's URLEncoder writes it."""
    encoded = quote_plus(signed, safe="*").replace("~", "%7E")
    return base64.b64encode(hashlib.md5(encoded.encode(), usedforsecurity=False).digest()).decode()


def _update(number: str, rows: list[Mapping[str, Any]]) -> TrackingUpdate:
    events = scans([_event(row) for row in rows])
    return TrackingUpdate(
        number,
        events=oldest_first(events),
        problem=None if events else "SF shows no routes: unknown, or the phone is missing",
        not_found=not events,
    )


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, reason = text(row.get("opCode")), text(row.get("reasonCode"))
    stamp, place = text(row.get("acceptTime")), Place(city=text(row.get("acceptAddress")))
    at, source = placed(read_as(stamp, "%Y-%m-%d %H:%M:%S"), place, home=SfExpress.home_zone)
    meant = (
        _CODES.get((reason, code))
        or _CODES.get(("", code))
        or _FIRST_STATUSES.get(text(row.get("firstStatusCode")))
    )
    remark = text(row.get("remark"))
    return CarrierEvent(
        code=f"{code}/{reason}" if reason else code,
        sub_status=meant or UNKNOWN,
        description=remark,
        language="en" if remark.isascii() else "zh",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
