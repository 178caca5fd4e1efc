"""4PX (递四方, from China to the world): tr.order.tracking.get of its open platform.

http://open.4px.com/apiInfo/apiDetail?itemId=6&mainId=25, and the list of what a
`businessLinkCode` means, https://open.4px.com/v2/help/customdata?ids=help-data,21. The
signature is an MD5 over the sorted fields, the body and the secret. Refusals come with 200
and `result` "0". The rows are newest first. Odd: a time has no zone wherever the parcel
is, and none is documented; they are read as China's, a guess, wherever the row's place is.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.code_maps import load
from carriers.scan_times import placed, read_as
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = load("fourpx_codes.csv")
_METHOD: Final = "tr.order.tracking.get"
_UNKNOWN_NUMBER: Final = ("not exist", "not found", "no data", "不存在", "未查询到", "无轨迹")


class FourPx(Carrier):
    slug: ClassVar[str] = "fourpx"
    name: ClassVar[str] = "4PX"
    countries: ClassVar[tuple[str, ...]] = ("CN",)
    website: ClassVar[str] = "https://www.4px.com"
    documentation: ClassVar[str] = "http://open.4px.com/apiInfo/apiDetail?itemId=6&mainId=25"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("app_key", "App key", secret=False),
        Secret("app_secret", "App secret"),
    )
    base_url: ClassVar[str] = "https://open.4px.com"
    home_zone: ClassVar[str] = "Asia/Shanghai"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        """The signature covers the body as it is sent, so the body is written here."""
        body = json.dumps({"deliveryOrderNo": asks[0].number}, separators=(",", ":"))
        signed = {
            "app_key": credentials["app_key"],
            "format": "json",
            "method": _METHOD,
            "timestamp": str(int(time.time() * 1000)),
            "v": "1.0.0",
        }
        fields = "".join(key + signed[key] for key in sorted(signed))
        everything = (fields + body + credentials["app_secret"]).encode()
        sign = hashlib.md5(everything, usedforsecurity=False).hexdigest()
        return HttpCall(
            "POST",
            "/router/api/service",
            params={**signed, "language": "en", "sign": sign},
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=body.encode(),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the parcel that was asked for."""
        reply = mapping(read_json(body))
        result = text(reply.get("result"))
        if result not in {"0", "1"}:
            raise CarrierError("The answer is not 4PX's open platform's", kind="unreadable")
        if result == "0":
            return [_refused(reply)]
        data = mapping(reply.get("data"))
        rows = mappings(data.get("trackingList"))
        events = scans([_event(row) for row in rows])
        lands = [country(row.get("destinationCountry")) for row in rows]
        return [
            TrackingUpdate(
                text(data.get("deliveryOrderNo")),
                events=oldest_first(events[::-1]),
                problem=None if events else "4PX has no scans of this number",
                not_found=not events,
                destination=Place(country=next(filter(None, lands), "")),
            )
        ]


def _refused(reply: Mapping[str, Any]) -> TrackingUpdate:
    errors = mappings(reply.get("errors")) or [{}]
    code = text(errors[0].get("error_code")) or text(errors[0].get("errorCode"))
    said = text(errors[0].get("error_msg")) or text(errors[0].get("errorMsg"))
    said = said or text(reply.get("msg")) or "no reason given"
    problem = f"4PX says: {said} ({code or 'no code'})"
    if any(words in said.casefold() for words in _UNKNOWN_NUMBER):
        return TrackingUpdate("", problem=problem, not_found=True)
    raise CarrierError(problem, kind="bad_request")


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    code, stamp = text(row.get("businessLinkCode")), text(row.get("occurDatetime"))
    at, source = placed(read_as(stamp, "%Y-%m-%d %H:%M:%S"), Place(), home=FourPx.home_zone)
    said = text(row.get("trackingContent"))
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(("", code.removeprefix("FPX_")), UNKNOWN),
        description=said,
        language="en" if said.isascii() else "zh",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=Place(city=text(row.get("occurLocation"))),
    )
