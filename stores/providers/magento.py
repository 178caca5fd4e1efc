"""Adobe Commerce and Magento Open Source 2: asked every few minutes, as they send no webhooks.

https://developer.adobe.com/commerce/webapi/rest/ (searches, orders, shipments, credit memos),
https://developer.adobe.com/commerce/webapi/get-started/authentication/gs-authentication-token/
(an integration's access token as Bearer; since 2.4.4 the merchant has to allow that),
https://developer.adobe.com/commerce/webapi/rest/inventory/ (sources). An order's `updated_at` moves
when it is shipped and refunded too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from carriers.base import Limits, Proven, Secret
from carriers.shapes import mapping, text
from stores.base import Way
from stores.providers import magento_writing
from stores.providers.magento_calls import ROOT, Filter, all_of, optional, search
from stores.providers.magento_orders import is_variant, read_order
from stores.self_hosted import SelfHosted, no
from stores.shop import Page, Shop, ShopChange, ShopFacts, Window, WriteKind, page_of
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Ignored, OrderUpdate

_PAGE: Final = 50
#: What we read of an order: Magento's own answer is many times as long.
_ORDER: Final = (
    "entity_id,increment_id,state,status,created_at,updated_at,store_id,customer_email,"
    "customer_firstname,customer_lastname,order_currency_code,grand_total,total_due,total_refunded,"
    "relation_parent_id,billing_address,payment[method,additional_information],"
    "items[item_id,parent_item_id,product_id,name,sku,price,price_incl_tax,qty_ordered,"
    "qty_canceled],extension_attributes[shipping_assignments[shipping[address]],"
    "payment_additional_info,gw_allow_gift_receipt]"
)
_SHIPMENT: Final = (
    "items[entity_id,order_id,created_at,items[order_item_id,qty],"
    "tracks[entity_id,track_number,title,carrier_code],extension_attributes[source_code]]"
)
_CREDIT_MEMO: Final = (
    "items[entity_id,order_id,grand_total,created_at,items[order_item_id,qty],comments[comment]]"
)
_NOT_ALLOWED: Final = (
    "The shop does not accept the access token. It is wrong or was revoked, its integration may not"
    " see sales, or it may not be used alone: in Stores, Configuration, Services, OAuth allow"
    " access tokens as standalone Bearer tokens"
)


class Magento(SelfHosted):
    slug: ClassVar[str] = "magento"
    name: ClassVar[str] = "Adobe Commerce (Magento)"
    documentation: ClassVar[str] = "https://developer.adobe.com/commerce/webapi/rest/"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("keys",)
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("access_token", "Access token"),)
    limits: ClassVar[Limits] = Limits(per_second=2.0, concurrent=2)
    has_api: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel", "address", "note"})
    keeps_milestones: ClassVar[bool] = False
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "processing": "confirmed",
        "complete": "confirmed",
        "holded": "on_hold",
    }

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {"authorization": f"Bearer {shop.credentials.get('access_token', '')}"}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        readable = frozenset({401, 403, 404})
        proof = yield search("/orders", (), fields="total_count", size=1, readable=readable)
        if proof.status == 404:
            raise no(proof, "There is no Magento at this address")
        if proof.status != 200:
            raise ShopError(
                _NOT_ALLOWED, kind="credentials", http_status=proof.status, raw=proof.body[:2000]
            )
        views = yield from optional(Call("GET", f"{ROOT}/store/storeConfigs"))
        first = views[0] if views else {}
        locales = {text(view.get("id")): text(view.get("locale")) for view in views}
        return ShopFacts(
            currency=text(first.get("base_currency_code")),
            time_zone=text(first.get("timezone")),
            learned={"locales": json.dumps(locales)},
        )

    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """By increasing id: orders that change meanwhile leave the window and hide no other."""
        field = "created_at" if window.by == "created" else "updated_at"
        filters: list[Filter] = [
            (field, "gteq", _stamp(window.since)),
            (field, "lt", _stamp(window.until)),
            ("entity_id", "gt", cursor or "0"),
        ]
        answer = yield search("/orders", filters, fields=f"total_count,items[{_ORDER}]", size=_PAGE)
        orders = answer.listing("items")
        bundles = yield from _bundles(shop, orders)
        is_last = len(orders) < _PAGE
        return page_of(
            bundles,
            read_order,
            next="" if is_last else text(orders[-1].get("entity_id")),
            total=None if cursor else _total(answer),
        )

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        path = f"{ROOT}/orders/{int(external_id)}"
        params = (("fields", _ORDER),)
        answer = yield Call("GET", path, params=params, readable=frozenset({404}))
        if answer.status == 404:
            return None
        [bundle] = yield from _bundles(shop, [answer.mapping()])
        return read_order(bundle)

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate:
        return read_order(values)

    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        return magento_writing.write(change)


def _stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}"


def _total(answer: Answer) -> int | None:
    told = answer.mapping().get("total_count")
    return told if isinstance(told, int) else None


def _bundles(shop: Shop, orders: list[dict[str, Any]]) -> Talk[list[dict[str, Any]]]:
    """The orders with all that Magento keeps apart from them."""
    ids = [text(order.get("entity_id")) for order in orders]
    shipments = yield from all_of("/shipments", "order_id", ids, fields=_SHIPMENT)
    refunded = [text(one.get("entity_id")) for one in orders if one.get("total_refunded")]
    memos = yield from all_of("/creditmemos", "order_id", refunded, fields=_CREDIT_MEMO)
    sources = yield from _sources(shipments)
    products = yield from _products(orders)
    locales = mapping(json.loads(shop.credentials.get("locales", "{}")))
    return [
        {
            "order": order,
            "shipments": _of(order, shipments),
            "creditmemos": _of(order, memos),
            "sources": sources,
            "products": products,
            "locale": locales.get(text(order.get("store_id")), ""),
        }
        for order in orders
    ]


def _of(order: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    number = text(order.get("entity_id"))
    return [row for row in rows if text(row.get("order_id")) == number]


def _sources(shipments: list[dict[str, Any]]) -> Talk[dict[str, Any]]:
    codes = (mapping(row.get("extension_attributes")).get("source_code") for row in shipments)
    if not any(codes):
        return {}
    path = f"{ROOT}/inventory/sources"
    found = yield from optional(
        Call("GET", path, params=(("searchCriteria[pageSize]", "500"),))
    )  # fmt: skip
    return {text(row.get("source_code")): row for row in found}


def _products(orders: list[dict[str, Any]]) -> Talk[dict[str, Any]]:
    """The public pages and pictures of what was bought, as each shop view shows them."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for order in orders:
        view = (text(order.get("store_id")), text(order.get("order_currency_code")))
        lines = order.get("items")
        for line in lines if isinstance(lines, list) else []:
            if isinstance(line, dict) and not is_variant(line):
                wanted.setdefault(view, set()).add(text(line.get("product_id")))
    found: dict[str, Any] = {}
    for (store, currency), ids in wanted.items():
        listed = ",".join(sorted(ids - {""} - found.keys()))
        if listed and store and currency:
            rows = yield from optional(search(
                "/products-render-info", [("entity_id", "in", listed)],
                fields="items[id,url,images[url]]",
                more=(("storeId", store), ("currencyCode", currency)),
            ))  # fmt: skip
            found |= {text(row.get("id")): row for row in rows}
    return found
