"""Saving what a connection's shop said, in the merchant's scope."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction

from stores.ingest import Refused, Saved, save_order, save_orders
from stores.joining import has_partners, place_of
from stores.models import StoreConnection
from stores.registry import STORES
from stores.vocabulary import OrderUpdate
from tracking.models import Order

log = logging.getLogger("homeward.stores")


@dataclass(frozen=True, slots=True)
class SavedAll:
    """The orders that were new, and (external id, why) of those that could not be saved."""

    created: tuple[Order, ...]
    failed: tuple[tuple[str, str], ...]


def save_one(store: StoreConnection, update: OrderUpdate, *, now: datetime) -> Saved:
    """Make or merge one order; what a fulfilment partner says joins the shop's order."""
    with transaction.atomic():
        source, said = place_of(store, update)
        return save_order(
            merchant=store.merchant,
            source=source,
            update=said,
            now=now,
            status_map=store.status_map,
        )


def save_all(store: StoreConnection, updates: Sequence[OrderUpdate], *, now: datetime) -> SavedAll:
    """Make or merge these orders; one that cannot be saved costs none of the others.

    Together where nobody else speaks of the same orders, else one by one.
    """
    if STORES[store.platform].kind == "shop" and not has_partners():
        found: list[Saved | Refused] = save_orders(
            merchant=store.merchant,
            source=store.source,
            updates=updates,
            now=now,
            status_map=store.status_map,
        )
    else:
        found = [_tried(store, update, now=now) for update in updates]
    failed: list[tuple[str, str]] = []
    for update, one in zip(updates, found, strict=True):
        if isinstance(one, Refused):
            log.error("an order of store %d could not be saved", store.pk)
            failed.append((update.external_id, f"Could not be saved: {one.problem}"))
    return SavedAll(
        tuple(one.order for one in found if isinstance(one, Saved) and one.created),
        tuple(failed),
    )


def _tried(store: StoreConnection, update: OrderUpdate, *, now: datetime) -> Saved | Refused:
    try:
        return save_one(store, update, now=now)
    except DatabaseError as error:
        return Refused(type(error).__name__)
