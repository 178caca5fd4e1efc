"""Life tables: how many parcels were still on their way on business day j, how many came then.

Each day that a parcel waits is counted on that day, whether or not it came in the end. So a
parcel that is still open teaches as much as one that arrived, nothing is fitted on the quick
ones alone, and each night costs what is open that night, however long the history. A day's
weight halves with every half-life.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edd.learning.clocks import Bools, Ints, Spans
from edd.learning.knobs import DAYS, KNOBS, Knobs

Floats = NDArray[np.float64]
_TINY = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Rows of one level: which node, its days at risk and its ends by business day (n × DAYS)."""

    nodes: Ints
    at_risk: Floats
    ended: Floats


def count(
    spans: Spans, levels: Sequence[Ints], *, first: int, last: int, half_life: float
) -> list[Counted]:
    """What happened on the days `first` to `last` (ordinals, both included), by node.

    `levels` holds, from general to special, each span's node. The weight of a day halves with
    every `half_life` days before `last`.
    """
    found, places = [], []
    for level in levels:
        nodes, place = np.unique(level, return_inverse=True)
        found.append(nodes)
        places.append(place)
    at_risk = [np.zeros(len(nodes) * DAYS) for nodes in found]
    ended = [np.zeros(len(nodes) * DAYS) for nodes in found]
    for who, step, came, weight in _batches(_days(spans, first, last, half_life)):
        for place, risk, end in zip(places, at_risk, ended, strict=True):
            cell = place[who] * DAYS + step
            risk += np.bincount(cell, weight, len(risk))
            end += np.bincount(cell[came], weight[came], len(end))
    return [
        Counted(nodes, risk.reshape(-1, DAYS), end.reshape(-1, DAYS))
        for nodes, risk, end in zip(found, at_risk, ended, strict=True)
    ]


#: Who waited on one day, on which business day of theirs, whether it came, and the weight.
_Day = tuple[Ints, Ints, Bools, Floats]


def _days(spans: Spans, first: int, last: int, half_life: float) -> Iterator[_Day]:
    order = np.argsort(spans.start, kind="stable")
    started = spans.start[order]
    far_end = np.where(spans.end > 0, spans.end, last + 1)
    is_open = order[: np.searchsorted(started, first)]
    is_open = is_open[far_end[is_open] >= first]
    for day in range(first, last + 1):
        new = order[np.searchsorted(started, day) : np.searchsorted(started, day, side="right")]
        is_open = np.concatenate((is_open, new))
        came = far_end[is_open] == day
        step = np.zeros(len(is_open), dtype=np.int64)
        counts = came | (spans.start[is_open] == day)
        for place, clock in enumerate(spans.clocks):
            mine = spans.clock[is_open] == place
            begun = spans.start[is_open[mine]]
            step[mine] = clock.between(begun, np.full(len(begun), day, dtype=np.int64))
            if clock.works[day - clock.first]:
                counts |= mine
        counts &= step < DAYS
        weight = np.full(int(counts.sum()), 0.5 ** ((last - day) / half_life))
        yield is_open[counts], step[counts], came[counts], weight
        is_open = is_open[~came]


def _batches(days: Iterable[_Day], size: int = 500_000) -> Iterator[_Day]:
    """Several days at once: a small day costs as much as a table is long."""
    held: list[_Day] = []
    for day in days:
        held.append(day)
        if sum(len(one[0]) for one in held) >= size:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(days: Sequence[_Day]) -> _Day:
    who, step, came, weight = zip(*days, strict=True)
    return np.concatenate(who), np.concatenate(step), np.concatenate(came), np.concatenate(weight)


@dataclass(slots=True, eq=False)
class Tables:
    """The rows of one clock, level by level, faded to one day. In memory, without limits."""

    levels: int
    rows: list[dict[int, int]] = field(default_factory=list)
    at_risk: list[Floats] = field(default_factory=list)
    ended: list[Floats] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = [{} for _ in range(self.levels)]
        self.at_risk = [np.zeros((0, DAYS)) for _ in range(self.levels)]
        self.ended = [np.zeros((0, DAYS)) for _ in range(self.levels)]

    def fade(self, share: float) -> None:
        """Let what was counted weigh only `share` of what it did."""
        for table in (*self.at_risk, *self.ended):
            table *= share

    def add(self, counted: Sequence[Counted]) -> None:
        """Add one count for each level."""
        for level, one in enumerate(counted):
            rows = self.rows[level]
            new = [node for node in one.nodes.tolist() if node not in rows]
            for node in new:
                rows[node] = len(rows)
            grown = np.zeros((len(new), DAYS))
            self.at_risk[level] = np.concatenate((self.at_risk[level], grown))
            self.ended[level] = np.concatenate((self.ended[level], grown))
            at = [rows[node] for node in one.nodes.tolist()]
            self.at_risk[level][at] += one.at_risk
            self.ended[level][at] += one.ended

    def hazards(self, levels: Sequence[Ints], knobs: Knobs = KNOBS) -> Floats:
        """The hazard of each parcel (n × DAYS): down its path, from general to special."""
        found = None
        for level, nodes in enumerate(levels):
            rows = self.rows[level]
            at = np.array([rows.get(node, -1) for node in nodes.tolist()], dtype=np.int64)
            here = (at >= 0)[:, None]
            risk = np.where(here, self.at_risk[level][at], 0.0) if len(rows) else np.zeros((1, 1))
            ends = np.where(here, self.ended[level][at], 0.0) if len(rows) else np.zeros((1, 1))
            found = shrunk(risk, ends, found, weight=knobs.parent_weight)
        assert found is not None
        return found


#: Before anything is known one parcel in so many comes on each business day.
_FIRST_GUESS = 1 / 15


def shrunk(
    at_risk: Floats, ended: Floats, parent: Floats | None, *, weight: float = KNOBS.parent_weight
) -> Floats:
    """The hazard of a node between its own counts and its parent's hazard (… × DAYS).

    The parent's word counts as `weight` parcels that set out together, so it counts for less
    on the later days, when fewer of them would be left. That is h = (E + k·S·h') / (R + k·S).
    Without a parent a weak first guess takes its place.
    """
    if parent is None:
        return np.clip((ended + 0.3 * _FIRST_GUESS) / (at_risk + 0.3), 0.0, 1.0)
    left = weight * surviving(parent)
    return np.clip((ended + left * parent) / (at_risk + left + _TINY), 0.0, 1.0)


def surviving(hazard: Floats) -> Floats:
    """The share that is still on its way when each business day begins; last axis is days."""
    stays = np.cumprod(1.0 - hazard, axis=-1)
    return np.concatenate((np.ones_like(stays[..., :1]), stays[..., :-1]), axis=-1)


def chances(hazard: Floats) -> Floats:
    """The chance of each business day; what is missing comes later."""
    return surviving(hazard) * hazard
