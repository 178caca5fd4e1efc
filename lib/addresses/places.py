"""Where a pasted map link, pair of numbers or three words point. Nobody is called for it.

Forms: Google Maps (developers.google.com/maps/documentation/urls), Apple Maps
(developer.apple.com/library/archive/featuredarticles/iPhoneURLScheme_Reference/MapLinks),
OpenStreetMap (wiki.openstreetmap.org/wiki/Permalink), geo: (RFC 5870), what3words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote_plus, urlsplit

from lib.folding import western_digits

_NUMBER: Final = r"[-+]?\d{1,3}(?:\.\d+)?"
_PAIR: Final = re.compile(rf"\s*({_NUMBER})\s*[,~;/ ]\s*({_NUMBER})\s*")
#: The place itself in Google's path; what the map was centred on is only the next best.
_GOOGLE_PLACE: Final = re.compile(rf"!3d({_NUMBER})!4d({_NUMBER})")
_GOOGLE_CENTRE: Final = re.compile(rf"/@({_NUMBER}),({_NUMBER})")
_OSM: Final = re.compile(rf"map=\d+(?:\.\d+)?/({_NUMBER})/({_NUMBER})")
_DEGREES: Final = re.compile(
    r"(\d{1,3})°\s*(\d{1,2})['′]\s*(\d{1,2}(?:\.\d+)?)[\"″]\s*([NSEW])", re.IGNORECASE
)
_ASKED: Final = ("q", "query", "ll", "coordinate", "destination", "daddr", "cp", "center", "sll")
_WORDS: Final = re.compile(r"(?:///)?(?!www\.)([^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+)")
#: Links that only their maker can follow.
_SHORT: Final = frozenset(
    {"maps.app.goo.gl", "goo.gl", "g.co", "g.page", "bit.ly", "t.co", "tinyurl.com", "maps.apple"}
)
_LONGEST: Final = 2000

#: South, west, north, east of countries whose pins are asked for most, in whole half degrees.
_BOXES: Final = {
    "AE": (22.5, 51.0, 26.5, 56.5),
    "SA": (16.0, 34.0, 32.5, 56.0),
    "KW": (28.5, 46.5, 30.5, 48.5),
    "BH": (25.5, 50.0, 26.5, 51.0),
    "QA": (24.0, 50.5, 26.5, 52.0),
    "OM": (16.5, 51.5, 26.5, 60.0),
    "EG": (21.5, 24.5, 32.0, 37.0),
    "JO": (29.0, 34.5, 33.5, 39.5),
    "IN": (6.5, 68.0, 37.5, 97.5),
}


class ShortLink(ValueError):
    """The link hides where it leads; the long form is needed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees, or three words."""

    pin: tuple[float, float] | None = None
    what3words: str = ""


def read_place(text: str) -> Place | None:
    """The place of a link, of "25.197, 55.274", of ///three.plain.words; None for anything else.

    Raises ShortLink for links that would have to be opened.
    """
    plain = western_digits(text.strip())[:_LONGEST].replace("،", ",")
    if pair := _PAIR.fullmatch(plain):
        return _at(*pair.groups())
    if words := _WORDS.fullmatch(plain.removeprefix("w3w.co/")):
        return Place(what3words=words[1].lower())
    if plain.lower().startswith("geo:"):
        pair = _PAIR.match(plain[4:])
        return _at(*pair.groups()) if pair else None
    if link := re.search(r"https?://\S+", plain):
        return _of_link(link[0])
    return _in_degrees(plain)


def lies_in(pin: tuple[float, float], country: str) -> bool:
    """Whether the point can be in the country; True where we cannot tell."""
    box = _BOXES.get(country)
    if box is None:
        return True
    south, west, north, east = box
    return south <= pin[0] <= north and west <= pin[1] <= east


def _of_link(link: str) -> Place | None:
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if host in {"what3words.com", "w3w.co"}:
        words = _WORDS.fullmatch(unquote_plus(parts.path).strip("/"))
        return Place(what3words=words[1].lower()) if words else None
    if host in _SHORT:
        raise ShortLink(host)
    path = unquote_plus(parts.path)
    if found := _GOOGLE_PLACE.search(path):
        return _at(*found.groups())
    asked = parse_qs(parts.query) | parse_qs(parts.fragment)
    if "mlat" in asked and "mlon" in asked:
        return _of_text(f"{asked['mlat'][0]},{asked['mlon'][0]}")
    for name in _ASKED:
        if place := _of_text(asked.get(name, [""])[0].removeprefix("loc:")):
            return place
    for step in path.split("/"):
        if place := _of_text(step) or _in_degrees(step):
            return place
    centre = _GOOGLE_CENTRE.search(path) or _OSM.search(parts.fragment)
    return _at(*centre.groups()) if centre else None


def _of_text(text: str) -> Place | None:
    pair = _PAIR.fullmatch(text)
    return _at(*pair.groups()) if pair else None


def _in_degrees(text: str) -> Place | None:
    found = _DEGREES.findall(text)
    if len(found) != 2 or found[0][3].upper() not in "NS" or found[1][3].upper() not in "EW":
        return None
    values = [
        (int(d) + int(m) / 60 + float(s) / 3600) * (-1 if side.upper() in "SW" else 1)
        for d, m, s, side in found
    ]
    return _at(*values)


def _at(latitude: str | float, longitude: str | float) -> Place | None:
    """About ten centimetres are kept. Null Island is what phones say that know nothing."""
    pin = (round(float(latitude), 6), round(float(longitude), 6))
    if not (abs(pin[0]) <= 90 and abs(pin[1]) <= 180) or pin == (0, 0):
        return None
    return Place(pin=pin)
