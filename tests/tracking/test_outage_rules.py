"""When a feed counts as dead."""

from __future__ import annotations

import pytest

from tracking.outage_rules import (
    Beat,
    expected_news,
    is_failing,
    is_silent,
    is_well_again,
    speaks_again,
)

WEEK = Beat(answered=200, news=80)


@pytest.mark.parametrize(
    ("beat", "failing", "asked", "expected"),
    [
        (Beat(2, 18), 3, 3, True),
        (Beat(8, 12), 3, 5, True),
        (Beat(9, 11), 3, 3, False),  # not enough of the calls
        (Beat(0, 7), 3, 3, False),  # too few calls to tell
        (Beat(0, 40), 1, 1, False),  # one merchant's account
        (Beat(0, 40), 2, 4, False),  # half of the merchants get answers
    ],
)
def test_failing(beat: Beat, failing: int, asked: int, expected: bool) -> None:
    assert is_failing(beat, merchants_failing=failing, merchants_asked=asked) is expected


def test_recovery_asks_for_more_than_the_edge_of_failing() -> None:
    edge = Beat(10, 10)
    assert not is_failing(edge, merchants_failing=3, merchants_asked=3)
    assert [is_well_again(one) for one in (edge, Beat(2, 0), Beat(3, 0), Beat(8, 2))] == [
        False, False, True, True,
    ]  # fmt: skip


def test_expected_news_follow_how_much_is_asked_now() -> None:
    assert expected_news(Beat(answered=100), [WEEK, Beat(), WEEK]) == 40.0


@pytest.mark.parametrize(
    ("beat", "weeks", "expected"),
    [
        (Beat(answered=100), [WEEK, WEEK], True),
        (Beat(answered=100, news=1), [WEEK, WEEK], False),
        (Beat(answered=100), [WEEK], False),  # one week is no custom
        (Beat(answered=70), [WEEK, WEEK], False),  # 28 were to be expected
        (Beat(answered=29), [WEEK, WEEK], False),
        (Beat(answered=100), [Beat(200, 0, 1), Beat(200, 0, 1)], False),  # a quiet hour
    ],
)
def test_silent(beat: Beat, weeks: list[Beat], expected: bool) -> None:
    assert is_silent(beat, weeks) is expected


def test_one_late_scan_is_no_voice() -> None:
    assert [speaks_again(Beat(news=n)) for n in (0, 2, 3)] == [False, False, True]
