"""Fitting: few scans leave the parent's word, many replace it; who falls back to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lib.vocabulary import TERMINAL, Status
from tracking.gap_tables import FEWEST, GapTables, Node
from tracking.gaps import Counts, Gap
from tracking.hazards import (
    factors,
    fit,
    learn_priors,
    product,
    shipped_priors,
)
from tracking.schedule import GIVEN_UP

MIDNIGHT = datetime(2026, 11, 9, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: A scan every ten hours, whatever the age, hour or day.
EVEN = product([0.1] * 34, [1.0] * 24, [1.0] * 7)


def at_nine(times: int) -> Counts:
    """Gaps that begin at midnight and end between nine and ten in the morning."""
    counts = Counts()
    for day in range(times):
        begins = MIDNIGHT + day * timedelta(days=1)
        counts.add(Gap("in_transit", begins, begins + 9.5 * HOUR, closed=True))
    return counts


def test_without_counts_the_parent_speaks() -> None:
    assert list(fit(Counts(), EVEN).cells) == pytest.approx(list(EVEN.cells))


def test_many_scans_move_the_hazard_to_their_hour() -> None:
    learned = fit(at_nine(200), EVEN)
    assert learned.at(9.5, 9, 0) > 10 * learned.at(3.5, 3, 0)


def test_few_scans_move_it_less() -> None:
    few, many = (fit(at_nine(times), EVEN).at(9.5, 9, 0) for times in (2, 200))
    assert EVEN.at(9.5, 9, 0) < few < many


def test_weekdays_are_learned() -> None:
    counts = Counts()
    for week in range(50):
        begins = MIDNIGHT + week * timedelta(days=7)
        counts.add(Gap("in_transit", begins, begins + 6 * timedelta(days=1), closed=False))
        counts.add(Gap("in_transit", begins, begins + 30 * HOUR, closed=True))
    monday, tuesday = fit(counts, EVEN).weekdays[:2]
    assert tuesday > 3 * monday


def test_lane_falls_back_to_carrier_and_carrier_to_prior() -> None:
    node = Node("smsa", "", "in_transit")
    tables = GapTables({"any": EVEN}, {node: at_nine(100)})
    carrier = tables.find("smsa", "", "in_transit")
    assert tables.find("smsa", "AE>SA", "in_transit") is carrier
    assert (tables.find("ups", "AE>SA", "in_transit"), carrier != EVEN) == (EVEN, True)


def test_node_with_too_few_scans_has_no_table_of_its_own() -> None:
    few = at_nine(int(FEWEST) - 1)
    tables = GapTables({"any": EVEN}, {Node("smsa", "", "in_transit"): few})
    assert tables.find("smsa", "", "in_transit") is EVEN


def test_stage_falls_back_to_its_status() -> None:
    tables = GapTables({"any": EVEN, "in_transit": fit(at_nine(9), EVEN)}, {})
    assert tables.find("x", "", "transit.departed_facility") is tables.find("x", "", "in_transit")


def test_priors_learned_from_nothing_are_none() -> None:
    assert learn_priors([]) == {}


def test_learned_prior_is_a_product_and_survives_its_file() -> None:
    begins = MIDNIGHT + 12 * HOUR
    gaps = [Gap("in_transit", begins, begins + n * HOUR / 3, closed=True) for n in range(1, 60)]
    learned = learn_priors(gaps)["in_transit"]
    assert list(product(*factors(learned)).cells) == pytest.approx(list(learned.cells))


@pytest.mark.parametrize("status", sorted(set(Status) - TERMINAL - GIVEN_UP))
def test_file_has_every_status_that_is_asked_about(status: Status) -> None:
    hazard = shipped_priors()[status.value]
    assert (min(hazard.cells) > 0, max(hazard.cells) < 20, min(hazard.weekdays) > 0) == (
        True, True, True,
    )  # fmt: skip
