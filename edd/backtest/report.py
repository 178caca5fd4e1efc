"""A back-test as a merchant reads it: beside each promise what ours would have been.

Everything is JSON: rates are shares (0–1), leads are days, levels are per cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

from edd.backtest.metrics import LEVELS, NONE, Scored, beside_truth, score
from edd.backtest.orders import Orders
from edd.backtest.walking import Predicted
from edd.learning.clocks import Bools, Ints
from edd.learning.nodes import Column

#: Weeks that only teach, before the first one that is predicted.
LEARNING: Final = timedelta(weeks=8)
#: The newest weeks are left out while fewer than this have come, but never more weeks than these:
#: of last week's orders only the quick ones are here yet, which flatters everybody.
_COME: Final = 0.95
_MOST_LEFT_OUT: Final = 8
_CURVE: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98)
#: Groups with fewer orders say nothing; no more groups than these are told.
_GROUP: Final = 10
_GROUPS: Final = 12


def first_day(orders: Orders, *, months: int) -> date:
    """The Monday from which orders are scored: the last `months`, and never the first weeks."""
    placed = orders.parcels.placed
    earliest = date.fromordinal(int(placed.min())) + LEARNING
    chosen = date.fromordinal(int(placed.max())) - timedelta(days=round(months * 30.44))
    day = max(earliest, chosen)
    return day + timedelta(days=-day.weekday() % 7)


def last_day(orders: Orders) -> date:
    """The last day of orders that are scored: nearly all that were placed by then have come."""
    placed = orders.parcels.placed
    newest = int(placed.max())
    for week in range(_MOST_LEFT_OUT):
        end = newest - 7 * week
        mine = (placed > end - 7) & (placed <= end)
        if mine.any() and (orders.parcels.came[mine] > 0).mean() >= _COME:
            return date.fromordinal(end)
    return date.fromordinal(newest - 7 * _MOST_LEFT_OUT)


def scorable(orders: Orders, *, first: date, last: date) -> Bools:
    """Which orders are scored: delivered, and placed in these days."""
    parcels = orders.parcels
    found: Bools = (
        (parcels.came > 0)
        & (parcels.placed >= first.toordinal())
        & (parcels.placed <= last.toordinal())
    )
    return found


def report(
    orders: Orders,
    at_order: Predicted,
    at_hand_over: Predicted,
    *,
    which: Bools,
    carrier_said: Ints,
    places: Column,
) -> dict[str, Any]:
    """All figures. `carrier_said` is the date the carrier gave first (0: none), order by order;
    `places` is what destinations are grouped by."""
    return {
        name: _stage(orders, _only(found, which), carrier_said, places)
        for name, found in (("order", at_order), ("handover", at_hand_over))
    }


def _only(found: Predicted, which: Bools) -> Predicted:
    mine = which[found.who]
    return Predicted(found.who[mine], found.start[mine], found.reached[mine], found.risk[mine])


def _stage(orders: Orders, found: Predicted, carrier_said: Ints, places: Column) -> dict[str, Any]:
    if not len(found.who):
        return {"n": 0}
    scored = beside_truth(orders, found)
    by_carrier = beside_truth(replace(orders, promised=carrier_said), found)
    months = [date.fromordinal(day).strftime("%Y-%m") for day in found.start.tolist()]
    groups = [places.names[code] for code in places.codes[found.who].tolist()]
    by_place = _grouped(scored, groups)
    largest = sorted(by_place, key=lambda name: -by_place[name]["n"])[:_GROUPS]
    return score(orders, found) | {
        "curve": [[round(level * 100, 1), *_kept(scored, level)] for level in _CURVE],
        "promise": _beside(scored),
        "carrier": _beside(by_carrier),
        "months": _grouped(scored, months),
        "places": {name: by_place[name] for name in largest if by_place[name]["n"] >= _GROUP},
    }


def _kept(scored: Scored, level: float, mine: Bools | None = None) -> list[float]:
    """The share that came by the day of this level, and how far off that day was."""
    by = scored.by(level)
    in_time = scored.took <= by
    if mine is not None:
        by, in_time = by[mine], in_time[mine]
    return [round(float(in_time.mean()), 4), round(float(by.mean()), 4)]


def _beside(scored: Scored, mine: Bools | None = None) -> dict[str, Any] | None:
    """A promise and ours on the same orders; None where nothing was promised."""
    has = scored.promised > NONE
    if mine is not None:
        has = has & mine
    if not has.any():
        return None
    in_time = scored.took[has] <= scored.promised[has]
    return {
        "n": int(has.sum()),
        "on_time": round(float(in_time.mean()), 4),
        "lead": round(float(scored.promised[has].mean()), 4),
        "ours": {f"{level * 100:.0f}": _kept(scored, level, has) for level in LEVELS},
    }


def _grouped(scored: Scored, labels: Sequence[str]) -> dict[str, Any]:
    """By label: how many, ours at each level, and the promise beside it."""
    names, codes = np.unique(np.array(labels), return_inverse=True)
    found: dict[str, Any] = {}
    for code, name in enumerate(names.tolist()):
        mine: Bools = codes == code
        found[name] = {
            "n": int(mine.sum()),
            "ours": {f"{level * 100:.0f}": _kept(scored, level, mine) for level in LEVELS},
            "promise": _beside(scored, mine),
        }
    return found
