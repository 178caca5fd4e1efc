"""From scans to state: a pure function of the *set* of events.

Any order of arrival and any duplication give the same state, because the events are
sorted by (instant, rank of the status, key) and nothing else is remembered. No I/O, no
Django. The rules are those of `docs/architecture.md`, "Order of events".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lib.vocabulary import PHYSICAL, RANK, TERMINAL, Milestone, Status, status_of

#: A parcel that was declared lost is found again by a scan within this time.
LOST_REOPENS_WITHIN: Final = timedelta(days=60)
#: Two failed attempts that the carrier does not number are two when this far apart.
ATTEMPT_GAP: Final = timedelta(hours=4)

_ON_RETURN_STAY: Final = frozenset(
    {Status.PICKED_UP, Status.IN_TRANSIT, Status.CUSTOMS, Status.OUT_FOR_DELIVERY}
)
_SHIPPED: Final = (Milestone.SHIPPED,)
_MOVING: Final = (Milestone.SHIPPED, Milestone.IN_TRANSIT)
_OUT: Final = (*_MOVING, Milestone.OUT_FOR_DELIVERY)

#: What a status proves, in order; the last one is the one it reaches itself.
REACHES: Final[dict[Status, tuple[Milestone, ...]]] = {
    Status.PICKED_UP: _SHIPPED,
    Status.IN_TRANSIT: _MOVING,
    Status.CUSTOMS: _MOVING,
    Status.AVAILABLE_FOR_PICKUP: _MOVING,
    Status.RETURNING: _MOVING,
    Status.RETURNED: _MOVING,
    Status.OUT_FOR_DELIVERY: _OUT,
    Status.ATTEMPT_FAILED: _OUT,
    Status.DELIVERED: (*_OUT, Milestone.DELIVERED),
}
_OWN: Final[dict[Status, Milestone]] = {
    Status.PICKED_UP: Milestone.SHIPPED,
    Status.IN_TRANSIT: Milestone.IN_TRANSIT,
    Status.CUSTOMS: Milestone.IN_TRANSIT,
    Status.OUT_FOR_DELIVERY: Milestone.OUT_FOR_DELIVERY,
    Status.DELIVERED: Milestone.DELIVERED,
}


@dataclass(frozen=True, slots=True)
class MappedEvent:
    """One scan after mapping. `instant` is the carrier's, or when we received an undated one.

    `key` identifies the scan; equal keys are the same scan.
    """

    key: str
    instant: datetime
    sub_status: str
    attempt: int | None = None
    place: str = ""

    @property
    def status(self) -> Status | None:
        return status_of(self.sub_status)


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone, when, and the scan that proves it; `implied` when a later one proved it."""

    milestone: Milestone
    at: datetime
    key: str
    implied: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One failed delivery attempt; `number` counts from 1."""

    number: int
    at: datetime
    key: str
    sub_status: str


@dataclass(frozen=True, slots=True)
class ParcelState:
    """Everything that follows from the scans alone."""

    status: Status = Status.PENDING
    sub_status: str = "pending.not_registered"
    status_at: datetime | None = None
    status_key: str = ""
    milestones: dict[Milestone, Reached] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    picked_up_at: datetime | None = None
    delivered_at: datetime | None = None
    last_event_at: datetime | None = None
    last_place: str = ""
    return_leg: bool = False
    unknown_events: int = 0

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL


def fold(events: Iterable[MappedEvent]) -> ParcelState:
    """The state that this set of events means. Cost is linear after one sort."""
    known: list[tuple[MappedEvent, Status]] = []
    unknown = 0
    ordered = sorted({event.key: event for event in events}.values(), key=_order)
    for event in ordered:
        status = event.status
        if status is None:
            unknown += 1
        else:
            known.append((event, status))
    walk = _Walk()
    for event, status in known:
        walk.take(event, status)
    last = ordered[-1] if ordered else None
    return ParcelState(
        status=walk.status,
        sub_status=walk.sub_status,
        status_at=walk.at,
        status_key=walk.key,
        milestones=_milestones(known, delivered=walk.status is Status.DELIVERED),
        attempts=_attempts(known),
        picked_up_at=next((event.instant for event, status in known if status in PHYSICAL), None),
        delivered_at=walk.at if walk.status is Status.DELIVERED else None,
        last_event_at=last.instant if last else None,
        last_place=next((event.place for event in reversed(ordered) if event.place), ""),
        return_leg=walk.return_leg,
        unknown_events=unknown,
    )


def _order(event: MappedEvent) -> tuple[datetime, int, str]:
    status = event.status
    return (event.instant, RANK[status] if status else -2, event.key)


class _Walk:
    """Carries the status through the sorted events."""

    def __init__(self) -> None:
        self.status = Status.PENDING
        self.sub_status = "pending.not_registered"
        self.at: datetime | None = None
        self.key = ""
        self.return_leg = False
        self.moved = False

    def take(self, event: MappedEvent, status: Status) -> None:
        if status in TERMINAL and status is not Status.DELIVERED and self.status in TERMINAL:
            wins = not (self.status is Status.DELIVERED and status is Status.LOST_OR_DESTROYED)
        elif self.status in TERMINAL:
            wins = self._reopens(event, status)
        else:
            # A label printed late says nothing about a parcel that already moves.
            wins = not (self.moved and status in {Status.PENDING, Status.INFO_RECEIVED})
        if wins:
            self._enter(event, status)

    def _reopens(self, event: MappedEvent, status: Status) -> bool:
        """Whether an event after a terminal one opens the parcel again (or delivers it)."""
        if self.status is Status.DELIVERED:
            return status in {Status.RETURNING, Status.DELIVERED}
        if status not in PHYSICAL:
            return False
        if self.status is Status.LOST_OR_DESTROYED:
            in_time = self.at is not None and event.instant - self.at <= LOST_REOPENS_WITHIN
            return in_time or status is Status.DELIVERED
        # Returned stays returned; cancelled does not when somebody holds the parcel after all.
        return self.status is Status.CANCELLED

    def _enter(self, event: MappedEvent, status: Status) -> None:
        sub_status = event.sub_status
        if status in {Status.RETURNING, Status.RETURNED}:
            self.return_leg = True
        elif self.return_leg and status in _ON_RETURN_STAY:
            status, sub_status = Status.RETURNING, "returning.started"
        elif self.return_leg and status is Status.DELIVERED:
            # Handed over at the end of the way back: to the shop, not to the shopper.
            status, sub_status = Status.RETURNED, "returned.received"
        if status is Status.DELIVERED and self.status is Status.DELIVERED:
            return  # a second proof of the same delivery (signature, photo) keeps the first time
        self.moved = self.moved or status in PHYSICAL
        self.status, self.sub_status = status, sub_status
        self.at, self.key = event.instant, event.key


def _milestones(
    known: list[tuple[MappedEvent, Status]], *, delivered: bool
) -> dict[Milestone, Reached]:
    """Each milestone once, with its first proof. `delivered` only where it still stands."""
    found: dict[Milestone, Reached] = {}
    return_leg = False
    for event, status in known:
        own = _OWN.get(status)
        return_leg = return_leg or status in {Status.RETURNING, Status.RETURNED}
        for milestone in REACHES.get(status, ()):
            if milestone is Milestone.DELIVERED and (return_leg or not delivered):
                continue
            if milestone is Milestone.OUT_FOR_DELIVERY and return_leg:
                continue
            if milestone not in found:
                implied = milestone is not own
                found[milestone] = Reached(milestone, event.instant, event.key, implied)
    return found


def _attempts(known: list[tuple[MappedEvent, Status]]) -> tuple[Attempt, ...]:
    """Failed attempts, numbered by the carrier's own numbers or by a gap of four hours."""
    found: list[Attempt] = []
    numbers: set[int] = set()
    last_at: datetime | None = None
    for event, status in known:
        if status is not Status.ATTEMPT_FAILED:
            continue
        if event.attempt is not None:
            is_new = event.attempt not in numbers
            numbers.add(event.attempt)
        else:
            is_new = last_at is None or event.instant - last_at >= ATTEMPT_GAP
        if is_new:
            found.append(Attempt(len(found) + 1, event.instant, event.key, event.sub_status))
        last_at = event.instant
    return tuple(found)
