"""Counting gaps between scans: where hours and scans land, and that counting adds up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.vocabulary import Status
from tracking.gaps import AGES, HOURS, Counts, Gap, Seen, gaps_of, stage_of

#: A Monday, ten in the morning.
TEN = datetime(2026, 11, 9, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def counted(*gaps: Gap) -> Counts:
    counts = Counts()
    for gap in gaps:
        counts.add(gap)
    return counts


def gap(hours: float, *, closed: bool = True, **fields: object) -> Gap:
    return Gap("in_transit", TEN, TEN + hours * HOUR, closed, **fields)  # type: ignore[arg-type]


def cell(age: float, hour: int) -> int:
    return AGES.index(age) * HOURS + hour


def test_scan_is_counted_at_its_age_and_local_hour() -> None:
    counts = counted(gap(3.5))
    assert {place: n for place, n in enumerate(counts.scans) if n} == {cell(3, 13): 1.0}


def test_offset_moves_the_hour_and_the_weekday() -> None:
    counts = counted(gap(3.5, offset=timedelta(hours=12)))
    assert (counts.scans[cell(3, 1)], list(counts.day_scans)) == (1.0, [0, 1, 0, 0, 0, 0, 0])


def test_hours_at_risk_add_up() -> None:
    counts = counted(gap(30.25), gap(2, closed=False))
    assert (sum(counts.hours), sum(counts.day_hours)) == (pytest.approx(32.25), sum(counts.hours))


def test_open_gap_counts_its_hours_and_no_scan() -> None:
    counts = counted(gap(5, closed=False))
    assert (counts.total, sum(counts.hours)) == (0.0, pytest.approx(5))


def test_gap_counted_in_two_parts_is_the_gap_counted_at_once() -> None:
    middle = TEN + 7.3 * HOUR
    parts = counted(
        Gap("in_transit", TEN, middle, closed=False),
        Gap("in_transit", TEN, TEN + 20 * HOUR, closed=True, since=middle),
    )
    whole = counted(gap(20))
    assert list(parts.hours) == pytest.approx(list(whole.hours))
    assert parts.scans == whole.scans


def test_silence_counts_no_longer_than_a_parcel_is_followed() -> None:
    counts = counted(gap(24 * 100))
    assert (counts.total, sum(counts.hours)) == (0.0, pytest.approx(45 * 24))


def test_counts_survive_being_stored() -> None:
    counts = counted(gap(3.5), gap(80), gap(9, closed=False))
    assert list(Counts.from_json(counts.as_json()).hours) == pytest.approx(
        list(counts.hours), abs=1e-4
    )


def test_counts_fade() -> None:
    counts = counted(gap(3.5), gap(5))
    counts.fade(0.5)
    assert (counts.total, sum(counts.hours)) == (1.0, pytest.approx(4.25))


def test_gaps_are_of_ordered_scans_and_end_with_the_journey() -> None:
    scans = [
        Seen(TEN + 9 * HOUR, "delivered.generic"),
        Seen(TEN, "info.label_created"),
        Seen(TEN + 5 * HOUR, "transit.generic"),
        Seen(TEN + 5 * HOUR, "transit.at_delivery_depot"),
    ]
    found = gaps_of(scans, since=None, until=TEN + 99 * HOUR)
    assert [(one.stage, one.ends - one.begins, one.closed) for one in found] == [
        ("info_received", 5 * HOUR, True),
        ("transit.at_delivery_depot", 4 * HOUR, True),
    ]


def test_last_gap_of_a_parcel_on_its_way_is_open() -> None:
    found = gaps_of([Seen(TEN, "transit.generic")], since=None, until=TEN + 8 * HOUR)
    assert [(one.ends - one.begins, one.closed) for one in found] == [(8 * HOUR, False)]


def test_gap_that_ended_before_is_not_counted_again() -> None:
    scans = [Seen(TEN, "transit.generic"), Seen(TEN + HOUR, "out.on_vehicle")]
    found = gaps_of(scans, since=TEN + 2 * HOUR, until=TEN + 5 * HOUR)
    assert [one.stage for one in found] == ["out_for_delivery"]


def test_unknown_scan_keeps_the_stage_of_the_parcel() -> None:
    assert (stage_of("unknown", Status.CUSTOMS), stage_of("unknown")) == ("customs", None)
