"""What a shop's checkout asks beside Shopify's own fields, and apps keep as note attributes.

https://shopify.dev/docs/api/admin-graphql/latest/objects/Order#field-Order.fields.customAttributes
Attributes are (name, value) pairs whose names the shop or an app chose. The table below holds the
names that checkouts of our markets use, folded; any other attribute is not ours to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from lib.folding import fold, western_digits
from stores.vocabulary import TimeWish

#: The parts of an address that Shopify has no field for, under the names that we write.
PLACES: Final = {
    "landmark": "Landmark",
    "district": "District",
    "makani": "Makani",
    "national_address": "National Address",
    "what3words": "what3words",
    "pin": "Map pin",
}
_NAMES: Final = {
    "landmark": ("landmark", "nearest landmark", "closest landmark", "nearby landmark",
                 "أقرب معلم", "علامة مميزة", "معلم قريب"),
    "district": ("district", "area", "neighborhood", "neighbourhood", "الحي"),
    "makani": ("makani", "makani number", "makani no", "مكاني", "رقم مكاني"),
    "national_address": ("national address", "short national address", "short address",
                         "saudi national address", "العنوان الوطني", "العنوان المختصر",
                         "العنوان الوطني المختصر"),
    "what3words": ("what3words", "what 3 words", "w3w"),
    "pin": ("map pin", "location pin", "coordinates", "gps coordinates", "إحداثيات الموقع"),
    "day": ("delivery date", "delivery day", "preferred delivery date", "requested delivery date",
            "تاريخ التوصيل", "يوم التوصيل"),
    "hours": ("delivery time", "delivery slot", "delivery time slot", "preferred delivery time",
              "وقت التوصيل", "فترة التوصيل"),
    "words": ("delivery instructions", "delivery note", "delivery notes", "تعليمات التوصيل",
              "ملاحظات التوصيل"),
    "gift": ("gift", "is gift", "this is a gift", "gift order", "هدية"),
    "gift_message": ("gift message", "gift note", "رسالة الهدية", "رسالة الإهداء"),
}  # fmt: skip


def _key(name: str) -> str:
    """How names are compared: `Delivery-Date`, `delivery_date` and `Delivery date:` are one."""
    return fold(re.sub(r"[-_:.?]+", " ", name))


_PART_OF: Final = {_key(name): part for part, names in _NAMES.items() for name in names}
_YES: Final = frozenset(_key(word) for word in ("yes", "true", "1", "on", "y", "نعم"))
_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")
_CLOCK: Final = r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]\.?m\.?|ص|م)?"
_HOURS: Final = re.compile(rf"{_CLOCK}(?:\s*(?:-|–|—|to|until|إلى|الى|حتى)\s*{_CLOCK})?", re.I)
#: How a clock of 24 hours is written: 09:00, or an hour after noon.
_OF_24: Final = re.compile(r"\b(?:0\d|1[0-2])[:.]\d{2}|\b(?:1[3-9]|2[0-3])\b")
_PAIR: Final = re.compile(r"(-?\d{1,2}\.\d{2,})\s*,\s*(-?\d{1,3}\.\d{2,})")
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Notes:
    """What the attributes say, in our words; what they do not say is empty."""

    landmark: str = ""
    district: str = ""
    makani: str = ""
    national_address: str = ""
    what3words: str = ""
    pin: tuple[float, float] | None = None
    wish: TimeWish | None = None
    is_gift: bool = False


def part_of(name: str) -> str:
    """Which part of an order an attribute of this name tells of; empty for any other."""
    return _PART_OF.get(_key(name), "")


def read_notes(attributes: Iterable[tuple[str, str]]) -> Notes:
    """The attributes that we know; the first of several of one kind counts."""
    said: dict[str, str] = {}
    for name, value in attributes:
        part, value = part_of(name), value.strip()[:_LONGEST]
        if part and value:
            said.setdefault(part, value)
    is_gift = _key(said.get("gift", "")) in _YES or "gift_message" in said
    return Notes(
        landmark=said.get("landmark", ""),
        district=said.get("district", ""),
        makani=said.get("makani", ""),
        national_address=said.get("national_address", ""),
        what3words=said.get("what3words", "").strip("/ "),
        pin=_pin(said.get("pin", "")),
        wish=_wish(said),
        is_gift=is_gift,
    )


def _pin(words: str) -> tuple[float, float] | None:
    """Two numbers in degrees, alone or in a map's address."""
    found = _PAIR.search(western_digits(words))
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _wish(said: dict[str, str]) -> TimeWish | None:
    """The day and the hours as far as they are certain; whatever is not stays as words."""
    day, hours = _day(said.get("day", "")), _hours(said.get("hours", ""))
    words = [
        said.get("day", "") if day is None else "",
        said.get("hours", "") if hours is None else "",
        said.get("words", ""),
    ]
    start, end = hours or (None, None)
    wish = TimeWish(day, start, end, "; ".join(filter(None, words)))
    return wish if wish != TimeWish() else None


def _day(words: str) -> date | None:
    """A day that can mean only one: 03/04/2026 is two, and stays words."""
    plain = re.sub(r"\s+", " ", western_digits(words).replace(",", " ")).strip()
    for form in _DAYS:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return None


def _hours(words: str) -> tuple[time, time | None] | None:
    """Hours that can mean only one: "2 - 4" is afternoon or night, and stays words."""
    found = _HOURS.fullmatch(western_digits(words).strip())
    if found is None:
        return None
    first, last = found.groups()[:3], found.groups()[3:]
    is_said = bool(first[2] or last[2]) or _OF_24.search(found[0]) is not None
    if not is_said:
        return None
    if last[0] is None:
        start = _clock(*first)
        return (start, None) if start else None
    end = _clock(*last)
    # "2 - 4 pm" begins in the afternoon, "10 - 2 pm" in the morning.
    for half in (first[2],) if first[2] else (last[2], None):
        start = _clock(first[0], first[1], half)
        if start and end and start < end:
            return start, end
    return None


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    count, is_late = int(hour), (half or "").lower().replace(".", "") in {"pm", "م"}
    if half:
        if not 1 <= count <= 12:
            return None
        count = count % 12 + (12 if is_late else 0)
    try:
        return time(count, int(minute or 0))
    except ValueError:
        return None
