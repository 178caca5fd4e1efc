"""Quantiles of silence: against gaps that were drawn one by one, and against recorded ones."""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks import journeys
from lib.vocabulary import Status
from tracking.gap_tables import GapTables, Node
from tracking.gaps import AGES, DAYS, HOURS, Counts, Gap
from tracking.hazards import ANY, Hazard, product, shipped_priors
from tracking.silence import END, FEWEST_TOLD, Scope, Silence, silence_of

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: The way a depot works: nothing at night, little on Sundays, slower with age.
DEPOT = product(
    [0.3 if age < 4 else 0.15 if age < 24 else 0.04 for age in AGES],
    [0.02] * 7 + [1.8] * 13 + [0.1] * 4,
    [1.1] * 6 + [0.1],
)
DRAWN = 4000


def draw(hazard: Hazard, dice: random.Random, begins: float) -> float:
    """One wait in hours, walked hour by hour and class by class; at most END."""
    left, age, at = dice.expovariate(1), 0.0, begins
    while age < END:
        place = bisect_right(AGES, age)
        step = min(int(at) + 1 - at, AGES[place] - age if place < len(AGES) else 1.0)
        step = max(step, 1e-9)
        rate = hazard.at(age, int(at) % HOURS, int(at) // HOURS % DAYS)
        if left <= rate * step:
            return age + left / rate
        left, age, at = left - rate * step, age + step, at + step
    return END


def drawn(hazard: Hazard, weight: Callable[[int], float]) -> list[tuple[float, float]]:
    """When gaps begin, in hours of a week, and how long they last."""
    dice = random.Random(7)
    hours = range(HOURS * DAYS)
    begins = dice.choices(hours, [weight(hour) for hour in hours], k=DRAWN)
    return [
        (start, draw(hazard, dice, start)) for start in (hour + dice.random() for hour in begins)
    ]


def known(counts: dict[Node, Counts], prior: Hazard = DEPOT) -> Silence:
    return of(GapTables({ANY: prior}, counts))


def of(tables: GapTables, *, lane: str = "AE>SA", service: str = "Express") -> Silence:
    return silence_of(tables, carrier="smsa", service=service, lane=lane, stage="in_transit")


def is_near(found: Silence, waits: list[float], *, within: float) -> bool:
    """Whether as many of the waits end by each quantile as it says."""
    quantiles = ((found.q50, 0.5), (found.q90, 0.9), (found.q95, 0.95))
    shares = [
        (sum(wait <= hours for wait in waits) / len(waits), share) for hours, share in quantiles
    ]
    return all(abs(measured - share) <= within for measured, share in shares)


def test_prior_is_right_over_all_hours_and_weekdays() -> None:
    by_hour = [sum(DEPOT.cells[hour::HOURS]) for hour in range(HOURS)]
    waits = drawn(DEPOT, lambda at: by_hour[at % HOURS] * DEPOT.weekdays[at // HOURS])
    assert is_near(known({}), [hours for _, hours in waits], within=0.02)


def test_counts_are_right_whenever_their_gaps_began() -> None:
    """Gaps that begin at noon or at ten at night: no mean over hours is taken of them."""
    waits = drawn(DEPOT, lambda at: at % HOURS in {12, 22})
    counts = Counts()
    for begins, hours in waits:
        at = MONDAY + begins * HOUR
        counts.add(Gap("in_transit", at, at + hours * HOUR, closed=hours < END))
    even = product([0.05] * len(AGES), [1.0] * HOURS, [1.0] * DAYS)
    found = known({Node("smsa", "", "in_transit"): counts}, even)
    assert is_near(found, [hours for _, hours in waits], within=0.025)


def test_parcels_that_still_wait_count() -> None:
    counts = Counts()
    for n in range(400):
        at = MONDAY + n * 7 * HOUR
        counts.add(Gap("in_transit", at, at + (n % 20 + 0.5) * HOUR, closed=True))
        counts.add(Gap("in_transit", at, at + 300 * HOUR, closed=False))
    found = known({Node("smsa", "", "in_transit"): counts})
    assert found.q90 > 100
    assert found.share_longer(48) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("stage", sorted(shipped_priors()))
def test_quantiles_are_in_order_and_lie_on_the_curve(stage: str) -> None:
    tables = GapTables(shipped_priors(), {})
    found = silence_of(tables, carrier="x", service="", lane="", stage=stage)
    assert 0 < found.q50 < found.q90 < found.q95 <= END
    shares = [found.share_longer(hours) for hours in (found.q50, found.q90, found.q95)]
    assert shares == pytest.approx([0.5, 0.1, 0.05])


def test_share_falls_from_one() -> None:
    found = known({})
    shares = [found.share_longer(hours / 4) for hours in range(8 * 24 * 4)]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], found.share_longer(-1), found.share_longer(10 * END) < 0.01) == (1, 1, True)


def at_nine(times: int) -> Counts:
    counts = Counts()
    for day in range(times):
        begins = MONDAY + day * 24 * HOUR
        counts.add(Gap("in_transit", begins, begins + 9.5 * HOUR, closed=True))
    return counts


@pytest.mark.parametrize(
    ("node", "scope"),
    [
        (Node("smsa", "", "in_transit"), Scope.CARRIER),
        (Node("smsa", "", "in_transit", "express"), Scope.SERVICE),
        (Node("smsa", "AE>SA", "in_transit"), Scope.LANE),
        (Node("smsa", "AE>SA", "in_transit", "express"), Scope.SERVICE_LANE),
        (Node("ups", "AE>SA", "in_transit"), Scope.USUAL),
    ],
)
def test_says_which_node_spoke(node: Node, scope: Scope) -> None:
    found = known({node: at_nine(80)})
    n = 0 if scope is Scope.USUAL else 80
    assert (found.node, found.n, found.is_told) == (scope, n, bool(n))


def test_few_scans_are_used_and_not_told() -> None:
    found = known({Node("smsa", "", "in_transit"): at_nine(int(FEWEST_TOLD) - 1)})
    assert (found.node, found.is_told) == (Scope.CARRIER, False)


def test_carrier_that_one_neighbour_filled_is_used_and_not_told() -> None:
    counts = {Node("smsa", "", "in_transit"): at_nine(200)}
    tables = GapTables({ANY: DEPOT}, counts, shared=lambda node, merchant: merchant == 7)
    found = [
        silence_of(
            tables, carrier="smsa", service="", lane="", stage="in_transit", merchant=merchant
        )
        for merchant in (7, 8)
    ]
    assert [(one.node, one.is_told) for one in found] == [
        (Scope.CARRIER, True),
        (Scope.CARRIER, False),
    ]


def test_asking_again_takes_no_time() -> None:
    tables = GapTables(shipped_priors(), {Node("smsa", "AE>SA", "in_transit"): at_nine(80)})
    of(tables)
    started = time.perf_counter()
    for _ in range(1000):
        of(tables)
    assert (time.perf_counter() - started) / 1000 < 0.0002


def test_recorded_journeys_wait_as_long_as_the_other_half_says(samples: Path) -> None:
    parcels = journeys.fedex(samples)
    if not parcels:
        pytest.skip("no recorded journeys among the samples")
    counts, waits = Counts(), []
    for one in parcels:
        gaps = [gap for gap in one.gaps if gap.stage == Status.IN_TRANSIT]
        if journeys.part(one.name, 2) == 0:
            for gap in gaps:
                counts.add(gap)
        else:
            waits += [(gap.ends - gap.begins) / HOUR for gap in gaps]
    tables = GapTables(shipped_priors(), {Node("smsa", "", "in_transit"): counts})
    assert is_near(of(tables), waits, within=0.06)
