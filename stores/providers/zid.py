"""Zid: orders by OAuth, webhooks with a user and password of ours, write-back of the status.

https://docs.zid.sa/authorization (the partner's token as Authorization, the store's as
X-Manager-Token), https://docs.zid.sa/list-of-orders (pages of up to 100, from and to by
`date_attribute`), https://docs.zid.sa/webhooks (payloads are orders; the event is not named in
them), https://docs.zid.sa/create-a-webhook.

Zid does not change a webhook, and switches one off that failed: it is made anew. Times without a
zone are UTC. The names of the two fields for Basic authentication are nowhere in public examples.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from carriers.base import Proven
from carriers.shapes import mappings, text
from lib.signing import new_token
from stores.base import Headers, Limits, Store, StoreError, Way
from stores.payload import instant, need_text, part, read_object
from stores.providers import zid_orders, zid_writes
from stores.shop import (
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
from stores.vocabulary import Ignored, OrderUpdate, Reading

ACCOUNTS: Final = "https://oauth.zid.sa"
_USER: Final = "homeward"
_PAGE: Final = 50
_MARGIN: Final = timedelta(hours=1)


class Zid(Store):
    slug: ClassVar[str] = "zid"
    name: ClassVar[str] = "Zid"
    documentation: ClassVar[str] = "https://docs.zid.sa/webhooks"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("oauth",)
    api_url: ClassVar[str] = "https://api.zid.sa/v1"
    limits: ClassVar[Limits] = Limits(per_second=1.0)

    topics: ClassVar[tuple[str, ...]] = (
        "order.create",
        "order.payment_status.update",
        "order.status.update",
    )
    signature_header: ClassVar[str] = "authorization"

    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel"})
    first_writes: ClassVar[tuple[WriteKind, ...]] = ()
    usual_statuses: ClassVar[Mapping[str, str]] = {"preparing": "confirmed", "ready": "packed"}

    # --- webhooks ---------------------------------------------------------------------
    def sign(self, body: bytes, secret: str) -> str:
        """Nothing of the body is signed: the user and password that we gave Zid."""
        return "Basic " + base64.b64encode(f"{_USER}:{secret}".encode()).decode()

    def topic(self, headers: Headers, body: bytes = b"") -> str:
        return "order"

    def shop(self, headers: Headers, body: bytes = b"") -> str:
        try:
            return text(zid_orders.order_in(read_object(body)).get("store_id"))
        except StoreError:
            return ""

    def read(self, topic: str, body: bytes) -> Reading:
        values = zid_orders.order_in(read_object(body))
        if "order_status" not in values:
            return Ignored("It is not an order.")
        return zid_orders.read_order(values)

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return zid_orders.read_order(values)

    # --- connecting -------------------------------------------------------------------
    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {
            "authorization": f"Bearer {shop.credentials.get('authorization', '')}",
            "x-manager-token": shop.credentials.get("access_token", ""),
            "accept": "application/json",
            "accept-language": "en",
        }

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        asked = {
            "client_id": app.client_id,
            "redirect_uri": back,
            "response_type": "code",
            "state": state,
        }
        return f"{ACCOUNTS}/oauth/authorize?{urlencode(asked)}"

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        """The tokens, and the password that Zid shall send with its webhooks."""
        asked = {
            "grant_type": "authorization_code",
            "code": grant.params.get("code", ""),
            "redirect_uri": grant.back,
        }
        tokens = yield from _tokens(shop, asked)
        return {**tokens, "redirect_uri": grant.back, "secret": new_token(32)}

    def is_expiring(self, shop: Shop) -> bool:
        until = instant(shop.credentials.get("expires_at"))
        can = bool(shop.credentials.get("refresh_token"))
        return can and until is not None and until <= shop.now + _MARGIN

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        asked = {
            "grant_type": "refresh_token",
            "refresh_token": shop.credentials.get("refresh_token", ""),
            "redirect_uri": shop.credentials.get("redirect_uri", ""),
        }
        tokens = yield from _tokens(shop, asked)
        return {**shop.credentials, **tokens}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        answer = yield Call("GET", "/managers/account/profile")
        user = part(answer.mapping(), "user")
        store = part(user, "store")
        currency = store.get("currency")
        return ShopFacts(
            external_id=text(store.get("id")),
            name=text(store.get("title")) or text(store.get("name")),
            currency=text(currency.get("code") if isinstance(currency, dict) else currency),
            email=text(store.get("email")) or text(user.get("email")),
        )

    # --- orders -------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        number = int(cursor or "1")
        answer = yield Call(
            "GET",
            "/managers/store/orders",
            params=(
                ("payload_type", "default"),
                ("date_attribute", f"{window.by}_at"),
                ("date_from", _stamp(window.since)),
                ("date_to", _stamp(window.until)),
                ("order_by", "created_at"),
                ("sort_by", "asc"),
                ("page", str(number)),
                ("per_page", str(_PAGE)),
            ),
        )
        orders = answer.listing("orders")
        total = answer.mapping().get("total_order_count")
        return page_of(
            orders,
            self.read_order,
            next=str(number + 1) if len(orders) == _PAGE else "",
            total=total if isinstance(total, int) and total >= 0 else None,
        )

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        values = yield from zid_writes.view(external_id)
        return None if values is None else self.read_order(values)

    # --- webhooks by API ----------------------------------------------------------------
    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        known = {text(row.get("event")): row for row in (yield from _our_hooks())}
        hooks: list[Hook] = []
        for topic in self.topics:
            row = known.get(topic)
            is_there = row is not None and text(row.get("target_url")) == hook_url
            if row is not None and is_there and row.get("active") is not False:
                hooks.append(Hook(topic, text(row.get("id"))))
                continue
            if row is not None:
                yield _delete(topic)
            number = yield from self._make(shop, topic, hook_url)
            if row is None:
                hooks.append(Hook(topic, number, mended="made"))
            else:
                hooks.append(Hook(topic, number, mended="switched on" if is_there else "moved"))
        return tuple(hooks)

    def _make(self, shop: Shop, topic: str, hook_url: str) -> Talk[str]:
        made = yield Call(
            "POST",
            "/managers/webhooks",
            json={
                "event": topic,
                "target_url": hook_url,
                "original_id": _original_id(topic),
                "subscriber": _USER,
                "username": _USER,
                "password": shop.credentials.get("secret", ""),
            },
        )
        said = made.mapping()
        return text((part(said, "data") or said).get("id"))

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        for row in (yield from _our_hooks()):
            yield _delete(text(row.get("event")))

    # --- writing ------------------------------------------------------------------------
    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        return (yield from zid_writes.write(change))

    def refusal(self, answer: Answer) -> ShopError | None:
        """Zid's envelope says `status: error` also where the HTTP status is good."""
        if answer.status >= 300 or b'"error"' not in answer.body:
            return None
        try:
            said = answer.mapping()
        except ShopError:
            return None
        return zid_writes.refused(answer) if said.get("status") == "error" else None


