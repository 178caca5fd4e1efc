"""BigCommerce: orders, shipments and refunds by API; webhooks that hold ids only.

https://developer.bigcommerce.com/docs/rest-management/orders (V2), …/orders/order-refunds (V3),
…/webhooks and /docs/integrations/webhooks (topics, signature, deactivation, blocked domains),
/docs/start/authentication (API accounts), /docs/integrations/apps/guide/auth (app installation),
/docs/start/best-practices/api-rate-limits.

Webhooks are signed as standardwebhooks.com says; the key is the client secret itself, which their
documents write down as base64(client_secret). BigCommerce switches a webhook off after 90 quiet
days, or when it gives up on the address, and blocks a domain whose answers fail. An order's status
is the merchant's: nothing is written to it. An installation begins at BigCommerce and does not
bring our `state` back.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote

from carriers.base import Limits, Proven, Secret
from carriers.shapes import text
from stores.base import Headers, StandardWebhooks, Way
from stores.paging import Reached
from stores.payload import StoreError, amount, need_text, part, read_object, seconds
from stores.providers import bigcommerce_orders as reading
from stores.providers import bigcommerce_talks as talks
from stores.shop import (
    AddressChange,
    App,
    Grant,
    Hook,
    Note,
    Page,
    Shop,
    ShopChange,
    ShopFacts,
    Window,
    WriteKind,
    page_of,
)
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import (
    Fetch,
    FulfilmentUpdate,
    Ignored,
    OrderUpdate,
    Reading,
    Uninstalled,
)

_LOGIN: Final = "https://login.bigcommerce.com"
_PAGE: Final = 50
_ORDERS: Final = frozenset(
    {
        "store/order/created", "store/order/updated", "store/order/statusupdated",
        "store/order/refund/created",
    }
)  # fmt: skip
_SHIPMENTS: Final = frozenset({"store/shipment/created", "store/shipment/updated"})
_DELETED: Final = "store/shipment/deleted"
_GONE: Final = "store/app/uninstalled"
_WHOLE: Final = (("include", "consignments.line_items"), ("consignment_structure", "object"))
#: So many calls are left to others when a window's allowance ends.
_NEAR: Final = 2
#: The hash by itself, or in the API path or the store's first address that contain it.
_HASH: Final = re.compile(r"[a-z0-9]{4,30}")
_HASH_IN_ADDRESS: Final = re.compile(r"(?:\bstores/|(?:^|//)store-)([a-z0-9]{4,30})(?![a-z0-9-])")


class BigCommerce(StandardWebhooks):
    slug: ClassVar[str] = "bigcommerce"
    name: ClassVar[str] = "BigCommerce"
    documentation: ClassVar[str] = "https://developer.bigcommerce.com/docs/rest-management"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("oauth", "keys")
    returns_state: ClassVar[bool] = False
    secrets: ClassVar[tuple[Secret, ...]] = (
        Secret("access_token", "Access token"),
        Secret("secret", "Client secret"),
    )
    shop_label: ClassVar[str] = "Store hash"
    shop_example: ClassVar[str] = "abc123xyz"
    scopes: ClassVar[tuple[str, ...]] = (
        "store_v2_orders", "store_v2_products_read_only", "store_v2_information_read_only",
        "store_v2_transactions_read_only",
    )  # fmt: skip
    api_url: ClassVar[str] = "https://api.bigcommerce.com"
    limits: ClassVar[Limits] = Limits(per_second=5)
    topics: ClassVar[tuple[str, ...]] = (
        "store/order/created", "store/order/updated", "store/order/statusUpdated",
        "store/order/refund/created", "store/shipment/created", "store/shipment/updated",
        _DELETED, _GONE,
    )  # fmt: skip
    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"address", "note"})
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "Awaiting Fulfillment": "confirmed",
        "Awaiting Shipment": "packed",
        "Awaiting Pickup": "packed",
        "Manual Verification Required": "on_hold",
    }

    # --- webhooks -----------------------------------------------------------------------
    def proves(self, *, body: bytes, headers: Headers, key: str) -> bool:
        return super().proves(
            body=body, headers=headers, key=base64.b64encode(key.encode()).decode()
        )

    def topic(self, headers: Headers, body: bytes = b"") -> str:
        try:
            return text(read_object(body).get("scope")).lower()[:60]
        except StoreError:
            return ""

    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        data = part(values, "data")
        if topic in _ORDERS:
            return Fetch(need_text(data, "id"))
        if topic in _SHIPMENTS:
            return Fetch(need_text(data, "orderId"))
        if topic == _DELETED:
            # The order no longer knows it: this is the only word about it.
            gone = FulfilmentUpdate("", external_id=need_text(data, "id"), withdrawn=True)
            order = need_text(data, "orderId")
            return OrderUpdate(external_id=order, number=order, parcels=(gone,), partial=True)
        if topic == _GONE:
            return Uninstalled(text(values.get("producer")).removeprefix("stores/"))
        return Ignored(f"We do not need the topic {topic or '(none)'}.")

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return reading.read_order(values)

    # --- connecting -----------------------------------------------------------------------
    def shop_name(self, typed: str) -> str:
        given = typed.strip().lower()
        if _HASH.fullmatch(given):
            return given
        found = _HASH_IN_ADDRESS.search(given)
        if found is None:
            raise StoreError("A store hash has letters and digits, like abc123xyz.")
        return found[1]

    def base_url(self, shop: Shop) -> str:
        name = shop.name or shop.credentials.get("store_hash", "")
        return f"{shop.api_url or self.api_url}/stores/{quote(name, safe='')}"

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        # V2 answers in XML unless it is asked not to.
        return {
            "X-Auth-Token": shop.credentials.get("access_token", ""),
            "Accept": "application/json",
        }

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        return f"{_LOGIN}/app/{quote(app.client_id, safe='')}/install"

    def is_grant(self, app: App, params: Mapping[str, str], *, name: str) -> bool:
        shop = _context(params.get("context", ""))
        return bool(params.get("code") and shop) and name in {"", shop}

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        given = grant.params
        asked = {
            "client_id": shop.app.client_id,
            "client_secret": shop.app.client_secret,
            "grant_type": "authorization_code",
            "redirect_uri": grant.back,
            **{name: given.get(name, "") for name in ("code", "scope", "context")},
        }
        url = f"{shop.api_url or _LOGIN}/oauth2/token"
        answer = yield Call("POST", url, json=asked, plain=True)
        values = answer.mapping()
        name = _context(text(values.get("context")))
        if not name:
            raise ShopError("BigCommerce does not say which store this is", kind="unreadable")
        # The token does not end; it is taken back when the app is uninstalled.
        return {"access_token": need_text(values, "access_token"), "store_hash": name}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        answer = yield Call("GET", "/v2/store")
        values = answer.mapping()
        return ShopFacts(
            external_id=text(values.get("id")),
            name=text(values.get("name")),
            country=text(values.get("country_code")),
            currency=text(values.get("currency")),
            time_zone=text(part(values, "timezone").get("name")),
            email=text(values.get("admin_email")),
        )

    # --- orders -----------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        by = "date_created" if window.by == "created" else "date_modified"
        reached = Reached.read(cursor, window)
        span = ((f"min_{by}", _spoken(reached.since)), (f"max_{by}", _spoken(window.until)))
        number = reached.skipped // _PAGE + 1
        paging = (("sort", f"{by}:asc"), ("limit", str(_PAGE)), ("page", str(number)))
        answer = yield Call("GET", "/v2/orders", params=(*span, *paging, *_WHOLE))
        found = answer.listing()
        yield from talks.complete(found)
        is_full = len(found) == _PAGE
        after = reached.after([reading.moment(row.get(by)) for row in found]) if is_full else ""
        return page_of(found, self.read_order, next=after)

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        path = talks.order_path(external_id)
        answer = yield Call("GET", path, params=_WHOLE, readable=frozenset({404}))
        if answer.status == 404:
            return None
        found = answer.mapping()
        yield from talks.complete([found], always=True)
        return self.read_order(found)

    # --- our webhooks there --------------------------------------------------------------------
    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        mine = yield from talks.our_hooks(hook_url)
        hooks: list[Hook] = []
        for topic in self.topics:
            here = [row for row in mine if text(row.get("scope")).lower() == topic.lower()]
            here.sort(key=lambda row: row.get("destination") != hook_url)
            for extra in here[1:]:
                yield Call("DELETE", talks.hook_path(extra), readable=frozenset({404}))
            hook = yield from talks.ensure_hook(topic, here[0] if here else None, hook_url)
            hooks.append(hook)
        return tuple(hooks)

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        for row in (yield from talks.our_hooks(hook_url)):
            yield Call("DELETE", talks.hook_path(row), readable=frozenset({404}))

    # --- writing back -----------------------------------------------------------------------------
    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        if isinstance(change, AddressChange):
            return (yield from talks.write_address(change))
        if isinstance(change, Note):
            return (yield from talks.write_note(change))
        raise ShopError("BigCommerce has no place for this", kind="refused")

    def rest(self, answer: Answer, cost: float) -> float:
        """Wait for the window's end when its last calls are near, or when it is used up."""
        left = amount(answer.headers.get("x-rate-limit-requests-left"))
        reset = amount(answer.headers.get("x-rate-limit-time-reset-ms"))
        is_near = answer.status == 429 or (left is not None and left <= _NEAR)
        if reset is None or not is_near:
            return 0.0
        return seconds(str(reset / 1000)) or 0.0


def _context(context: str) -> str:
    """`stores/abc123` is how BigCommerce names a store to apps."""
    kind, _, name = context.partition("/")
    return name if kind == "stores" and name.isascii() and name.isalnum() else ""


def _spoken(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
