"""Who speaks for a parcel: lane before service, both before the carrier, and what is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracking.gap_tables import FEWEST, GapTables, Node, Path
from tracking.gaps import SERVICE_LENGTH, Counts, Gap, service_key
from tracking.hazards import fit, product

EVEN = product([0.1] * 34, [1.0] * 24, [1.0] * 7)
CARRIER = Node("smsa", "", "in_transit")
SERVICE = Node("smsa", "", "in_transit", "express")
LANE = Node("smsa", "AE>SA", "in_transit")
BOTH = Node("smsa", "AE>SA", "in_transit", "express")


def gaps(hours: float, times: int = 100) -> Counts:
    counts = Counts()
    begins = datetime(2026, 11, 9, tzinfo=UTC)
    for n in range(times):
        at = begins + n * timedelta(hours=5)
        counts.add(Gap("in_transit", at, at + timedelta(hours=hours), closed=True))
    return counts


def path(*nodes: Node, service: str = "express", merchant: int | None = None) -> Path:
    tables = GapTables({"any": EVEN}, dict.fromkeys(nodes, gaps(4)))
    return tables.path("smsa", "AE>SA", "in_transit", service, merchant=merchant)


def test_service_on_its_lane_speaks_last() -> None:
    assert path(CARRIER, SERVICE, LANE, BOTH) == (CARRIER, LANE, BOTH)


def test_service_speaks_where_the_lane_is_not_known() -> None:
    assert path(CARRIER, SERVICE) == (CARRIER, SERVICE)
    assert path(CARRIER, SERVICE, BOTH) == (CARRIER, SERVICE, BOTH)


def test_other_services_hear_the_lane() -> None:
    assert path(CARRIER, SERVICE, LANE, BOTH, service="economy") == (CARRIER, LANE)
    assert path(CARRIER, SERVICE, LANE, BOTH, service="") == (CARRIER, LANE)


def test_node_below_the_fewest_is_passed_over() -> None:
    counts = {CARRIER: gaps(4), LANE: gaps(4, int(FEWEST) - 1), SERVICE: gaps(4)}
    tables = GapTables({"any": EVEN}, counts)
    assert tables.path("smsa", "AE>SA", "in_transit", "express") == (CARRIER, SERVICE)


def test_spelling_of_a_service_does_not_matter() -> None:
    counts = {SERVICE: gaps(4)}
    tables = GapTables({"any": EVEN}, counts)
    paths = [
        tables.path("smsa", "", "in_transit", name) for name in ("Express", " EXPRESS ", "express")
    ]
    assert paths == [(SERVICE,)] * 3


def test_each_level_is_fitted_on_the_one_above() -> None:
    counts = {CARRIER: gaps(4), LANE: gaps(9)}
    tables = GapTables({"any": EVEN}, counts)
    carrier = tables.find("smsa", "", "in_transit")
    assert list(tables.find("smsa", "AE>SA", "in_transit").cells) == list(
        fit(counts[LANE], carrier).cells
    )


def test_closed_lane_is_passed_over_but_never_the_carrier() -> None:
    counts = dict.fromkeys((CARRIER, LANE, SERVICE), gaps(4))
    tables = GapTables({"any": EVEN}, counts, shared=lambda node, merchant: merchant == 7)
    known = [
        tables.path("smsa", "AE>SA", "in_transit", "", merchant=merchant)
        for merchant in (7, 8, None)
    ]
    assert known == [(CARRIER, LANE), (CARRIER,), (CARRIER,)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (" Next  Day\tAIR ", "next day air"),
        ("ＥＸＰＲＥＳＳ", "express"),
        ("Straße", "strasse"),
        ("شحن سريع", "شحن سريع"),
        ("x" * 60, "x" * SERVICE_LENGTH),
        ("", ""),
    ],
)
def test_service_key_has_one_spelling_and_a_length(name: str, key: str) -> None:
    assert service_key(name) == key
