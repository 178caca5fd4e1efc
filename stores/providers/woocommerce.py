"""WooCommerce: signed webhooks, and the REST API of a shop on its owner's server.

https://woocommerce.github.io/woocommerce-rest-api-docs/ (version 3: keys, orders, notes, refunds,
webhooks), …#rest-api-authentication-endpoint (wc-auth: the shop posts the keys),
https://developer.woocommerce.com/docs/best-practices/urls-and-routing/webhooks/ (headers, ping).

WooCommerce names its deliveries by webhook and second: two orders of one second share a delivery
id, so that the content belongs to the key. It switches a webhook off after more than five failures
in a row and tells nobody. Keys work by https only, and only where the route is seen to be
WooCommerce's: `/wp-json/wc/…`, since version 11.1 also `?rest_route=/wc/…`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import quote, urlencode, urlsplit

from carriers.base import Proven
from carriers.shapes import mapping, mappings, text
from stores.base import Headers, Secret, Way
from stores.payload import StoreError, need_text, read_object
from stores.played import scheme_of
from stores.providers import woocommerce_hooks, woocommerce_writing
from stores.providers.woocommerce_calls import call, refused_access, route_of
from stores.providers.woocommerce_orders import read_order
from stores.self_hosted import SelfHosted, no
from stores.shop import App, Hook, Page, Shop, ShopChange, ShopFacts, Window, WriteKind, page_of
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Fetch, Ignored, OrderUpdate, Reading

#: The one body that WooCommerce sends unsigned, when a webhook is saved.
_PING: Final = re.compile(rb"webhook_id=\d{1,20}")
#: Orders in one answer: a slow server has to make them within our patience.
_PAGE: Final = 50
_DENIED: Final = frozenset({401, 403})
_MISSING: Final = _DENIED | {404}
#: What we read of an order; the rest is neither carried nor kept.
_FIELDS: Final = (
    "id,number,status,currency,date_created_gmt,date_modified_gmt,date_paid_gmt,total,billing,"
    "shipping,payment_method,payment_method_title,line_items,refunds,meta_data,lang"
)


class WooCommerce(SelfHosted):
    slug: ClassVar[str] = "woocommerce"
    name: ClassVar[str] = "WooCommerce"
    documentation: ClassVar[str] = "https://woocommerce.github.io/woocommerce-rest-api-docs/"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("handshake", "keys", "by_hand")
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("consumer_key", "Consumer key"),
        Secret("consumer_secret", "Consumer secret"),
        Secret("secret", "Webhook secret", made_by_us=True),
    )
    topics: ClassVar[tuple[str, ...]] = (
        "order.created",
        "order.updated",
        "order.deleted",
        "order.restored",
    )
    signature_header: ClassVar[str] = "x-wc-webhook-signature"
    topic_header: ClassVar[str] = "x-wc-webhook-topic"
    key_header: ClassVar[str] = "x-wc-webhook-delivery-id"
    kept_headers: ClassVar[tuple[str, ...]] = ("x-wc-webhook-",)
    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel", "address", "note"})
    keeps_milestones: ClassVar[bool] = False
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "processing": "confirmed",
        "completed": "confirmed",
        "on-hold": "on_hold",
    }

    # --- webhooks ----------------------------------------------------------------------
    def is_ping(self, *, body: bytes, headers: Headers) -> bool:
        return _PING.fullmatch(body.strip()) is not None

    def unique_key(self, *, headers: Headers, body: bytes) -> str:
        key = super().unique_key(headers=headers, body=body)
        return f"{key}:{hashlib.sha256(body).hexdigest()[:24]}"[-100:]

    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        if topic not in self.topics:
            return Ignored(f"We do not need the topic {topic or '(none)'}.")
        if topic == "order.deleted":  # with nothing but the id
            return Fetch(need_text(values, "id"))
        return read_order(values)

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return read_order(values)

    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        return woocommerce_hooks.ensure(shop, hook_url, self.topics)

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        return woocommerce_hooks.remove(shop, hook_url)

    # --- connecting --------------------------------------------------------------------
    def authorization(self, shop: Shop) -> Mapping[str, str]:
        key, secret = (shop.credentials.get(f"consumer_{one}", "") for one in ("key", "secret"))
        return {"authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()}

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        """The shop posts the keys to our hooks, under a path that only this attempt has."""
        ours = urlsplit(back)
        params = {
            "app_name": "Homeward",
            "scope": "read_write",
            # Comes back in the browser's address, so that it must not be the attempt's token.
            "user_id": "homeward",
            "return_url": back,
            "callback_url": f"{ours.scheme}://{ours.netloc}/hooks/store/{self.slug}"
            f"/connect/{state}/",
        }
        query = urlencode(params, quote_via=quote)
        return f"{scheme_of(name)}://{name}/wc-auth/v1/authorize?{query}"

    def handshake(self, body: bytes) -> dict[str, str]:
        said = read_object(body)
        key, secret = need_text(said, "consumer_key"), need_text(said, "consumer_secret")
        if not (key.startswith("ck_") and secret.startswith("cs_")):
            raise StoreError("these are not the keys of a WooCommerce shop")
        if text(said.get("key_permissions")) != "read_write":
            raise StoreError("the keys may not read and write")
        return {"consumer_key": key, "consumer_secret": secret}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        site = yield from self._site(shop)
        learned = yield from self._learned(shop)
        told = Shop(shop.name, {**shop.credentials, **learned}, shop.now, api_url=shop.api_url)
        params = (("per_page", "1"), ("_fields", "id"))
        proof = yield call(told, "GET", "/wc/v3/orders", params=params, readable=_MISSING)
        if proof.status == 404:
            raise no(proof, "There is no WooCommerce at this address")
        if proof.status in _DENIED:
            raise refused_access(proof, rest=learned["rest"])
        # Who manages orders need not see the settings: then the shop's country stays unknown.
        general = yield from _optional(told, "/wc/v3/settings/general")
        settings = {text(row.get("id")): text(row.get("value")) for row in general}
        return ShopFacts(
            name=text(site.get("name")),
            country=settings.get("woocommerce_default_country", "").partition(":")[0],
            currency=settings.get("woocommerce_currency", ""),
            time_zone=text(site.get("timezone_string")),
            learned=learned,
        )

    def _site(self, shop: Shop) -> Talk[Mapping[str, Any]]:
        """WordPress's own words, asked in the way that every setting of permalinks answers."""
        fields = "name,namespaces,timezone_string"
        params = (("rest_route", "/"), ("_fields", fields))
        answer = yield Call("GET", "/", params=params, plain=True, readable=_MISSING)
        if answer.status != 200:  # shown to those who have keys only
            return {}
        site = answer.mapping()
        if "wc/v3" not in (site.get("namespaces") or ()):
            raise no(answer, "There is no WooCommerce at this address (it needs version 3.5)")
        return site

    def _learned(self, shop: Shop) -> Talk[dict[str, str]]:
        """Where the shop itself says that its API lies: not `/wp-json` with plain permalinks, or
        where a plug-in renamed it."""
        params = (("rest_route", "/wc/v3"), ("_fields", "namespace,_links"))
        answer = yield Call("GET", "/", params=params, plain=True, readable=_MISSING)
        links = mapping(answer.mapping().get("_links")) if answer.status == 200 else {}
        root = next((text(link.get("href")) for link in mappings(links.get("up"))), "")
        return {"rest": route_of(root, shop.name)}

    # --- orders ------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """From the last page to the first, newest orders on the first: orders that change or go
        meanwhile move those behind them forward, to pages that are still to come."""
        number = int(cursor or 1)
        answer = yield _list(shop, window, number)
        pages, total = _counts(answer)
        if not cursor and pages > 1:
            number = pages
            answer = yield _list(shop, window, number)
        orders = yield from _with_more(shop, answer.listing()[::-1])
        rest = str(number - 1) if number > 1 else ""
        return page_of(orders, read_order, next=rest, total=total)

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        route = f"/wc/v3/orders/{int(external_id)}"
        answer = yield call(shop, "GET", route, readable=frozenset({404}))
        if answer.status == 404:
            return None
        [order] = yield from _with_more(shop, [answer.mapping()])
        return read_order(order)

    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        return woocommerce_writing.write(shop, change)


def _list(shop: Shop, window: Window, number: int) -> Call:
    """Orders of a window. Times without an offset: WordPress would turn them into the shop's own
    zone. Both bounds are exclusive."""
    after, before = ("after", "before")
    if window.by == "updated":
        after, before = ("modified_after", "modified_before")
    params = (
        (after, _stamp(window.since - timedelta(seconds=1))),
        (before, _stamp(window.until)),
        ("dates_are_gmt", "true"),
        ("orderby", "date"),
        ("order", "desc"),
        ("per_page", str(_PAGE)),
        ("page", str(number)),
        ("_fields", _FIELDS),
    )
    return call(shop, "GET", "/wc/v3/orders", params=params)


def _stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S}"


def _counts(answer: Answer) -> tuple[int, int]:
    """Pages and orders of the window. Without these numbers orders would be lost in silence."""
    try:
        return int(answer.headers["x-wp-totalpages"]), int(answer.headers["x-wp-total"])
    except (KeyError, ValueError) as error:
        raise ShopError(
            "The shop’s answer lacks WordPress’s headers (X-WP-Total): its server or a proxy"
            " takes them away",
            kind="unreadable", http_status=answer.status,
        ) from error  # fmt: skip


def _with_more(shop: Shop, orders: list[dict[str, Any]]) -> Talk[list[dict[str, Any]]]:
    """The orders with what the list leaves out: refunds' lines, fulfilments, products' pages."""
    products = yield from _products(shop, orders)
    full = []
    for order in orders:
        more: dict[str, Any] = {"products": products}
        base = f"/wc/v3/orders/{text(order.get('id'))}"
        if mappings(order.get("refunds")):
            found = yield from _optional(shop, f"{base}/refunds", (("per_page", "100"),))
            more["refunds"] = found or order["refunds"]
        if _is_fulfilled(order):
            more["fulfillments"] = yield from _optional(shop, f"{base}/fulfillments")
        full.append({**order, **more})
    return full


def _is_fulfilled(order: Mapping[str, Any]) -> bool:
    """WooCommerce's own fulfilments leave this on the order."""
    listed = order.get("meta_data")
    rows = mappings(list(listed.values()) if isinstance(listed, dict) else listed)
    said = {text(row.get("key")): text(row.get("value")) for row in rows}
    return said.get("_fulfillment_status", "") in {"fulfilled", "partially_fulfilled"}


def _products(shop: Shop, orders: list[dict[str, Any]]) -> Talk[dict[str, Any]]:
    """Public products of these orders by id, as far as the keys may see products."""
    lines = [line for order in orders for line in mappings(order.get("line_items"))]
    ids = {text(line.get("product_id")) for line in lines}
    wanted = sorted(ids - {"", "0"})
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), 100):
        params = (
            ("include", ",".join(wanted[start : start + 100])),
            ("per_page", "100"),
            ("status", "publish"),
            ("_fields", "id,permalink,images"),
        )
        rows = yield from _optional(shop, "/wc/v3/products", params)
        found |= {text(row.get("id")): row for row in rows}
    return found


def _optional(
    shop: Shop, route: str, params: tuple[tuple[str, str], ...] = ()
) -> Talk[list[Mapping[str, Any]]]:
    """A list that the shop may not have, or not show to us."""
    answer = yield call(shop, "GET", route, params=params, readable=_MISSING)
    return mappings(answer.json()) if answer.status == 200 else []
