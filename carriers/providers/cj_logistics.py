"""CJ Logistics (Korea): the standard parcel API, tracking by waybill (ReqOneGdsTrc).

https://dxapi.cjlogistics.com (developer portal; the guide is "CJLAPI 택배 표준 API"). The eight
states and the reasons of a failed pick-up or delivery are the guide's; reasons are documented
for the answer by day, and read here where a scan has one. The guide wants three hours between
two questions about a parcel, and blocks who fetches tokens more than once a second; before it
ends, a token is handed out again unchanged. Odd: "no data" comes as a failure, and dates come
with and without separators. Times are Korean, without a zone.
"""

from __future__ import annotations

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
from carriers.scan_times import placed, read_digits
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Courier, Place, Proof, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status

_STATES: Final = {
    "01": "info.pickup_scheduled",
    "11": "picked_up.accepted",
    "12": "info.pickup_failed",
    "41": "transit.departed_facility",
    "42": "transit.arrived_facility",
    "82": "out.on_vehicle",
    "84": "attempt.generic",
    "91": "delivered.generic",
}
_FAILED: Final = "84"
#: Why it was not delivered. The same numbers mean other things where it was not picked up.
_REASONS: Final = {
    "01": "exception.address",
    "02": "attempt.nobody_home",
    "05": "delay.generic",
    "06": "delay.missorted",
    "08": "attempt.unreachable",
    "09": "exception.refused",
    "11": "delay.disaster_strike",
    "16": "transit.forwarded_new_address",
    "21": "exception.under_investigation",  # damaged or lost
    "24": "out.appointment_scheduled",
    "33": "delay.carrier_operational",  # an island or a remote place
    "42": "delay.capacity",
    "55": "attempt.cod_not_paid",
    "56": "exception.held",  # cancelled before its delivery; the way back follows
}


class CjLogistics(Carrier):
    slug: ClassVar[str] = "cj_logistics"
    name: ClassVar[str] = "CJ Logistics"
    countries: ClassVar[tuple[str, ...]] = ("KR",)
    website: ClassVar[str] = "https://www.cjlogistics.com/ko/tool/parcel/tracking"
    documentation: ClassVar[str] = "https://dxapi.cjlogistics.com"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, per_parcel_per_day=8, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("customer_id", "Customer code (CUST_ID)", secret=False),
        Secret("business_number", "Business registration number", secret=False),
    )
    base_url: ClassVar[str] = "https://dxapi.cjlogistics.com:5052"
    home_zone: ClassVar[str] = "Asia/Seoul"

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        digits = "".join(filter(str.isdigit, credentials["business_number"]))
        data = {"CUST_ID": credentials["customer_id"], "BIZ_REG_NUM": digits}
        return _call("/ReqOneDayToken", data)

    def parse_token(self, body: bytes) -> Token:
        """The token of a day, trusted for an hour: until it ends, CJ hands out the same one."""
        reply = mapping(read_json(body))
        value = text(mapping(reply.get("DATA")).get("TOKEN_NUM"))
        if value and _is_success(reply):
            return Token(value=value, seconds=3600)
        if not text(reply.get("RESULT_CD")) or _is_success(reply):
            raise CarrierError("The token answer has no TOKEN_NUM", kind="unreadable")
        if text(reply.get("RESULT_CD")).upper().startswith("E5"):
            raise CarrierError(_said(reply), kind="unavailable")
        raise CarrierError(_said(reply), kind="credentials", permanent=True)

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        data = {
            "TOKEN_NUM": token or "",
            "CLNTNUM": credentials["customer_id"],
            "INVC_NO": asks[0].number,
        }
        return _call("/ReqOneGdsTrc", data, token or "")

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill. An unknown one and one nobody has scanned yet look alike."""
        reply = mapping(read_json(body))
        if not text(reply.get("RESULT_CD")):
            raise CarrierError("The answer is not one of CJ Logistics", kind="unreadable")
        data = reply.get("DATA")
        rows = mappings(mapping(data).get("ARRAY") or data)
        numbers = dict.fromkeys(text(row.get("INVC_NO")) for row in rows if _code(row))
        if numbers:
            return [
                _waybill(number, [row for row in rows if text(row.get("INVC_NO")) == number])
                for number in numbers
            ]
        if _is_success(reply) or "no data" in text(reply.get("RESULT_DETAIL")).lower():
            problem = "CJ Logistics has no scans of this waybill yet"
            return [TrackingUpdate("", problem=problem, not_found=True)]
        refused = text(reply.get("RESULT_CD")).upper().startswith("E4")
        raise CarrierError(_said(reply), kind="bad_request" if refused else "unavailable")


def _call(path: str, data: Mapping[str, str], token: str = "") -> HttpCall:
    key = {"CJ-Gateway-APIKey": token} if token else {}
    headers = {"Accept": "application/json", **key}
    return HttpCall("POST", path, headers=headers, json={"DATA": data})


def _is_success(reply: Mapping[str, Any]) -> bool:
    return text(reply.get("RESULT_CD")).upper().startswith("S")


def _said(reply: Mapping[str, Any]) -> str:
    return f"CJ Logistics says: {text(reply.get('RESULT_DETAIL')) or 'no reason given'}"


def _code(row: Mapping[str, Any]) -> str:
    return text(row.get("CRG_ST")).zfill(2) if text(row.get("CRG_ST")) else ""


def _waybill(number: str, rows: Sequence[Mapping[str, Any]]) -> TrackingUpdate:
    ordered = oldest_first(scans([_scan(row) for row in rows if _code(row)]))
    taken = [text(row.get("ACPTR_NM")) for row in rows if _code(row) == "91"]
    signer = next((name for name in taken if name), "")
    is_out = bool(ordered) and ordered[-1].status is Status.OUT_FOR_DELIVERY
    return TrackingUpdate(
        number,
        events=ordered,
        proof=Proof(signed_by=signer) if signer else None,
        courier=_courier(rows) if is_out else None,
    )


def _scan(row: Mapping[str, Any]) -> CarrierEvent:
    code, why = _code(row), text(row.get("NO_CLDV_RSN_CD"))
    meaning = _STATES.get(code, UNKNOWN)
    if code == _FAILED:
        meaning = _REASONS.get(why.zfill(2), meaning)
    date, clock = text(row.get("SCAN_YMD")), text(row.get("SCAN_HOUR"))
    place = Place(city=text(row.get("DEALT_BRAN_NM")), country="KR")
    found = read_digits(date.replace("-", ""), clock) if clock else None
    at, source = placed(found, place, home=CjLogistics.home_zone)
    words = (text(row.get("CRG_ST_NM")), text(row.get("DETAIL_RSN")))
    return CarrierEvent(
        code=f"{code}/{why}" if why else code,
        sub_status=meaning,
        description=" – ".join(word for word in words if word),
        language="ko",
        at=at,
        raw_time=f"{date} {clock}".strip(),
        zone_source=source,
        place=place,
    )


def _courier(rows: Sequence[Mapping[str, Any]]) -> Courier | None:
    """Who has it on the van; names and telephones are masked with asterisks at times."""
    for row in rows:
        name, phone = text(row.get("DEALT_EMP_NM")), text(row.get("DEALT_EMP_TEL"))
        if _code(row) == "82" and (name or phone):
            shown = ["" if "*" in value else value for value in (name, phone)]
            return Courier(name=shown[0], phone=shown[1]) if any(shown) else None
    return None
