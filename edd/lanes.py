"""Business days in transit: what merchants configured, else what is usual on such a lane. Pure.

The defaults are round figures from the carriers' public service guides. They only have to
be honest for the first parcels of a lane; measured days replace them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Transit:
    """Business days from pick-up to delivery: `fastest` <= `slowest`."""

    fastest: int
    slowest: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A merchant's own figure; an empty field means any."""

    carrier: str
    service: str
    from_country: str
    to_country: str
    transit: Transit


class Reach(StrEnum):
    """How far a parcel goes."""

    DOMESTIC = "domestic"
    GULF = "gulf"
    EUROPE = "europe"
    NEAR = "near"
    FAR = "far"


def _countries(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


_GULF: Final = _countries("AE SA KW QA BH OM")
_EUROPE: Final = _countries(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
)
_NEAR: Final = (
    _GULF | _countries("JO LB EG IQ YE"),
    _EUROPE | _countries("GB CH NO IS LI"),
    _countries("US CA MX"),
    _countries("IN LK BD NP"),
    _countries("CN HK TW JP KR MO"),
    _countries("SG MY ID TH PH VN"),
    _countries("AU NZ"),
)
#: Inland distances where "domestic" is not next door.
WIDE: Final = _countries("SA US CA AU IN CN BR RU ID MX")

_USUAL: Final[dict[Reach, Transit]] = {
    Reach.DOMESTIC: Transit(1, 3),
    Reach.GULF: Transit(2, 4),
    Reach.EUROPE: Transit(2, 5),
    Reach.NEAR: Transit(3, 6),
    Reach.FAR: Transit(5, 10),
}
#: Integrators fly; posts take their time. Carriers that are not listed are "usual".
_INTEGRATOR: Final[dict[Reach, Transit]] = {
    Reach.DOMESTIC: Transit(1, 2),
    Reach.GULF: Transit(1, 3),
    Reach.EUROPE: Transit(1, 3),
    Reach.NEAR: Transit(2, 4),
    Reach.FAR: Transit(3, 6),
}
_POST: Final[dict[Reach, Transit]] = {
    Reach.DOMESTIC: Transit(2, 5),
    Reach.GULF: Transit(4, 9),
    Reach.EUROPE: Transit(4, 9),
    Reach.NEAR: Transit(5, 12),
    Reach.FAR: Transit(8, 20),
}
_BY_CARRIER: Final[dict[str, dict[Reach, Transit]]] = {
    **dict.fromkeys(("dhl_express", "mydhl", "ups", "fedex", "tnt"), _INTEGRATOR),
    **dict.fromkeys(
        ("usps", "usps_international", "canadapost", "australiapost", "laposte", "hay_post",
         "asendia", "postnord", "spring"),
        _POST,
    ),
}  # fmt: skip

_FAST_WORDS: Final = ("next day", "same day", "overnight", "express", "priority")
_SLOW_WORDS: Final = ("economy", "deferred", "saver", "ground", "packet", "mail", "surface")


def reach(from_country: str, to_country: str) -> Reach:
    """How far this lane goes; an unknown origin counts as domestic."""
    if not from_country or not to_country or from_country == to_country:
        return Reach.DOMESTIC
    ends = {from_country, to_country}
    if ends <= _GULF:
        return Reach.GULF
    if ends <= _EUROPE:
        return Reach.EUROPE
    return Reach.NEAR if any(ends <= region for region in _NEAR) else Reach.FAR


def transit_for(
    lanes: Sequence[Lane], carrier: str, service: str, from_country: str, to_country: str
) -> tuple[Transit, bool]:
    """Days on this lane, and whether the merchant said so.

    Of the merchant's lanes that fit, the most specific wins; among equals in the order
    to-country, carrier, service, from-country.
    """
    wanted = (carrier, service.casefold(), from_country, to_country)
    best: tuple[tuple[int, ...], Transit] | None = None
    for lane in lanes:
        own = (lane.carrier, lane.service.casefold(), lane.from_country, lane.to_country)
        if any(mine and mine != theirs for mine, theirs in zip(own, wanted, strict=True)):
            continue
        said = [1 if part else 0 for part in own]
        weight = (sum(said), said[3], said[0], said[1], said[2])
        if best is None or weight > best[0]:
            best = (weight, lane.transit)
    if best is not None:
        return best[1], True
    return _usual(carrier, service, from_country, to_country), False


def _usual(carrier: str, service: str, from_country: str, to_country: str) -> Transit:
    distance = reach(from_country, to_country)
    found = _BY_CARRIER.get(carrier, _USUAL)[distance]
    words = service.casefold()
    wide = distance is Reach.DOMESTIC and to_country in WIDE
    if any(word in words for word in _SLOW_WORDS):
        return Transit(found.fastest + 1, found.slowest + 3)
    if any(word in words for word in _FAST_WORDS):
        return Transit(found.fastest, max(found.fastest, found.slowest - 1))
    return Transit(found.fastest, found.slowest + 1) if wide else found
