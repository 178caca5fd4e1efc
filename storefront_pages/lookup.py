"""Finding one's order: its number or a parcel's, and one proof that it is one's own.

A number that does not exist and a wrong proof of one that does take the same queries and as many
comparisons, the view gives them the same answer, and no sooner than `NO_SOONER` after the question:
otherwise the form would tell which numbers exist.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

from lib.folding import digits, number_key
from tracking.models import Order

#: Fewer digits than this prove nothing; numbers are compared without country code and zero.
SHORTEST_PHONE: Final = 7
#: Seconds from question to refusal: longer than either kind of refusal takes on a machine that
#: keeps up, so that the few microseconds between them never reach the line.
NO_SOONER: Final = 0.05
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """An order, and whether nothing but the address it goes to was proved."""

    order_id: int
    by_postcode: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What is compared of one order."""

    pk: int
    placed_at: datetime | None
    email: str
    phone: str
    postcode: str


#: Compared always, so that there is something to compare with.
_NOBODY: Final = _Known(0, None, "", "", "")


def find_order(*, number: str, proof: str) -> Found | None:
    """The newest order with this order or tracking number that this proof belongs to.

    In the merchant's scope; always two queries. The proof is the e-mail address, the phone
    number or the postcode of the order, in any script's digits.
    """
    proven = [(one, by) for one in [*_known(number), _NOBODY] if (by := _proof_of(proof, one))]
    if not proven:
        return None
    newest, by = max(proven, key=lambda pair: (pair[0].placed_at, pair[0].pk))
    return Found(newest.pk, by_postcode=by == "postcode")


def find_by_number(number: str) -> int | None:
    """The newest order with this order or tracking number, by its id; in the merchant's scope.

    Only for what the merchant lets a number alone show.
    """
    known = _known(number)
    return max(known, key=lambda one: (one.placed_at, one.pk)).pk if known else None


def rest(since: float) -> None:
    """Wait until `NO_SOONER` has passed `since` (`time.monotonic`)."""
    time.sleep(max(since + NO_SOONER - time.monotonic(), 0))


def _known(number: str) -> list[_Known]:
    key = number_key(number)[:60]
    if not key:
        return []
    orders = Order.objects.order_by("-placed_at", "-pk")
    columns = ("pk", "placed_at", "email_key", "phone_key", "postcode")
    rows = {*orders.filter(number_key=key).values_list(*columns)[:_MOST]}
    rows |= {*orders.filter(shipments__number_key=key).values_list(*columns)[:_MOST]}
    return [_Known(*row) for row in rows]


def _proof_of(proof: str, order: _Known) -> str:
    """What of the order this is; "" for nothing. All are compared, whatever the first says."""
    fits = {
        "email": _same(proof.strip().lower(), order.email),
        "phone": _same_phone(digits(proof), order.phone),
        "postcode": _same(number_key(proof), number_key(order.postcode)),
    }
    return next((name for name, is_it in fits.items() if is_it), "")


def _same(given: str, known: str) -> bool:
    return compare_digest(given.encode(), known.encode()) and bool(known)


def _same_phone(given: str, known: str) -> bool:
    """Equal but for the country code and the leading zero, which people leave out or not."""
    given, known = given.lstrip("0"), known.lstrip("0")
    size = min(len(given), len(known))
    is_same = compare_digest(given[-size:].encode(), known[-size:].encode())
    return is_same and size >= SHORTEST_PHONE
