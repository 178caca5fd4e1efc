"""What an estimate is made of and what comes out: parcel, rules, window. Frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal, Protocol

from edd.disruptions import Disruption
from edd.distribution import Distribution
from edd.lanes import Lane
from lib.vocabulary import Status

Source = Literal["merchant", "carrier", "engine", "configuration", "scan"]
"""Who says so: the shop's own promise, the carrier's date, what was learned, our tables and the
merchant's, or the last scan alone."""

#: Whose word counts first, unless the merchant orders them otherwise. "scan" is no choice: with
#: the courier, or after a failed attempt, nothing else is heard.
SOURCES: Final[tuple[Source, ...]] = ("merchant", "carrier", "engine", "configuration")

_NOT_HELD: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})


class Window(Protocol):
    """A carrier's own delivery window: local calendar dates at the destination."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Handling:
    """`edd.models.HandlingRule`: what is said of one warehouse, tag or beginning of a SKU."""

    kind: Literal["warehouse", "tag", "sku"]
    match: str
    handling_days: int
    cut_off: time | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What one merchant configured. `zone` is the warehouse's, and so is `country`."""

    zone: str = "UTC"
    cut_off: time = time(14)
    handling_days: int = 1
    rest_days: tuple[int, ...] = ()
    closures: tuple[date, ...] = ()
    lanes: tuple[Lane, ...] = ()
    country: str = ""
    level: int = 90
    sources: tuple[Source, ...] = SOURCES
    announce_days: int = 1
    handling: tuple[Handling, ...] = ()
    disruptions: tuple[Disruption, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is known of one parcel. Instants are aware; `to_zone` is an IANA name."""

    placed_at: datetime
    status: Status
    carrier: str
    service: str
    from_country: str
    to_country: str
    to_zone: str
    picked_up_at: datetime | None = None
    last_event_at: datetime | None = None
    carrier_window: Window | None = None
    sub_status: str = ""
    #: A region by code or name, or the city where no region is said.
    to_region: str = ""

    @property
    def is_held(self) -> bool:
        """Whether the carrier has scanned it: before that, at most its label is known."""
        return self.picked_up_at is not None and self.status not in _NOT_HELD


@dataclass(frozen=True, slots=True)
class Estimate:
    """A delivery window, both days included, in local dates of `zone`.

    `why` holds `reason:value` codes for `edd.reasons.explain`. `chances` is the whole
    distribution wherever something was learned, whoever's date is shown; `chances.risk_after`
    of a promise is the risk (0–1) that it will be broken.
    """

    first: date
    last: date
    zone: str
    source: Source
    why: tuple[str, ...]
    chances: Distribution | None = None
