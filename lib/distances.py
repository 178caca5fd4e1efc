"""How far two countries are apart, by the principal towns of their time zones.

Source: `zone.tab` of the IANA time zone database, which gives one town a zone with its place.
Good to a few hundred kilometres: enough to tell what nobody can have travelled in an hour.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import product
from math import asin, cos, radians, sin, sqrt
from typing import Final

_EARTH_KM: Final = 6371.0
#: ISO 6709 as zone.tab writes it: ±DDMM±DDDMM, or with seconds.
_PLACE: Final = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?([+-])(\d{3})(\d\d)(?:\d\d)?")

#: Territories that carriers file under each other.
_FILED_TOGETHER: Final = tuple(
    frozenset(group.split())
    for group in (
        "FR MC GP MQ GF RE YT PM BL MF NC PF WF",
        "GB IM JE GG IE",
        "US PR VI GU AS MP",
        "CN HK MO",
        "DK FO GL",
        "NL CW AW SX BQ",
        "NO SJ",
        "FI AX",
        "IT SM VA",
        "CH LI",
        "ES AD FR",
        "IL PS",
        "RS XK",
    )
)


_Town = tuple[float, float]


@cache
def apart_km(one: str, other: str) -> float | None:
    """Kilometres between the nearest towns of two ISO 3166-1 alpha-2 countries.

    0.0 for the same country, None where one of them is not known.
    """
    if one == other:
        return 0.0
    towns = _towns()
    pairs = product(towns.get(one, ()), towns.get(other, ()))
    return min((_great_circle(a, b) for a, b in pairs), default=None)


@cache
def filed_together(one: str, other: str) -> bool:
    """Whether carriers write one of these countries and mean the other."""
    return any(one in group and other in group for group in _FILED_TOGETHER)


@cache
def _towns() -> dict[str, tuple[_Town, ...]]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[_Town, ...]] = {}
    for line in table.splitlines():
        country, _tab, rest = line.partition("\t")
        match = _PLACE.match(rest)
        if match and not line.startswith("#"):
            found[country] = (*found.get(country, ()), _town(match))
    return found


def _town(match: re.Match[str]) -> _Town:
    north, lat, lat_minutes, east, lon, lon_minutes = match.groups()
    latitude = (int(lat) + int(lat_minutes) / 60) * (-1 if north == "-" else 1)
    longitude = (int(lon) + int(lon_minutes) / 60) * (-1 if east == "-" else 1)
    return radians(latitude), radians(longitude)


def _great_circle(one: _Town, other: _Town) -> float:
    """Haversine."""
    lat = sin((other[0] - one[0]) / 2) ** 2
    lon = cos(one[0]) * cos(other[0]) * sin((other[1] - one[1]) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(lat + lon))
