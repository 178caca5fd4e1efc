"""The replay is fair: schedules see what was scanned, and pay for each look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks import journeys, learn_gaps
from benchmarks.journeys import Journey
from benchmarks.replaying import Known, adaptive, fitting_pressure, flat, replay
from lib.vocabulary import Status
from tracking.gap_tables import GapTables
from tracking.gaps import Seen
from tracking.hazards import shipped_priors

BEGIN = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE = Journey(
    "one", "sandbox", "AE>AE",
    (
        Seen(BEGIN, "info.label_created"),
        Seen(BEGIN + 5 * HOUR, "transit.generic"),
        Seen(BEGIN + 7.5 * HOUR, "transit.generic"),
        Seen(BEGIN + 9 * HOUR, "delivered.generic"),
    ),
)  # fmt: skip


def every_three_hours(known: Known, first: bool) -> datetime:
    return known.now + 3 * HOUR


def test_replay_measures_from_scan_to_the_call_that_reveals_it() -> None:
    played = replay([ONE], every_three_hours)
    assert (played.calls, played.scans, played.changes) == (3, [1.0, 1.5, 0.0], [1.0, 0.0])


def test_schedule_never_sees_a_scan_before_a_call_revealed_it() -> None:
    seen: list[tuple[datetime, Known]] = []

    def spying(known: Known, first: bool) -> datetime:
        seen.append((known.now, known))
        return known.now + HOUR

    replay([ONE], spying)
    assert [known.scan.at <= now for now, known in seen] == [True] * 9
    assert [known.status for _, known in seen[4:6]] == [Status.INFO_RECEIVED, Status.IN_TRANSIT]


def test_flat_schedule_keeps_its_interval() -> None:
    played = replay(journeys.played(3), flat(2))
    assert max(played.scans) <= 2


def test_ours_takes_no_more_calls_than_the_flat_one() -> None:
    parcels, tables = journeys.played(2), GapTables(shipped_priors(), {})
    rival = replay(parcels, flat(2))
    _, ours = fitting_pressure(
        lambda pressure: replay(parcels, adaptive(tables, pressure=pressure)), rival.per_parcel
    )
    assert 0.9 * rival.per_parcel < ours.per_parcel <= rival.per_parcel


def test_replay_is_the_same_every_time() -> None:
    parcels, tables = journeys.played(1), GapTables(shipped_priors(), {})
    first, second = (replay(parcels, adaptive(tables, pressure=1.0)) for _ in range(2))
    assert first == second


def test_half_that_taught_the_file_of_priors_stays_the_same() -> None:
    names = [f"fedex_india_scans:{number}" for number in (1, 2, 4, 6, 7)]
    assert [journeys.part(name, 2) for name in names] == [0, 1, 1, 1, 1]


def test_priors_fill_stages_that_no_journey_had() -> None:
    found = learn_gaps.priors(gap for one in journeys.played(2) for gap in one.gaps)
    assert {status.value for status in learn_gaps.LIKE} <= set(found)


def test_real_journeys_can_be_read(samples: object) -> None:
    scanned = journeys.fedex(samples)  # type: ignore[arg-type]
    ordered = next(iter(journeys.olist(samples)))  # type: ignore[arg-type]
    if not scanned:
        pytest.skip("no journeys among the samples")
    assert {one.scans[-1].sub_status for one in (*scanned, ordered)} == {"delivered.generic"}
