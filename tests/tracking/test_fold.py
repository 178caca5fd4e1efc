"""The fold: a set of scans means one state, whatever the order of arrival."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.vocabulary import SUB_STATUSES, UNKNOWN, Milestone, Status
from tracking.fold import MappedEvent, ParcelState, fold

START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def scan(hours: float, sub_status: str, **fields: object) -> MappedEvent:
    instant = START + timedelta(hours=hours)
    values = {"key": f"{sub_status}@{hours}", "instant": instant, "sub_status": sub_status}
    return MappedEvent(**(values | fields))  # type: ignore[arg-type]


scans = st.builds(
    scan,
    st.floats(0, 2000).map(lambda hours: round(hours, 1)),
    st.sampled_from([*SUB_STATUSES, UNKNOWN]),
)


@given(st.lists(scans, max_size=15), st.randoms())
def test_fold_ignores_order_and_duplicates(events: list[MappedEvent], random: object) -> None:
    shuffled = events + events[: len(events) // 2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled) == fold(events)


@given(st.lists(scans, max_size=15))
def test_fold_never_invents_a_delivery(events: list[MappedEvent]) -> None:
    state = fold(events)
    said_delivered = any(event.status is Status.DELIVERED for event in events)
    assert not (Milestone.DELIVERED in state.milestones and not said_delivered)
    assert (state.delivered_at is not None) == (state.status is Status.DELIVERED)


@given(st.lists(scans, max_size=15))
def test_fold_fills_every_earlier_milestone(events: list[MappedEvent]) -> None:
    reached = fold(events).milestones
    if Milestone.DELIVERED in reached:
        assert Milestone.OUT_FOR_DELIVERY in reached
    if Milestone.OUT_FOR_DELIVERY in reached:
        assert Milestone.IN_TRANSIT in reached
    if Milestone.IN_TRANSIT in reached:
        assert Milestone.SHIPPED in reached


def test_fold_of_nothing_is_pending() -> None:
    assert fold([]) == ParcelState()


def test_unknown_code_never_changes_the_status() -> None:
    state = fold([scan(0, "transit.generic"), scan(1, UNKNOWN)])
    assert (state.status, state.unknown_events) == (Status.IN_TRANSIT, 1)
    assert state.last_event_at == START + timedelta(hours=1)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        # open region: the latest wins, not the highest rank
        ([(0, "out.on_vehicle"), (2, "attempt.nobody_home")], Status.ATTEMPT_FAILED),
        ([(0, "attempt.nobody_home"), (20, "out.on_vehicle")], Status.OUT_FOR_DELIVERY),
        ([(0, "exception.address"), (5, "transit.generic")], Status.IN_TRANSIT),
        # a label printed late says nothing about a moving parcel
        ([(0, "transit.generic"), (1, "info.label_created")], Status.IN_TRANSIT),
        # same instant: the rank decides
        ([(0, "delivered.generic"), (0, "out.on_vehicle")], Status.DELIVERED),
        # terminal beats later non-terminal …
        ([(0, "delivered.generic"), (5, "transit.generic")], Status.DELIVERED),
        ([(0, "delivered.generic"), (5, "exception.other")], Status.DELIVERED),
        ([(0, "returned.received"), (5, "transit.generic")], Status.RETURNED),
        # … but delivered is opened by the way back
        ([(0, "delivered.generic"), (5, "returning.started")], Status.RETURNING),
        ([(0, "delivered.generic"), (5, "returned.received")], Status.RETURNED),
        # lost parcels are found within 60 days
        ([(0, "lost.declared"), (24 * 59, "transit.generic")], Status.IN_TRANSIT),
        ([(0, "lost.declared"), (24 * 61, "transit.generic")], Status.LOST_OR_DESTROYED),
        ([(0, "lost.declared"), (24 * 200, "delivered.generic")], Status.DELIVERED),
        ([(0, "delivered.generic"), (5, "lost.declared")], Status.DELIVERED),
        # cancelled, yet somebody scans it
        ([(0, "cancelled.by_shipper"), (5, "picked_up.accepted")], Status.PICKED_UP),
        ([(0, "cancelled.by_shipper"), (5, "info.label_created")], Status.CANCELLED),
        # on the way back, scans do not look like progress, and its end is not a delivery
        ([(0, "returning.started"), (5, "transit.generic")], Status.RETURNING),
        ([(0, "returning.started"), (9, "delivered.generic")], Status.RETURNED),
    ],
)
def test_fold_orders_statuses(events: list[tuple[float, str]], expected: Status) -> None:
    assert fold([scan(hours, code) for hours, code in events]).status is expected


def test_return_never_reaches_delivered() -> None:
    state = fold([scan(0, "returning.started"), scan(9, "delivered.generic")])
    assert set(state.milestones) == {
        Milestone.SHIPPED,
        Milestone.IN_TRANSIT,
        Milestone.OUT_FOR_DELIVERY,
    } - {Milestone.OUT_FOR_DELIVERY}


def test_milestone_keeps_its_first_proof_and_says_when_implied() -> None:
    reached = fold([scan(1, "transit.generic"), scan(9, "transit.generic")]).milestones
    assert [(name.value, one.at, one.implied) for name, one in reached.items()] == [
        ("shipped", START + timedelta(hours=1), True),
        ("in_transit", START + timedelta(hours=1), False),
    ]


def test_second_proof_of_delivery_keeps_the_first_time() -> None:
    state = fold([scan(1, "delivered.generic"), scan(3, "delivered.signed")])
    assert state.delivered_at == START + timedelta(hours=1)


def test_attempts_without_numbers_are_told_apart_by_four_hours() -> None:
    hours = (0, 3.9, 24, 28.5)
    state = fold([scan(hour, "attempt.nobody_home") for hour in hours])
    assert [(one.number, one.at) for one in state.attempts] == [
        (1, START),
        (2, START + timedelta(hours=24)),
        (3, START + timedelta(hours=28.5)),
    ]


def test_attempts_with_the_carriers_numbers_are_counted_by_them() -> None:
    events = [scan(hour, "attempt.generic", attempt=n) for hour, n in ((0, 1), (9, 1), (24, 2))]
    assert [one.number for one in fold(events).attempts] == [1, 2]
