"""Orders by any fragment: number, tracking number, e-mail, phone, name.

The looking is done by the database function `search_orders` (migration tracking 0002),
because row-level security keeps LIKE from using an index for the application's role.
"""

from __future__ import annotations

import re
from typing import Final

from django.db import connection

from lib.folding import digits, fold, number_key, western_digits
from tracking.models import Order, Shipment

_PHONE: Final = re.compile(r"[\d\s()+./-]+")
_LONGEST: Final = 100
#: Shorter fragments have no trigram of their own.
_SHORTEST: Final = 3


def find_orders(query: str, *, limit: int = 20) -> list[int]:
    """Ids of the orders of the merchant in scope, best first, at most `limit`.

    First the order or parcel whose whole number this is, then every order that contains all
    words of it, newest first. When none does and it is no number, those with a similar name
    (one or two letters wrong). Case, accents, Arabic letter forms and digits do not matter;
    a phone number may be written with or without its country code. Raises
    `django.db.ProgrammingError` without a merchant in scope.
    """
    query = query.strip()[:_LONGEST]
    exact = _by_whole_number(query, limit)
    parts = fragments(query)
    if not parts:
        return exact
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_orders(%s, %s)", [parts, limit])
        found = [row[0] for row in cursor.fetchall()]
    return list(dict.fromkeys([*exact, *found]))[:limit]


def fragments(query: str) -> list[str]:
    """What the searched text must contain, all of it; empty when there is too little to go by."""
    number = _phone_digits(query)
    if number:
        return [number]
    folded = fold(query)
    words = [word for part in folded.split() if (word := part.strip("-.+"))]
    if any(len(word) >= _SHORTEST for word in words):
        return words
    # Two short words have trigrams only together: "al ma".
    phrase = " ".join(words)
    return [phrase] if len(phrase) >= _SHORTEST else []


def _phone_digits(query: str) -> str:
    """The digits of what may be a phone number, without the zeros dialled before it."""
    if not _PHONE.fullmatch(western_digits(query)):
        return ""
    number = digits(query)
    bare = number.lstrip("0")
    number = bare if len(bare) >= _SHORTEST else number
    return number if len(number) >= _SHORTEST else ""


def _by_whole_number(query: str, limit: int) -> list[int]:
    """Orders with this number, or with a parcel of this tracking number: plain `=`, indexed."""
    key = number_key(query)
    if not key:
        return []
    orders = Order.objects.filter(number_key=key).values_list("pk", flat=True)
    parcels = Shipment.objects.filter(number_key=key).values_list("order_id", flat=True)
    return list(dict.fromkeys(orders.union(parcels)[:limit]))
