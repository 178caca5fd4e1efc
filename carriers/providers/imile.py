"""iMile (Gulf, Mexico, Brazil …): open platform, tracking of one waybill.

https://openapi.imile.com (API documents of its open platform: integration guide, signature rules,
track). A request is an envelope with a sign: MD5 of secret key, the common fields in the order of
their names, the compact JSON of `param`, and the secret key again; the guide's own example is in
the tests. Its dictionary of statuses is given to customers: those of its examples are placed, the
others stay unknown. Every locus names its zone (GMT-06:00); they come unsorted. Errors come with
HTTP 200 and a `code` other than 200; 402, 407 and 408 end the token.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

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
from carriers.scan_times import placed, read_iso, read_offset
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "submitorder": "info.label_created",
    "outfordelivery": "out.on_vehicle",
    "delivered": "delivered.generic",
    "returnarrive": "returning.started",
    "cancelorder": "cancelled.by_shipper",
}
_TOKEN_ENDED: Final = frozenset({"402", "407", "408"})
_BAD_CREDENTIALS: Final = frozenset({"401", "403"})
_WAYBILL: Final = "1"
_ENGLISH: Final = "2"


class Imile(Carrier):
    slug: ClassVar[str] = "imile"
    name: ClassVar[str] = "iMile"
    name_ar: ClassVar[str] = "آي مايل"
    countries: ClassVar[tuple[str, ...]] = (
        "AE", "SA", "KW", "OM", "QA", "BH", "JO", "EG", "MX", "BR", "TR", "ZA",
    )  # fmt: skip
    website: ClassVar[str] = "https://www.imile.com/track/"
    documentation: ClassVar[str] = "https://openapi.imile.com"
    home_zone: ClassVar[str] = "Asia/Dubai"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 1
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("customer_id", "Customer ID (C…)", secret=False),
        Secret("secret_key", "Secret key"),
    )
    base_url: ClassVar[str] = "https://openapi.imile.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        param = {"orderType": _WAYBILL, "orderNo": asks[0].number, "language": _ENGLISH}
        return _call("/client/track/getOne", param, credentials, token)

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        return _call(
            "/auth/accessToken/grant", {"grantType": "clientCredential"}, credentials, None
        )

    def parse_token(self, body: bytes) -> Token:
        reply = mapping(read_json(body))
        _refuse(reply)
        data = mapping(reply.get("data"))
        value = text(data.get("accessToken"))
        if not value:
            raise CarrierError("The token answer has no accessToken", kind="unreadable")
        seconds = text(data.get("expiresIn"))
        return Token(value, float(seconds) if seconds.isdigit() else 3600.0)

    def refuses_token(self, body: bytes) -> bool:
        try:
            reply = mapping(read_json(body))
        except CarrierError:
            return False
        return text(reply.get("code")) in _TOKEN_ENDED

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """The waybill asked for; its number is not repeated."""
        reply = mapping(read_json(body))
        if "code" not in reply:
            raise CarrierError("The answer is not one of iMile's", kind="unreadable")
        said = text(reply.get("message"))
        if any(words in said.lower() for words in ("not exist", "not found")):
            return [TrackingUpdate("", problem=f"iMile says: {said}", not_found=True)]
        _refuse(reply)
        data = mapping(reply.get("data"))
        told = scans([_scan(one) for one in mappings(data.get("locus"))])
        if not told:
            problem = "iMile knows no scans of this waybill yet"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        number = text(data.get("waybillNo")) or text(data.get("expressNo"))
        return [TrackingUpdate(number, events=oldest_first(told))]


def sign(common: Mapping[str, str], param: str, secret: str) -> str:
    """iMile's MD5 over the common fields by name and the compact JSON of `param`."""
    names = "".join(f"{name}{common[name]}" for name in sorted(common))
    whole = f"{secret}{names}{param}{secret}"
    return hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest().upper()


def _call(
    path: str, param: Mapping[str, str], credentials: Mapping[str, str], token: str | None
) -> HttpCall:
    common = {
        "customerId": credentials["customer_id"],
        "signMethod": "MD5",
        "format": "json",
        "version": "1.0.0",
        "timestamp": str(int(time.time() * 1000)),
        "timeZone": "+0",
    }
    if token is not None:
        common["accessToken"] = token
    compact = json.dumps(param, separators=(",", ":"), ensure_ascii=False)
    envelope = common | {"sign": sign(common, compact, credentials["secret_key"]), "param": param}
    return HttpCall(
        "POST",
        path,
        headers={"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"},
        # As bytes: what is signed is what travels.
        body=json.dumps(envelope, separators=(",", ":"), ensure_ascii=False).encode(),
    )


def _refuse(reply: Mapping[str, Any]) -> None:
    """Raise for a `code` other than 200."""
    code, said = text(reply.get("code")), text(reply.get("message")) or "no reason given"
    if code == "200":
        return
    words = f"iMile says: {said} ({code})"
    if code in _BAD_CREDENTIALS:
        raise CarrierError(words, kind="credentials", permanent=True)
    if code in _TOKEN_ENDED:
        raise CarrierError(words, kind="credentials")
    raise CarrierError(words, kind="rate_limited" if code == "429" else "unavailable")


def _scan(one: Mapping[str, Any]) -> CarrierEvent:
    code, site = text(one.get("latestStatus")), text(one.get("latestSite"))
    stamp, zone = text(one.get("latestStatusTime")), text(one.get("timeZone"))
    place = Place(city=site)
    at, source = placed(read_iso(stamp), place, read_offset(zone), home=Imile.home_zone)
    words = text(one.get("locusDetailed"))
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.lower(), UNKNOWN),
        description=words,
        language="ar" if any("\u0600" <= letter <= "\u06ff" for letter in words) else "en",
        at=at,
        raw_time=f"{stamp} {zone}".strip(),
        zone_source=source,
        place=place,
    )
