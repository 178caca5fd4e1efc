"""Orders of a file that a connected shop has brought already.

A sheet of tracking numbers names the shop's orders: they are filled in, not made a second time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lib.folding import digits, number_key
from stores.csv.handing_over import Said
from stores.vocabulary import OrderUpdate
from tracking.models import Order

#: Digits at the end of a phone number that say it is the same one, with or without its country.
_PHONE_TAIL: Final = 8


def placed_elsewhere(updates: Sequence[OrderUpdate], *, source: str) -> list[Said]:
    """Each update under this source, or under the source that knows it: then it fills gaps only,
    and the shop's own lines stay as they are."""
    keys = {number_key(update.number)[:60] for update in updates}
    known: dict[str, list[Order]] = defaultdict(list)
    of_others = Order.objects.filter(number_key__in=keys).exclude(source__startswith="csv")
    for order in of_others.only(
        "source", "external_id", "number_key", "email_key", "phone_key", "merchant_id"
    ):
        known[order.number_key].append(order)
    return [_placed(update, known[number_key(update.number)[:60]], source) for update in updates]


def _placed(update: OrderUpdate, found: list[Order], source: str) -> Said:
    same = [order for order in found if _may_be(order, update)]
    if len(same) != 1:
        return Said(source, update)
    gaps = replace(update, external_id=same[0].external_id, items=(), partial=True)
    gaps = replace(gaps, parcels=tuple(replace(parcel, contents=()) for parcel in update.parcels))
    return Said(same[0].source, gaps)


def _may_be(order: Order, update: OrderUpdate) -> bool:
    """Two shops may number their orders alike: what both say about the buyer must agree."""
    email = update.customer.email.strip().lower()
    if email and order.email_key:
        return email == order.email_key
    phone = digits(update.customer.phone)
    if phone and order.phone_key:
        return phone[-_PHONE_TAIL:] == order.phone_key[-_PHONE_TAIL:]
    return True
