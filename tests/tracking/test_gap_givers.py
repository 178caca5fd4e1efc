"""That several merchants filled a node can be seen, and not which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import override_settings

from tracking.gap_givers import (
    FORGOTTEN_AFTER,
    MOST_GIVERS,
    NOBODY,
    Givers,
    is_shared,
    joined,
    mark_of,
)
from tracking.gap_tables import Node

LANE = Node("smsa", "AE>SA", "in_transit")
TODAY = date(2026, 11, 9)


def of(*merchants: int) -> Givers:
    return joined({}, merchants, LANE, on=TODAY)


@pytest.mark.parametrize(
    ("givers", "reader", "shared"),
    [
        ((1,), 1, True),  # its own parcels alone
        ((1,), 2, False),
        ((1,), None, False),
        ((1, 2), 1, False),  # with one neighbour it would read that neighbour
        ((1, 2, 3), 1, True),
        ((1, 2, 3), 4, True),
        ((1, 2, 3), None, True),
        ((), 1, False),
    ],
)
def test_node_speaks_to_its_only_merchant_or_to_all(
    givers: tuple[int, ...], reader: int | None, shared: bool
) -> None:
    assert is_shared(of(*givers), LANE, reader, fewest=3) is shared


def test_operator_of_one_firms_shops_may_share_at_once() -> None:
    assert is_shared(of(1), LANE, 2, fewest=1)


def test_merchant_counts_once_however_often_it_gives() -> None:
    givers = joined(of(1, 2), (1, 2), LANE, on=TODAY + timedelta(days=1))
    assert len(givers) == 2


def test_who_is_long_gone_is_forgotten() -> None:
    late = TODAY + FORGOTTEN_AFTER + timedelta(days=1)
    assert set(joined(of(1, 2, 3), (2,), LANE, on=late)) == {mark_of(2, LANE)}


def test_marks_are_bounded() -> None:
    assert len(of(*range(1, 500))) == MOST_GIVERS


def test_unknown_givers_count_for_nobody_and_close_the_node() -> None:
    givers = joined({NOBODY: TODAY.isoformat()}, (1,), LANE, on=TODAY)
    assert is_shared(givers, LANE, 1, fewest=3) is False
    assert is_shared(joined(givers, (2, 3), LANE, on=TODAY), LANE, 1, fewest=3) is True


def test_marks_of_another_key_count_for_nobody() -> None:
    """With a new SECRET_KEY one merchant would otherwise look like two."""
    with override_settings(SECRET_KEY="the key before this one, long enough and varied 0123456789"):
        before = of(1, 2)
    givers = joined(before, (1,), LANE, on=TODAY)
    assert len(givers) == 3
    assert [is_shared(givers, LANE, who, fewest=3) for who in (1, None)] == [False, False]


def test_marks_name_nobody_and_join_nothing() -> None:
    other = Node("smsa", "AE>KW", "in_transit")
    marks = [mark_of(1, LANE), mark_of(1, other), mark_of(2, LANE)]
    assert len({mark.split(":")[1] for mark in marks}) == 3
    assert all(len(mark) == 21 for mark in marks)
