"""What platforms say of an order that waits, and who cancelled it."""

from __future__ import annotations

from typing import Any

import pytest

from lib.vocabulary import Milestone
from stores.providers.shopify_orders import read_order
from stores.providers.shopify_shapes import as_webhook
from stores.registry import STORES
from tests.factories import NOW
from tests.stores.shopify_shop import order_node
from tracking.order_changes import HOLDS


@pytest.mark.parametrize("slug", sorted(STORES))
def test_usual_statuses_mean_something_that_we_know(slug: str) -> None:
    known = {Milestone.CONFIRMED, Milestone.PACKED, *HOLDS}
    assert set(STORES[slug].usual_statuses.values()) - known == set()


@pytest.mark.parametrize(
    ("slug", "status", "meaning"),
    [
        ("woocommerce", "on-hold", "on_hold"),
        ("magento", "holded", "on_hold"),
        ("bigcommerce", "Manual Verification Required", "on_hold"),
        ("prestashop", "On backorder (paid)", "out_of_stock"),
        ("shipbob", "OnHold", "on_hold"),
        ("shipbob", "Exception", "out_of_stock"),
    ],
)
def test_statuses_that_mean_waiting(slug: str, status: str, meaning: str) -> None:
    assert STORES[slug].usual_statuses[status] == meaning


def held(status: str, *reasons: str) -> dict[str, Any]:
    holds = [{"reason": reason} for reason in reasons]
    node = order_node(1, at=NOW, displayFulfillmentStatus=status)
    return as_webhook(node | {"fulfillmentOrders": {"nodes": [{"fulfillmentHolds": holds}]}})


@pytest.mark.parametrize(
    ("values", "hold"),
    [
        (held("ON_HOLD", "INVENTORY_OUT_OF_STOCK"), "out_of_stock"),
        (held("ON_HOLD", "AWAITING_PAYMENT"), "on_hold"),
        (held("ON_HOLD"), "on_hold"),
        (held("UNFULFILLED"), ""),
        ({"id": 1}, None),  # a webhook
    ],
)
def test_shopify_says_it_when_it_is_asked(values: dict[str, Any], hold: str | None) -> None:
    assert read_order(values).hold == hold


@pytest.mark.parametrize(
    ("reason", "by"),
    [
        ("customer", "shopper"),
        ("CUSTOMER", "shopper"),
        ("fraud", "shop"),
        ("other", ""),
        (None, ""),
    ],
)
def test_shopify_says_who_cancelled(reason: str | None, by: str) -> None:
    assert read_order({"id": 1, "cancel_reason": reason}).cancelled_by == by
