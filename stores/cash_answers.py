"""The shopper's answer about cash at the door: kept, and said at the shop where it has a place."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from merchants.models import Merchant
from stores.shop import Note, ShopChange, Tags
from stores.writing import queue_write
from tracking.cash import note_cash_answer
from tracking.models import Order

_CONFIRMED_TAG: Final = "homeward-cash-confirmed"
_REFUSED_TAG: Final = "homeward-cash-refused"


def answer_cash(*, order: Order, confirmed: bool, now: datetime) -> bool:
    """Keep the answer and tell the shop; False where nothing came of it.

    In a transaction, in the merchant's scope. The tag on the order is the last answer's alone.
    """
    row = note_cash_answer(order=order, confirmed=confirmed, now=now)
    if row is None:
        return False
    mine, other = _CONFIRMED_TAG, _REFUSED_TAG
    if not confirmed:
        mine, other = other, mine
    said: list[tuple[str, ShopChange]] = [
        ("tags", Tags(order.external_id, (mine,), (other,))),
        ("note", Note(order.external_id, _words(order, confirmed=confirmed))),
    ]
    for name, change in said:
        key = f"cash:{order.pk}:{name}:{row.answers}"
        queue_write(order=order, change=change, key=key, now=now)
    return True


def _words(order: Order, *, confirmed: bool) -> str:
    """One line for the shop's own people, in their language."""
    merchant = Merchant.objects.get(pk=order.merchant_id)
    with override(merchant.default_language):
        if confirmed:
            return _("The customer confirmed the order and will pay at the door.")
        return _("The customer does not want the order any more: it was to be paid at the door.")
