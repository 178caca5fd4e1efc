"""ShipBob, a fulfilment partner: orders that it packs and ships for the merchant's shops.

https://developer.shipbob.com: /auth (personal access token, OAuth 2), /api/orders and
/api/webhooks (version 2026-01), /webhooks (topics, signature, retries), /rate-limit.

Its order mostly belongs to an order of a connected shop: `references` says which. Webhooks hold a
shipment; its whole order is fetched, so that they may come in any order. ShipBob's documents
differ on the topics that version 2026-01 takes: all are asked for, then those that its schema
names. OAuth is documented but not tried: the token is offered first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final, Literal
from urllib.parse import quote, urlencode

from carriers.base import Limits, Proven, Secret
from carriers.shapes import text
from stores.base import StandardWebhooks, Way
from stores.payload import instant, need_text, read_object, seconds
from stores.providers import shipbob_orders
from stores.providers import shipbob_talks as talks
from stores.shop import (
    AddressChange,
    App,
    Grant,
    Hook,
    Page,
    Shop,
    ShopChange,
    ShopFacts,
    Window,
    WriteKind,
    page_of,
)
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Fetch, Ignored, OrderUpdate, Reading

_PAGE: Final = 100


class ShipBob(StandardWebhooks):
    slug: ClassVar[str] = "shipbob"
    name: ClassVar[str] = "ShipBob"
    documentation: ClassVar[str] = "https://developer.shipbob.com"
    proven: ClassVar[Proven] = "documented"
    kind: ClassVar[Literal["shop", "fulfilment"]] = "fulfilment"
    ways: ClassVar[tuple[Way, ...]] = ("keys", "oauth")
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("access_token", "Personal access token"),)
    scopes: ClassVar[tuple[str, ...]] = (
        "orders_read", "orders_write", "channels_read", "webhooks_read", "webhooks_write",
        "offline_access",
    )  # fmt: skip
    api_url: ClassVar[str] = "https://api.shipbob.com"
    limits: ClassVar[Limits] = Limits(per_second=2, per_hour=9000)
    topics: ClassVar[tuple[str, ...]] = talks.SURE + talks.MORE
    topic_header: ClassVar[str] = "x-webhook-topic"
    kept_headers: ClassVar[tuple[str, ...]] = ("webhook-", "x-webhook-")
    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"address"})
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "Processing": "confirmed",
        "PartiallyFulfilled": "confirmed",
        "Fulfilled": "packed",
        # https://developer.shipbob.com/2026-07/status-reference: nothing else makes an exception
        # than a product that is out of stock or inactive.
        "OnHold": "on_hold",
        "Exception": "out_of_stock",
    }

    # --- webhooks -----------------------------------------------------------------------
    def read(self, topic: str, body: bytes) -> Reading:
        values = read_object(body)
        if not topic.startswith("order."):
            return Ignored(f"We do not need the topic {topic or '(none)'}.")
        if "order_id" not in values and "shipments" in values:
            return Fetch(need_text(values, "id"))
        return Fetch(need_text(values, "order_id"))

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return shipbob_orders.read_order(values)

    # --- connecting -----------------------------------------------------------------------
    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {shop.credentials.get('access_token', '')}"}

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        asked = {
            "response_type": "code",
            "response_mode": "query",
            "client_id": app.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.scopes),
            "state": state,
            "integration_name": "Homeward",
        }
        return f"{talks.LOGIN}/connect/integrate?{urlencode(asked)}"

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        code = grant.params.get("code", "")
        return (yield from talks.tokens(
            shop, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", grant.back)
        ))  # fmt: skip

    def is_expiring(self, shop: Shop) -> bool:
        """A personal access token does not end; one by OAuth ends after an hour."""
        end = instant(shop.credentials.get("expires_at"), utc=True)
        renewable = bool(shop.credentials.get("refresh_token"))
        return renewable and end is not None and end <= shop.now + timedelta(minutes=5)

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        token = shop.credentials.get("refresh_token", "")
        fresh = yield from talks.tokens(
            shop, ("grant_type", "refresh_token"), ("refresh_token", token)
        )
        return {**shop.credentials, **fresh}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        """The channel that our token may write to stands for the account."""
        answer = yield Call("GET", f"{talks.VERSION}/channel")
        channels = answer.listing("items")
        for channel in channels:
            scopes = channel.get("scopes")
            if isinstance(scopes, list) and "orders_write" in scopes:
                return ShopFacts(external_id=text(channel.get("id")))
        if channels:
            return ShopFacts(external_id=text(channels[0].get("id")))
        raise ShopError("ShipBob names no channel for this token", kind="refused")

    # --- orders -----------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """An order that changes meanwhile must not leave the window, or the next page would skip
        another: only windows of creation have an end."""
        number = int(cursor or "1")
        since = talks.spoken(window.since)
        span: tuple[tuple[str, str], ...]
        if window.by == "created":
            span = (("StartDate", since), ("EndDate", talks.spoken(window.until)))
        else:
            span = (("LastUpdateStartDate", since),)
        paging = (("SortOrder", "Oldest"), ("Page", str(number)), ("Limit", str(_PAGE)))
        answer = yield Call("GET", f"{talks.VERSION}/order", params=(*span, *paging))
        found = answer.listing()
        more = str(number + 1) if len(found) == _PAGE else ""
        return page_of(found, self.read_order, next=more)

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        answer = yield Call("GET", talks.order_path(external_id), readable=frozenset({404}))
        return None if answer.status == 404 else self.read_order(answer.mapping())

    # --- our webhooks there --------------------------------------------------------------------
    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        """One subscription holds all topics. It cannot be changed, and its secret is told once:
        where anything is amiss a new one is made before the old one goes."""
        mine = yield from talks.subscriptions(hook_url)
        whole = [row for row in mine if talks.is_whole(row, hook_url)]
        kept = whole[0] if whole and shop.credentials.get("secret") else None
        if kept is not None:
            hooks = talks.hooks_of(kept)
        else:
            made = yield from talks.subscribe(hook_url)
            why, secret = talks.why_made(mine, hook_url), need_text(made, "secret")
            hooks = talks.hooks_of(made, mended=why, secret=secret)
        for row in mine:
            if row is not kept:
                yield from talks.unsubscribe(row)
        return hooks

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        for row in (yield from talks.subscriptions(hook_url)):
            yield from talks.unsubscribe(row)

    # --- writing back -----------------------------------------------------------------------------
    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        if not isinstance(change, AddressChange):
            raise ShopError("ShipBob has no place for this", kind="refused")
        answer = yield Call("GET", talks.order_path(change.order_id))
        waiting = shipbob_orders.open_shipments(answer.mapping())
        if not waiting:
            raise ShopError("ShipBob has packed this order already", kind="refused")
        for shipment in waiting:
            path = f"{talks.VERSION}/shipment/{quote(shipment, safe='')}:updateAddress"
            said = yield Call(
                "PUT",
                path,
                json=talks.address_fields(change.address),
                readable=frozenset({400, 409, 422}),
            )
            talks.check_written(said)
        return "ShipBob took the new address."

    def rest(self, answer: Answer, cost: float) -> float:
        wait = seconds(answer.headers.get("x-retry-after")) or 1.0
        left = answer.headers.get("x-remaining-calls", "").strip()
        return wait if left == "0" or answer.status == 429 else 0.0
