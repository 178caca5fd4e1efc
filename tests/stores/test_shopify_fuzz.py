"""Whatever comes instead of a payload: a reading or a StoreError, and never anything else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stores.base import StoreError
from stores.providers.shopify import Shopify
from stores.shop import Shop
from stores.talk import Answer, ShopError
from tests.factories import NOW
from tests.stores.payloads import shopify_fulfilment, shopify_order, shopify_refund
from tests.stores.shopify_shop import SHOP, order_node, parcel_node, refund_node

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip
FIXTURES = {
    "orders/create": shopify_order(
        fulfillments=[shopify_fulfilment()], refunds=[shopify_refund()],
        note_attributes=[{"name": "Delivery date", "value": "2026-11-14"}],
    ),
    "fulfillments/create": shopify_fulfilment(origin_address=[{"country_code": "AE"}]),
    "refunds/create": shopify_refund(),
    "app/uninstalled": {"myshopify_domain": SHOP},
    "customers/redact": {"shop_domain": SHOP, "customer": {}, "orders_to_redact": [1]},
}  # fmt: skip
NODE = order_node(
    5001, at=NOW, fulfillments=[parcel_node(901, "345", at=NOW, lines={50010: 1})],
    refunds=[refund_node(7, "1.00", at=NOW, lines={50010: 1})],
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload."""
    rows: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(place for key, inner in rows for place in places(inner, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value in one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=20, deadline=None)
@given(body=st.binary(max_size=40) | JSON.map(lambda one: json.dumps(one).encode()))
@pytest.mark.parametrize("topic", [*sorted(FIXTURES), ""])
def test_any_body_is_read_or_refused(topic: str, body: bytes) -> None:
    with contextlib.suppress(StoreError):
        Shopify().read(topic, body)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("topic", sorted(FIXTURES))
def test_payload_with_one_odd_value_is_read_or_refused(topic: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(FIXTURES[topic])))
    odd = changed(FIXTURES[topic], place, data.draw(JSON))
    with contextlib.suppress(StoreError):
        Shopify().read(topic, json.dumps(odd).encode())


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_node_with_one_odd_value_is_read_or_refused(data: st.DataObject) -> None:
    # As the API gives connections: {"nodes": […]}.
    whole = NODE | {"lineItems": {"nodes": NODE["lineItems"]}}
    odd = changed(whole, data.draw(st.sampled_from(places(whole))), data.draw(JSON))
    if not isinstance(odd, dict):
        return
    with contextlib.suppress(StoreError):
        Shopify().read_order(odd)


@settings(max_examples=40, deadline=None)
@given(said=JSON, status=st.sampled_from([200, 404]))
def test_any_answer_ends_the_dialogue_in_words(said: Any, status: int) -> None:
    answer = Answer(status, {}, json.dumps(said).encode())
    shop = Shop(SHOP, {"access_token": "t", "refresh_token": "r"}, NOW)
    assert Shopify().rest(answer, 1.0) >= 0
    Shopify().refusal(answer)
    for talk in (Shopify().look(shop), Shopify().refresh(shop), Shopify().order(shop, "1")):
        next(talk)
        with contextlib.suppress(StopIteration, ShopError, StoreError):
            talk.send(answer)
