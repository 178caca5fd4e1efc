"""Takes out of a story what its reader may not see, before anything is made of it.

What builds the page shows what is there. So a new part of it cannot forget to ask, and what is not
in the story cannot reach a template, a cache or a log.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from storefront_pages.access import Access, Part
from tracking.models import Order, Shipment

#: First words of names that are no name by themselves.
_PREFIX: Final = re.compile(r"(?:عبد|أبو|ابو|أم|ام|abd(?:ul|el)?|abu|umm|al|el|de|van|von)", re.I)
#: Columns of the order, and what stands there instead.
_OF_ORDER: Final[Mapping[Part, Mapping[str, Any]]] = {
    Part.TO_PAY: {"cod_amount": None, "total": None},
    Part.DOOR_PHONE: {"ship_to_phone": ""},
    Part.PHONE: {"customer_phone": "", "phone_key": ""},
    Part.EMAIL: {"customer_email": "", "email_key": ""},
    Part.ADDRESS: {
        "line1": "", "line2": "", "landmark": "", "district": "", "postcode": "", "makani": "",
        "national_address": "", "what3words": "", "latitude": None, "longitude": None,
    },
}  # fmt: skip
#: Of what carriers give (`tracking.details`): the part of it, and its field ("" for all of it).
_OF_DETAILS: Final[Mapping[Part, tuple[str, str]]] = {
    Part.TO_PAY: ("cash", ""),
    Part.COURIER: ("courier", ""),
    Part.PICKUP_POINT: ("pickup_point", ""),
    Part.LOCKER_CODE: ("pickup_point", "code"),
    Part.LEFT_AT: ("proof", "left_at"),
    Part.SIGNED_BY: ("proof", "signed_by"),
    Part.PHOTO: ("proof", "photo_url"),
}


def order_for(order: Order, access: Access) -> Order:
    """A copy of the order without what this reader may not see. It is never to be saved."""
    seen = copy.copy(order)
    # What was searched through holds everything, folded.
    seen.search_text = ""
    for part, columns in _OF_ORDER.items():
        if not access.may(part):
            for name, nothing in columns.items():
                setattr(seen, name, nothing)
    if not access.may(Part.FULL_NAME):
        seen.customer_name = first_name(order.customer_name)
        seen.ship_to_name = first_name(order.ship_to_name)
        seen.name_key = ""
    return seen


def withhold_details(parcels: Iterable[Shipment], access: Access) -> None:
    """The same of these parcels, which are nobody else's."""
    hidden = [place for part, place in _OF_DETAILS.items() if not access.may(part)]
    for parcel in parcels:
        if parcel.details:
            parcel.details = _without(parcel.details, hidden)


def _without(details: Mapping[str, Any], hidden: Iterable[tuple[str, str]]) -> dict[str, Any]:
    found = dict(details)
    for name, field in hidden:
        if not field:
            found.pop(name, None)
        elif isinstance(found.get(name), dict):
            found[name] = {key: value for key, value in found[name].items() if key != field}
    return found


def first_name(name: str) -> str:
    """The given name alone: "Sara" of "Sara Al Mansoori", "عبد الله" of "عبد الله الشمري"."""
    words = name.split()
    if len(words) > 1 and _PREFIX.fullmatch(words[0]):
        return " ".join(words[:2])
    return words[0] if words else ""
