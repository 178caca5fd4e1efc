"""A merchant's own drivers: a signed webhook in our own format, described in docs/api.md.

It is never asked. Signed as standardwebhooks.com says: headers `webhook-id`,
`webhook-timestamp`, `webhook-signature` (`v1,<base64 of HMAC-SHA256>` over id, timestamp and
body, joined by dots). The same scan twice is one scan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from carriers.base import Ask, Carrier, CarrierError, HttpCall, Proven, Secret, read_json
from carriers.scan_times import placed, read_iso
from carriers.shapes import country, decimal, https, mapping, mappings, scans, text, whole
from carriers.updates import (
    CarrierEvent,
    Cash,
    Courier,
    DateKind,
    DateWindow,
    Place,
    Proof,
    TrackingUpdate,
    oldest_first,
)
from lib.signing import is_standard_webhook
from lib.vocabulary import PLAIN, SUB_STATUSES, UNKNOWN

_BY_WORD: Final = {status.value: code for status, code in PLAIN.items()}
_KINDS: Final[dict[str, DateKind]] = {"guaranteed": "guaranteed", "appointment": "appointment"}


class OwnFleet(Carrier):
    slug: ClassVar[str] = "own_fleet"
    name: ClassVar[str] = "Own fleet"
    name_ar: ClassVar[str] = "أسطول المتجر"
    documentation: ClassVar[str] = "/docs/api/"
    proven: ClassVar[Proven] = "documented"
    is_asked: ClassVar[bool] = False
    push: ClassVar[bool] = True
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("signing_secret", "Signing secret", made_by_us=True),
    )

    def request(
        self, asks: Sequence[Ask], credentials: Mapping[str, str], token: str | None
    ) -> HttpCall:
        raise CarrierError("An own fleet is not asked: it pushes", kind="bad_request")

    def is_genuine_push(
        self, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str]
    ) -> bool:
        return is_standard_webhook(body, headers, credentials.get("signing_secret", ""))

    def parse(self, body: bytes) -> list[TrackingUpdate]:
        """One update a parcel of `{"parcels": [...]}`; a list of one may be the object alone."""
        reply = mapping(read_json(body))
        rows = mappings(reply.get("parcels", reply))
        found = [_parcel(row) for row in rows if text(row.get("tracking_number"))]
        if not found:
            raise CarrierError("No parcel has a tracking_number", kind="unreadable")
        return found


def _parcel(row: Mapping[str, Any]) -> TrackingUpdate:
    events = scans([_event(one) for one in mappings(row.get("events"))])
    proof, courier, cash = (mapping(row.get(name)) for name in ("proof", "courier", "cash"))
    amount = decimal(cash.get("amount"))
    return TrackingUpdate(
        text(row.get("tracking_number")),
        events=oldest_first(events),
        edd=_window(mapping(row.get("edd"))),
        problem=None if events else "The push names no events",
        proof=Proof(
            text(proof.get("signed_by")), https(proof.get("photo_url")), text(proof.get("left_at"))
        ) if proof else None,
        pieces=whole(row.get("pieces")),
        cash=Cash(amount, text(cash.get("currency")).upper()) if amount is not None else None,
        courier=Courier(
            text(courier.get("name")), text(courier.get("phone")), https(courier.get("live_url"))
        ) if courier else None,
    )  # fmt: skip


def _event(row: Mapping[str, Any]) -> CarrierEvent:
    where = mapping(row.get("place"))
    place = Place(
        text(where.get("city")), text(where.get("region")), text(where.get("postcode")),
        country(where.get("country")), text(where.get("code")),
    )  # fmt: skip
    stamp = text(row.get("at"))
    at, source = placed(read_iso(stamp), place)
    meaning = _meaning(text(row.get("status")), text(row.get("sub_status")))
    return CarrierEvent(
        code=text(row.get("code")) or text(row.get("sub_status")) or text(row.get("status")),
        sub_status=meaning,
        description=text(row.get("description")),
        language=text(row.get("language")) or "en",
        at=at,
        raw_time=stamp,
        zone_source=source,
        place=place,
        attempt=whole(row.get("attempt")),
    )


def _meaning(status: str, sub_status: str) -> str:
    """Our own words; what is none of them, or ours alone to find out, stays unknown."""
    row = SUB_STATUSES.get(sub_status)
    if row is not None and row.status in PLAIN:
        return row.code
    return _BY_WORD.get(status, UNKNOWN)


def _window(edd: Mapping[str, Any]) -> DateWindow | None:
    days = [read_iso(f"{text(edd.get(name))}T00:00:00") for name in ("from", "to")]
    first, last = (day.date() if day else None for day in days)
    first, last = first or last, last or first
    if first is None or last is None:
        return None
    kind = _KINDS.get(text(edd.get("kind")), "estimated")
    return DateWindow(min(first, last), max(first, last), text(edd.get("zone")), kind)
