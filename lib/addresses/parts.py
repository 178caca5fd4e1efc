"""The parts of an address, and what a courier needs of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Need(StrEnum):
    """One thing that a courier needs; several parts of an address may answer it."""

    #: An area or a street: where there are no postcodes, either leads there.
    AREA = "area"
    STREET = "street"
    DISTRICT = "district"
    CITY = "city"
    REGION = "region"
    POSTCODE = "postcode"
    PHONE = "phone"
    #: Saudi Arabia's: the short form, or all parts of the full one.
    NATIONAL_ADDRESS = "national_address"
    #: The door itself: a landmark, a point on the map, Makani, what3words.
    SPOT = "spot"


class Level(StrEnum):
    """How much a need counts."""

    MUST = "must"
    HELPS = "helps"
    IGNORE = "ignore"


class Problem(StrEnum):
    """Why a need counts as missing."""

    ABSENT = "absent"
    PLACEHOLDER = "placeholder"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class AddressParts:
    """An address as given; `country` is ISO 3166-1 alpha-2, `pin` (latitude, longitude)."""

    country: str
    line1: str = ""
    line2: str = ""
    landmark: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    phone: str = ""
    district: str = ""
    makani: str = ""
    national_address: str = ""
    what3words: str = ""
    pin: tuple[float, float] | None = None

    @property
    def is_address(self) -> bool:
        """Whether somebody gave an address at all. A country and a town alone are said for the
        date; the address itself is then kept elsewhere, and there is nothing to check."""
        given = (self.line1, self.line2, self.landmark, self.postcode, self.district)
        return bool(self.country) and any(part.strip() for part in (*given, self.national_address))


#: The parts that answer a need.
PARTS: Final[Mapping[Need, tuple[str, ...]]] = {
    Need.AREA: ("district", "line1"),
    Need.STREET: ("line1",),
    Need.DISTRICT: ("district",),
    Need.CITY: ("city",),
    Need.REGION: ("region",),
    Need.POSTCODE: ("postcode",),
    Need.PHONE: ("phone",),
    Need.NATIONAL_ADDRESS: ("national_address",),
    Need.SPOT: ("landmark", "makani", "what3words", "pin"),
}
