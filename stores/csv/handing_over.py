"""Handing orders to whoever writes them: the one place that calls `stores.ingest` for files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from merchants.models import Merchant
from stores.ingest import Refused, Saved, save_orders
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
    """Save these orders; in the merchant's scope. One that fails stops no other."""
    handed: dict[int, Handed] = {}
    for source, places in _by_source(orders).items():
        saved = save_orders(
            merchant=merchant,
            source=source,
            updates=[orders[place].update for place in places],
            now=now,
        )
        handed |= {place: _handed(one) for place, one in zip(places, saved, strict=True)}
    return [handed[place] for place in range(len(orders))]


def _by_source(orders: Sequence[Said]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, said in enumerate(orders):
        places[said.source].append(place)
    return places


def _handed(saved: Saved | Refused) -> Handed:
    if isinstance(saved, Refused):
        return Handed(None, is_new=False)
    return Handed(saved.order.pk, is_new=saved.created)
