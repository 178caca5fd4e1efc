"""Hermes Germany: Hermes Shipping Interface (HSI), shipment information.

https://developer.myhermes.de (HSI Order API, Business Customer Authentication). A token is given
for a user and an application together, by another host, for one hour. A status has a code of
four digits ("2x2") or of nine ("3x3": event, reason, who said it); Hermes' list names 294 of the
latter, all placed, and which of them each short code stands for. In 0600xx a parcel comes back
to the *depot*, not to the sender: the reason is what counts. Four attempts are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers import code_maps
from carriers.alpha3 import alpha2
from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text
from carriers.updates import CarrierEvent, DateWindow, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN

_HOME: Final = "Europe/Berlin"

#: `("2x2" or "3x3", code)` → sub-status.
_CODES: Final = code_maps.load("hermes_codes.csv")
#: "There is no information for the entered value."
_NO_DATA: Final = "e001"
#: The reasons that count attempts: nobody there (03 to 06), wrong code (32 to 35); short: 403x …
_ATTEMPT: Final = re.compile(r"0600(?:0([3-6])|3([2-5]))\d{3}|[34][07][35]([1-4])")


class Hermes(Carrier):
    slug: ClassVar[str] = "hermes"
    name: ClassVar[str] = "Hermes"
    countries: ClassVar[tuple[str, ...]] = ("DE",)
    website: ClassVar[str] = "https://www.myhermes.de/empfangen/sendungsverfolgung/"
    documentation: ClassVar[str] = "https://developer.myhermes.de"
    proven: ClassVar[Proven] = "documented"
    home_zone: ClassVar[str] = _HOME
    limits: ClassVar[Limits] = Limits(per_second=5, concurrent=4)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "HSI user name", secret=False),
        Secret("password", "HSI password"),
        Secret("client_id", "HSI client ID", secret=False),
        Secret("client_secret", "HSI client secret"),
    )
    base_url: ClassVar[str] = "https://de-api.hermesworld.com"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/services/hsi/shipmentinfo?shipmentID={quote(asks[0].number, safe='')}",
            headers={
                "Authorization": f"Bearer {token or ''}",
                "Accept": "application/json",
                "Accept-Language": "EN",
            },
        )

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        return HttpCall(
            "POST",
            "/authorization-facade/oauth2/access_token",
            form={
                "grant_type": "password",
                "username": credentials["username"],
                "password": credentials["password"],
                "client_id": credentials["client_id"],
                "client_secret": credentials["client_secret"],
            },
            host="https://authme.myhermes.de",
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a shipment; a number without information keeps its own result."""
        reply = mapping(read_json(body))
        rows = mappings(reply.get("shipmentinfo"))
        if rows:
            return [_shipment(row) for row in rows]
        errors = mappings(reply.get("listOfResultCodes"))
        code = text(errors[0].get("code")) if errors else text(reply.get("error"))
        if not code:
            raise CarrierError("The answer is not one of Hermes'", kind="unreadable")
        reason = errors[0].get("message") if errors else reply.get("error_description")
        said = f"Hermes says: {text(reason) or 'no reason given'} ({code})"
        if not errors or code.startswith("e90"):
            raise CarrierError(said, kind="credentials", permanent=True)
        if code == "e999":
            raise CarrierError(said, kind="unavailable")
        raise CarrierError(said, kind="bad_request", permanent=True)


def _shipment(row: Mapping[str, Any]) -> TrackingUpdate:
    number = text(row.get("shipmentID"))
    events = oldest_first(scans([_event(status) for status in mappings(row.get("status"))]))
    result = mapping(row.get("result"))
    problem = None if events else "Hermes knows this number but sent no status yet"
    if result and not events:
        problem = f"Hermes says: {text(result.get('message'))} ({text(result.get('code'))})"
    address = mapping(row.get("receiverAddress"))
    return TrackingUpdate(
        tracking_number=number,
        events=events,
        edd=_promised(mapping(row.get("deliveryForecast"))),
        problem=problem,
        not_found=not events and text(result.get("code")) == _NO_DATA,
        destination=Place(
            city=text(address.get("city")),
            postcode=text(address.get("zipCode")),
            country=_country(address.get("countryCode")),
        ),
    )


def _event(status: Mapping[str, Any]) -> CarrierEvent:
    unit = mapping(status.get("scanningUnit"))
    place = Place(city=text(unit.get("city")), country=_country(unit.get("countryCode")))
    stamp, code = text(status.get("timestamp")), text(status.get("code"))
    at, source = placed(read_iso(stamp), place, home=_HOME)
    return CarrierEvent(
        code=code,
        sub_status=_CODES.get(("2x2" if len(code) == 4 else "3x3", code), UNKNOWN),
        description=text(status.get("description")),
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
        attempt=_attempt(code),
    )


def _attempt(code: str) -> int | None:
    """Which attempt failed, from 1, where the code numbers it."""
    found = _ATTEMPT.fullmatch(code)
    if found is None:
        return None
    absent, wrong_code, short = found.groups()
    return int(absent) - 2 if absent else int(wrong_code) - 1 if wrong_code else int(short)


def _country(value: object) -> str:
    return country(value) or alpha2(text(value))


def _promised(forecast: Mapping[str, Any]) -> DateWindow | None:
    day = read_iso(f"{text(forecast.get('date'))[:10]}T00:00:00")
    return DateWindow(day.date(), day.date(), _HOME) if day else None
