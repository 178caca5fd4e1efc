"""One parcel's question to what was learned: both clocks' chances, and who spoke.

The same arithmetic as `engine`, for a single parcel and from rows that were loaded: tables
that too few parcels (or too few merchants) fill stay silent, and their parents speak.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edd.calendars import Calendar
from edd.learning import nodes
from edd.learning.clocks import Clock, Ints, Spans, clock
from edd.learning.knobs import KNOBS, Knobs
from edd.learning.location import Location
from edd.learning.nodes import Column, Path, Whereabouts
from edd.learning.parcels import NUMBERS, Parcels, processing_facts, transit_facts
from edd.learning.tables import Floats, chances, shrunk
from edd.learning.weekdays import Weekdays, plain

#: Answers that are held for those who ask the same; then all of them are forgotten.
_MOST_ANSWERS: Final = 500

PROCESSING: Final = "processing"
TRANSIT: Final = "transit"
STATE: Final = "state"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A node's days at risk and ends, faded to one day, and how many parcels speak."""

    at_risk: NDArray[np.float32]
    ended: NDArray[np.float32]
    parcels: float


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """The chance of each business day, by the most special node that knew enough.

    `parcels` is how many (faded) spoke at that node; `depth` how far down the path it stands.
    """

    mass: Floats
    node: str
    parcels: float
    depth: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom one parcel learns from: the columns of `Whereabouts`, in words."""

    merchant: str
    kind: str
    origin: str
    origin_prefix: str
    destination: str
    prefix: str
    carrier: str
    service: str

    def facts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True, eq=False)
class Known:
    """What was learned, as loaded: rows by clock and name, models by clock, days by calendar."""

    until: date
    rows: Mapping[str, Mapping[str, Row]]
    models: Mapping[str, Location]
    weekdays: Mapping[str, Floats]
    knobs: Knobs = KNOBS
    _hazards: dict[tuple[str, str], Floats] = field(default_factory=dict)
    _answers: dict[tuple[Hashable, ...], Spoken | None] = field(default_factory=dict)

    def table(self, clock_name: str, path: Path, facts: Mapping[str, str]) -> Spoken | None:
        """Down the path of one clock; None where not even the root has parcels."""
        rows = self.rows.get(clock_name, {})
        hazard, spoke, parcels, depth = None, "", 0.0, -1
        key = ""
        for level, step in enumerate(path):
            name = step.name(facts)
            row = rows.get(name)
            if row is None or row.parcels < self.knobs.fewest:
                continue
            key += f"\n{name}"
            known = self._hazards.get((clock_name, key))
            if known is None:
                weight = self.knobs.parent_weight
                at_risk, ended = row.at_risk.astype(np.float64), row.ended.astype(np.float64)
                known = shrunk(at_risk, ended, hazard, weight=weight)
                self._hazards[clock_name, key] = known
            hazard, spoke, parcels, depth = known, name, row.parcels, level
        if hazard is None:
            return None
        return Spoken(chances(hazard), spoke, parcels, depth)

    def processing(
        self, asked: Asked, placed: date, hour: int, calendar: Calendar
    ) -> Spoken | None:
        """From the order to the hand-over, in the warehouse's business days."""
        key = (PROCESSING, asked, placed, hour, calendar)
        if key not in self._answers:
            one = _one(asked, placed=placed, hour=hour, handed=None, warehouse=calendar)
            self._keep(
                key, self._answer(PROCESSING, nodes.PROCESSING, asked, one, processing_facts)
            )
        return self._answers[key]

    def transit(
        self, asked: Asked, placed: date, handed: date, calendar: Calendar, hour: int = -1
    ) -> Spoken | None:
        """From the hand-over to the first attempt, in the carrier's business days.

        `hour` is that of the hand-over; -1 where it is only expected.
        """
        key = (TRANSIT, asked, placed, hour, calendar, handed)
        if key not in self._answers:
            one = _one(asked, placed=placed, hour=hour, handed=handed, carrier=calendar)
            self._keep(key, self._answer(TRANSIT, nodes.TRANSIT, asked, one, transit_facts))
        return self._answers[key]

    def by_calendar_day(self, key: str, calendar: Calendar, start: date, mass: Floats) -> Floats:
        """Chances by business day since `start` as chances by calendar day."""
        found = self.weekdays.get(key)
        one = clock_of(calendar, start.year)
        factors = Weekdays(found[None, :]) if found is not None else plain(one)
        return factors.calendar_days(one, 0, start.toordinal(), mass)

    def _keep(self, key: tuple[Hashable, ...], answer: Spoken | None) -> None:
        """Parcels of one day and lane ask alike, and each of them with every scan."""
        if len(self._answers) >= _MOST_ANSWERS:
            self._answers.clear()
        self._answers[key] = answer

    def _answer(
        self,
        clock_name: str,
        path: Path,
        asked: Asked,
        parcel: Parcels,
        facts_of: Callable[[Parcels], Floats],
    ) -> Spoken | None:
        """The table's word, blended with the location model's where there is one."""
        facts = asked.facts()
        spoken, model = self.table(clock_name, path, facts), self.models.get(clock_name)
        if spoken is None or model is None:
            return spoken
        effects = nodes.PROCESSING_EFFECTS if clock_name == PROCESSING else nodes.TRANSIT_EFFECTS
        groups = [np.array([nodes.node(step.name(facts))], dtype=np.int64) for step in effects]
        share = self.knobs.location_share
        mass = share * model.chances(facts_of(parcel), groups)[0] + (1.0 - share) * spoken.mass
        return replace(spoken, mass=mass)


@lru_cache(maxsize=512)
def clock_of(calendar: Calendar, year: int) -> Clock:
    """A calendar from the year before this one to the year after."""
    return clock(calendar, date(year - 1, 1, 1), date(year + 1, 12, 31))


def _one(
    asked: Asked,
    *,
    placed: date,
    hour: int,
    handed: date | None,
    warehouse: Calendar | None = None,
    carrier: Calendar | None = None,
) -> Parcels:
    """A single parcel as columns."""
    begun, left = _day(placed), _day(handed)
    zero: Ints = np.zeros(1, dtype=np.int64)
    calendar = warehouse or carrier
    assert calendar is not None
    clocks = [clock_of(calendar, placed.year)]
    names = {name: Column(zero, [value]) for name, value in asked.facts().items()}
    return Parcels(
        placed=begun,
        placed_hour=np.array([hour], dtype=np.int64),
        handed=left if hour >= 0 else zero,
        handed_hour=np.array([hour], dtype=np.int64),
        came=zero,
        where=Whereabouts(**names),
        numbers={name: np.array([usual]) for name, usual in NUMBERS.items()},
        ship_by=zero,
        processing=Spans(begun, left, zero, clocks),
        transit=Spans(left, zero, zero, clocks),
    )


def _day(day: date | None) -> Ints:
    return np.array([day.toordinal() if day else 0], dtype=np.int64)
