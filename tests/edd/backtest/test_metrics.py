"""The figures, against arrays that were counted by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from edd.backtest.metrics import best_days, score, score_peer
from edd.backtest.orders import Orders
from edd.backtest.report import first_day, last_day, report, scorable
from edd.backtest.walking import HORIZON, Predicted
from edd.learning.knobs import KNOBS
from edd.learning.nodes import column
from tests.edd.backtest.files import HEADER, orders_of

PLACED = date(2025, 3, 3)
#: Four orders of one day: they take 1, 2, 3 and 6 days; promised after 2, 2, none and 4.
LINES = [
    "2025-03-03,,2025-03-03,2025-03-04,2025-03-05,A",
    "2025-03-03,,2025-03-03,2025-03-05,2025-03-05,A",
    "2025-03-03,,2025-03-03,2025-03-06,,B",
    "2025-03-03,,2025-03-03,2025-03-09,2025-03-07,B",
]
#: The chances of days 0, 1, 2 … that were predicted for each of them.
CHANCES = (0.0, 0.3, 0.3, 0.25, 0.1, 0.05)


@pytest.fixture
def orders() -> Orders:
    return orders_of(LINES, f"{HEADER},to_state")


@pytest.fixture
def found() -> Predicted:
    mass = np.zeros((4, HORIZON))
    mass[:, : len(CHANCES)] = CHANCES
    return Predicted(
        np.arange(4),
        np.full(4, PLACED.toordinal()),
        np.cumsum(mass, axis=1),
        np.array([0.1, KNOBS.alert, 0.2, 0.9]),
    )


def test_levels_are_quantiles_of_the_curve(orders: Orders, found: Predicted) -> None:
    """The curve reaches 0.6 on day 2, 0.85 on day 3, 0.95 on day 4."""
    assert score(orders, found)["levels"] == {
        "80": {"on_time": 0.75, "lead": 3.0},
        "90": {"on_time": 0.75, "lead": 4.0},
        "95": {"on_time": 0.75, "lead": 4.0},
    }


def test_window_lies_between_two_quantiles(orders: Orders, found: Predicted) -> None:
    assert score(orders, found)["window90"] == {"coverage": 0.75, "width": 3.0}


def test_lead_at_the_peers_rate_lies_between_levels(orders: Orders, found: Predicted) -> None:
    """The peer kept 2 of 3. Ours keep a half after two days, three quarters after three."""
    figures = score(orders, found)
    assert 2.0 < figures["lead_at_peer_on_time"] <= 3.0
    assert score_peer(orders, found) == {"n": 3, "on_time": 0.6667, "lead": 2.6667}


def test_single_best_date_and_the_middle(orders: Orders, found: Predicted) -> None:
    """The best day is 2, which has neighbours on both sides; the middle is day 2 as well."""
    figures = score(orders, found)
    assert (figures["exact"], figures["within_1"], figures["mae"]) == (0.25, 0.75, 1.5)


def test_pinball_loss(orders: Orders, found: Predicted) -> None:
    """Quantiles 1, 2, 4, 4 of 10, 50, 90, 95 per cent, against 1, 2, 3 and 6 days."""
    by_level = [
        (0.1 * (0 + 1 + 2 + 5)) / 4,
        (0.5 * (1 + 0 + 1 + 4)) / 4,
        (0.1 * (3 + 2 + 1) + 0.9 * 2) / 4,
        (0.05 * (3 + 2 + 1) + 0.95 * 2) / 4,
    ]
    assert score(orders, found)["pinball"] == round(sum(by_level) / 4, 4)


def test_alarms(orders: Orders, found: Predicted) -> None:
    """Only the fourth missed its promise; the second was told of for nothing."""
    assert score(orders, found)["alerts"] == {"recall": 1.0, "precision": 0.5}


def test_promise_that_was_broken_before_the_hand_over_is_late() -> None:
    orders = orders_of(["2025-03-03,,2025-03-08,2025-03-10,2025-03-05"])
    mass = np.ones((1, HORIZON)) / HORIZON
    start = np.array([date(2025, 3, 8).toordinal()])
    found = Predicted(np.zeros(1, dtype=np.int64), start, np.cumsum(mass, axis=1), np.zeros(1))
    assert score(orders, found)["by_month"]["2025-03"]["peer_on_time"] == 0.0
    assert score_peer(orders, found) == {"n": 1, "on_time": 0.0, "lead": -3.0}


def test_months_are_those_of_the_order(orders: Orders, found: Predicted) -> None:
    assert score(orders, found)["by_month"] == {
        "2025-03": {"n": 4, "on_time": 0.75, "lead": 4.0, "peer_on_time": 0.6667}
    }


def test_state_with_few_orders_is_not_called_the_worst(orders: Orders, found: Predicted) -> None:
    assert score(orders, found)["worst_region"] is None


def test_nothing_predicted_has_no_figures(orders: Orders) -> None:
    none = np.zeros(0, dtype=np.int64)
    nothing = Predicted(none, none, np.zeros((0, HORIZON)), np.zeros(0))
    assert score(orders, nothing) == {"n": 0}


def test_best_day_is_never_outside_the_curve() -> None:
    mass = np.zeros((2, HORIZON))
    mass[0, 0] = mass[1, -1] = 1.0
    assert best_days(np.cumsum(mass, axis=1)).tolist() == [0, HORIZON - 1]


# --- as a merchant reads it ----------------------------------------------------------------------


def test_promises_stand_beside_ours_on_the_same_orders(orders: Orders, found: Predicted) -> None:
    """The third order had no promise, so it is in neither column."""
    told = report(
        orders,
        found,
        found,
        which=np.ones(4, dtype=bool),
        carrier_said=np.array([0, 0, 0, date(2025, 3, 6).toordinal()]),
        places=column(["AE", "AE", "SA", "SA"]),
    )["order"]
    assert told["promise"] == {
        "n": 3,
        "on_time": 0.6667,
        "lead": 2.6667,
        "ours": {"80": [0.6667, 3.0], "90": [0.6667, 4.0], "95": [0.6667, 4.0]},
    }
    assert (told["carrier"]["n"], told["carrier"]["on_time"], told["carrier"]["lead"]) == (1, 0, 3)
    assert told["months"]["2025-03"]["promise"] == told["promise"]
    assert told["places"] == {}, "a place with two orders says nothing"


def test_only_chosen_orders_are_told(orders: Orders, found: Predicted) -> None:
    which = np.array([True, False, False, False])
    told = report(
        orders, found, found, which=which, carrier_said=np.zeros(4, dtype=np.int64),
        places=column([""] * 4),
    )  # fmt: skip
    assert (told["order"]["n"], told["handover"]["n"]) == (1, 1)
    assert told["order"]["carrier"] is None


def test_first_weeks_only_teach() -> None:
    orders = orders_of([f"2025-{month:02d}-03,,,," for month in (1, 2, 3, 12)])
    assert first_day(orders, months=24) == date(2025, 3, 3)
    assert first_day(orders, months=3) == date(2025, 9, 8)


def test_newest_weeks_wait_until_nearly_all_have_come() -> None:
    came = [f"2025-03-{day:02d},,,2025-03-{day + 2:02d}," for day in range(1, 18)]
    still_open = [f"2025-03-{day:02d},,,," for day in range(18, 25)]
    orders = orders_of(came + still_open)
    assert last_day(orders) == date(2025, 3, 17)
    which = scorable(orders, first=date(2025, 3, 10), last=date(2025, 3, 17))
    assert int(which.sum()) == 8


def test_no_more_than_eight_weeks_are_left_out() -> None:
    """Where a tenth is always lost, the newest orders are scored all the same."""
    assert last_day(orders_of(["2025-03-03,,,,", "2025-05-03,,,,"])) == date(2025, 3, 8)
