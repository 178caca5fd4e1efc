"""Numbers drawn: the chance of each day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import day_bars, percent
from dashboard.clock import Clock
from edd.distribution import Distribution

CLOCK = Clock(datetime(2026, 11, 1, tzinfo=UTC), ZoneInfo("UTC"), "en")
START = date(2026, 11, 2)


def test_unlikely_days_at_both_ends_are_left_out() -> None:
    mass = np.array([0.001, 0.002, 0.6, 0.395, 0.001, 0.001])
    rows = day_bars(Distribution(START, mass), first=START, last=START, marks={}, clock=CLOCK)
    assert [(one["label"], one["by_then"]) for one in rows] == [
        ("Wed 4 Nov", "60%"), ("Thu 5 Nov", "99%"),
    ]  # fmt: skip


def test_share_that_is_not_everything_is_never_said_to_be() -> None:
    assert [percent(one, CLOCK) for one in (0.0, 0.004, 0.5, 0.999, 1.0)] == [
        "0%", "<1%", "50%", "99%", "100%",
    ]  # fmt: skip


@given(
    st.lists(st.floats(0.001, 1), min_size=1, max_size=60), st.floats(0.5, 1)
)  # fmt: skip
def test_long_tails_end_in_one_row(weights: list[float], share: float) -> None:
    mass = np.array(weights) / sum(weights) * share
    rows = day_bars(Distribution(START, mass), first=START, last=START, marks={}, clock=CLOCK)
    assert len(rows) <= 22
    assert max(float(one["length"]) for one in rows) <= 100
