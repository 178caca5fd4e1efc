"""What an estimate is made of and what comes out: parcel, rules, window. Frozen values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, Literal, Protocol

from edd.calendars import DayRule
from edd.calibration import Calibrated
from edd.disruptions import Disruption
from edd.distribution import Distribution
from edd.handling import Handling
from edd.lanes import Lane
from edd.learning.asking import Known
from lib.vocabulary import Status

Source = Literal["merchant", "carrier", "engine", "configuration", "scan"]
"""Who says so: the shop's own promise, the carrier's date, what was learned, our tables and the
merchant's, or the last scan alone."""

#: Whose word counts first, unless the merchant orders them otherwise. "scan" is no choice: with
#: the courier, or after a failed attempt, nothing else is heard.
SOURCES: Final[tuple[Source, ...]] = ("merchant", "carrier", "engine", "configuration")

_NOT_HELD: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})


Kind = Literal["estimated", "guaranteed", "appointment"]
"""What somebody's word about a date is worth: expected, owed by the carrier, agreed with the
shopper."""


class Window(Protocol):
    """A carrier's own delivery window: local calendar dates at the destination."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...

    @property
    def kind(self) -> Kind: ...


@dataclass(frozen=True, slots=True)
class Promise:
    """What the shop told the shopper at the checkout, in local dates; `first` None: by `last`."""

    first: date | None
    last: date


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
    day_rules: tuple[DayRule, ...] = ()
    #: Whose rules they are, and what was learned for them; nothing yet: None.
    merchant: int = 0
    known: Known | None = field(default=None, compare=False)
    #: What the weekly guard asks for instead of the level.
    calibrations: tuple[Calibrated, ...] = ()
    disruptions: tuple[Disruption, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is known of one parcel. Instants are aware; `to_zone` is an IANA name.

    `to_region` is the code or name that the address gives. `promise` is the shop's own.
    `told_last` is the last day that the shopper was told first, whoever said it; `was_doubted`:
    that day was not believed any more when it was asked last.
    """

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
    #: The beginning of the postcode.
    to_prefix: str = ""
    #: What handling may depend on, folded (`edd.handling.folded`); empty: nobody said.
    warehouse: str = ""
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    #: What the newest scan began (`tracking.gaps.stage_of`); empty before any.
    stage: str = ""
    #: The window that is shown now.
    shown: tuple[date, date] | None = None
    promise: Promise | None = None
    told_last: date | None = None
    was_doubted: bool = False

    @property
    def is_held(self) -> bool:
        """Whether the carrier has scanned it: before that, at most its label is known."""
        return self.picked_up_at is not None and self.status not in _NOT_HELD


@dataclass(frozen=True, slots=True)
class Estimate:
    """A delivery window, both days included, in local dates of `zone`.

    `kind` says what the word of its source is worth. `why` holds `reason:value` codes for
    `edd.reasons.explain`. `chances` is the whole distribution wherever something was learned,
    whoever's date is shown; `chances.risk_after` of a promise is the risk (0–1) that it will be
    broken.
    """

    first: date
    last: date
    zone: str
    source: Source
    why: tuple[str, ...]
    chances: Distribution | None = None
    kind: Kind = "estimated"
