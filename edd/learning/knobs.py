"""Every figure that was chosen, in one place.

They were chosen on the orders of 2017 of the data that docs/dates.md describes, by walks
forward from June to December; what was settled with a look at later months is named there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Business days that a table tells apart; what takes longer is in the last.
DAYS: Final = 61


@dataclass(frozen=True, slots=True)
class Knobs:
    """Half-lives are in days.

    Of the tables, which follow the network; of the location model's effects, which are
    about places and change slowly; of its residuals, which carry the present pace.
    """

    half_life: float = 30.0
    effects_half_life: float = 80.0
    residuals_half_life: float = 21.0
    #: How many parcels a parent's word is worth, beside a table's own.
    parent_weight: float = 10.0
    #: The same for an effect of the location model.
    effect_weight: float = 20.0
    ridge: float = 10.0
    #: The location model's share of the blend; the tables have the rest.
    location_share: float = 0.7
    #: Residuals are kept for so many classes of expected length, and for all together.
    classes: int = 5
    class_share: float = 0.5
    #: Older parcels are not looked at by the location model.
    window: int = 240
    #: Fewer effective parcels than this in a table: only its parent speaks.
    fewest: float = 10.0
    #: How much the neighbours of a day count when the single best date is chosen.
    neighbours: float = 0.15
    #: From this risk on it is said that a parcel will be late. At it four of five broken
    #: promises were foreseen, and every second warning came true.
    alert: float = 0.46


KNOBS: Final = Knobs()
