"""Parcels as columns, and what is known of each when it is ordered or handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from edd.learning.clocks import Ints, Spans
from edd.learning.nodes import Whereabouts
from edd.learning.tables import Floats

#: Facts that are numbers, with the value that stands in where one is not known.
NUMBERS: Final[Mapping[str, float]] = {
    "distance_km": 500.0,
    "weight_g": 700.0,
    "freight": 15.0,
    "price": 80.0,
    "volume_cm3": 8000.0,
}


@dataclass(frozen=True, slots=True, eq=False)
class Parcels:
    """Columns, one value a parcel. Days are ordinals, 0 where it has not happened."""

    placed: Ints
    placed_hour: Ints
    handed: Ints
    handed_hour: Ints
    #: The first attempt, or the delivery.
    came: Ints
    where: Whereabouts
    numbers: Mapping[str, Floats]
    #: Until when the sender means to hand it over; 0 where it does not say.
    ship_by: Ints
    processing: Spans
    transit: Spans

    def __len__(self) -> int:
        return len(self.placed)


def processing_facts(parcels: Parcels) -> Floats:
    """What is known of a parcel when it is ordered (n × p); NaN is "not known"."""
    hour = parcels.placed_hour
    planned = parcels.processing.start + 0
    planned = np.maximum(parcels.ship_by, planned)
    until = np.full(len(parcels), np.nan)
    said = parcels.ship_by > 0
    for place, clock in enumerate(parcels.processing.clocks):
        mine = said & (parcels.processing.clock == place)
        days = clock.between(parcels.processing.start[mine], planned[mine])
        until[mine] = np.log1p(days.astype(np.float64))
    return np.column_stack(
        (*_shared_facts(parcels, parcels.placed), hour >= 12, hour >= 17, until)
    ).astype(np.float64)


def transit_facts(parcels: Parcels, assumed: tuple[Ints, Ints] | None = None) -> Floats:
    """What is known of a parcel when it is handed over (n × p); NaN is "not known".

    `assumed` says of some parcels (their places) the day on which they probably will be.
    """
    handed = parcels.transit.start
    hour = np.where(parcels.handed > 0, parcels.handed_hour, -1).astype(np.float64)
    if assumed is not None:
        handed, hour = handed.copy(), hour.copy()
        handed[assumed[0]], hour[assumed[0]] = assumed[1], -1
    packed = np.full(len(parcels), np.nan)
    for place, clock in enumerate(parcels.transit.clocks):
        mine = (handed > 0) & (parcels.transit.clock == place)
        begun = np.minimum(parcels.placed[mine], handed[mine])
        packed[mine] = np.log1p(clock.between(begun, handed[mine]).astype(np.float64))
    late = [np.where(hour < 0, np.nan, hour >= bound) for bound in (14, 18, 21)]
    return np.column_stack((*_shared_facts(parcels, handed), packed, *late)).astype(np.float64)


def _shared_facts(parcels: Parcels, day: Ints) -> list[Floats]:
    facts = [np.log1p(parcels.numbers[name]) for name in NUMBERS]
    facts.append(facts[0] ** 2)
    where = parcels.where
    inside = np.array(
        [where.origin.names[one] == where.destination.names[other] for one, other in _pairs(where)],
        dtype=np.float64,
    )
    facts.append(inside)
    weekday = (day - 1) % 7
    facts += [np.where(day > 0, weekday == one, np.nan) for one in range(1, 7)]
    return facts


def _pairs(where: Whereabouts) -> zip[tuple[int, int]]:
    return zip(where.origin.codes.tolist(), where.destination.codes.tolist(), strict=True)
