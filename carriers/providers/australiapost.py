"""Australia Post and StarTrack: the Shipping and Tracking API, ten numbers a call.

https://developers.auspost.com.au/apis/shipping-and-tracking. An event is a sentence, a
place and a time with its offset, newest first, without a code; what the sentences mean is
in `australiapost_words`. An article stands beside or within its consignment. A consignment
of several articles is as far as its slowest. The vendor names no rate; X-RateLimit headers
and 429 say when it is reached. "Transit Scan" is where no place is. The testbed is
https://digitalapi.auspost.com.au/test, as the account's own address.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

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
from carriers.providers.australiapost_words import meaning
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    PickupPoint,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.vocabulary import UNKNOWN

_STATES: Final = "ACT|NSW|NT|QLD|SA|TAS|VIC|WA"
_TOWN: Final = re.compile(
    rf"(?P<city>.+?),?\s*\b(?P<region>{_STATES})(?:\s+(?P<postcode>\d{{4}}))?"
)
_ABROAD: Final = re.compile(r"(?P<city>.+?)\s*\((?P<country>[A-Z]{2})\)")
_OFFICE: Final = re.compile(r"(?P<country>[A-Z]{2})-(?P<postcode>\d+),.*")
_LEFT: Final = re.compile(r"delivered\s*[-\u2013]\s*left (.+)", re.IGNORECASE)
_WAITS: Final = re.compile(r"awaiting collection at (.+)", re.IGNORECASE)
#: The call's refusals that say more than "not now": what kind, and whether it stays so.
_REFUSALS: Final[dict[str, tuple[Kind, bool]]] = {
    "51100": ("bad_request", True),
    "51101": ("bad_request", True),
    "51102": ("bad_request", True),
    "51103": ("bad_request", False),
    "51104": ("not_found", False),
    "API_001": ("credentials", True),
    "API_002": ("rate_limited", False),
}


class AustraliaPost(Carrier):
    slug: ClassVar[str] = "australiapost"
    name: ClassVar[str] = "Australia Post"
    countries: ClassVar[tuple[str, ...]] = ("AU",)
    website: ClassVar[str] = "https://auspost.com.au"
    documentation: ClassVar[str] = "https://developers.auspost.com.au/apis/shipping-and-tracking"
    proven: ClassVar[Proven] = "documented"
    batch_size: ClassVar[int] = 10
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("account_number", "Account number", secret=False),
        Secret("api_key", "API key"),
        Secret("password", "API password"),
    )
    base_url: ClassVar[str] = "https://digitalapi.auspost.com.au"
    home_zone: ClassVar[str] = "Australia/Melbourne"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        pair = f"{credentials['api_key']}:{credentials['password']}"
        return HttpCall(
            "GET",
            "/shipping/v1/track",
            params={"tracking_ids": ",".join(ask.number for ask in asks)},
            headers={
                "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                "Account-Number": credentials["account_number"],
            },
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a number asked about, in the vendor's order."""
        reply = mapping(read_json(body))
        results = mappings(reply.get("tracking_results"))
        for error in mappings(reply.get("errors")) if not results else ():
            _refuse(error)
        if not results:
            raise CarrierError("The answer holds no tracking results", kind="unreadable")
        return [_update(result) for result in results]


def _refuse(error: Mapping[str, Any]) -> None:
    code = text(error.get("code")) or text(error.get("error_code"))
    said = text(error.get("message")) or text(error.get("name"))
    if code or said:
        kind, permanent = _REFUSALS.get(code, ("unavailable", False))
        raise CarrierError(f"Australia Post says: {said} ({code})", kind=kind, permanent=permanent)


def _update(result: Mapping[str, Any]) -> TrackingUpdate:
    number = text(result.get("tracking_id"))
    for error in mappings(result.get("errors")):
        code, said = text(error.get("code")), text(error.get("name")) or text(error.get("message"))
        problem = f"Australia Post says: {said or 'no reason given'} ({code or 'no code'})"
        return TrackingUpdate(number, problem=problem, not_found=code == "ESB-10001")
    items = mappings(result.get("trackable_items"))
    articles = [one for item in items for one in mappings(item.get("items")) or [item]]
    read = [(article, _events(article)) for article in articles]
    # The first that has not arrived speaks for all of them.
    unfinished = [one for one in read if not one[1] or one[1][-1].sub_status != "delivered.generic"]
    article, events = next(iter(unfinished or read), ({}, ()))
    counted = max([len(articles), *(whole(item.get("number_of_items")) or 0 for item in items)])
    last = events[-1].description if events else ""
    left, waits = _LEFT.fullmatch(last), _WAITS.fullmatch(last)
    return TrackingUpdate(
        number or text(article.get("article_id")),
        events=events,
        problem=None if events else "Australia Post knows this number but sent no events yet",
        service=text(article.get("product_type")),
        pieces=counted or None,
        proof=Proof(left_at=left[1]) if left else None,
        pickup_point=PickupPoint(name=waits[1]) if waits else None,
    )


def _events(article: Mapping[str, Any]) -> tuple[CarrierEvent, ...]:
    """The article's events; its state where there are none, or where the newest says nothing."""
    rows, state = mappings(article.get("events")), text(article.get("status"))
    if not rows and meaning(state) != UNKNOWN:
        return (CarrierEvent(code=state, sub_status=meaning(state)),)
    events = scans([_event(row, state if row is rows[0] else "") for row in rows])
    return oldest_first(events[::-1])


def _event(row: Mapping[str, Any], state: str) -> CarrierEvent:
    sentence, stamp = text(row.get("description")), text(row.get("date"))
    place = _place(text(row.get("location")))
    at, source = placed(read_iso(stamp), place, home=AustraliaPost.home_zone)
    ours = meaning(sentence)
    return CarrierEvent(
        code="",
        sub_status=meaning(state) if ours == UNKNOWN else ours,
        description=sentence,
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
    )


def _place(written: str) -> Place:
    """ "KEW VIC", "CHICAGO (US)", "US-60199, UNITED STATES" or "NZ"."""
    if country(written):
        return Place(country=country(written))
    if town := _TOWN.fullmatch(written):
        return Place(town["city"], town["region"], town["postcode"] or "", "AU")
    if abroad := _ABROAD.fullmatch(written):
        return Place(abroad["city"], country=abroad["country"])
    if office := _OFFICE.fullmatch(written):
        return Place(postcode=office["postcode"], country=office["country"])
    return Place() if written.casefold() == "transit scan" else Place(city=written)
