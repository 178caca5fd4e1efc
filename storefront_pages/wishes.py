"""What a shopper wants of the courier, read from a posted form and checked part by part."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from lib.addresses.answering import LONGEST as LONGEST_PARTS
from lib.addresses.answering import PLACE, read_answer
from lib.addresses.words import fault
from lib.folding import digits
from tracking.answers import PARTS_OF_DAY, Wish, days_for
from tracking.models import Order, Shipment

_LONGEST: Final = {
    "address": 255, "landmark": 255, "phone": 40, "words": 500, "safe_place": 255,
    "neighbour": 255,
}  # fmt: skip
#: What is asked of somebody who will not be there.
AWAY_FIELDS: Final = ("safe_place", "neighbour")


def read_wish(
    posted: Mapping[str, str], shipment: Shipment, order: Order, *, now: datetime
) -> tuple[Wish, dict[str, str]]:
    """What was asked for, and what is wrong with it by field; the language must be active."""
    errors: dict[str, str] = {}
    texts = {name: posted.get(name, "") for name in _LONGEST}
    for name, longest in _LONGEST.items():
        if len(texts[name]) > longest:
            errors[name] = _("Please keep it under %(n)s letters.") % {"n": longest}
    phone = texts["phone"]
    if phone and "phone" not in errors and not _is_phone(phone):
        errors["phone"] = _("Enter a phone number with 6 to 15 digits, such as 050 123 4567.")
    day = _day(posted.get("day", ""))
    if posted.get("day") and day not in days_for(shipment, order, now=now):
        errors["day"] = _("This day is not possible any more. Please choose another one.")
        day = None
    part = posted.get("part", "")
    wish = Wish(
        day=day,
        part_of_day=part if part in PARTS_OF_DAY else "",
        pin=_pin(posted.get(PLACE, ""), order.country, errors),
        **texts,
    )
    if wish.is_empty and not errors:
        errors["day"] = _("Choose a day, or tell the courier below how to find you.")
    return wish, errors


def read_absence(
    posted: Mapping[str, str], shipment: Shipment, order: Order, *, now: datetime
) -> tuple[Wish, dict[str, str]]:
    """The same for somebody who will not be there: a day, a safe place, a neighbour."""
    known = {name: posted.get(name, "") for name in ("day", "part", *AWAY_FIELDS)}
    wish, errors = read_wish(known, shipment, order, now=now)
    if wish.is_empty and set(errors) == {"day"} and not posted.get("day"):
        errors["day"] = _("Choose another day, or say where or with whom it may be left.")
    return wish, errors


def _pin(text: str, country: str, errors: dict[str, str]) -> str:
    """The point on the map as the carrier gets it; "" without one, with an error in `errors`."""
    answer = read_answer({PLACE: text}, country=country)
    if PLACE in answer.faults:
        errors[PLACE] = fault(answer.faults[PLACE], country, longest=LONGEST_PARTS[PLACE])
        return ""
    if answer.parts.pin is not None:
        latitude, longitude = answer.parts.pin
        return f"{latitude:.6f}, {longitude:.6f}"
    return f"///{answer.parts.what3words}"[:80] if answer.parts.what3words else ""


def _is_phone(text: str) -> bool:
    plain = digits(text)
    return 6 <= len(plain) <= 15 and not any(letter.isalpha() for letter in text)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
