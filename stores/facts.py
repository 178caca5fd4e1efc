"""What a shop's word makes of an order as a whole: cancelled, held up, money given back.

Read from what merging changed in memory, before it is written: the changes go with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from stores.held import Held
from tracking.models import Order, Refund
from tracking.order_changes import CANCELLED, GOES_ON, REFUND, order_change, plain_amount
from tracking.outbox import NewChange


def facts_of(held: Iterable[Held], *, now: datetime) -> list[NewChange]:
    """The changes of these orders, whose ids are known by now; writing known ones does nothing."""
    return [change for one in held for change in (*_standing(one), *_refunds(one, now=now))]


def is_set(one: Held, column: str) -> bool:
    """Whether this column of the order was said just now, for the first time or anew."""
    _, columns = one.touched.get((Order, one.order.pk), (None, set[str]()))
    return one.is_new or column in columns


def _standing(one: Held) -> Iterator[NewChange]:
    """Cancelled, and held up. Once a parcel is on its way, it says how things stand."""
    order, is_told = one.order, not one.is_moving
    if is_set(one, "cancelled_at") and order.cancelled_at is not None:
        data = {"by": one.cancelled_by} if one.cancelled_by else {}
        at = order.cancelled_at
        yield order_change(order, CANCELLED, at=at, announce=is_told, data=data)
    if not is_set(one, "hold") or order.hold_changed_at is None:
        return
    is_told = is_told and order.cancelled_at is None
    at = order.hold_changed_at
    if order.hold:
        yield order_change(order, f"{order.hold}:{order.holds}", at=at, announce=is_told)
    else:
        yield order_change(order, f"{GOES_ON}:{order.holds}", at=at, announce=False)


def _refunds(one: Held, *, now: datetime) -> Iterator[NewChange]:
    """Money given back, once it is said how much; a row without an amount takes lines off."""
    for refund in one.refunds.values():
        _, columns = one.touched.get((Refund, refund.pk or 0), (None, set[str]()))
        if refund.amount is None or refund.amount <= 0:
            continue
        if refund.pk is None or "amount" in columns:
            data = {"amount": plain_amount(refund.amount), "currency": one.order.currency}
            key = f"{REFUND}:{refund.external_id}"
            at = min(refund.at or now, now)
            yield order_change(one.order, key[:80], at=at, data=data)
