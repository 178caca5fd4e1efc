"""Which scans are doubted, and that the order in which they came never matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.vocabulary import SUB_STATUSES, UNKNOWN
from tracking.guards import Scan, Way, verdicts

PLACED = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
RECEIVED = PLACED + timedelta(days=20)
HOME = Way(PLACED, origin="AE", destination="AE")
ABROAD = Way(PLACED, origin="CN", destination="AE")


def scan(hours: float | None, sub_status: str, country: str = "", **fields: object) -> Scan:
    at = None if hours is None else PLACED + timedelta(hours=hours)
    values = {
        "key": f"{sub_status}@{hours}@{country}", "at": at, "received_at": RECEIVED,
        "sub_status": sub_status, "attempt": None, "city": "", "country": country,
        "zone_source": "carrier", "source": "poll", "code": sub_status,
    }  # fmt: skip
    return Scan(**(values | fields))  # type: ignore[arg-type]


def doubts(way: Way, *scans: Scan) -> list[str]:
    """The verdict of each scan, in their order."""
    found = verdicts(scans, way)
    return [found.get(one.key, "") for one in scans]


# --- alone ----------------------------------------------------------------------------------


def test_scan_before_the_order_is_doubted() -> None:
    assert doubts(HOME, scan(-49, "transit.generic"), scan(-47, "transit.generic")) == [
        "before_order",
        "",
    ]


def test_order_of_unknown_date_doubts_only_what_is_sixty_days_older() -> None:
    way = Way(PLACED, is_told=False, origin="AE", destination="AE")
    old = scan(-61 * 24, "transit.generic")
    history = scan(-59 * 24, "picked_up.accepted"), scan(-20, "delivered.generic")
    assert doubts(way, old, *history) == ["before_order", "", ""]


def test_scan_in_the_future_is_doubted() -> None:
    ahead = scan(0, "transit.generic", received_at=PLACED - timedelta(hours=37))
    assert doubts(HOME, ahead) == ["in_future"]


def test_scan_without_a_time_is_not_doubted() -> None:
    assert doubts(ABROAD, scan(None, "delivered.generic", "DE")) == [""]


# --- recycled numbers -----------------------------------------------------------------------


def test_delivery_before_the_order_ends_an_earlier_parcel() -> None:
    earlier = scan(-40, "picked_up.accepted"), scan(-20, "delivered.signed")
    ours = scan(5, "picked_up.accepted"), scan(9, "out.on_vehicle")
    assert doubts(HOME, *earlier, *ours) == ["earlier_parcel", "earlier_parcel", "", ""]


def test_delivery_shortly_before_the_order_is_believed() -> None:
    assert doubts(HOME, scan(-2, "delivered.generic")) == [""]


def test_assumed_zone_may_put_a_delivery_before_the_order() -> None:
    assert doubts(HOME, scan(-10, "delivered.generic", zone_source="assumed")) == [""]


# --- impossible places ----------------------------------------------------------------------


def test_delivery_minutes_after_a_far_country_is_doubted() -> None:
    hub = scan(40, "transit.departed_facility", "DE")
    arrival = scan(40.5, "delivered.generic")
    assert doubts(ABROAD, hub, arrival) == ["", "impossible_place"]


def test_stray_place_beside_the_way_loses() -> None:
    way = (
        scan(20, "transit.departed_facility", "CN"),
        scan(20.5, "transit.arrived_facility", "US"),
        scan(21, "transit.arrived_facility", "CN"),
    )
    assert doubts(ABROAD, *way) == ["", "impossible_place", ""]


def test_stray_place_at_the_beginning_loses_to_the_origin() -> None:
    way = scan(20, "transit.arrived_facility", "US"), scan(21, "picked_up.accepted", "CN")
    assert doubts(ABROAD, *way) == ["impossible_place", ""]


def test_back_in_the_origin_within_the_hour_is_doubted() -> None:
    way = Way(PLACED, origin="SA", destination="AE")
    scans = (
        scan(20, "transit.arrived_facility", "AE"),
        scan(20.5, "transit.departed_facility", "SA"),
    )
    assert doubts(way, *scans) == ["", "impossible_place"]


def test_back_in_the_origin_on_the_way_back_is_believed() -> None:
    way = Way(PLACED, origin="SA", destination="AE")
    scans = (
        scan(19, "returning.started", "AE"),
        scan(20, "transit.departed_facility", "AE"),
        scan(20.5, "transit.arrived_facility", "SA"),
    )
    assert doubts(way, *scans) == ["", "", ""]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # somebody at a desk in the country of arrival, while the parcel still flies
        (scan(20, "transit.departed_facility", "DE"), scan(20.2, "customs.started", "AE")),
        # a zone that we assumed: the hours between are unknown
        (
            scan(20, "transit.departed_facility", "DE", zone_source="assumed"),
            scan(20.2, "transit.arrived_facility", "AE"),
        ),
        # ten hours are a flight and a sort
        (
            scan(20, "transit.departed_facility", "DE"),
            scan(30, "transit.arrived_facility", "AE"),
        ),
        # one territory under two names
        (scan(20, "transit.departed_facility", "CN"), scan(20.2, "transit.arrived_facility", "HK")),
        (scan(20, "transit.departed_facility", "XX"), scan(20.2, "transit.arrived_facility", "AE")),
    ],
)
def test_places_that_may_be_right_are_believed(first: Scan, second: Scan) -> None:
    assert doubts(ABROAD, first, second) == ["", ""]


# --- ghost deliveries -----------------------------------------------------------------------


def test_delivery_minutes_after_the_label_is_doubted() -> None:
    assert doubts(HOME, scan(4, "info.label_created"), scan(4.3, "delivered.generic")) == [
        "",
        "ghost_delivery",
    ]


def test_delivery_abroad_hours_after_the_label_is_doubted() -> None:
    assert doubts(ABROAD, scan(4, "info.label_created"), scan(9, "delivered.generic")) == [
        "",
        "ghost_delivery",
    ]


@pytest.mark.parametrize(
    "before",
    [
        # an hour in one town: a courier on a bicycle
        [scan(4, "info.label_created")],
        # it was in somebody's hands
        [scan(4.9, "info.label_created"), scan(4.95, "picked_up.accepted")],
        # a label that nobody told us of
        [],
    ],
)
def test_quick_delivery_that_may_be_right_is_believed(before: list[Scan]) -> None:
    assert doubts(HOME, *before, scan(5, "delivered.generic"))[-1] == ""


def test_pick_up_that_is_told_late_takes_the_doubt_away() -> None:
    label, ghost = scan(4, "info.label_created"), scan(4.3, "delivered.generic")
    late = scan(4.1, "picked_up.accepted")
    assert doubts(HOME, label, ghost) == ["", "ghost_delivery"]
    assert doubts(HOME, label, ghost, late) == ["", "", ""]


def test_later_proof_releases_a_ghost() -> None:
    label, ghost = scan(4, "info.label_created"), scan(4.3, "delivered.generic")
    assert doubts(HOME, label, ghost, scan(30, "delivered.signed")) == ["", "", ""]


def test_proof_that_is_a_ghost_itself_releases_nothing() -> None:
    label, ghost = scan(4, "info.label_created"), scan(4.2, "delivered.generic")
    signed = scan(4.3, "delivered.signed")
    assert doubts(HOME, label, ghost, signed) == ["", "ghost_delivery", "ghost_delivery"]


def test_own_fleet_is_believed_and_releases_a_ghost() -> None:
    label, ghost = scan(4, "info.label_created"), scan(4.3, "delivered.generic")
    own = scan(4.4, "delivered.generic", source="api")
    assert doubts(HOME, label, ghost, own) == ["", "", ""]


# --- delivered elsewhere --------------------------------------------------------------------


def test_delivery_in_another_country_is_doubted() -> None:
    way = scan(20, "transit.arrived_facility", "SA"), scan(40, "delivered.signed", "SA")
    assert doubts(HOME, *way) == ["", "delivered_elsewhere"]


@pytest.mark.parametrize(
    "scans",
    [
        # handed over at the end of the way back
        [scan(40, "returning.started", "AE"), scan(90, "delivered.generic", "CN")],
        # collected where it waited
        [scan(40, "pickup.ready", "SA"), scan(60, "delivered.collected", "SA")],
        # from a depot across the border, after it had come to the country
        [
            scan(40, "transit.arrived_destination_country", "AE"),
            scan(50, "transit.at_delivery_depot", "OM"),
            scan(60, "delivered.generic", "OM"),
        ],
    ],
)
def test_delivery_abroad_that_may_be_right_is_believed(scans: list[Scan]) -> None:
    assert doubts(ABROAD, *scans) == [""] * len(scans)


# --- what a person ruled --------------------------------------------------------------------


def test_released_scan_counts_and_rejected_never() -> None:
    label = scan(4, "info.label_created")
    released = scan(4.3, "delivered.generic", ruling="released")
    rejected = scan(
        30, "delivered.signed", ruling="rejected", quarantined="delivered_elsewhere"
    )  # fmt: skip
    assert doubts(HOME, label, released, rejected) == ["", "", "delivered_elsewhere"]


def test_rejected_proof_releases_nothing() -> None:
    label, ghost = scan(4, "info.label_created"), scan(4.3, "delivered.generic")
    rejected = scan(30, "delivered.signed", ruling="rejected", quarantined="ghost_delivery")
    assert doubts(HOME, label, ghost, rejected) == ["", "ghost_delivery", "ghost_delivery"]


# --- the set alone --------------------------------------------------------------------------

_scans = st.builds(
    scan,
    st.floats(-100, 300).map(lambda hours: round(hours, 1)),
    st.sampled_from([*SUB_STATUSES, UNKNOWN]),
    st.sampled_from(["", "AE", "CN", "DE", "SA", "US", "XX"]),
    zone_source=st.sampled_from(["carrier", "facility", "assumed"]),
    source=st.sampled_from(["poll", "push", "api"]),
    ruling=st.sampled_from(["", "", "", "released"]),
)


@given(st.lists(_scans, max_size=12, unique_by=lambda one: one.key), st.randoms())
def test_verdicts_ignore_the_order_of_arrival(scans: list[Scan], random: Random) -> None:
    shuffled = list(scans)
    random.shuffle(shuffled)
    assert verdicts(shuffled, ABROAD) == verdicts(scans, ABROAD)


@given(st.lists(_scans, max_size=12, unique_by=lambda one: one.key))
def test_released_scans_are_never_doubted(scans: list[Scan]) -> None:
    released = {one.key for one in scans if one.ruling == "released"}
    assert released & verdicts(scans, ABROAD).keys() == set()


@given(st.lists(_scans, max_size=12, unique_by=lambda one: one.key))
def test_verdicts_given_again_stay(scans: list[Scan]) -> None:
    first = verdicts(scans, HOME)
    stored = [one._replace(quarantined=first.get(one.key, "")) for one in scans]
    assert verdicts(stored, HOME) == first
