"""GLS Group: Track And Trace V1.

https://dev-portal.gls-group.net (Track And Trace V1, Authentication API v2): up to ten parcel
numbers in a call, 500 calls a day unless GLS grants more; an unknown number is an error beside
the others. An event has a code of two words ("DELIVD.PARCELSHOP"). The list of them is given by
`/tracking/events/codes` to customers; placed here are those in GLS's documents and in customers'
public code, the others stay unknown. When the newest event's code is unknown, the parcel's own
state, one of twelve documented words, says what it means. Test parcels: QAS_0000001 to
QAS_0000012, one a state. Where a parcel shop is, is another call that wants the postcode of the
address: not asked.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.problems import unknown_number
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_CODES: Final = {
    "CANCEL.NORMAL": "cancelled.by_shipper",
    "CHANGD.MONEWADDR": "transit.forwarded_new_address",
    "CHANGD.PARCELBOX": "transit.forwarded_new_address",
    "DELIVD.DEL_BY_PSAPP": "delivered.collected",
    "DELIVD.NORMAL": "delivered.generic",
    "DELIVD.PARCELSHOP": "pickup.ready",
    "INBOUD.NORMAL": "transit.arrived_facility",
    "INTIAL.E48_DATA": "info.label_created",
    "INTIAL.NORMAL": "picked_up.accepted",
    "INTIAL.PREADVICE": "info.label_created",
    "OUTBOD.NORMAL": "transit.departed_facility",
    "OUTDEL.NORMAL": "out.on_vehicle",
}
_STATES: Final = {
    "PLANNEDPICKUP": "info.pickup_scheduled",
    "INPICKUP": "info.pickup_scheduled",
    "NOTPICKEDUP": "info.pickup_failed",
    "PREADVICE": "info.label_created",
    "INTRANSIT": "transit.generic",
    "INWAREHOUSE": "transit.at_delivery_depot",
    "INDELIVERY": "out.on_vehicle",
    "DELIVEREDPS": "pickup.ready",
    "DELIVERED": "delivered.generic",
    "NOTDELIVERED": "attempt.generic",
    "CANCELED": "cancelled.by_shipper",
    "FINAL": "expired.silent",  # the history is closed, whatever the end was
}


class Gls(Carrier):
    slug: ClassVar[str] = "gls"
    name: ClassVar[str] = "GLS"
    countries: ClassVar[tuple[str, ...]] = (
        "DE", "AT", "BE", "CZ", "DK", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LU", "NL", "PL",
        "PT", "RO", "SI", "SK",
    )  # fmt: skip
    website: ClassVar[str] = "https://gls-group.com/track"
    documentation: ClassVar[str] = "https://dev-portal.gls-group.net"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 10
    limits: ClassVar[Limits] = Limits(per_second=5, per_day=500, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "App ID (developer portal)", secret=False),
        Secret("client_secret", "App secret (developer portal)"),
    )
    base_url: ClassVar[str] = "https://api.gls-group.net"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        numbers = ",".join(quote(ask.number, safe="") for ask in asks)
        return HttpCall(
            "GET",
            f"/track-and-trace-v1/tracking/simple/trackids/{numbers}",
            headers={
                "Authorization": f"Bearer {token or ''}",
                "Accept": "application/json",
                "Accept-Language": "EN",
            },
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        pair = f"{credentials['client_id']}:{credentials['client_secret']}"
        return HttpCall(
            "POST",
            "/oauth2/v2/token",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
            form={"grant_type": "client_credentials"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a parcel; a reference of two parcels gives both, by their own numbers."""
        reply = mapping(read_json(body))
        parcels = mappings(reply.get("parcels"))
        if parcels:
            asked = Counter(text(parcel.get("requested")) for parcel in parcels)
            return [_parcel(parcel, asked) for parcel in parcels]
        fault = mapping(reply.get("fault"))
        if fault:
            code = text(mapping(fault.get("detail")).get("errorcode"))
            said = f"GLS says: {text(fault.get('faultstring')) or 'no reason given'}"
            if code.startswith("policies.ratelimit"):
                raise CarrierError(said, kind="rate_limited")
            raise CarrierError(said, kind="credentials", permanent=True)
        said = unknown_number(reply, "GLS")
        return [TrackingUpdate("", problem=said, not_found=True)]


def _parcel(parcel: Mapping[str, Any], asked: Counter[str]) -> TrackingUpdate:
    requested, own = text(parcel.get("requested")), text(parcel.get("unitno"))
    number = requested if requested and asked[requested] == 1 else own or requested
    error = text(parcel.get("errorCode"))
    if error:
        said = f"GLS says: {text(parcel.get('errorMessage')) or 'no reason given'} ({error})"
        return TrackingUpdate(number, problem=said, not_found=error.startswith("E_404"))
    state = text(parcel.get("status")).upper()
    events = oldest_first(scans([_event(row) for row in mappings(parcel.get("events"))])[::-1])
    if not events and state:
        events = (_state(parcel, state),)
    elif events and not events[-1].is_known:
        events = (*events[:-1], replace(events[-1], sub_status=_STATES.get(state, UNKNOWN)))
    problem = None if events else "GLS knows this parcel but sent no events yet"
    return TrackingUpdate(number, events=events, problem=problem)


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    place = Place(
        city=text(row.get("city")),
        postcode=text(row.get("postalCode")),
        country=country(row.get("country")),
    )
    stamp, code = text(row.get("eventDateTime")), text(row.get("code"))
    at, source = placed(read_iso(stamp), place)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(code.upper(), UNKNOWN),
        description=text(row.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _state(parcel: Mapping[str, Any], state: str) -> CarrierEvent:
    """The parcel's state as the one event of an answer that lists none."""
    stamp = text(parcel.get("statusDateTime"))
    at, source = placed(read_iso(stamp), Place())
    meaning = _STATES.get(state, UNKNOWN)
    return CarrierEvent(state, meaning, at=at, raw_time=stamp, zone_source=source)
