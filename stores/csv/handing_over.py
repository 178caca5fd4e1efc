"""Handing orders to whoever writes them: the one place that calls `stores.ingest` for files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DataError, transaction

from merchants.models import Merchant
from stores.ingest import save_order
from stores.vocabulary import OrderUpdate


@dataclass(frozen=True, slots=True)
class Said:
    """One order of a file, and under which source it is known."""

    source: str
    update: OrderUpdate


@dataclass(frozen=True, slots=True)
class Handed:
    """The order as it is now; None where the database cannot hold what was said."""

    order_id: int | None
    is_new: bool


def hand_over(*, merchant: Merchant, orders: Sequence[Said], now: datetime) -> list[Handed]:
    """Save these orders, in their order; in the merchant's scope. One that fails stops no other."""
    return [_save(merchant, said, now) for said in orders]


def _save(merchant: Merchant, said: Said, now: datetime) -> Handed:
    try:
        with transaction.atomic():
            saved = save_order(merchant=merchant, source=said.source, update=said.update, now=now)
    except DataError:
        return Handed(None, is_new=False)
    return Handed(saved.order.pk, is_new=saved.created)
