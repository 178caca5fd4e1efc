"""Which dates count, when a parcel has come, and how each date was kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lib.vocabulary import Status
from tracking.fold import Attempt, ParcelState
from tracking.verdicts import (
    Ended,
    Ending,
    Given,
    Judged,
    Moment,
    carriers_promise,
    counted,
    ending_of,
    judge,
    week_of,
)

MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)


def at(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def day(days: int) -> date:
    return at(days).date()


def arrived(days: int, ending: Ending = Ending.ARRIVED) -> Ended:
    return Ended(ending, at(days), day(days))


def attempt(number: int, days: float) -> Attempt:
    return Attempt(number, at(days), f"k{number}", "attempt.nobody_home")


def given(key: int, made: float, last: int, *, held: bool = False) -> Given:
    return Given(key, at(made), held, day(last - 2), day(last))


def end(state: ParcelState, *, disputed: bool = False, denied: int | None = None) -> object:
    return ending_of(state, disputed=disputed, denied_attempt=denied)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Judged("early", -2)),
        (2, Judged("inside", 0)),
        (4, Judged("inside", 0)),
        (5, Judged("late", 1)),
    ],
)
def test_a_window_is_kept_by_days(days: int, expected: Judged) -> None:
    assert judge(day(2), day(4), arrived(days)) == expected


def test_lost_parcel_breaks_what_has_passed() -> None:
    lost = arrived(5, Ending.LOST)
    assert judge(day(2), day(4), lost) == Judged("late", None)
    assert judge(day(2), day(5), lost) is None


def test_parcel_that_went_back_breaks_what_had_passed_and_cancelled_breaks_nothing() -> None:
    assert judge(day(2), day(4), arrived(5, Ending.RETURNED)) == Judged("late", None)
    assert judge(day(2), day(6), arrived(5, Ending.RETURNED)) is None
    assert judge(day(2), day(4), arrived(5, Ending.VOID)) is None


def test_first_attempt_counts_as_come() -> None:
    state = ParcelState(
        Status.DELIVERED, delivered_at=at(3), status_at=at(3), attempts=(attempt(1, 2),)
    )
    assert end(state) == (Ending.ARRIVED, at(2))


def test_attempt_at_which_nobody_came_does_not() -> None:
    both = ParcelState(
        Status.ATTEMPT_FAILED, status_at=at(3), attempts=(attempt(1, 2), attempt(2, 3))
    )
    assert end(both, denied=1) == (Ending.ARRIVED, at(3))
    one = ParcelState(Status.ATTEMPT_FAILED, status_at=at(2), attempts=(attempt(1, 2),))
    assert end(one, denied=1) is None


def test_disputed_delivery_does_not() -> None:
    state = ParcelState(Status.DELIVERED, delivered_at=at(3), status_at=at(3))
    assert (end(state), end(state, disputed=True)) == ((Ending.ARRIVED, at(3)), None)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.AVAILABLE_FOR_PICKUP, Ending.ARRIVED),
        (Status.LOST_OR_DESTROYED, Ending.LOST),
        (Status.RETURNING, Ending.RETURNED),
        (Status.RETURNED, Ending.RETURNED),
        (Status.CANCELLED, Ending.VOID),
        (Status.IN_TRANSIT, None),
        (Status.EXCEPTION, None),
    ],
)
def test_other_ends(status: Status, expected: Ending | None) -> None:
    found = end(ParcelState(status, status_at=at(4)))
    assert found == (None if expected is None else (expected, at(4)))


def test_each_moment_has_its_date() -> None:
    dates = [given(1, 0, 5), given(2, 1, 6), given(3, 2.2, 5, held=True), given(4, 3, 4, held=True)]
    found = counted(dates, picked_up_at=at(2), ended=arrived(4))
    assert [(moment, one.key) for moment, one in found] == [
        (Moment.ORDER, 1), (Moment.HANDOVER, 3), (Moment.WAY, 2), (Moment.WAY, 4),
    ]  # fmt: skip


def test_date_that_the_pickup_did_not_move_is_judged_at_handover_too() -> None:
    dates = [given(1, 0, 5), given(2, 5, 7, held=True)]
    found = counted(dates, picked_up_at=at(2), ended=arrived(6))
    assert [(moment, one.key) for moment, one in found] == [
        (Moment.ORDER, 1), (Moment.HANDOVER, 1), (Moment.WAY, 2),
    ]  # fmt: skip


def test_what_was_said_after_the_end_is_no_promise() -> None:
    assert counted([given(1, 5, 9)], picked_up_at=at(1), ended=arrived(4)) == []


def test_carriers_promise_is_the_first_after_pickup() -> None:
    said = [given(1, 0, 3), given(2, 1, 4, held=True), given(3, 2, 5, held=True)]
    found = carriers_promise(said, ended=arrived(4))
    assert found is not None
    assert found.key == 2
    assert carriers_promise(said[:1], ended=arrived(4)) is None


def test_week_begins_on_monday() -> None:
    assert [week_of(day(n)) for n in (-1, 0, 6, 7)] == [day(-7), day(0), day(0), day(7)]
