"""Aramex Australia and New Zealand, Fastway until 2020: a company and a system of its own.

https://github.com/mindfulsoftware/myFastway.ApiClient/wiki describes the merchants' API of
myFastway (token, then one label a call; the scans are in `data`, their times naive and local
to the franchise). The older answer of Fastway's track and trace
(http://apiv1.fastway.org/latest/docs) has them in `result.Scans`; both are read. There is a
server a country. What a code means is told by Fastway's own texts beside it; "PPP" is the
pick-up, though consumers' answers call it a facility. Only towns of one state are zoned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import country, https, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, DateWindow, Place, Proof, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "PP8": "info.label_created",
    "PPP": "picked_up.accepted",
    **dict.fromkeys(
        ("PP1", "PCY", "078", "RIA", "B72", "S2M", "SYD", "TOO", "TRN"), "transit.generic"
    ),
    "ONB": "out.on_vehicle",
    **dict.fromkeys(("R36", "YES"), "delivered.generic"),
    **dict.fromkeys(("U03", "UND"), "exception.other"),
    "RTS": "returning.started",
}
_TOWNS: Final = {
    "sydney": ("NSW", "AU"), "melbourne": ("VIC", "AU"), "brisbane": ("QLD", "AU"),
    "gold coast": ("QLD", "AU"), "adelaide": ("SA", "AU"), "canberra": ("ACT", "AU"),
    "auckland": ("", "NZ"), "wellington": ("", "NZ"), "christchurch": ("", "NZ"),
    "dunedin": ("", "NZ"),
}  # fmt: skip
_NEW_ZEALAND: Final = "NZ"


class AramexAnz(Carrier):
    slug: ClassVar[str] = "aramex_anz"
    name: ClassVar[str] = "Aramex Australia and New Zealand"
    name_ar: ClassVar[str] = "أرامكس أستراليا ونيوزيلندا"
    countries: ClassVar[tuple[str, ...]] = ("AU", "NZ")
    website: ClassVar[str] = "https://www.aramex.com.au"
    documentation: ClassVar[str] = "https://github.com/mindfulsoftware/myFastway.ApiClient/wiki"
    proven: ClassVar[Proven] = "documented"
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
        Secret("country", "Country of the account: AU or NZ", secret=False, optional=True),
    )
    base_url: ClassVar[str] = "https://api.myfastway.com.au"
    home_zone: ClassVar[str] = "Australia/Sydney"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        return HttpCall(
            "POST",
            "/connect/token",
            form={
                "grant_type": "client_credentials",
                "client_id": credentials["client_id"],
                "client_secret": credentials["client_secret"],
                "scope": "fw-fl2-api-nz" if _in_new_zealand(credentials) else "fw-fl2-api-au",
            },
            host="https://identity.fastway.org",
        )

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/track/label/{quote(asks[0].number, safe='')}",
            headers={"Authorization": f"Bearer {token}"},
            host="https://api.myfastway.co.nz" if _in_new_zealand(credentials) else "",
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update, the label that was asked for, in either shape."""
        reply = mapping(read_json(body))
        result = mapping(reply.get("result"))
        if "Scans" not in result and "data" not in reply:
            return [_refused(reply)]
        rows = mappings(result.get("Scans")) + mappings(reply.get("data"))
        land = country(reply.get("country"))
        events = scans([_event(row, land) for row in rows])
        labels = [text(one.get("LabelNumber")) or text(one.get("labelNo")) for one in rows]
        promised = read_as(text(result.get("DeliveryETADate"))[:10], "%d/%m/%Y")
        picture = https(result.get("Signature"))
        return [
            TrackingUpdate(
                text(result.get("LabelNumber")) or next(filter(None, labels), ""),
                events=oldest_first(events),
                edd=DateWindow(promised.date(), promised.date()) if promised else None,
                problem=None if events else "Aramex has no scans of this label",
                not_found=not events,
                proof=Proof(photo_url=picture) if picture else None,
            )
        ]


def _in_new_zealand(credentials: Mapping[str, str]) -> bool:
    return credentials.get("country", "").strip().upper() == _NEW_ZEALAND


def _refused(reply: Mapping[str, Any]) -> TrackingUpdate:
    said = text(reply.get("error")) or text(reply.get("message")) or text(reply.get("title"))
    if not said:
        raise CarrierError("The answer holds no label of Aramex", kind="unreadable")
    if "not found" in said.casefold():
        return TrackingUpdate("", problem=f"Aramex says: {said}", not_found=True)
    raise CarrierError(f"Aramex says: {said}", kind="bad_request")


def _event(row: Mapping[str, Any], land: str) -> CarrierEvent:
    code = text(row.get("Status")) or text(row.get("status"))
    stamp = (
        text(row.get("RealDateTime")) or text(row.get("scannedDateTime")) or text(row.get("Date"))
    )
    town = text(row.get("Franchise")) or text(row.get("franchiseName"))
    region, known = _TOWNS.get(town.casefold(), ("", ""))
    place = Place(city=town, region=region, country=known or land)
    found = read_iso(stamp) or read_as(stamp, "%d/%m/%Y %H:%M:%S")
    at, source = placed(found, place, home=AramexAnz.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(row.get("StatusDescription")) or text(row.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )
