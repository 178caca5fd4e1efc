"""Checkout fields that couriers in some countries need, known by their names. No Django.

Makani, National Address, landmark and district have no field of their own on most platforms, and
no plug-in that everybody uses: they are known by their fields' names, whatever prefixes and marks
a plug-in puts around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from carriers.shapes import text
from stores.vocabulary import Address

#: Names without prefix, blanks and marks, and the part of an address they hold.
_PARTS: Final[Mapping[str, str]] = {
    "makani": "makani",
    "makaninumber": "makani",
    "makanino": "makani",
    "nationaladdress": "national_address",
    "shortnationaladdress": "national_address",
    "nationalshortaddress": "national_address",
    "shortaddress": "national_address",
    "landmark": "landmark",
    "nearestlandmark": "landmark",
    "district": "district",
    "area": "district",
    "neighborhood": "district",
    "neighbourhood": "district",
    "w3w": "what3words",
    "what3words": "what3words",
    "lat": "latitude",
    "latitude": "latitude",
    "w3wlat": "latitude",
    "lng": "longitude",
    "lon": "longitude",
    "longitude": "longitude",
    "w3wlng": "longitude",
}


def part_of(name: str) -> str:
    """The part of an address that a field of this name holds: one of `Address`, "latitude" or
    "longitude"; empty for any other field."""
    return _PARTS.get(re.sub(r"[^a-z0-9]", "", name.lower()), "")


def parts_of(fields: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The parts that these fields (name, value) hold; the first that says something counts."""
    found: dict[str, str] = {}
    for name, value in fields:
        if part_of(name) and text(value):
            found.setdefault(part_of(name), text(value))
    return found


def pin_of(parts: Mapping[str, str]) -> tuple[float, float] | None:
    """The point on the map, where both its degrees are there."""
    try:
        latitude, longitude = float(parts["latitude"]), float(parts["longitude"])
    except (KeyError, ValueError):
        return None
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude)
    return (latitude, longitude) if on_earth else None


def written_out(address: Address) -> str:
    """Line 2, and behind it, once, the parts that couriers need and shops have no field for."""
    said = [address.line2] if address.line2 else []
    parts = (
        ("", address.landmark),
        ("", address.district),
        ("Makani ", address.makani),
        ("", address.national_address),
        ("", f"///{address.what3words.lstrip('/')}" if address.what3words else ""),
        ("", f"{address.pin[0]:.6f}, {address.pin[1]:.6f}" if address.pin else ""),
    )
    for label, value in parts:
        known = " ".join([address.line1, *said]).casefold()
        if value and value.casefold() not in known:
            said.append(label + value)
    return ", ".join(said)


def said_of(address: Address, part: str) -> str:
    """What an address says for a field that holds this part; empty where it says nothing."""
    if part in {"latitude", "longitude"}:
        degrees = address.pin[part == "longitude"] if address.pin else None
        return f"{degrees:.6f}" if degrees is not None else ""
    return str(getattr(address, part))
