"""What an order waits for at the shop: on hold, out of stock, or nothing. Changes rows in memory.

The shop's newest word counts, by its own clock as everywhere in merging. A partner who packs the
order (its updates are `partial`) knows of its own shelves only: what it raised it takes back
itself, and the shop's status takes back none of that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from stores.held import HOLD, Held
from stores.stamps import Rank
from stores.vocabulary import OrderUpdate
from tracking.order_changes import HOLDS, OUT_OF_STOCK

#: The rank at which a partner raised what stands.
_BY_PARTNER: Final = "hold/partner"


def merge_hold(
    held: Held,
    update: OrderUpdate,
    meanings: Collection[str] | None,
    rank: Rank,
    *,
    now: datetime,
) -> None:
    """Take over whether the order waits, as far as nothing newer is known."""
    said = _said(update, meanings)
    if said is None:
        return
    own, by_partner = held.stamps.own, update.partial
    rank = rank.as_event()
    if not said and (by_partner != (_BY_PARTNER in own)):
        return  # it speaks of its own waiting, not of the other's
    if not held.stamps.wins(HOLD, rank, is_held=True):
        return
    if said or HOLD in own:
        held.stamps.note(HOLD, rank)
    if said and by_partner:
        own[_BY_PARTNER] = rank.value or 0
    else:
        own.pop(_BY_PARTNER, None)
    _put(held, said, at=min(update.updated_at or now, now))


def _said(update: OrderUpdate, meanings: Collection[str] | None) -> str | None:
    """What the update says of it: the payload's own word first, then the merchant's mapping."""
    if update.hold is not None:
        return update.hold
    if meanings is None:
        return None
    found = [meaning for meaning in meanings if meaning in HOLDS]
    return OUT_OF_STOCK if OUT_OF_STOCK in found else next(iter(found), "")


def _put(held: Held, hold: str, *, at: datetime) -> None:
    order = held.order
    if order.hold == hold:
        return
    held.put(order, "hold", hold)
    held.put(order, "hold_changed_at", at)
    if hold:
        held.put(order, "holds", order.holds + 1)
