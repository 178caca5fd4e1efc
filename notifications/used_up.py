"""When what was bought runs out, by the shop's own list of products: then it is asked about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from selling.catalogue import lasting
from selling.choosing import asked_after
from selling.keys import product_key
from tracking.models import OrderItem


@dataclass(frozen=True, slots=True)
class UsedUp:
    """How long after delivery each order's shopper is asked, by order.

    `is_known` is whether the shop says of any product how long it lasts: then an order without
    such a product is not asked about. Else the rule's own delay counts for all.
    """

    is_known: bool = False
    after: Mapping[int, timedelta] = field(default_factory=dict)


def used_up(order_ids: Collection[int]) -> UsedUp:
    """Of these orders, by what runs out first. Two queries, in scope."""
    lasts = lasting()
    if not lasts:
        return UsedUp()
    found: dict[int, list[timedelta]] = defaultdict(list)
    lines = OrderItem.objects.filter(order_id__in=order_ids, quantity__gt=0)
    for order_id, sku, title in lines.values_list("order_id", "sku", "title"):
        days = lasts.get(product_key(sku=sku, title=title))
        if days is not None:
            found[order_id].append(asked_after(days))
    return UsedUp(True, {order_id: min(times) for order_id, times in found.items()})