def _tokens(shop: Shop, asked: Mapping[str, str]) -> Talk[dict[str, str]]:
    """Zid gives the partner's token as `authorization`, in either case."""
    app = {"client_id": shop.app.client_id, "client_secret": shop.app.client_secret}
    answer = yield Call(
        "POST",
        f"{shop.api_url or ACCOUNTS}/oauth/token",
        form=tuple({**asked, **app}.items()),
        plain=True,
    )
    said = answer.mapping()
    found = {
        "access_token": need_text(said, "access_token"),
        "authorization": text(said.get("authorization")) or need_text(said, "Authorization"),
    }
    if text(said.get("refresh_token")):
        found["refresh_token"] = text(said.get("refresh_token"))
    left = text(said.get("expires_in"))
    if left.isdecimal() and len(left) <= 9:
        found["expires_at"] = (shop.now + timedelta(seconds=int(left))).isoformat()
    return found


def _our_hooks() -> Talk[list[Mapping[str, Any]]]:
    answer = yield Call("GET", "/managers/webhooks", readable=frozenset({404}))
    said = {} if answer.status == 404 else answer.mapping()
    rows = mappings(said.get("data")) or mappings(said.get("webhooks"))
    return [row for row in rows if text(row.get("original_id")).startswith(f"{_USER}-")]


def _original_id(topic: str) -> str:
    """Ours for one webhook: Zid deletes by it."""
    return f"{_USER}-{topic}"


def _delete(topic: str) -> Call:
    return Call(
        "DELETE",
        "/managers/webhooks",
        params=(("original_id", _original_id(topic)),),
        readable=frozenset({404}),
    )


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
