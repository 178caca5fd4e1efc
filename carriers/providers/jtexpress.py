"""J&T Express (Saudi Arabia, Egypt, South-East Asia): open platform, tracking and its push.

https://open.jtexpress.vn and https://open.jtexpress.my (open platform: tracking query, trajectory
push). A request is a form with `bizContent`, signed by a digest: base64 of the MD5 of the content
and the private key. Two lists of scan codes are published: 103 to 121 (Viet Nam) and 10 to 405
(Malaysia; the answers of the Gulf use these). 110 is in both, "arrived" and "problem": it counts
by the other codes of the same answer, and alone stays unknown. 50 and 92 are seen but in neither
list, 200, 302, 304 and 306 have no clear meaning there: they stay unknown. The push comes as a
form or as bare JSON, with the same digest as a header: without it, it is not believed, because
nothing published tells of pushes that are not signed. It wants {"code": "1"} back. Times are local
and naive: the Gulf's, unless an account has another address.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import https, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, Proof, TrackingUpdate, oldest_first
from lib.signing import same
from lib.vocabulary import UNKNOWN, Status

#: Of its own list in Viet Nam.
_ORDERS: Final = {
    "103": "info.label_created",
    "104": "info.pickup_failed",
    "105": "cancelled.by_shipper",
    "106": "picked_up.accepted",
    "109": "transit.departed_facility",
    "110": "transit.arrived_facility",
    "112": "out.on_vehicle",
    "113": "delivered.generic",
    "116": "returning.started",
    "117": "returned.received",
    "118": "attempt.generic",
    "120": "returning.started",
    "121": "delivered.generic",
}
#: Of its list in Malaysia, which is that of its platform.
_SCANS: Final = {
    "10": "picked_up.accepted",
    "20": "transit.departed_facility",
    "30": "transit.arrived_facility",
    "94": "out.on_vehicle",
    "100": "delivered.generic",
    "110": "attempt.generic",
    "172": "returning.started",
    "173": "returned.received",
    "201": "exception.damaged",
    "300": "lost.declared",
    "301": "lost.destroyed",
    "303": "customs.prohibited",
    "305": "lost.destroyed",
    "400": "transit.handed_to_partner",
    "401": "customs.started",
    "402": "customs.cleared",
    "403": "transit.arrived_facility",
    "404": "transit.arrived_facility",
    "405": "transit.arrived_facility",
}
_IN_BOTH: Final = "110"
_REFUSALS: Final = ("digest", "signature", "apiaccount", "api account", "private")


class JtExpress(Carrier):
    slug: ClassVar[str] = "jtexpress"
    name: ClassVar[str] = "J&T Express"
    name_ar: ClassVar[str] = "جي آند تي إكسبرس"
    countries: ClassVar[tuple[str, ...]] = ("SA", "AE", "EG", "MY", "VN", "TH", "PH", "SG")
    website: ClassVar[str] = "https://www.jtexpress-sa.com/trajectoryQuery"
    documentation: ClassVar[str] = "https://open.jtexpress.my"
    home_zone: ClassVar[str] = "Asia/Riyadh"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    push_reply: ClassVar[bytes] = b'{"code":"1","msg":"success","data":null}'
    batch_size: ClassVar[int] = 30
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("api_account", "API account", secret=False),
        Secret("private_key", "Private key"),
    )
    base_url: ClassVar[str] = "https://openapi.jtjms-sa.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        content = json.dumps({"billCodes": ",".join(ask.number for ask in asks)})
        return HttpCall(
            "POST",
            "/webopenplatformapi/api/logistics/trace",
            headers={
                "apiAccount": credentials["api_account"],
                "digest": _digest(content, credentials["private_key"]),
                "timestamp": str(int(time.time() * 1000)),
                "Accept": "application/json",
            },
            form={"bizContent": content},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill; those without scans yet are not found."""
        reply = mapping(read_json(body))
        if "code" not in reply:
            raise CarrierError("The answer is not one of J&T's", kind="unreadable")
        said = text(reply.get("msg")) or "no reason given"
        if text(reply.get("code")) != "1":
            words = f"J&T says: {said} ({text(reply.get('code'))})"
            if any(word in said.lower() for word in _REFUSALS):
                raise CarrierError(words, kind="credentials", permanent=True)
            raise CarrierError(words, kind="unavailable")
        rows = [row for row in mappings(reply.get("data")) if text(row.get("billCode"))]
        return [_waybill(row) for row in rows]

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One waybill, or a list of them."""
        rows = [
            row for row in mappings(read_json(_content(body).encode())) if text(row.get("billCode"))
        ]
        if not rows:
            raise CarrierError("The push holds no waybill of J&T", kind="unreadable")
        return [_waybill(row) for row in rows]

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        """The platform signs what it pushes as we sign what we ask; nothing goes without."""
        return same(headers.get("digest", ""), _digest(_content(body), credentials["private_key"]))


def _digest(content: str, private_key: str) -> str:
    hashed = hashlib.md5((content + private_key).encode(), usedforsecurity=False)
    return base64.b64encode(hashed.digest()).decode()


def _content(body: bytes) -> str:
    """`bizContent` of a form, or the body itself."""
    said = body.decode("utf-8", "replace")
    if not said.lstrip().startswith(("{", "[")):
        said = parse_qs(said).get("bizContent", [said])[0]
    return said


def _waybill(row: Mapping[str, Any]) -> TrackingUpdate:
    told = mappings(row.get("details"))
    codes = {_code(one) for one in told} - {_IN_BOTH}
    both = "" if codes & _ORDERS.keys() and codes & _SCANS.keys() else _IN_BOTH
    meanings = {**_SCANS, **_ORDERS}
    if both and codes & _SCANS.keys():
        meanings[both] = _SCANS[both]
    elif not (both and codes & _ORDERS.keys()):
        del meanings[_IN_BOTH]
    ordered = oldest_first(scans([_scan(one, meanings) for one in told])[::-1])
    photos = [
        https(one.get("sigPicUrl")) or https(one.get("electronicSignaturePicUrl")) for one in told
    ]
    photo = next((one for one in photos if one), "")
    delivered = any(event.status is Status.DELIVERED for event in ordered)
    return TrackingUpdate(
        tracking_number=text(row.get("billCode")),
        events=ordered,
        problem=None if ordered else "J&T has no scans of this waybill yet",
        not_found=not ordered,
        proof=Proof(photo_url=photo) if photo and delivered else None,
    )


def _code(one: Mapping[str, Any]) -> str:
    return text(one.get("scanTypeCode")) or text(one.get("scanType"))


def _scan(one: Mapping[str, Any], meanings: Mapping[str, str]) -> CarrierEvent:
    code, words = _code(one), text(one.get("desc")) or text(one.get("scanTypeName"))
    place = Place(
        city=text(one.get("scanNetworkCity")) or text(one.get("scanNetworkName")),
        region=text(one.get("scanNetworkProvince")),
        code=text(one.get("scanNetworkCode"))[:40],
    )
    stamp = text(one.get("scanTime"))
    at, source = placed(read_iso(stamp), place, home=JtExpress.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=meanings.get(code, UNKNOWN),
        description=words,
        language=_language(words),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _language(words: str) -> str:
    if any("\u0600" <= letter <= "\u06ff" for letter in words):
        return "ar"
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in words) else "en"
