"""Whatever a shop on somebody's server sends: a reading, or a StoreError that says why not."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.base import Store
from stores.payload import StoreError
from stores.providers.magento import Magento
from stores.providers.prestashop import PrestaShop
from stores.providers.woocommerce import WooCommerce
from stores.vocabulary import Fetch, Ignored, OrderUpdate
from tests.factories import NOW
from tests.stores.magento_server import magento_order, shipment
from tests.stores.payloads import woo_order
from tests.stores.prestashop_server import PrestaShopServer, prestashop_order

WORDS = st.text(max_size=8) | st.sampled_from(
    ["", "0", "-1", "1e999", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "\x00", "trash"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
#: Hypothesis and a busy machine: no test here is about time.
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _presta() -> dict[str, Any]:
    rows = PrestaShopServer().rows
    slip = {"id": 4, "amount": "5.00", "associations": {"order_slip_details": [
        {"id_order_detail": "71", "product_quantity": "1"}]}}  # fmt: skip
    return {
        "order": prestashop_order(7, NOW), "delivery": {**rows["addresses"][0], "iso_code": "SA"},
        "invoice": rows["addresses"][1], "customer": rows["customers"][0],
        "state": rows["order_states"][0], "slips": [slip], "zone": "Asia/Riyadh",
        "carriers": [{"id": 9, "tracking_number": "290-1", "name": "SMSA"}],
        "products": {"5": rows["products"][0]}, "shop": "noor.example", "currency": "SAR",
    }  # fmt: skip


def _magento() -> dict[str, Any]:
    memo = {"entity_id": 4, "grand_total": 9, "items": [{"order_item_id": 1, "qty": 1}]}
    return {
        "order": magento_order(7, NOW), "shipments": [shipment(5, 7, "290-1")],
        "creditmemos": [memo], "sources": {"ruh": {"name": "Riyadh", "country_id": "SA"}},
        "products": {"50": {"url": "https://x.example/", "images": [{"url": "https://x/"}]}},
        "locale": "ar_SA",
    }  # fmt: skip


def _woo() -> dict[str, Any]:
    meta = [{"key": "_tracking_number", "value": "JD01"}, {"key": "_items", "value": [
        {"item_id": 31, "qty": 1}]}]  # fmt: skip
    return woo_order(
        refunds=[{"id": 9, "total": "-1", "line_items": [{"quantity": -1, "meta_data": []}]}],
        fulfillments=[{"id": 1, "is_fulfilled": True, "meta_data": meta}],
        products={"93": {"permalink": "https://x.example/", "images": [{"src": "https://x/"}]}},
    )


ADAPTERS: list[tuple[Store, dict[str, Any]]] = [
    (Magento(), _magento()), (PrestaShop(), _presta()), (WooCommerce(), _woo()),
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload, by the way to it."""
    inner = value.items() if isinstance(value, dict) else (
        enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    found = [path] if path else []
    for key, part in inner:
        found += places(part, (*path, key))
    return found


def mutated(payload: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(payload)
    target: Any = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


def reads(adapter: Store, payload: dict[str, Any]) -> None:
    try:
        found = adapter.read_order(payload)
    except StoreError:
        return
    assert isinstance(found, OrderUpdate | Ignored)


@pytest.mark.parametrize(("adapter", "payload"), ADAPTERS, ids=lambda one: getattr(one, "slug", ""))
def test_own_payload_is_an_order(adapter: Store, payload: dict[str, Any]) -> None:
    assert isinstance(adapter.read_order(payload), OrderUpdate)


@pytest.mark.parametrize(("adapter", "payload"), ADAPTERS, ids=lambda one: getattr(one, "slug", ""))
@QUICK
@given(data=st.data())
def test_changed_payload_reads_or_says_why_not(
    adapter: Store, payload: dict[str, Any], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(places(payload)))
    reads(adapter, mutated(payload, path, data.draw(JSON)))


@pytest.mark.parametrize(("adapter", "payload"), ADAPTERS, ids=lambda one: getattr(one, "slug", ""))
@QUICK
@given(data=st.data())
def test_any_object_reads_or_says_why_not(
    adapter: Store, payload: dict[str, Any], data: st.DataObject
) -> None:
    reads(adapter, data.draw(st.dictionaries(st.sampled_from(sorted(payload)), JSON)))


@QUICK
@given(topic=st.sampled_from([*WooCommerce.topics, "x"]), value=JSON, raw=st.binary(max_size=20))
def test_any_webhook_reads_or_says_why_not(topic: str, value: Any, raw: bytes) -> None:
    for body in (json.dumps(value).encode(), raw):
        try:
            found = WooCommerce().read(topic, body)
        except StoreError:
            continue
        assert isinstance(found, OrderUpdate | Ignored | Fetch)
