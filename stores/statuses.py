"""The statuses that a shop uses in its own words, for the merchant to say what they mean."""

from __future__ import annotations

from typing import Final

from stores.models import StoreConnection
from stores.registry import STORES
from tracking.models import Order

#: The newest orders say which statuses are in use.
_LOOKED_AT: Final = 2_000
_MOST: Final = 60


def known_statuses(store: StoreConnection) -> list[str]:
    """Those with a meaning, the platform's usual ones, and those of recent orders; sorted."""
    adapter = STORES.get(store.platform)
    recent = (
        Order.objects.filter(source=store.source)
        .order_by("-placed_at")
        .values_list("shop_status", flat=True)[:_LOOKED_AT]
    )
    known = {*store.status_map, *(adapter.usual_statuses if adapter else ()), *recent} - {""}
    return sorted(known, key=str.casefold)[:_MOST]
