"""The walk: it learns what is the same every time, and knows nothing of what comes after."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from edd.backtest.metrics import best_days, score
from edd.backtest.orders import Orders
from edd.backtest.walking import walk
from edd.learning.clocks import Spans
from tests.edd.backtest.files import BEGIN, later, line, orders_of, steady

START = BEGIN + timedelta(weeks=16)


@pytest.fixture(scope="module")
def alike() -> Orders:
    """All come on the third business day after the order."""
    return orders_of(steady())


def days_of(orders: Orders, who: int) -> int:
    """Calendar days that three business days take."""
    placed = date.fromordinal(int(orders.parcels.placed[who]))
    return (later(placed, 3) - placed).days


def test_what_always_takes_three_business_days_is_promised_so(alike: Orders) -> None:
    for found in walk(alike, start=START):
        truth = [days_of(alike, who) for who in found.who.tolist()]
        assert best_days(found.reached).tolist() == truth
        by_90 = (found.reached >= 0.9).argmax(axis=1).tolist()
        assert by_90 == truth
        figures = score(alike, found)
        assert (figures["exact"], figures["levels"]["90"]["on_time"]) == (1.0, 1.0)


def test_nothing_is_late_so_no_alarm_is_true(alike: Orders) -> None:
    at_order, _ = walk(alike, start=START)
    assert score(alike, at_order)["alerts"] == {"recall": None, "precision": None}


def test_promise_that_cannot_be_kept_is_told_in_time() -> None:
    """Promised after four days, delivered after seven business days, every time."""
    orders = orders_of(steady(road=7, promised=4))
    at_order, _ = walk(orders, start=START)
    assert score(orders, at_order)["alerts"] == {"recall": 1.0, "precision": 1.0}


def test_every_delivered_order_is_predicted_once(alike: Orders) -> None:
    at_order, at_hand_over = walk(alike, start=START)
    expected = np.flatnonzero(alike.parcels.placed >= START.toordinal()).tolist()
    assert sorted(at_order.who.tolist()) == expected
    assert sorted(at_hand_over.who.tolist()) == expected


def test_without_anything_to_score_nothing_is_predicted() -> None:
    orders = orders_of(["2025-01-06,,,,", "2025-01-07,,2025-01-08,,"])
    assert [len(found.who) for found in walk(orders, start=BEGIN)] == [0, 0]


def test_progress_grows_to_the_end(alike: Orders) -> None:
    told: list[float] = []
    walk(alike, start=START, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


# --- nothing leaks -------------------------------------------------------------------------------


def wild(seed: int) -> Orders:
    """Orders that take now this long, now that."""
    chance = random.Random(seed)
    lines = [
        line(
            BEGIN + timedelta(days=day),
            packing=chance.choice((0, 1, 1, 2, 6)),
            road=chance.choice((1, 2, 2, 3, 4, 9, 25)),
            promised=chance.choice((4, 7, 12)),
        )
        for day in range(7 * 26)
        for _ in range(3)
    ]
    return orders_of(lines)


def with_another_future(orders: Orders, monday: int, seed: int) -> Orders:
    """The same orders; of what happens from that Monday on every day is another one."""
    chance = np.random.default_rng(seed)
    parcels = orders.parcels
    latest = int(parcels.came.max())

    def moved(days: np.ndarray, not_before: np.ndarray) -> np.ndarray:
        anew = chance.integers(np.maximum(not_before, monday), latest + 1)
        return np.where(days >= monday, anew, days)

    handed = moved(parcels.handed, parcels.placed)
    came = moved(parcels.came, handed)
    # The calendars reach as far as before: only what happens is another thing.
    return replace(
        orders,
        parcels=replace(
            parcels,
            handed=handed,
            handed_hour=np.where(parcels.handed >= monday, 1, parcels.handed_hour),
            came=came,
            processing=_ending(parcels.processing, parcels.placed, handed),
            transit=_ending(parcels.transit, handed, came),
        ),
    )


def _ending(spans: Spans, start: np.ndarray, end: np.ndarray) -> Spans:
    return Spans(start, end, spans.clock, spans.clocks)


@pytest.mark.parametrize("seed", range(4))
def test_prediction_of_a_monday_knows_nothing_of_what_comes_after(seed: int) -> None:
    orders = wild(seed)
    monday = (BEGIN + timedelta(weeks=18)).toordinal()
    changed = with_another_future(orders, monday, seed)
    assert not np.array_equal(orders.parcels.came, changed.parcels.came)
    curves = []
    for one in (orders, changed):
        at_order, _ = walk(one, start=date.fromordinal(monday))
        mine = at_order.start < monday + 7
        curves.append(dict(zip(at_order.who[mine].tolist(), at_order.reached[mine], strict=True)))
    assert len(curves[0]) == 21
    assert curves[0].keys() == curves[1].keys()
    for who, curve in curves[0].items():
        np.testing.assert_array_equal(curve, curves[1][who])


@pytest.mark.parametrize("seed", range(2))
def test_prediction_at_the_hand_over_knows_nothing_of_what_comes_after(seed: int) -> None:
    """The week's own hand-overs are facts; what follows them is not."""
    orders = wild(seed)
    monday = (BEGIN + timedelta(weeks=18)).toordinal()
    handed = orders.parcels.handed
    came = np.where(
        orders.parcels.came >= monday, int(orders.parcels.came.max()), orders.parcels.came
    )
    changed = replace(
        orders,
        parcels=replace(
            orders.parcels, came=came, transit=_ending(orders.parcels.transit, handed, came)
        ),
    )
    curves = []
    for one in (orders, changed):
        _, at_hand_over = walk(one, start=BEGIN + timedelta(weeks=10))
        mine = (at_hand_over.start >= monday) & (at_hand_over.start < monday + 7)
        curves.append(at_hand_over.reached[mine])
    assert len(curves[0]) > 10
    np.testing.assert_array_equal(curves[0], curves[1])
