"""Orders that are paid at the door: asked before dispatch whether the shopper stands by them.

Only where the merchant wants it, and only until the order is packed or a parcel is on its way. This
is the only writer of CashPolicy and CashQuestion. Nothing is ever held up by it: what a refusal
means is the merchant's to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from lib.vocabulary import Status
from tracking.models import CashPolicy, CashQuestion, Order, Shipment
from tracking.order_changes import order_change, plain_amount
from tracking.orders import touch
from tracking.outbox import write

ASKED: Final = "cod_confirm"
CONFIRMED: Final = "cod_confirmed"
REFUSED: Final = "cod_refused"

#: Nobody has held the parcel yet.
_BEFORE_PICKUP: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED, Status.CANCELLED})


def asks_for_cash() -> bool:
    """Whether the merchant in scope has such orders confirmed."""
    return CashPolicy.objects.filter(asks=True).exists()


def save_cash_policy(*, merchant_id: int, asks: bool, now: datetime) -> None:
    """Keep the merchant's choice. It counts for orders that come from now on."""
    CashPolicy.objects.update_or_create(
        merchant_id=merchant_id, defaults={"asks": asks, "changed_at": now}
    )


def ask_for_cash(orders: Iterable[Order], *, now: datetime) -> None:
    """Put the question to the shoppers of those orders that are paid at the door; once each.

    Orders that are new, or whose amount is: in the transaction that wrote them. No query where
    nothing is to be paid.
    """
    owing = [order for order in orders if order.cod_amount and _is_open(order)]
    fresh = [order for order in owing if order.placed_at >= order.announce_from]
    if not fresh or not asks_for_cash():
        return
    waiting = _without_moving([order.pk for order in fresh])
    asked = CashQuestion.objects.filter(order_id__in=waiting).values_list("order_id", flat=True)
    wanted = [order for order in fresh if order.pk in waiting - set(asked)]
    CashQuestion.objects.bulk_create(
        [CashQuestion(merchant_id=one.merchant_id, order=one, asked_at=now) for one in wanted],
        ignore_conflicts=True,
    )
    write([order_change(one, ASKED, at=now, data=_owed(one)) for one in wanted], now=now)


def is_answerable(order: Order, statuses: Iterable[str]) -> bool:
    """Whether an answer still helps; `statuses` are those of the order's parcels."""
    return bool(
        order.cod_amount and _is_open(order) and all(one in _BEFORE_PICKUP for one in statuses)
    )


def is_waiting(order_id: int) -> bool:
    """Whether this order's shopper was asked and has not answered, and an answer still helps."""
    question = CashQuestion.objects.filter(order_id=order_id, confirmed=None)
    row = question.select_related("order").first()
    return row is not None and _still_answerable(row.order)


def note_cash_answer(*, order: Order, confirmed: bool, now: datetime) -> CashQuestion | None:
    """Keep the shopper's answer; None where nothing came of it, or nothing new.

    In a transaction, in the merchant's scope. The last word before packing counts.
    """
    row = CashQuestion.objects.select_for_update().filter(order_id=order.pk).first()
    if row is None or row.confirmed is confirmed:
        return None
    if not _still_answerable(Order.objects.get(pk=order.pk)):
        return None
    row.confirmed, row.answered_at, row.answers = confirmed, now, row.answers + 1
    row.save(update_fields=["confirmed", "answered_at", "answers"])
    key = f"{CONFIRMED if confirmed else REFUSED}:{row.answers}"
    write([order_change(order, key, at=now, data=_owed(order))], now=now)
    touch(order.pk, now=now)
    return row


def question_of(order: Order) -> CashQuestion | None:
    """The question that was put about this order; one query."""
    return CashQuestion.objects.filter(order_id=order.pk).first()


def _still_answerable(order: Order) -> bool:
    statuses = Shipment.objects.filter(order_id=order.pk).values_list("status", flat=True)
    return is_answerable(order, statuses)


def _is_open(order: Order) -> bool:
    return order.cancelled_at is None and order.packed_at is None


def _without_moving(order_ids: Sequence[int]) -> set[int]:
    moving = Shipment.objects.filter(order_id__in=order_ids).exclude(status__in=_BEFORE_PICKUP)
    return set(order_ids) - set(moving.values_list("order_id", flat=True))


def _owed(order: Order) -> dict[str, str]:
    return {
        "amount": plain_amount(order.cod_amount or Decimal(0)),
        "currency": order.currency,
    }
