"""Saving what a connection's shop said, in the merchant's scope."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, transaction

from lib.logs import where
from stores.ingest import Saved, save_order
from stores.joining import place_of
from stores.models import StoreConnection
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
    """Make or merge these orders; one that the database refuses costs none of the others."""
    created: list[Order] = []
    failed: list[tuple[str, str]] = []
    for update in updates:
        try:
            saved = save_one(store, update, now=now)
        except DatabaseError as error:
            log.error("an order of store %d could not be saved: %s", store.pk, where(error))
            failed.append((update.external_id, f"Could not be saved ({type(error).__name__})"))
            continue
        if saved.created:
            created.append(saved.order)
    return SavedAll(tuple(created), tuple(failed))
