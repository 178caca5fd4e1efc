"""Week by week: on each Monday learn what was known by then, and predict that week's orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edd.backtest.orders import Orders
from edd.distribution import Distribution
from edd.learning.clocks import Ints
from edd.learning.engine import Engine, Journey
from edd.learning.knobs import KNOBS, Knobs
from edd.learning.tables import Floats

Chosen = NDArray[np.bool_]

#: Calendar days that the results tell apart.
HORIZON: Final = 160
#: An alert is worth something as long as there are so many days to the promise.
AHEAD: Final = 2


@dataclass(slots=True, eq=False)
class Predicted:
    """What was predicted, one row an order: its place in the file, when, and the whole curve.

    `reached[i, k]` is the chance that it has come by `start` + k days. `risk` is the highest
    risk of missing the promise that was seen, at the latest `AHEAD` days before it.
    """

    who: Ints
    start: Ints
    reached: Floats
    risk: Floats


@dataclass(slots=True)
class _Rows:
    who: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    reached: list[Floats] = field(default_factory=list)
    risk: list[float] = field(default_factory=list)

    def add(self, who: int, found: Distribution, risk: float) -> None:
        self.who.append(who)
        self.start.append(found.start.toordinal())
        self.reached.append(_curve(found))
        self.risk.append(risk)

    def done(self) -> Predicted:
        return Predicted(
            np.array(self.who, dtype=np.int64),
            np.array(self.start, dtype=np.int64),
            np.array(self.reached).reshape(-1, HORIZON),
            np.array(self.risk, dtype=np.float64),
        )


def walk(
    orders: Orders,
    *,
    start: date,
    knobs: Knobs = KNOBS,
    progress: Callable[[float], None] | None = None,
) -> tuple[Predicted, Predicted]:
    """At the order and at the hand-over, for every delivered order placed from `start` on.

    `progress` is told the share (0–1) that is done, after each week.
    """
    parcels = orders.parcels
    engine = Engine(parcels, knobs)
    at_order, at_hand_over = _Rows(), _Rows()
    scored = (parcels.came > 0) & (parcels.placed >= start.toordinal())
    if not scored.any():
        return at_order.done(), at_hand_over.done()
    learned_to, end = int(parcels.placed.min()), int(parcels.handed.max())
    for monday in _mondays(start, date.fromordinal(end)):
        engine.learn(learned_to, monday - 1)
        engine.refit()
        learned_to = monday
        _orders_of(engine, orders, _week(parcels.placed, monday) & scored, at_order)
        _hand_overs_of(engine, orders, _week(parcels.handed, monday) & scored, at_hand_over)
        if progress is not None:
            progress(min(1.0, (monday + 7 - start.toordinal()) / max(end - start.toordinal(), 1)))
    return _with_later_risk(at_order.done(), at_hand_over.done())


def _with_later_risk(order: Predicted, hand_over: Predicted) -> tuple[Predicted, Predicted]:
    """An order is warned of before it is handed over or after."""
    later = dict(zip(hand_over.who.tolist(), hand_over.risk.tolist(), strict=True))
    order.risk = np.maximum(order.risk, [later.get(who, 0.0) for who in order.who.tolist()])
    return order, hand_over


def _mondays(start: date, last: date) -> Iterator[int]:
    day = start - timedelta(days=start.weekday())
    while day <= last:
        yield day.toordinal()
        day += timedelta(days=7)


def _week(days: Ints, monday: int) -> Chosen:
    return (days >= monday) & (days < monday + 7)


def _curve(found: Distribution) -> Floats:
    mass = np.zeros(HORIZON)
    kept = found.mass[:HORIZON]
    mass[: len(kept)] = kept
    return np.cumsum(mass)


def _orders_of(engine: Engine, orders: Orders, which: Chosen, rows: _Rows) -> None:
    who = np.flatnonzero(which)
    if not len(who):
        return
    found = zip(who.tolist(), engine.journeys(who), engine.at_order(who), strict=True)
    for one, journey, distribution in found:
        promised = int(orders.promised[one]) or distribution.quantile(0.9).toordinal()
        rows.add(one, distribution, _risk_packing(engine, one, journey, promised))


def _hand_overs_of(engine: Engine, orders: Orders, which: Chosen, rows: _Rows) -> None:
    who = np.flatnonzero(which)
    if not len(who):
        return
    for one, distribution in zip(who.tolist(), engine.on_the_road(who), strict=True):
        promised = int(orders.promised[one]) or distribution.quantile(0.9).toordinal()
        came = int(orders.parcels.came[one])
        rows.add(one, distribution, _risk_on_the_road(distribution, promised, came))


def _risk_on_the_road(found: Distribution, promised: int, came: int) -> float:
    """The last risk that is told in time: it only grows while the parcel does not come."""
    looked = min(promised - AHEAD, came)
    if looked < found.start.toordinal():
        return 0.0
    is_open = found.risk_after(date.fromordinal(looked - 1))
    late = found.risk_after(date.fromordinal(promised))
    return late / is_open if is_open > 0 else 1.0


def _risk_packing(engine: Engine, who: int, journey: Journey, promised: int) -> float:
    """The same as long as it was not handed over."""
    parcels = engine.parcels
    looked = min(promised - AHEAD, int(parcels.handed[who]) or promised)
    if looked < journey.start:
        return 0.0
    left = journey.packing * (journey.steps >= looked)
    if left.sum() <= 0:
        return 1.0
    clock = parcels.transit.clocks[journey.clock]
    steps = np.minimum(journey.steps, promised + 1)
    days = clock.between(steps, np.full(len(steps), promised))
    in_time = np.where(
        journey.steps <= promised,
        np.cumsum(journey.road)[np.minimum(days, len(journey.road) - 1)],
        0.0,
    )
    return float(1.0 - (left * in_time).sum() / left.sum())
