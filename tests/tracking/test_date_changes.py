"""A date is announced once it moved far enough from what was told, in however many steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from edd.estimate import Estimate
from tracking.date_changes import date_changes, moved_by
from tracking.models import Shipment
from tracking.outbox import NewChange

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
TODAY = NOW.date()


def day(number: int) -> date:
    return date(2026, 11, 1) + timedelta(days=number)


def parcel(first: int, last: int) -> Shipment:
    """A parcel whose window was told."""
    found = Shipment(pk=1, merchant_id=1, order_id=1, edd_first=day(first), edd_last=day(last))
    found.told_first, found.told_last = found.edd_first, found.edd_last
    return found


def move(
    shipment: Shipment, first: int, last: int, *, threshold: int, silent: bool = False
) -> list[NewChange]:
    """Move its window as a derivation does."""
    made = Estimate(day(first), day(last), "UTC", "configuration", ())
    was = (shipment.edd_first, shipment.edd_last)
    found = date_changes(
        shipment, was, made, announce_days=threshold, silent=silent, now=NOW
    )  # fmt: skip
    shipment.edd_first, shipment.edd_last = made.first, made.last
    return found


def test_first_window_is_told_and_no_change() -> None:
    shipment = Shipment(pk=1, merchant_id=1, order_id=1)
    assert move(shipment, 5, 7, threshold=1) == []
    assert (shipment.told_first, shipment.told_last) == (day(5), day(7))


def test_move_below_the_threshold_is_written_and_told_to_nobody() -> None:
    shipment = parcel(5, 7)
    (change,) = move(shipment, 6, 8, threshold=2)
    assert (change.announce, change.data["now"]) == (False, ["2026-11-07", "2026-11-09"])
    assert (shipment.told_first, shipment.told_last) == (day(5), day(7))


def test_small_moves_add_up_and_are_told_together() -> None:
    shipment = parcel(5, 7)
    told = [move(shipment, 5 + n, 7 + n, threshold=3)[0].announce for n in range(1, 8)]
    assert told == [False, False, True, False, False, True, False]


def test_moves_to_and_fro_are_never_told() -> None:
    shipment = parcel(5, 7)
    told = [move(shipment, 5 + n, 7 + n, threshold=2)[0].announce for n in (1, 0, 1, 0, -1)]
    assert told == [False] * 5


def test_first_day_alone_may_be_news() -> None:
    assert move(parcel(5, 9), 8, 9, threshold=3)[0].announce is True


def test_window_that_only_grew_shorter_with_time_did_not_move() -> None:
    assert moved_by((day(-1), day(3)), (day(1), day(3)), today=TODAY) == 0
    assert moved_by((day(-1), day(3)), (day(1), day(5)), today=TODAY) == 2


def test_silent_move_tells_nothing_and_counts_later() -> None:
    shipment = parcel(5, 7)
    assert move(shipment, 9, 11, threshold=2, silent=True)[0].announce is False
    assert (shipment.told_first, shipment.told_last) == (day(5), day(7))
    assert move(shipment, 9, 12, threshold=2)[0].announce is True


def test_parcel_from_before_counts_from_the_window_it_has() -> None:
    shipment = Shipment(pk=1, merchant_id=1, order_id=1, edd_first=day(5), edd_last=day(7))
    assert move(shipment, 6, 8, threshold=2)[0].announce is False
    assert move(shipment, 7, 9, threshold=2)[0].announce is True


@given(
    threshold=st.integers(1, 6),
    steps=st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), max_size=40),
)
def test_what_is_shown_is_never_a_threshold_away_from_what_was_told(
    threshold: int, steps: list[tuple[int, int]]
) -> None:
    shipment, first, last = parcel(200, 203), 200, 203
    for by_first, by_last in steps:
        told = (shipment.told_first, shipment.told_last)
        first = first + by_first
        last = max(first, last + by_last)
        (change,) = move(shipment, first, last, threshold=threshold)
        away = moved_by(told, (day(first), day(last)), today=TODAY)
        assert change.announce == (away >= threshold)
        now = (shipment.told_first, shipment.told_last)
        assert moved_by(now, (day(first), day(last)), today=TODAY) < threshold
