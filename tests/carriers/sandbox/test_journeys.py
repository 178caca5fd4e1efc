"""Journeys: believable dates, the same every time, the last steps live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from carriers.sandbox.journeys import Journey, build, visible
from carriers.sandbox.places import spot
from carriers.sandbox.scenarios import KINDS, SCENARIOS
from lib.vocabulary import SUB_STATUSES, UNKNOWN
from tests.carriers.sandbox.conftest import NOW

Make = Callable[..., Journey]
NUMBERS = [f"2312000{n:05d}" for n in range(40)]
A_LONG_TIME = timedelta(days=1)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("abroad", [False, True])
def test_the_same_parcel_travels_the_same_way(journey: Make, scenario: str, abroad: bool) -> None:
    assert journey(scenario, abroad=abroad) == journey(scenario, abroad=abroad)


def test_two_parcels_are_not_scanned_in_the_same_minutes(journey: Make) -> None:
    minutes = [
        tuple(step.at.strftime("%H:%M") for step in journey("happy", number=number).steps)
        for number in NUMBERS
    ]

    assert len(set(minutes)) == len(NUMBERS)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("hour", [0, 3, 7, 12, 20, 23])
def test_past_steps_are_past_in_order_and_by_day(journey: Make, scenario: str, hour: int) -> None:
    now = NOW.replace(hour=hour)
    for number in NUMBERS[:8]:
        steps = journey(scenario, number=number, abroad=True, registered_at=now).steps
        moments = [step.at for step in steps if not step.again]

        assert max(moments) < now
        assert moments == sorted(set(moments))
        assert {h for h in (m.hour for m in moments) if not 6 <= h < 21} == set()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_step_has_a_meaning_in_the_vocabulary(scenario: str) -> None:
    story = SCENARIOS[scenario]
    names = [step.name for step in story.steps]

    assert len(set(names)) == len(names)
    assert {KINDS[step.kind] for step in story.steps} - {UNKNOWN, *SUB_STATUSES} == set()
    told = [KINDS[step.kind] for step in story.steps if KINDS[step.kind] != UNKNOWN]
    assert SUB_STATUSES[told[-1]].status == story.ends


def test_live_steps_follow_each_other_in_real_time(journey: Make) -> None:
    made = journey("happy", played_until="at_depot", live_gap_seconds=15)

    live = [(step.name, (step.at - NOW).total_seconds()) for step in made.steps if step.live]

    assert live == [("out_for_delivery", 15), ("delivered", 30)]


def test_visible_shows_what_has_happened(journey: Make) -> None:
    made = journey("happy", played_until="at_depot", live_gap_seconds=15)

    last_names = [
        visible(made, NOW + timedelta(seconds=s)).steps[-1].name for s in (0, 14, 15, 29, 30)
    ]

    assert last_names == [
        "at_depot", "at_depot", "out_for_delivery", "out_for_delivery", "delivered",
    ]  # fmt: skip


@pytest.mark.parametrize(("played_until", "expected"), [(-1, 0), (0, 1), ("picked_up", 2)])
def test_played_until_counts_the_past_steps(
    journey: Make, played_until: int | str, expected: int
) -> None:
    made = journey("happy", played_until=played_until)

    assert len(visible(made, NOW).steps) == expected


def test_border_steps_are_left_out_at_home(journey: Make) -> None:
    home = {step.kind for step in journey("happy").steps}
    abroad = {step.kind for step in journey("happy", abroad=True).steps}

    assert abroad - home == {
        "left_country", "entered_country", "customs_started", "customs_cleared",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scenario", "days_late"), [("happy", 0), ("delivered", 0), ("slow", 3), ("attempt", 1)]
)
@pytest.mark.parametrize("abroad", [False, True])
def test_arrival_against_the_first_promise(
    journey: Make, scenario: str, days_late: int, abroad: bool
) -> None:
    for number in NUMBERS:
        steps = journey(scenario, abroad=abroad, number=number).steps
        promised = next(step.estimate for step in steps if step.kind == "picked_up")
        assert promised is not None

        assert (steps[-1].at.date() - promised).days == days_late


def test_the_van_leaves_on_the_day_it_delivers(journey: Make) -> None:
    for number in NUMBERS:
        steps = {step.name: step for step in journey("happy", number=number).steps}

        assert steps["out_for_delivery"].at.date() == steps["delivered"].at.date()


def test_a_live_van_moves_the_promise_to_today(journey: Make) -> None:
    made = journey("happy", played_until="arrived_hub", live_gap_seconds=10)

    before = visible(made, NOW).estimate
    after = visible(made, NOW + timedelta(seconds=60)).estimate

    assert before is not None
    assert before > NOW.date()
    assert after == NOW.date()


def test_a_delay_names_a_later_day(journey: Make) -> None:
    made = journey("late")

    before = visible(made, made.steps[-1].at - timedelta(seconds=1)).estimate
    after = visible(made, NOW).estimate

    told_on = made.steps[-1].at.date()
    assert before == told_on + timedelta(days=1)
    assert after == before + timedelta(days=3)


def test_silence_lasts_a_week(journey: Make) -> None:
    silence = NOW - journey("silent").steps[-1].at

    assert 7 <= silence.days <= 8


def test_a_silent_scenario_played_live_is_not_silent_before(journey: Make) -> None:
    made = journey("silent", played_until="arrived_hub")
    past = [step for step in made.steps if not step.live]

    assert NOW - past[-1].at < A_LONG_TIME


def test_out_of_order_lists_in_no_order_and_shows_some_late(journey: Make) -> None:
    made = journey("out_of_order", live_gap_seconds=10)

    at_first = visible(made, NOW).steps
    later = visible(made, NOW + timedelta(seconds=20)).steps

    assert len(later) - len(at_first) == 2
    assert {step.name for step in later} - {step.name for step in at_first} == {
        "departed_hub", "arrived_destination_hub",
    }  # fmt: skip
    assert [step.at for step in later] != sorted(step.at for step in later)


def test_duplicates_tell_the_same_scan_twice(journey: Make) -> None:
    steps = journey("duplicates").steps
    again = [(step.kind, step.at) for step in steps if step.again]

    assert len(again) == 4
    assert {(s.kind, s.at) for s in steps if not s.again} & set(again) == set(again)


@pytest.mark.parametrize(
    "options",
    [
        {"scenario": "teleported"},
        {"played_until": "nowhere"},
        {"played_until": 99},
        {"played_until": -2},
        {"live_gap_seconds": 0},
        {"registered_at": NOW.replace(tzinfo=None)},
    ],
)
def test_build_refuses_what_makes_no_sense(options: dict[str, object]) -> None:
    given: dict[str, object] = {
        "scenario": "happy",
        "number": "1",
        "registered_at": NOW,
        "origin": spot("Jeddah", "SA"),
        "destination": spot("Riyadh", "SA"),
        **options,
    }
    scenario = given.pop("scenario")

    with pytest.raises(ValueError, match=r"scenario|played_until|live_gap_seconds|registered_at"):
        build(scenario, **given)  # type: ignore[arg-type]
