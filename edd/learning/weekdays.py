"""How the days of a week differ: a courier who rests on Saturday still comes on some.

For each weekday, how many parcels came against how many the hazard alone would have brought.
The factors of a week sum to its business days: they say on which day, never how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from edd.learning.clocks import Clock, Ints, Spans
from edd.learning.knobs import DAYS
from edd.learning.tables import Floats, chances

#: Monday to Sunday, and a public holiday on any of them.
KINDS: Final = 8
_HOLIDAY: Final = 7
#: Deliveries that all calendars' word is worth, beside one calendar's own.
_SHARED: Final = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class Weekdays:
    """A factor on the hazard for each kind of day, one row a calendar (n × KINDS)."""

    factors: Floats

    def calendar_days(self, clock: Clock, place: int, start: int, mass: Floats) -> Floats:
        """Chances by business day since `start` (an ordinal) as chances by calendar day."""
        days = len(clock.works) - (start - clock.first)
        dates = start + np.arange(days)
        step = clock.between(np.full(days, start), dates)
        # A calendar day more than the last business day: what is later stays unsaid.
        until = int(np.searchsorted(step, len(mass)))
        dates, step = dates[:until], step[:until]
        left = 1.0 - np.concatenate(([0.0], np.cumsum(mass[:-1])))
        hazard = np.clip(mass / np.maximum(left, 1e-9), 0.0, 1.0)
        factor = self.factors[place][kinds(clock)[dates - clock.first]]
        by_day = 1.0 - (1.0 - np.minimum(hazard[step], 1.0 - 1e-9)) ** factor
        by_day[0] = hazard[0]
        return chances(by_day)


@lru_cache(maxsize=512)
def kinds(clock: Clock) -> Ints:
    """The kind of each day of a clock: its weekday, or a holiday."""
    weekday = (clock.first + np.arange(len(clock.works)) - 1) % 7
    usual = np.array([clock.works[weekday == day].mean() > 0.5 for day in range(7)])
    return np.where(usual[weekday] & ~clock.works, _HOLIDAY, weekday)


def learn(spans: Spans, *, until: int, days: int = 120, half_life: float = 60.0) -> Weekdays:
    """From the `days` before `until` (an ordinal); without any parcel each rest day is one."""
    hazard = _hazard(spans, until)
    came = np.zeros((len(spans.clocks), KINDS))
    expected = np.zeros((len(spans.clocks), KINDS))
    for place, clock in enumerate(spans.clocks):
        mine = spans.chosen(spans.clock == place)
        kind = kinds(clock)
        far_end = np.where(mine.end > 0, mine.end, until)
        for day in range(max(until - days, clock.first), until):
            waits = (mine.start < day) & (far_end >= day)
            step = clock.between(mine.start[waits], np.full(int(waits.sum()), day))
            weight = 0.5 ** ((until - day) / half_life)
            at = kind[day - clock.first]
            came[place, at] += weight * int((far_end[waits] == day).sum())
            expected[place, at] += weight * float(hazard[np.minimum(step, DAYS - 1)].sum())
    shared = (came.sum(axis=0) + 1.0) / (expected.sum(axis=0) + 1.0)
    factors = (came + _SHARED * shared) / (expected + _SHARED)
    return Weekdays(
        np.array(
            [_level(row, clock) for row, clock in zip(factors, spans.clocks, strict=True)]
        ).reshape(-1, KINDS)
    )


def _level(factors: Floats, clock: Clock) -> Floats:
    """Factors that sum to the business days of a usual week."""
    weekday = (clock.first + np.arange(len(clock.works)) - 1) % 7
    usual = sum(bool(clock.works[weekday == day].mean() > 0.5) for day in range(7))
    found: Floats = factors * (usual / factors[:7].sum())
    return found


def _hazard(spans: Spans, until: int) -> Floats:
    """The plain hazard of all parcels, by business day."""
    lengths = np.minimum(spans.lengths(until), DAYS - 1)
    ended = np.bincount(lengths[spans.ended_by(until)], minlength=DAYS)
    at_risk = np.cumsum(np.bincount(lengths, minlength=DAYS)[::-1])[::-1]
    found: Floats = ended / np.maximum(at_risk, 1)
    return found


@lru_cache(maxsize=512)
def plain(clock: Clock) -> Weekdays:
    """Every business day alike, and nothing on a day of rest."""
    kind = kinds(clock)
    factors = np.array(
        [
            [
                float(clock.works[kind == one].any()) if (kind == one).any() else 0.0
                for one in range(KINDS)
            ]
        ]
    )
    return Weekdays(factors)
