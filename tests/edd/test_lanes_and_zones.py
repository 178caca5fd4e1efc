"""Transit days of a lane, and the clock of a destination."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from edd.lanes import Lane, Reach, Transit, reach, transit_for
from edd.zones import _zones_of_countries, destination_zone

ANY = Lane("", "", "", "", Transit(4, 8))
TO_SAUDI = Lane("", "", "", "SA", Transit(3, 5))
ARAMEX = Lane("aramex", "", "", "", Transit(2, 6))
ARAMEX_EXPRESS_TO_SAUDI = Lane("aramex", "Express", "AE", "SA", Transit(1, 2))


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (("AE", "AE"), Reach.DOMESTIC),
        (("", "AE"), Reach.DOMESTIC),
        (("AE", "SA"), Reach.GULF),
        (("DE", "FR"), Reach.EUROPE),
        (("DE", "GB"), Reach.NEAR),
        (("AE", "EG"), Reach.NEAR),
        (("CN", "AE"), Reach.FAR),
    ],
)
def test_reach_of_a_lane(ends: tuple[str, str], expected: Reach) -> None:
    assert reach(*ends) == expected


@pytest.mark.parametrize(
    ("carrier", "service", "to", "expected"),
    [
        ("smsa", "", "KW", ANY.transit),
        ("smsa", "", "SA", TO_SAUDI.transit),
        ("aramex", "", "SA", TO_SAUDI.transit),
        ("aramex", "", "KW", ARAMEX.transit),
        ("aramex", "EXPRESS", "SA", ARAMEX_EXPRESS_TO_SAUDI.transit),
    ],
)
def test_most_specific_lane_of_the_merchant_wins(
    carrier: str, service: str, to: str, expected: Transit
) -> None:
    lanes = (ANY, TO_SAUDI, ARAMEX, ARAMEX_EXPRESS_TO_SAUDI)
    assert transit_for(lanes, carrier, service, "AE", to) == (expected, True)


def test_default_lane_says_that_nobody_configured_it() -> None:
    assert transit_for((), "aramex", "", "AE", "SA") == (Transit(2, 4), False)


def test_economy_service_is_slower_and_express_faster() -> None:
    usual, _ = transit_for((), "dhl_universal", "", "DE", "FR")
    slow, _ = transit_for((), "dhl_universal", "Economy Select", "DE", "FR")
    fast, _ = transit_for((), "dhl_universal", "Express", "DE", "FR")
    assert (fast.slowest, usual.slowest, slow.slowest) == (4, 5, 8)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (("AE",), "Asia/Dubai"),
        (("SA", "", "Riyadh"), "Asia/Riyadh"),
        (("US",), "America/New_York"),
        (("US", "CA"), "America/Los_Angeles"),
        (("US", "US-TX", "Houston"), "America/Chicago"),
        (("US", "California"), "America/Los_Angeles"),
        (("AU", "", "Perth"), "Australia/Perth"),
        (("AU", "Nowhere"), "Australia/Sydney"),
        (("XX",), "UTC"),
    ],
)
def test_destination_zone(place: tuple[str, ...], zone: str) -> None:
    assert destination_zone(*place) == zone


def test_every_country_has_a_zone_that_exists() -> None:
    zones = {destination_zone(country) for country in _zones_of_countries()}
    assert len(zones) > 150
    assert {ZoneInfo(zone).key for zone in zones} == zones
