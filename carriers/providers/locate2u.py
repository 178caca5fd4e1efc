"""Locate2u (Australia and elsewhere): a merchant's own drivers; one stop, its status now.

https://developer.locate2u.com. The number is the stop's id. There is no history: the
status is of `lastModifiedDate`, which any edit moves. `arrivalDate` is when the stop is
reckoned to be reached, not when it was. A stop keeps no zone; its address in one line is
read for the state. The webhook `stop.status-changed` names the new status alone, unsigned.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Limits, Proven, Secret, read_json
from carriers.scan_times import placed, read_as, read_iso
from carriers.shapes import https, mapping, mappings, text
from carriers.updates import CarrierEvent, Courier, DateWindow, Place, TrackingUpdate
from carriers.zones import zone_name
from lib.vocabulary import UNKNOWN

_STATUSES: Final = {
    "created": "info.label_created",
    "pending": "info.label_created",
    "enroute": "out.on_vehicle",
    "arrived": "out.on_vehicle",
    "complete": "delivered.generic",
    "delayed": "delay.generic",
    "on hold": "exception.held",
    "failed": "attempt.generic",
    "cancelled": "cancelled.by_shipper",
}
_IN_AUSTRALIA: Final = re.compile(
    r"(?:.*,)?\s*(?P<city>[^,]+?)\s+(?P<state>ACT|NSW|NT|QLD|SA|TAS|VIC|WA)\s+(?P<code>\d{4})"
    r"(?:,?\s*Australia)?"
)


class Locate2u(Carrier):
    slug: ClassVar[str] = "locate2u"
    name: ClassVar[str] = "Locate2u"
    countries: ClassVar[tuple[str, ...]] = ("AU",)
    website: ClassVar[str] = "https://www.locate2u.com"
    documentation: ClassVar[str] = "https://developer.locate2u.com"
    proven: ClassVar[Proven] = "documented"
    push: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(per_second=1, concurrent=2)
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("client_id", "Client ID", secret=False),
        Secret("client_secret", "Client secret"),
    )
    base_url: ClassVar[str] = "https://api.locate2u.com"
    test_number: ClassVar[str] = "1"
    readable_statuses: ClassVar[frozenset[int]] = frozenset({400, 404})

    def token_request(self, credentials: Mapping[str, str]) -> HttpCall:
        pair = f"{credentials['client_id']}:{credentials['client_secret']}"
        return HttpCall(
            "POST",
            "/connect/token",
            headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
            form={"grant_type": "client_credentials", "scope": "locate2u.api"},
            host="https://id.locate2u.com",
        )

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        return HttpCall(
            "GET",
            f"/api/v1/stops/{quote(asks[0].number, safe='')}",
            headers={"Authorization": f"Bearer {token}"},
        )

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update with one event, the stop's status now."""
        reply = mapping(read_json(body))
        if text(reply.get("status")):
            return [_stop(reply)]
        said = text(reply.get("error")) or text(reply.get("title")) or text(reply.get("message"))
        if not said:
            raise CarrierError("The answer holds no stop of Locate2u", kind="unreadable")
        if "not found" in said.casefold():
            return [TrackingUpdate("", problem=f"Locate2u says: {said}", not_found=True)]
        raise CarrierError(f"Locate2u says: {said}", kind="bad_request")

    def read_push(self, body: bytes) -> list[TrackingUpdate]:
        """One update a stop whose status changed."""
        changes = mappings(read_json(body))
        inner = [mapping(change.get("data")) or change for change in changes]
        named = [change for change in inner if text(change.get("newStatus"))]
        if not named:
            raise CarrierError("The push names no new status of a stop", kind="unreadable")
        return [
            _stop({**one, "status": one["newStatus"], "lastModifiedDate": one.get("actionDate")})
            for one in named
        ]


def _stop(stop: Mapping[str, Any]) -> TrackingUpdate:
    status, stamp = text(stop.get("status")), text(stop.get("lastModifiedDate"))
    place = _place(text(stop.get("address")))
    at, source = placed(read_iso(stamp), place)
    day = read_as(text(stop.get("tripDate"))[:10], "%Y-%m-%d")
    courier = Courier(
        name=text(mapping(stop.get("assignedTo")).get("name")),
        live_url=https(stop.get("trackingUrl")) or https(stop.get("trackingLink")),
    )
    return TrackingUpdate(
        text(stop.get("stopId")),
        events=(
            CarrierEvent(
                code=status,
                sub_status=_STATUSES.get(status.casefold(), UNKNOWN),
                at=at,
                raw_time=stamp,
                zone_source=source,
            ),
        ),
        edd=DateWindow(day.date(), day.date(), zone_name(place)) if day else None,
        destination=place,
        courier=courier if courier != Courier() else None,
    )


def _place(address: str) -> Place:
    """ "… 55 Miller St, Pyrmont NSW 2009, Australia"."""
    found = _IN_AUSTRALIA.fullmatch(address)
    return Place(found["city"], found["state"], found["code"], "AU") if found else Place()
