"""What a carrier said, in our words: the frozen values that adapters hand out.

No Django. `tracking` stores them; `carriers` never does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from lib.vocabulary import RANK, UNKNOWN, Status, status_of

ZoneSource = Literal["carrier", "facility", "assumed"]
"""Who named the time zone: the carrier's own field, the scan's place, or nobody (our guess)."""

DateKind = Literal["estimated", "guaranteed", "appointment"]
"""What a carrier's date is worth: expected, owed by the carrier, agreed with the shopper."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scan happened. Every part may be empty; `country` is ISO 3166-1 alpha-2."""

    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    code: str = ""

    def __str__(self) -> str:
        parts = [self.city, self.region, self.country]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class CarrierEvent:
    """One scan.

    `code` is the vendor's own, verbatim (several fields joined by "/" where the vendor
    splits it); `sub_status` one of `lib.vocabulary.SUB_STATUSES` or "unknown".
    `at` is aware, or None where the vendor's time cannot be read; `raw_time` is its text.
    `attempt` is the vendor's own number of a failed attempt, where it gives one.
    """

    code: str
    sub_status: str
    description: str = ""
    language: str = "en"
    at: datetime | None = None
    raw_time: str = ""
    zone_source: ZoneSource = "assumed"
    place: Place = field(default_factory=Place)
    attempt: int | None = None

    @property
    def status(self) -> Status | None:
        """Main status; None while the code is unknown."""
        return status_of(self.sub_status)

    @property
    def is_known(self) -> bool:
        return self.sub_status != UNKNOWN


@dataclass(frozen=True, slots=True)
class DateWindow:
    """A delivery window as the carrier promises it: local calendar dates at the destination.

    `zone` is an IANA name, or "" where the carrier does not say. `kind`: only expected, owed by
    the carrier, or agreed with the shopper; the latter two only where the vendor says so.
    """

    first: date
    last: date
    zone: str = ""
    kind: DateKind = "estimated"


@dataclass(frozen=True, slots=True)
class Proof:
    """Proof of delivery: who signed, the https address of a picture of it, where it was left."""

    signed_by: str = ""
    photo_url: str = ""
    left_at: str = ""


@dataclass(frozen=True, slots=True)
class Cash:
    """Cash to be paid on delivery; `currency` is ISO 4217, or "" where the carrier does not say."""

    amount: Decimal
    currency: str = ""


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """Where a parcel waits: name, address in one line, opening hours in the carrier's words,
    the code to open it, and the last day it is kept."""

    name: str = ""
    address: str = ""
    hours: str = ""
    code: str = ""
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Courier:
    """Who brings it today; `live_url` is the carrier's own live map (https)."""

    name: str = ""
    phone: str = ""
    live_url: str = ""


@dataclass(frozen=True, slots=True)
class NextLeg:
    """A hand-over to another carrier: its name as this carrier writes it, and its number there."""

    carrier: str
    number: str


@dataclass(frozen=True, slots=True)
class TrackingUpdate:
    """Everything one answer says about one parcel; events oldest first.

    `problem` is None, or one sentence when the carrier answered without tracking
    (unknown number, number purged …); `not_found` tells the early "never heard of it"
    apart, which is normal for a new label. `courier_code` is who carries it in a hub's
    own words, empty for a carrier itself. What a carrier does not give stays None.
    """

    tracking_number: str
    events: tuple[CarrierEvent, ...] = ()
    edd: DateWindow | None = None
    problem: str | None = None
    not_found: bool = False
    service: str = ""
    origin: Place = field(default_factory=Place)
    destination: Place = field(default_factory=Place)
    proof: Proof | None = None
    pieces: int | None = None
    cash: Cash | None = None
    pickup_point: PickupPoint | None = None
    courier: Courier | None = None
    next_leg: NextLeg | None = None
    courier_code: str = ""

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it beside "I know it" or "I do not"."""
        return bool(
            self.events or self.edd or self.proof or self.cash or self.pickup_point
            or self.courier or self.next_leg or self.pieces
        )  # fmt: skip


def window(
    first: date | None, last: date | None, zone: str = "", *, kind: DateKind = "estimated"
) -> DateWindow | None:
    """From the ends a carrier gives, either of which may be missing, in either order."""
    days = sorted(day for day in (first, last) if day is not None)
    return DateWindow(days[0], days[-1], zone, kind) if days else None


def oldest_first(events: list[CarrierEvent]) -> tuple[CarrierEvent, ...]:
    """Order scans by instant, then rank; those without a readable time keep their place at the end.

    The sort is stable, so reverse a newest-first list before handing it in.
    """
    dated = [event for event in events if event.at is not None]
    undated = [event for event in events if event.at is None]
    dated.sort(key=lambda e: (e.at, RANK[e.status] if e.status else -2))
    return (*dated, *undated)


def last_moved(updates: Sequence[TrackingUpdate]) -> TrackingUpdate:
    """Of shipments that share a number (carriers use numbers again): the one with the last scan.

    The first where no scan has a time. Raises IndexError for none.
    """
    latest = {
        max(event.at for event in update.events if event.at is not None): update
        for update in reversed(updates)
        if any(event.at is not None for event in update.events)
    }
    return latest[max(latest)] if latest else updates[0]
