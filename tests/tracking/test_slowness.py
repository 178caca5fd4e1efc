"""Slow carriers: what stands out, what does not, and for how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from benchmarks import slowness as network
from tracking.slowness import HISTORY, Tally, Wait, days_behind, is_over, judge

LAST = date(2026, 11, 11)
DAY = timedelta(days=1)

Days = dict[date, dict[int, Tally]]


def quiet(*, shops: int = 4, due: int = 10, late: int = 1) -> Days:
    """Every day the same: one parcel in ten is late."""
    return {
        LAST - back * DAY: {shop: Tally(due, late) for shop in range(shops)}
        for back in range(HISTORY)
    }


def struck(days: Days, *, since: int, late: int, shops: set[int] | None = None) -> Days:
    """So many late of ten in the last `since` days, with these shops or with all."""
    for back in range(since):
        for shop, tally in days[LAST - back * DAY].items():
            if shops is None or shop in shops:
                days[LAST - back * DAY][shop] = Tally(tally.due, late)
    return days


def test_quiet_network_is_quiet() -> None:
    assert judge(quiet(), last=LAST) is None


def test_strike_stands_out_and_says_since_when() -> None:
    found = judge(struck(quiet(), since=2, late=7), last=LAST)
    assert found is not None
    assert (found.since, found.merchants, found.usual) == (LAST - DAY, 4, 0.1)
    assert (found.parcels, round(found.late, 2)) == (120, 0.5)


@pytest.mark.parametrize("shops", [{0}, {0, 1}])
def test_lateness_of_one_or_two_shops_is_theirs(shops: set[int]) -> None:
    assert judge(struck(quiet(), since=7, late=10, shops=shops), last=LAST) is None


def test_two_shops_alone_are_never_judged() -> None:
    assert judge(struck(quiet(shops=2, due=100, late=10), since=3, late=80), last=LAST) is None


def test_few_parcels_prove_nothing() -> None:
    assert judge(struck(quiet(shops=3, due=1, late=0), since=3, late=1), last=LAST) is None


def test_network_that_always_scatters_needs_more() -> None:
    days = quiet()
    for week in range(1, 9, 2):
        for back in range(7 * week, 7 * week + 7):
            days[LAST - back * DAY] = dict.fromkeys(range(4), Tally(10, 5))
    assert judge(struck(days, since=3, late=6), last=LAST) is None


def test_one_bad_week_of_the_past_is_forgiven() -> None:
    days = quiet()
    for back in range(14, 21):
        days[LAST - back * DAY] = dict.fromkeys(range(4), Tally(10, 9))
    assert judge(struck(days, since=3, late=7), last=LAST) is not None


def test_new_lane_is_not_judged() -> None:
    days = {day: shops for day, shops in quiet().items() if day > LAST - 20 * DAY}
    assert judge(struck(days, since=3, late=9), last=LAST) is None


def test_it_is_over_when_parcels_come_in_time_again() -> None:
    slow = struck(quiet(), since=2, late=7)
    assert not is_over(slow, 0.1, last=LAST, seen_on=LAST)
    assert is_over(quiet(), 0.1, last=LAST, seen_on=LAST - DAY)


def test_without_parcels_it_ends_by_itself() -> None:
    assert not is_over({}, 0.1, last=LAST, seen_on=LAST - 9 * DAY)
    assert is_over({}, 0.1, last=LAST, seen_on=LAST - 10 * DAY)


def test_days_are_those_that_would_have_kept_the_promise() -> None:
    waits = [Wait(days, is_open=False) for days in (0, 0, 1, 2, 2, 3, 3, 3, 3, 5)]
    assert days_behind(waits, usual=0.1) == 3


def test_parcels_that_are_still_out_count_as_long_as_they_are_out() -> None:
    # Half of them came two days late, the others are out since yesterday and may take longer.
    waits = [Wait(2, is_open=False)] * 5 + [Wait(1, is_open=True)] * 5
    assert days_behind(waits, usual=0.1) == 2
    assert days_behind([Wait(0, is_open=False)] * 3 + [Wait(2, is_open=True)] * 7, usual=0.1) == 3


def test_quiet_half_year_raises_no_alarm_and_strikes_are_seen() -> None:
    found = network.run(0)
    assert (found.judged, found.alarms) == (18 * 26 * 7, 0)
    # A busy lane, a middling one, and one of a few parcels a day, which takes longer.
    busy, middling, small = (day or 99 for day in found.seen_on)
    assert (busy <= 2, middling <= 3, small <= 10) == (True, True, True)
