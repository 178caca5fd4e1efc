"""Replays a journey against a schedule: a call reveals what was scanned until then, no more."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from benchmarks.journeys import Journey
from lib.vocabulary import Status, status_of
from tracking.gap_tables import GapTables, Node
from tracking.gaps import Counts, Gap, Seen, stage_of
from tracking.schedule import Asking, after_answer

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What the calls made so far have revealed of a journey."""

    journey: Journey
    now: datetime
    scan: Seen
    status: Status
    stage: str


#: When to call next; `first` for the call after the parcel became known.
Schedule = Callable[[Known, bool], datetime]


@dataclass(slots=True)
class Replayed:
    """Hours from each scan to the call that revealed it."""

    calls: int = 0
    parcels: int = 0
    scans: list[float] = field(default_factory=list)
    #: Of those, the ones that entered another sub-status: what `tracking` writes a change for.
    changes: list[float] = field(default_factory=list)
    #: And what happened while we knew that the parcel was out for delivery.
    out: list[float] = field(default_factory=list)

    @property
    def per_parcel(self) -> float:
        return self.calls / self.parcels


def flat(hours: float) -> Schedule:
    """Every so many hours from the beginning to the end, each parcel at a phase of its own."""
    interval = timedelta(hours=hours)

    def schedule(known: Known, first: bool) -> datetime:
        return known.now + interval * (random.random() if first else 1.0)

    return schedule


def adaptive(tables: GapTables, *, pressure: float) -> Schedule:
    """Ours: the product's own function."""

    def schedule(known: Known, first: bool) -> datetime:
        journey = known.journey
        asking = Asking(
            status=known.status,
            now=known.now,
            heard_at=known.scan.at,
            hazard=tables.find(journey.carrier, journey.lane, known.stage),
            offset=known.scan.offset,
            last=journey.last,
            pressure=pressure,
        )
        following = after_answer(asking)
        if following is None:
            raise RuntimeError(f"{journey.name}: given up in {known.status}")
        return following

    return schedule


def replay(journeys: Iterable[Journey], schedule: Schedule) -> Replayed:
    """Play each journey to its end; the dice fall the same way in every run."""
    random.seed(20)
    played = Replayed()
    for journey in journeys:
        played.parcels += 1
        _play(journey, schedule, played)
    return played


def _play(journey: Journey, schedule: Schedule, played: Replayed) -> None:
    scans, seen = journey.scans, 1
    known = _known(journey, scans[0].at, scans[0], None)
    now = schedule(known, True)
    while True:
        played.calls += 1
        was = known
        while seen < len(scans) and scans[seen].at <= now:
            delay = (now - scans[seen].at) / _HOUR
            played.scans.append(delay)
            if scans[seen].sub_status != scans[seen - 1].sub_status:
                played.changes.append(delay)
            if was.status is Status.OUT_FOR_DELIVERY:
                played.out.append(delay)
            known = _known(journey, now, scans[seen], known)
            seen += 1
        if seen == len(scans):
            return
        known = Known(journey, now, known.scan, known.status, known.stage)
        now = schedule(known, False)


def _known(journey: Journey, now: datetime, scan: Seen, before: Known | None) -> Known:
    status = status_of(scan.sub_status) or (before.status if before else Status.IN_TRANSIT)
    stage = stage_of(scan.sub_status, status) or status.value
    return Known(journey, now, scan, status, stage)


def history(carrier: str, gaps: Iterable[tuple[str, Gap]]) -> dict[Node, Counts]:
    """Counts as the nightly job keeps them, of (lane, gap): of the carrier, and of each lane."""
    counted: dict[Node, Counts] = {}
    for lane, gap in gaps:
        for node in (Node(carrier, "", gap.stage), Node(carrier, lane, gap.stage)):
            counted.setdefault(node, Counts()).add(gap)
    return counted


def fitting_pressure(
    make: Callable[[float], Replayed], calls: float, *, turns: int = 9
) -> tuple[float, Replayed]:
    """The pressure at which a parcel takes no more than so many calls, and what came of it."""
    low, high = 0.02, 50.0
    best: tuple[float, Replayed] | None = None
    for _ in range(turns):
        middle: float = (low * high) ** 0.5
        played = make(middle)
        if played.per_parcel > calls:
            low = middle
        else:
            high, best = middle, (middle, played)
    return best or (high, make(high))


def merged(parts: Sequence[Replayed]) -> Replayed:
    whole = Replayed()
    for one in parts:
        whole.calls += one.calls
        whole.parcels += one.parcels
        whole.scans += one.scans
        whole.changes += one.changes
        whole.out += one.out
    return whole
