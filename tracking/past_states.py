"""The states that parcels went through: where they were scanned last, and how long ago.

Each scan begins a state, and so do certain business days of silence after it
(`edd.learning.states`). All of them end when the parcel comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db import connection

from edd.learning.clocks import Clock, Ints, Spans
from edd.learning.nodes import Column, Whereabouts, column
from edd.learning.states import SILENCES, state_of
from lib.vocabulary import Status
from tracking.gaps import stage_of
from tracking.past_parcels import Chunk

#: Nobody holds it yet: the warehouse's clock runs.
_NOT_HELD: Final = frozenset({Status.PENDING.value, Status.INFO_RECEIVED.value})

_SCANS: Final = """
SELECT shipment_id, (at AT TIME ZONE 'UTC' + utc_offset * INTERVAL '1 minute')::date
       - DATE '0001-01-01' + 1, sub_status
FROM tracking_event
WHERE shipment_id = ANY(%s) AND quarantined = '' AND at IS NOT NULL
ORDER BY shipment_id, at, id
"""


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """One row for each state of a parcel: its clock, and whom it teaches."""

    spans: Spans
    where: Whereabouts


def visits(chunk: Chunk, *, since: date) -> Visits | None:
    """The states of these parcels that were not over before `since`; None without any scan."""
    road = chunk.parcels.transit
    going = (road.start > 0) & ((road.end == 0) | (road.end >= since.toordinal()))
    places = {chunk.shipments[place]: place for place in np.flatnonzero(going).tolist()}
    if not places:
        return None
    who: list[int] = []
    starts: list[int] = []
    states: list[str] = []
    for shipment, scans in _scans(list(places)):
        place = places[shipment]
        clock = road.clocks[int(road.clock[place])]
        for start, state in sorted(_states(scans, clock, int(road.end[place]))):
            who.append(place)
            starts.append(start)
            states.append(state)
    if not who:
        return None
    rows = np.array(who, dtype=np.int64)
    begun = np.array(starts, dtype=np.int64)
    spans = Spans(begun, road.end[rows], road.clock[rows], road.clocks)
    return Visits(spans, _where(chunk.parcels.where, rows, column(states)))


def _scans(shipments: Sequence[int]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """The scans of each parcel in order: the local day, and the stage that it begins."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SCANS, [list(shipments)])
        for shipment, day, sub_status in cursor:
            stage = stage_of(sub_status)
            if stage is not None and stage not in _NOT_HELD:
                found[shipment].append((day, stage))
    yield from found.items()


def _states(scans: Sequence[tuple[int, str]], clock: Clock, came: int) -> set[tuple[int, str]]:
    """When which state began; scans of one day and stage begin one."""
    found = set()
    last = clock.first + len(clock.works) - 1
    for place, (day, stage) in enumerate(scans):
        if not clock.first < day < last or (came and day > came):
            continue
        after = scans[place + 1][0] if place + 1 < len(scans) else came or last
        begins = clock.steps(day, SILENCES[-1] + 1)[list(SILENCES)]
        for silent, start in zip(SILENCES, begins, strict=True):
            if silent == 0 or (start < after and not (came and start > came)):
                found.add((int(start), state_of(stage, silent)))
    return found


def _where(where: Whereabouts, rows: Ints, state: Column) -> Whereabouts:
    return Whereabouts(
        merchant=where.merchant.chosen(rows),
        kind=where.kind.chosen(rows),
        origin=where.origin.chosen(rows),
        origin_prefix=where.origin_prefix.chosen(rows),
        destination=where.destination.chosen(rows),
        prefix=where.prefix.chosen(rows),
        carrier=where.carrier.chosen(rows),
        service=where.service.chosen(rows),
        state=state,
    )
