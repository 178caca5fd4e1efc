"""Is this silence normal? How long parcels of one node wait for their next scan. Pure.

The counts of `tracking.gaps` are a life table: scans and hours at risk by age. Scans divided by
hours is the hazard of each class of age over all hours and weekdays *as parcels lived them*, and
what is still silent at an age is exp(-its integral) (Nelson and Aalen). That needs no hour to
be averaged over: a night without scans stands in the hours at risk. As in `tracking.hazards`,
each node begins from its parent's hazard and is moved by (scans + k) / (expected + k).

A prior has no hours at risk. There the share still silent is computed for gaps that begin at
each hour of a week, and averaged as often as gaps begin there: where scans are.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from tracking.gap_tables import GapTables, Node, Path
from tracking.gaps import AGES, CELLS, DAYS, HOURS, LONGEST, Counts
from tracking.hazards import Hazard

#: With fewer scans no figure is told to anybody: 9 of 10 would be 9 of 10 give or take one.
FEWEST_TOLD: Final = 60.0
#: How many scans the parent's word is worth: for the pace as a whole, and for each class of age.
#: Less than in `tracking.hazards`, because a quantile adds up many classes.
LEVEL_WEIGHT: Final = 3.0
AGE_WEIGHT: Final = 1.0
#: In hours; the last class of age ends here.
END: Final = LONGEST.total_seconds() / 3600
_BOUNDS: Final = (*(float(age) for age in AGES), END)
#: A parcel silent as long as no other: the most that a quantile says.
_NEVER: Final = math.inf

#: Share still silent at each of `_BOUNDS`; the first is 1.
Curve = tuple[float, ...]


class Scope(StrEnum):
    """What a figure is about."""

    SERVICE_LANE = "service_lane"
    LANE = "lane"
    SERVICE = "service"
    CARRIER = "carrier"
    #: Of no carrier in particular: the prior of the stage.
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Silence:
    """The wait for the next scan, in hours, of one stage.

    Half, 9 of 10 and 19 of 20 parcels are heard of again within `q50`, `q90`, `q95`; at most
    `END`. `n`: effective scans of the node, faded. `is_told`: whether the figures may be shown
    to this merchant: there are enough scans, and of enough merchants.
    """

    q50: float
    q90: float
    q95: float
    n: float
    node: Scope
    is_told: bool
    curve: Curve

    def share_longer(self, age: float) -> float:
        """The share of parcels that are silent at least `age` hours."""
        if age <= 0:
            return 1.0
        place = min(bisect_right(_BOUNDS, age), len(_BOUNDS) - 1) - 1
        start, end = _BOUNDS[place], _BOUNDS[place + 1]
        rate = _rate(self.curve[place], self.curve[place + 1], end - start)
        return self.curve[place] * math.exp(-rate * (age - start))


_Known = dict[tuple[Path, str, bool], Silence]
_KNOWN: Final[WeakKeyDictionary[GapTables, _Known]] = WeakKeyDictionary()


def silence_of(
    tables: GapTables,
    *,
    carrier: str,
    service: str,
    lane: str,
    stage: str,
    merchant: int | None = None,
) -> Silence:
    """The silence that is usual for such a parcel of this merchant."""
    path = tables.path(carrier, lane, stage, service, merchant=merchant)
    is_open = bool(path) and tables.may_tell(path[-1], merchant)
    known = _KNOWN.setdefault(tables, {})
    found = known.get((path, stage, is_open))
    if found is None:
        found = known[path, stage, is_open] = _silence(tables, path, stage, is_open=is_open)
    return found


def _silence(tables: GapTables, path: Path, stage: str, *, is_open: bool) -> Silence:
    rates = _prior_rates(tables.prior(stage))
    for node in path:
        rates = _moved(rates, tables.counts(node))
    curve = _curve(rates)
    n = tables.counts(path[-1]).total if path else 0.0
    return Silence(
        q50=_quantile(curve, 0.5),
        q90=_quantile(curve, 0.9),
        q95=_quantile(curve, 0.95),
        n=n,
        node=_scope(path[-1]) if path else Scope.USUAL,
        is_told=is_open and n >= FEWEST_TOLD,
        curve=curve,
    )


def _scope(node: Node) -> Scope:
    if node.lane:
        return Scope.SERVICE_LANE if node.service else Scope.LANE
    return Scope.SERVICE if node.service else Scope.CARRIER


def _moved(rates: list[float], counts: Counts) -> list[float]:
    """The parent's hazard by age moved to where these counts are: as a whole, then each class."""
    scans = _by_age(counts.scans)
    expected = [rate * hours for rate, hours in zip(rates, _by_age(counts.hours), strict=True)]
    level = (sum(scans) + LEVEL_WEIGHT) / (sum(expected) + LEVEL_WEIGHT)
    return [
        rate * level * (found + AGE_WEIGHT) / (level * awaited + AGE_WEIGHT)
        for rate, found, awaited in zip(rates, scans, expected, strict=True)
    ]


def _by_age(cells: Sequence[float]) -> list[float]:
    return [sum(cells[start : start + HOURS]) for start in range(0, CELLS, HOURS)]


def _curve(rates: list[float]) -> Curve:
    left, found = 1.0, [1.0]
    for rate, (start, end) in zip(rates, pairwise(_BOUNDS), strict=True):
        left *= math.exp(-rate * (end - start))
        found.append(left)
    return tuple(found)


def _rate(before: float, after: float, hours: float) -> float:
    return math.log(before / after) / hours if after > 0 else _NEVER


def _quantile(curve: Curve, share: float) -> float:
    """When this share was heard of again, within the class by its even hazard."""
    left = 1 - share
    for place, (start, end) in enumerate(pairwise(_BOUNDS)):
        if curve[place + 1] <= left:
            rate = _rate(curve[place], curve[place + 1], end - start)
            return start + math.log(curve[place] / left) / rate
    return END


@cache
def _steps() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ages from 0 to END in steps of at most an hour that no class of age lies across: their
    middles, lengths and classes."""
    edges = np.unique(np.concatenate([np.arange(0, END + 1), np.array(_BOUNDS)]))
    middles = (edges[1:] + edges[:-1]) / 2
    return middles, np.diff(edges), np.searchsorted(np.array(_BOUNDS), middles) - 1


def _prior_rates(prior: Hazard) -> list[float]:
    """The prior's hazard by age over gaps that begin at every hour of a week."""
    middles, lengths, places = _steps()
    cells = np.array(prior.cells).reshape(len(AGES), HOURS)
    weekdays = np.array(prior.weekdays)
    starts = np.arange(HOURS * DAYS)
    clock = starts[:, None] + 0.5 + middles[None, :]
    hazard = cells[places[None, :], clock.astype(int) % HOURS]
    hazard *= weekdays[(clock // HOURS).astype(int) % DAYS]
    left = np.exp(-np.cumsum(hazard * lengths, axis=1))
    weights = cells.mean(axis=0)[starts % HOURS] * weekdays[starts // HOURS]
    share = weights @ left / weights.sum()
    ends = np.concatenate([[1.0], share[np.flatnonzero(np.diff(places, append=-1))]])
    widths = np.diff(np.array(_BOUNDS))
    return list(np.log(ends[:-1] / np.maximum(ends[1:], 1e-300)) / widths)
