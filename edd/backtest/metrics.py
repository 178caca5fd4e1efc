"""What the predictions were worth: every figure of the protocol, by name.

Rates are shares (0–1), leads are days from the order or the hand-over to the promised date.
Late means delivered after the promised date. The levels' dates are quantiles of the whole
distribution; the single best date is the likeliest day, its neighbours counted a little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from edd.backtest.orders import Orders
from edd.backtest.walking import HORIZON, Predicted
from edd.learning.clocks import Ints
from edd.learning.knobs import KNOBS, Knobs
from edd.learning.tables import Floats

LEVELS: Final = (0.80, 0.90, 0.95)
_PINBALL: Final = (0.10, 0.50, 0.90, 0.95)
#: Levels among which the lead at a given on-time rate is found, between them by a line.
_FINE: Final = np.concatenate((np.arange(0.50, 0.98, 0.01), (0.98, 0.985, 0.99, 0.995)))
#: A state with fewer orders is not called the worst.
FEWEST: Final = 150
#: Stands for a promise that was not made.
NONE: Final = -(10**9)
#: A week counts as good from this on-time rate on.
_GOOD_WEEK: Final = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Predictions beside what happened; days since the order or the hand-over, 0 or more."""

    found: Predicted
    took: Ints
    #: The file's own promise, which may be broken before the hand-over; NONE where it has none.
    promised: Ints
    region: Ints
    names: list[str]

    def by(self, level: float) -> Ints:
        """The day by which `level` of such parcels come."""
        reached = self.found.reached >= level - 1e-9
        return np.where(reached.any(axis=1), reached.argmax(axis=1), HORIZON - 1)


def score(orders: Orders, found: Predicted, knobs: Knobs = KNOBS) -> dict[str, Any]:
    """All figures of one stage. Empty without predictions."""
    if not len(found.who):
        return {"n": 0}
    scored = beside_truth(orders, found)
    best = best_days(found.reached, knobs)
    off = np.abs(best - scored.took)
    result: dict[str, Any] = {
        "n": len(found.who),
        "levels": {f"{level * 100:.0f}": _level(scored, level) for level in LEVELS},
        "lead_at_peer_on_time": _lead_at(scored, _peer_rate(scored)),
        "lead_at_95": _lead_at(scored, 0.95),
        "window90": _window(scored),
        "pinball": _rounded(np.mean([_pinball(scored, level) for level in _PINBALL])),
        "exact": _rounded((off == 0).mean()),
        "within_1": _rounded((off <= 1).mean()),
        "mae": _rounded(np.abs(scored.by(0.5) - scored.took).mean()),
        "worst_region": _worst_region(scored),
        "weeks_good": _rounded(_good_weeks(scored)),
        "alerts": _alerts(scored, knobs.alert),
        "by_month": _by_month(scored),
    }
    return result


def beside_truth(orders: Orders, found: Predicted) -> Scored:
    """The predictions beside what happened, in days since each one's start."""
    promised = orders.promised[found.who]
    return Scored(
        found,
        np.maximum(orders.parcels.came[found.who] - found.start, 0),
        np.where(promised > 0, promised - found.start, NONE),
        orders.to_region.codes[found.who],
        list(orders.to_region.names),
    )


def score_peer(orders: Orders, found: Predicted) -> dict[str, Any]:
    """The file's own promise on the same orders: on-time rate and mean lead."""
    promised = orders.promised[found.who]
    has = promised > 0
    if not has.any():
        return {"n": 0, "on_time": None, "lead": None}
    late = orders.parcels.came[found.who][has] > promised[has]
    lead = promised[has] - found.start[has]
    return {
        "n": int(has.sum()),
        "on_time": _rounded(1 - late.mean()),
        "lead": _rounded(lead.mean()),
    }


def best_days(reached: Floats, knobs: Knobs = KNOBS) -> Ints:
    """The single best day of each curve."""
    mass = np.diff(reached, axis=1, prepend=0.0)
    around = mass.copy()
    around[:, 1:] += knobs.neighbours * mass[:, :-1]
    around[:, :-1] += knobs.neighbours * mass[:, 1:]
    found: Ints = around.argmax(axis=1)
    return found


def _rounded(value: Any) -> float:
    return round(float(value), 4)


def _level(scored: Scored, level: float) -> dict[str, float]:
    by = scored.by(level)
    return {"on_time": _rounded((scored.took <= by).mean()), "lead": _rounded(by.mean())}


def _peer_rate(scored: Scored) -> float | None:
    has = scored.promised > NONE
    return float((scored.took[has] <= scored.promised[has]).mean()) if has.any() else None


def _lead_at(scored: Scored, rate: float | None) -> float | None:
    """The mean lead that is needed for this on-time rate."""
    if rate is None:
        return None
    days = [scored.by(level) for level in _FINE]
    on_time = [float((scored.took <= by).mean()) for by in days]
    return _rounded(np.interp(rate, on_time, [float(by.mean()) for by in days]))


def _window(scored: Scored) -> dict[str, float]:
    first, last = scored.by(0.05), scored.by(0.95)
    inside = (scored.took >= first) & (scored.took <= last)
    return {"coverage": _rounded(inside.mean()), "width": _rounded((last - first).mean())}


def _pinball(scored: Scored, level: float) -> float:
    off = scored.took - scored.by(level)
    return float(np.maximum(level * off, (level - 1) * off).mean())


def _worst_region(scored: Scored) -> dict[str, Any] | None:
    in_time = scored.took <= scored.by(0.9)
    found = [
        (float(in_time[mine].mean()), int(mine.sum()), scored.names[region])
        for region in np.unique(scored.region).tolist()
        if (mine := scored.region == region).sum() >= FEWEST
    ]
    if not found:
        return None
    rate, n, name = min(found)
    return {"region": name, "n": n, "on_time": _rounded(rate)}


def _good_weeks(scored: Scored) -> float:
    in_time = scored.took <= scored.by(0.9)
    week = (scored.found.start - 1) // 7
    rates = [in_time[week == one].mean() for one in np.unique(week)]
    return float(np.mean([rate >= _GOOD_WEEK for rate in rates]))


def _alerts(scored: Scored, threshold: float) -> dict[str, float | None]:
    """Of the promises that were broken, how many were told in time; and how many alarms were true.

    The promise is the file's own, else ours at level 90.
    """
    promised = np.where(scored.promised > NONE, scored.promised, scored.by(0.9))
    late = scored.took > promised
    told = scored.found.risk >= threshold
    hits = int((late & told).sum())
    return {
        "recall": _rounded(hits / late.sum()) if late.any() else None,
        "precision": _rounded(hits / told.sum()) if told.any() else None,
    }


def _by_month(scored: Scored) -> dict[str, Any]:
    months = [date.fromordinal(day).strftime("%Y-%m") for day in scored.found.start.tolist()]
    by, in_time = scored.by(0.9), scored.took <= scored.by(0.9)
    found: dict[str, Any] = {}
    for month in sorted(set(months)):
        mine = np.array([one == month for one in months])
        has = mine & (scored.promised > NONE)
        found[month] = {
            "n": int(mine.sum()),
            "on_time": _rounded(in_time[mine].mean()),
            "lead": _rounded(by[mine].mean()),
            "peer_on_time": _rounded((scored.took[has] <= scored.promised[has]).mean())
            if has.any()
            else None,
        }
    return found
