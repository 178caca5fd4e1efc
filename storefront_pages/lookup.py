"""Finding one's order: its number or a parcel's, and one proof that it is one's own.

A number that does not exist and a wrong proof of one that does take the same queries, and the
view gives them the same answer: otherwise the form would tell which numbers exist.
"""

from __future__ import annotations

from hmac import compare_digest
from typing import Final

from lib.folding import digits, number_key
from tracking.models import Order

#: Fewer digits than this prove nothing; numbers are compared without country code and zero.
SHORTEST_PHONE: Final = 7
_MOST: Final = 20


def find_order(*, number: str, proof: str) -> Order | None:
    """The newest order with this order or tracking number that this proof belongs to.

    In the merchant's scope; always two queries. The proof is the e-mail address, the phone
    number or the postcode of the order, in any script's digits.
    """
    key = number_key(number)[:60]
    orders = Order.objects.order_by("-placed_at", "-pk")
    found = list(orders.filter(number_key=key)[:_MOST]) if key else []
    found += list(orders.filter(shipments__number_key=key)[:_MOST]) if key else []
    proven = [order for order in found if _proves(proof, order)]
    return max(proven, key=lambda order: (order.placed_at, order.pk)) if proven else None


def _proves(proof: str, order: Order) -> bool:
    return (
        _same(proof.strip().lower(), order.email_key)
        or _same_phone(digits(proof), order.phone_key)
        or _same(number_key(proof), number_key(order.postcode))
    )


def _same(given: str, known: str) -> bool:
    return bool(known) and compare_digest(given.encode(), known.encode())


def _same_phone(given: str, known: str) -> bool:
    """Equal but for the country code and the leading zero, which people leave out or not."""
    given, known = given.lstrip("0"), known.lstrip("0")
    size = min(len(given), len(known))
    if size < SHORTEST_PHONE:
        return False
    return compare_digest(given[-size:].encode(), known[-size:].encode())
