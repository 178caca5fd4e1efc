"""Naqel Express (Saudi Arabia and the Gulf): SOAP tracing of up to twenty waybills.

https://infotrack.naqelexpress.com/NaqelAPIServices/NaqelAPI/9.0/XMLShippingService.asmx: its own
service description names the calls; the event codes are not in it. No recorded answer was found:
shape and codes are those of integrators' public code. 5 and 7, and the reasons 100 to 171, are
sure; the codes at houses on the way are one group; 9 and 221 are a return for one integrator and a
house for another, and stay unknown, as do the customs codes, of which only the group is known.
Times are local and naive; the station's country settles the zone. An error stands in a row's
`HasError`, with HTTP 200.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_xml
from carriers.scan_times import placed, read_iso
from carriers.shapes import scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from carriers.xml_shapes import fault, fields, first, named, soap
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    **dict.fromkeys(("1", "3", "44", "120", "122", "124", "125", "126", "226"), "transit.generic"),
    "5": "out.on_vehicle",
    "7": "delivered.generic",
    # Why it was not delivered
    **dict.fromkeys(("100", "101", "102"), "exception.address"),
    "103": "transit.forwarded_new_address",
    "104": "exception.recipient_moved",
    **dict.fromkeys(("105", "106", "108", "109", "110", "171"), "exception.refused"),
    "107": "attempt.cod_not_paid",
    **dict.fromkeys(("111", "112"), "exception.damaged"),
    "114": "cancelled.by_shipper",
    "162": "attempt.business_closed",
    "163": "pickup.ready",
    "164": "out.rescheduled",
    **dict.fromkeys(("165", "166", "167"), "attempt.unreachable"),
    "168": "attempt.nobody_home",
    "169": "attempt.access_restricted",
    "170": "delay.weather",
}
#: Countries of its stations.
_STATIONS: Final = {
    station: country
    for country, stations in {
        "SA": "RUH JED DMM MED TIF TUU AHB GIZ ELQ HAS YNB EAM BHH AJF RAE",
        "AE": "DXB AUH SHJ",
        "KW": "KWI",
        "BH": "BAH",
        "QA": "DOH",
        "OM": "MCT",
        "JO": "AMM",
        "EG": "CAI",
        "LB": "BEY",
    }.items()
    for station in stations.split()
}


class Naqel(Carrier):
    slug: ClassVar[str] = "naqel"
    name: ClassVar[str] = "Naqel Express"
    name_ar: ClassVar[str] = "ناقل إكسبرس"
    countries: ClassVar[tuple[str, ...]] = ("SA", "AE", "KW", "BH", "OM", "JO")
    website: ClassVar[str] = "https://www.naqelexpress.com/en/tracking/"
    documentation: ClassVar[str] = (
        "https://infotrack.naqelexpress.com/NaqelAPIServices/NaqelAPI/9.0/XMLShippingService.asmx"
    )
    home_zone: ClassVar[str] = "Asia/Riyadh"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 20
    limits: ClassVar[Limits] = Limits(per_second=2, concurrent=2)  # it publishes none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://infotrack.naqelexpress.com"

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        client = {
            "v:ClientID": credentials["client_id"],
            "v:Password": credentials["password"],
            "v:Version": "9.0",
        }
        numbers = {"v:int": [ask.number for ask in asks]}
        return HttpCall(
            "POST",
            "/NaqelAPIServices/NaqelAPI/9.0/XMLShippingService.asmx",
            headers={
                "Content-Type": "text/xml; charset=utf-8",
                "SOAPAction": '"http://tempuri.org/TraceByMultiWaybillNo"',
            },
            body=soap(
                "TraceByMultiWaybillNo",
                {"v:ClientInfo": client, "v:WaybillNo": numbers},
                namespace="http://tempuri.org/",
            ),
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a waybill, found or not."""
        root = read_xml(body)
        problem = fault(root)
        if problem is not None:
            raise CarrierError(f"Naqel says: {problem}", kind="unavailable")
        rows = [fields(one) for one in named(root, "Tracking")]
        if not rows:
            if first(root, "TraceByMultiWaybillNoResult", "TraceByWaybillNoResult") is None:
                raise CarrierError("The answer is not one of Naqel's", kind="unreadable")
            return []
        by_waybill: dict[str, list[Mapping[str, str]]] = {}
        for row in rows:
            number = row.get("WaybillNo", "")
            if number in {"", "0"} and _has_error(row):
                _refuse(row)
            by_waybill.setdefault(number, []).append(row)
        return [_waybill(number, told) for number, told in by_waybill.items()]


def _has_error(row: Mapping[str, str]) -> bool:
    return row.get("HasError", "").lower() == "true"


def _refuse(row: Mapping[str, str]) -> None:
    """Raise for a row about the whole call."""
    said = row.get("ErrorMessage") or "no reason given"
    if any(word in said.lower() for word in ("password", "client", "credential")):
        raise CarrierError(f"Naqel says: {said}", kind="credentials", permanent=True)
    raise CarrierError(f"Naqel says: {said}", kind="unavailable")


def _waybill(number: str, rows: Sequence[Mapping[str, str]]) -> TrackingUpdate:
    events = [_scan(row) for row in rows if not _has_error(row)]
    ordered = oldest_first(scans(events))
    said = next((row.get("ErrorMessage", "") for row in rows if _has_error(row)), "")
    problem = said or "Naqel knows this waybill but sent no scans yet"
    return TrackingUpdate(
        number if number != "0" else "",
        events=ordered,
        problem=None if ordered else problem,
        not_found=not ordered and bool(said),
    )


def _scan(row: Mapping[str, str]) -> CarrierEvent:
    code, station = row.get("EventCode", ""), row.get("StationCode", "")
    place = Place(city=station, country=_STATIONS.get(station.upper(), ""), code=station)
    stamp, words = text(row.get("Date")), row.get("Activity", "")
    at, source = placed(read_iso(stamp), place, home=Naqel.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code, UNKNOWN),
        description=words,
        language="ar" if any("\u0600" <= letter <= "\u06ff" for letter in words) else "en",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
