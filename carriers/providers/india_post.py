"""India Post (Department of Posts): customer integrations, tracking of many articles and events.

https://www.indiapost.gov.in (the document "External Integrations" of its CEPT is given to
bulk customers with their contract; it and its lists of events are what integrators' public code
quotes). The answer has an event's words and no code, and the words are India Post's documented
list: they are matched whole. A pushed event has a code. Odd: a delivery to the sender is the same
code as one to the addressee, told apart by the words; times are Indian although they are labelled
Z; documents name 50 and 500 articles a call, so 50 are asked. Pushes are not signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
from carriers.scan_times import placed, read_as
from carriers.shapes import mapping, mappings, scans, text
from carriers.updates import CarrierEvent, Place, TrackingUpdate, oldest_first
from lib.vocabulary import UNKNOWN, Status

_DELIVERED: Final = "delivered.generic"
_BACK: Final = "returning.started"
_RETURNED: Final = "returned.received"

_WORDS: Final = {
    "pickup request raised": "info.pickup_scheduled",
    "item booked": "picked_up.accepted",
    "item bagged": "transit.generic",
    "bag close": "transit.generic",
    "bag closed": "transit.generic",
    "bag dispatched": "transit.departed_facility",
    "item dispatched": "transit.departed_facility",
    "bag opened": "transit.arrived_facility",
    "bag received": "transit.arrived_facility",
    "item received": "transit.arrived_facility",
    "item received at destination": "transit.at_delivery_depot",
    "item invoiced": "transit.at_delivery_depot",  # on the postman's list
    "item invoiced to bo": "transit.at_delivery_depot",  # to the branch office
    "taken out for delivery": "out.on_vehicle",
    "item hold": "exception.held",
    "item kept on hold": "exception.held",
    "item not delivered": "attempt.generic",
    "item redirected": "transit.forwarded_new_address",
    "item returned": _BACK,
    "item returned to sender": _BACK,
    "item delivered": _DELIVERED,
    "item delivered(addressee)": _DELIVERED,
    "item delivered(sender)": _RETURNED,
}
_CODES: Final = {
    "UNASSIGNED": "info.pickup_scheduled",
    "ASSIGNED": "info.pickup_scheduled",
    "CANCELLED": "info.pickup_failed",  # the request for a pick-up
    "PICKEDUP": "picked_up.accepted",
    "INDUCTED": "picked_up.accepted",
    "ITEM_BOOK": "picked_up.accepted",
    "ITEM_BAGGING": "transit.generic",
    "BAG_CLOSE": "transit.generic",
    "BAG_DISPATCH": "transit.departed_facility",
    "ITEM_DISPATCH": "transit.departed_facility",
    "BAG_OPEN": "transit.arrived_facility",
    "ITEM_RECEIVE": "transit.arrived_facility",
    "ITEM_INVOICE": "transit.at_delivery_depot",
    "ITEM_TOBO": "transit.at_delivery_depot",
    "BEAT_DISPATCH": "out.on_vehicle",
    "ITEM_ONHOLD": "exception.held",
    "ITEM_REDIRECT": "transit.forwarded_new_address",
    "ITEM_RETURN": _BACK,
}
#: The event that only its words place: to the addressee, or back to the sender.
_HANDED_OVER: Final = "ITEM_DELIVERY"


class IndiaPost(Carrier):
    slug: ClassVar[str] = "india_post"
    name: ClassVar[str] = "India Post"
    countries: ClassVar[tuple[str, ...]] = ("IN",)
    website: ClassVar[str] = "https://www.indiapost.gov.in"
    documentation: ClassVar[str] = "https://www.indiapost.gov.in"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    batch_size: ClassVar[int] = 50
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)  # it names none
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("username", "User name (the bulk customer's ID)", secret=False),
        Secret("password", "Password"),
    )
    base_url: ClassVar[str] = "https://app.indiapost.gov.in/beextcustomer"
    home_zone: ClassVar[str] = "Asia/Kolkata"
    #: Some versions say "does not exist" in a 404.
    readable_statuses: ClassVar[frozenset[int]] = frozenset({404})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall | None:
        login = {"username": credentials["username"], "password": credentials["password"]}
        return HttpCall("POST", "/v1/access/login", json=login)

    def parse_token(self, body: bytes) -> Token:
        """`{"data": {"access_token", "expires_in"}}`; a token lasts a quarter of an hour."""
        reply = mapping(read_json(body))
        data = mapping(reply.get("data"))
        value, seconds = text(data.get("access_token")), data.get("expires_in")
        if not value and reply.get("success") is False:
            raise CarrierError(_said(reply), kind="credentials", permanent=True)
        if not value:
            raise CarrierError("The token answer has no access_token", kind="unreadable")
        lasts = float(seconds) if isinstance(seconds, int | float) and 0 < seconds < 1e6 else 900.0
        return Token(value=value, seconds=lasts)

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "POST",
            "/v1/tracking/bulk",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            json={"bulk": [ask.number for ask in asks]},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update an article; what India Post does not know is left out of its answer."""
        reply = mapping(read_json(body))
        rows = [row for row in mappings(reply.get("data")) if _number(row)]
        if rows:
            return [_article(row) for row in rows]
        if reply.get("success") is True and reply.get("data") in ([], None):
            return []
        if "does not exist" in text(reply.get("message")).lower():
            return []
        if reply.get("success") is False:
            raise CarrierError(_said(reply), kind="bad_request")
        raise CarrierError("The answer holds no article of India Post", kind="unreadable")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One event of one article."""
        found = []
        for row in mappings(read_json(body)):
            number, code = text(row.get("article_number")), text(row.get("event_code"))
            if number and code:
                found.append(TrackingUpdate(number, events=(_pushed(row, code),)))
        if not found:
            raise CarrierError("The push holds no event of India Post", kind="unreadable")
        return found


def _said(reply: Mapping[str, Any]) -> str:
    return f"India Post says: {text(reply.get('message')) or 'no reason given'}"


def _number(row: Mapping[str, Any]) -> str:
    return text(mapping(row.get("booking_details")).get("article_number"))


def _article(row: Mapping[str, Any]) -> TrackingUpdate:
    booking = mapping(row.get("booking_details"))
    rows = mappings(row.get("tracking_details"))[::-1]  # they come newest first
    ordered = tuple(_turned(oldest_first(scans([_scan(one) for one in rows]))))
    told = text(mapping(row.get("del_status")).get("del_status")).lower()
    ends = {Status.DELIVERED, Status.RETURNING, Status.RETURNED}
    if told == "delivered" and not any(event.status in ends for event in ordered):
        ordered = (*ordered, CarrierEvent(code="del_status/delivered", sub_status=_DELIVERED))
    return TrackingUpdate(
        tracking_number=_number(row),
        events=ordered,
        problem=None if ordered else "India Post knows this article but sent no events yet",
        service=text(booking.get("article_type")),
        origin=Place(postcode=text(booking.get("origin_pincode")), country="IN"),
        destination=Place(
            city=text(booking.get("delivery_location")),
            postcode=text(booking.get("destination_pincode")),
            country="IN",
        ),
    )


def _turned(events: Iterable[CarrierEvent]) -> Iterable[CarrierEvent]:
    """Once it goes back, its further scans are of the way back, and its delivery is the return."""
    is_going_back = False
    for event in events:
        if is_going_back and event.is_known:
            is_end = event.sub_status in {_DELIVERED, _RETURNED}
            yield replace(event, sub_status=_RETURNED if is_end else _BACK)
        else:
            yield event
        is_going_back = is_going_back or event.status is Status.RETURNING


def _scan(row: Mapping[str, Any]) -> CarrierEvent:
    said = text(row.get("event"))
    meaning = _WORDS.get(" ".join(said.lower().replace(" (", "(").split()), UNKNOWN)
    if row.get("rts") is True and meaning != UNKNOWN:  # marked "return to sender"
        meaning = _RETURNED if meaning in {_DELIVERED, _RETURNED} else _BACK
    date, clock = text(row.get("date")), text(row.get("time"))
    return _event(
        code=said,
        meaning=meaning,
        words=(said, text(row.get("remarks"))),
        stamp=(date[:10], clock[:8]),
        place=Place(city=text(row.get("office")), country="IN", code=text(row.get("officeid"))),
    )


def _pushed(row: Mapping[str, Any], code: str) -> CarrierEvent:
    said, why = text(row.get("event_description")), text(row.get("non_del_reason"))
    meaning = _CODES.get(code.upper(), UNKNOWN)
    if code.upper() == _HANDED_OVER:
        meaning = {"(addressee)": _DELIVERED, "(sender)": _RETURNED}.get(
            said.lower().replace(" ", "").removeprefix("itemdelivered"), UNKNOWN
        )
    elif meaning == "exception.held" and why:
        meaning = "attempt.generic"
    return _event(
        code=code,
        meaning=meaning,
        words=(said, why),
        stamp=(text(row.get("event_date")), text(row.get("event_time"))),
        place=Place(
            city=text(row.get("event_office_name")),
            country="IN",
            code=text(row.get("event_office_facility_id")),
        ),
    )


def _event(
    *, code: str, meaning: str, words: Sequence[str], stamp: tuple[str, str], place: Place
) -> CarrierEvent:
    raw = " ".join(stamp).strip()
    found = read_as(raw, "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d%m%Y %H%M%S")
    at, source = placed(found, place, home=IndiaPost.home_zone)
    return CarrierEvent(
        code=code,
        sub_status=meaning,
        description=" – ".join(word for word in words if word),
        at=at,
        raw_time=raw,
        zone_source=source,
        place=place,
    )
