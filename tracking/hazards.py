"""How likely the next scan is at this moment: fitted from counts, with priors. Pure.

A hazard is the expected number of scans an hour, given that none came so far. It depends on
the stage, on the age of the last scan and on local hour and weekday. Each table begins as its
parent's and is moved by factors, hour, then age, then cell by cell, every one of them
(scans + k) / (expected + k): with few scans the parent speaks, with many the counts do. The
first parent is the prior of the stage (`gap_priors.csv`); `tracking.gap_tables` says who follows.
"""

from __future__ import annotations

import csv
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from lib.vocabulary import Status
from tracking.gaps import AGES, CELLS, DAYS, HOURS, Counts, Gap, status_stage

#: How many scans the parent's word is worth, for a factor of a margin, a cell and a weekday.
MARGIN_WEIGHT: Final = 3.0
CELL_WEIGHT: Final = 6.0
WEEKDAY_WEIGHT: Final = 10.0
#: How calls follow the hazard. 1/2 would give the least mean delay; more puts calls where most
#: scans are, at the price of the rare ones at odd hours, which QUIETEST limits: no hour and no
#: weekday gets less than this share of the mean.
EXPONENT: Final = 0.75
QUIETEST: Final = 0.45

#: Stages that end at somebody's door or shelf, not in a sorting hall: until a table has seen
#: nights there, they begin with a tenth of the scans from nine in the evening to seven.
AT_THE_DOOR: Final = frozenset(
    {
        Status.PENDING,
        Status.INFO_RECEIVED,
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.ATTEMPT_FAILED,
    }
)
_NIGHT: Final = tuple(0.1 if hour >= 21 or hour < 7 else 1.6 for hour in range(HOURS))

PRIORS: Final = Path(__file__).with_name("gap_priors.csv")
#: The stage that the others begin from.
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Hazard:
    """Scans an hour by age × local hour, times a factor by weekday (Monday first)."""

    cells: array[float]
    weekdays: tuple[float, ...] = (1.0,) * DAYS
    #: How densely calls should lie.
    density: array[float] = field(init=False, repr=False)
    day_density: tuple[float, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        dense = array("d")
        for start in range(0, CELLS, HOURS):
            dense.extend(_density(self.cells[start : start + HOURS]))
        object.__setattr__(self, "density", dense)
        object.__setattr__(self, "day_density", tuple(_density(self.weekdays)))

    def at(self, age: float, hour: int, weekday: int) -> float:
        """Scans an hour at `age` hours after the last one."""
        place = bisect_right(AGES, age) - 1
        return self.cells[place * HOURS + hour] * self.weekdays[weekday]


def _density(hazards: Sequence[float]) -> list[float]:
    dense = [value**EXPONENT for value in hazards]
    least = QUIETEST * sum(dense) / len(dense)
    return [max(value, least) for value in dense]


def fit(counts: Counts, parent: Hazard, *, by_cell: bool = True) -> Hazard:
    """The parent's hazard moved to where these counts are."""
    cells = array("d", parent.cells)
    scans = _smooth(counts.scans)
    for _ in range(2):
        by_hour = [range(hour, CELLS, HOURS) for hour in range(HOURS)]
        by_age = [range(start, start + HOURS) for start in range(0, CELLS, HOURS)]
        for margin in (*by_hour, *by_age):
            found = sum([scans[place] for place in margin])
            expected = sum([counts.hours[place] * cells[place] for place in margin])
            factor = (found + MARGIN_WEIGHT) / (expected + MARGIN_WEIGHT)
            for place in margin:
                cells[place] *= factor
    if by_cell:
        for place in range(CELLS):
            expected = counts.hours[place] * cells[place]
            cells[place] *= (scans[place] + CELL_WEIGHT) / (expected + CELL_WEIGHT)
    return Hazard(cells, _weekdays(counts, parent))


def _smooth(scans: Sequence[float]) -> list[float]:
    """Each hour with a quarter of either neighbour, around midnight too."""
    smooth = []
    for start in range(0, CELLS, HOURS):
        day = scans[start : start + HOURS]
        smooth += [
            (day[hour - 1] + 2 * day[hour] + day[(hour + 1) % HOURS]) / 4 for hour in range(HOURS)
        ]
    return smooth


def _weekdays(counts: Counts, parent: Hazard) -> tuple[float, ...]:
    hours = sum(counts.day_hours)
    rate = counts.total / hours if hours else 0.0
    return tuple(
        before * (scans + WEEKDAY_WEIGHT) / (spent * rate * before + WEEKDAY_WEIGHT)
        for before, scans, spent in zip(
            parent.weekdays, counts.day_scans, counts.day_hours, strict=True
        )
    )


def learn_priors(gaps: Iterable[Gap]) -> dict[str, Hazard]:
    """Tables by stage from nothing but these gaps: all, then statuses, then stages.

    Without cells: what is this general has the shape of a product, and fits a small file.
    """
    counted: dict[str, Counts] = {}
    for gap in gaps:
        for name in {ANY, status_stage(gap.stage), gap.stage}:
            counted.setdefault(name, Counts()).add(gap)
    if ANY not in counted:
        return {}
    rate = counted[ANY].total / sum(counted[ANY].day_hours)
    found = {ANY: fit(counted[ANY], Hazard(array("d", [rate] * CELLS)), by_cell=False)}
    for stage in sorted(
        counted.keys() - {ANY}, key=lambda name: (name != status_stage(name), name)
    ):
        above = found[ANY if stage == status_stage(stage) else status_stage(stage)]
        if stage in AT_THE_DOOR:
            ages, _, weekdays = factors(above)
            above = product(ages, _NIGHT, weekdays)
        found[stage] = fit(counted[stage], above, by_cell=False)
    return found


@lru_cache(maxsize=1)
def shipped_priors() -> dict[str, Hazard]:
    """The tables of `gap_priors.csv`: per stage, hazard by age, factors by hour and weekday."""
    with PRIORS.open(newline="") as file:
        rows = {(row[0], row[1]): [float(cell) for cell in row[2:]] for row in csv.reader(file)}
    return {
        stage: product(ages, rows[stage, "hour"], rows[stage, "weekday"])
        for (stage, kind), ages in rows.items()
        if kind == "age"
    }


def product(ages: Sequence[float], hours: Sequence[float], weekdays: Sequence[float]) -> Hazard:
    """A hazard by age, times a factor by hour, times one by weekday."""
    cells = array("d", (by_age * by_hour for by_age in ages for by_hour in hours))
    return Hazard(cells, tuple(weekdays))


def factors(hazard: Hazard) -> tuple[list[float], list[float], list[float]]:
    """A table without cells of its own as what `product` takes; hours average 1."""
    first = hazard.cells[:HOURS]
    mean = sum(first) / HOURS
    ages = [sum(hazard.cells[start : start + HOURS]) / HOURS for start in range(0, CELLS, HOURS)]
    return ages, [value / mean for value in first], list(hazard.weekdays)
