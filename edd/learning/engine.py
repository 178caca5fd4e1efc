"""Two clocks, each a blend of table and location model, one after the other: one distribution.

*Processing* runs from the order to the hand-over, in the warehouse's business days. *Transit*
runs from there to the first attempt, in the carrier's. Dates come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from edd.distribution import Distribution
from edd.learning import location, nodes, weekdays
from edd.learning.clocks import Ints, Spans
from edd.learning.knobs import DAYS, KNOBS, Knobs
from edd.learning.location import Location
from edd.learning.parcels import Parcels, processing_facts, transit_facts
from edd.learning.tables import Floats, Tables, chances, count
from edd.learning.weekdays import Weekdays


class Engine:
    """What was learned of both clocks up to one morning; columns of parcels go in, dates come out.

    Call `learn` for each stretch of days in turn, `refit` once a week.
    """

    def __init__(self, parcels: Parcels, knobs: Knobs = KNOBS) -> None:
        self.parcels = parcels
        self.knobs = knobs
        self.until = 0
        self.processing_model: Location | None = None
        self.transit_model: Location | None = None
        self.weekdays: Weekdays | None = None
        where = parcels.where
        self._processing_levels = [one.nodes for one in where.levels(nodes.PROCESSING)]
        self._transit_levels = [one.nodes for one in where.levels(nodes.TRANSIT)]
        self._processing_groups = [one.nodes for one in where.levels(nodes.PROCESSING_EFFECTS)]
        self._transit_groups = [one.nodes for one in where.levels(nodes.TRANSIT_EFFECTS)]
        self.processing = Tables(len(self._processing_levels))
        self.transit = Tables(len(self._transit_levels))

    def learn(self, first: int, last: int) -> None:
        """Take in the days `first` to `last` (ordinals, both included), each day once."""
        share = 0.5 ** ((last - first + 1) / self.knobs.half_life)
        for tables, spans, levels in (
            (self.processing, self.parcels.processing, self._processing_levels),
            (self.transit, self.parcels.transit, self._transit_levels),
        ):
            tables.fade(share)
            known = spans.start <= last
            known &= spans.start > 0
            who = np.flatnonzero(known)
            tables.add(
                count(
                    spans.chosen(who),
                    [level[who] for level in levels],
                    first=first,
                    last=last,
                    half_life=self.knobs.half_life,
                )
            )
        self.until = last + 1

    def refit(self) -> None:
        """Fit both location models and the days of the week on what was known by `until`."""
        parcels, until, knobs = self.parcels, self.until, self.knobs
        self.processing_model = fit_clock(
            parcels.processing, self._processing_groups, processing_facts(parcels), until, knobs
        )
        self.transit_model = fit_clock(
            parcels.transit, self._transit_groups, transit_facts(parcels), until, knobs
        )
        recent = parcels.transit.chosen(in_window(parcels.transit, until, knobs))
        self.weekdays = weekdays.learn(recent, until=until)

    def on_the_road(self, who: Ints) -> list[Distribution]:
        """When each of these parcels comes, known on the day of its hand-over."""
        mass = self._transit_chances(who, transit_facts(self.parcels)[who])
        spans = self.parcels.transit
        return [
            self._dated(int(spans.start[one]), int(spans.clock[one]), row)
            for one, row in zip(who.tolist(), mass, strict=True)
        ]

    def at_order(self, who: Ints) -> list[Distribution]:
        """When each of these parcels comes, known on the day of its order."""
        return [
            self._dated(one.start, one.clock, one.through(one.packing))
            for one in self.journeys(who)
        ]

    def journeys(self, who: Ints) -> list[Journey]:
        """Both clocks of each of these parcels, known on the day of its order."""
        packing = self._processing_chances(who)
        leaves = self._likely_hand_over(who, packing)
        facts = transit_facts(self.parcels, assumed=(who, leaves))[who]
        road = self._transit_chances(who, facts)
        processing, transit = self.parcels.processing, self.parcels.transit
        found = []
        for place, one in enumerate(who.tolist()):
            start = int(processing.start[one])
            steps = processing.clocks[processing.clock[one]].steps(start, DAYS)
            carrier = transit.clocks[transit.clock[one]]
            offsets = carrier.between(np.full(len(steps), start), steps)
            found.append(
                Journey(start, int(transit.clock[one]), steps, offsets, packing[place], road[place])
            )
        return found

    def _processing_chances(self, who: Ints) -> Floats:
        levels = [level[who] for level in self._processing_levels]
        groups = [group[who] for group in self._processing_groups]
        facts = processing_facts(self.parcels)[who]
        return self._blend(self.processing, self.processing_model, levels, groups, facts)

    def _transit_chances(self, who: Ints, facts: Floats) -> Floats:
        levels = [level[who] for level in self._transit_levels]
        groups = [group[who] for group in self._transit_groups]
        return self._blend(self.transit, self.transit_model, levels, groups, facts)

    def _blend(
        self,
        tables: Tables,
        model: Location | None,
        levels: list[Ints],
        groups: list[Ints],
        facts: Floats,
    ) -> Floats:
        by_table = chances(tables.hazards(levels, self.knobs))
        if model is None:
            return by_table
        share = self.knobs.location_share
        return share * model.chances(facts, groups) + (1.0 - share) * by_table

    def _likely_hand_over(self, who: Ints, packing: Floats) -> Ints:
        """The day by which half of such parcels are handed over."""
        spans = self.parcels.processing
        step = np.argmax(np.cumsum(packing, axis=1) >= 0.5, axis=1)
        return np.array(
            [
                spans.clocks[spans.clock[one]].steps(int(spans.start[one]), at + 1)[at]
                for one, at in zip(who.tolist(), step.tolist(), strict=True)
            ],
            dtype=np.int64,
        )

    def _dated(self, start: int, place: int, mass: Floats) -> Distribution:
        assert self.weekdays is not None, "refit() comes before any date"
        clock = self.parcels.transit.clocks[place]
        return Distribution(
            date.fromordinal(start), self.weekdays.calendar_days(clock, place, start, mass)
        )


def fit_clock(
    spans: Spans, groups: Sequence[Ints], facts: Floats, until: int, knobs: Knobs = KNOBS
) -> Location:
    """The location model of one clock on what was known before `until` (an ordinal)."""
    who = in_window(spans, until, knobs)
    chosen = spans.chosen(who)
    came = chosen.ended_by(until)
    seen = np.where(came, chosen.end, until - 1)
    return location.fit(
        facts[who],
        [group[who] for group in groups],
        chosen.lengths(until),
        came,
        (until - seen).astype(np.float64),
        knobs=knobs,
    )


def in_window(spans: Spans, until: int, knobs: Knobs = KNOBS) -> Ints:
    """The places of those that began before `until`, and not too long before."""
    started = (spans.start > 0) & (spans.start < until)
    return np.flatnonzero(started & (spans.start >= until - knobs.window))


@dataclass(frozen=True, slots=True, eq=False)
class Journey:
    """One parcel's two clocks at order time.

    `steps` are the days of hand-over (ordinals) with the chance of each in `packing`, `offsets` the
    carrier's business days from `start` to each, and `road` the chances from the hand-over on.
    """

    start: int
    clock: int
    steps: Ints
    offsets: Ints
    packing: Floats
    road: Floats

    def through(self, packing: Floats) -> Floats:
        """The chance of each of the carrier's business days since `start`."""
        by_offset = np.bincount(self.offsets, packing, minlength=1)
        return np.convolve(by_offset, self.road)
