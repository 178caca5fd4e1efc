"""How orders stand, as a digest: as long as it is the same, nobody changed the order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from tracking.models import Order, OrderItem, Shipment

#: What is derived from parcels and from time, or only says when.
_DERIVED: Final = frozenset(
    {"id", "merchant_id", "status", "needs_attention", "search_text", "created_at", "updated_at"}
)
_ORDER: Final = tuple(
    field.attname for field in Order._meta.concrete_fields if field.attname not in _DERIVED
)
_ITEM: Final = ("external_id", "sku", "title", "quantity", "price", "image_url")
_PARCEL: Final = ("number_key", "external_id", "service", "shipped_by_store_at")


def standings(order_ids: Collection[int]) -> dict[int, str]:
    """The digest of each of these orders, by id: what it says, its lines, its parcels."""
    parts: dict[int, list[Any]] = {}
    for order_id, *values in Order.objects.filter(pk__in=order_ids).values_list("pk", *_ORDER):
        parts[order_id] = [values]
    for model, columns in ((OrderItem, _ITEM), (Shipment, _PARCEL)):
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        rows = model._default_manager.filter(order_id__in=order_ids).order_by("pk")
        for order_id, *values in rows.values_list("order_id", *columns):
            found[order_id].append(tuple(values))
        for order_id, said in parts.items():
            said.append(found.get(order_id, []))
    return {
        order_id: hashlib.sha256(repr(said).encode()).hexdigest()
        for order_id, said in parts.items()
    }
