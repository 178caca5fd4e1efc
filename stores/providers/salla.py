"""Salla: our app installed from its store (or agreed to), orders, shipments, write-back.

https://docs.salla.dev/421118m0 (easy mode: tokens come by webhook; refresh tokens are good for one
use), https://docs.salla.dev/421119m0 (webhooks, security strategies), https://docs.salla.dev/421413m0
(app events), https://docs.salla.dev/421125m0 (a leaky bucket by the store's plan),
https://docs.salla.dev/5394146e0 (list of orders: by day of creation; no filter by change is
documented), https://docs.salla.dev/5578809e0 (shipments).

In the app's settings form at Salla Partners there is one field, `homeward_code`: what the merchant
types there says whose shop it is.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from carriers.base import Proven
from carriers.shapes import mapping, text
from lib.signing import same
from stores.base import Headers, Limits, Secret, Store, StoreError, Way
from stores.payload import instant, need_text, part, read_object
from stores.providers import salla_orders, salla_pages, salla_writes
from stores.shop import App, Grant, Hook, Page, Shop, ShopChange, ShopFacts, Window, WriteKind
from stores.talk import Answer, Call, ShopError, Talk
from stores.vocabulary import Fetch, Ignored, Installed, OrderUpdate, Reading, Uninstalled

ACCOUNTS: Final = "https://accounts.salla.sa"
#: The field of our app's settings form in which a merchant types the code.
CODE_FIELD: Final = "homeward_code"

_ORDERS: Final = frozenset(
    {
        "order.cancelled",
        "order.coupon.updated",
        "order.created",
        "order.customer.updated",
        "order.deleted",
        "order.payment.updated",
        "order.products.updated",
        "order.refunded",
        "order.shipment.created",
        "order.shipment.creating",
        "order.shipping.address.updated",
        "order.status.updated",
        "order.total.price.updated",
        "order.updated",
    }
)
_SHIPMENTS: Final = frozenset(
    {"shipment.cancelled", "shipment.created", "shipment.creating", "shipment.updated"}
)
_WITHDRAWN: Final = "order.shipment.cancelled"
_ENDED: Final = frozenset({"order.cancelled", "order.deleted"})
#: Renewed so long before its end.
_MARGIN: Final = timedelta(hours=1)
_NAME: Final = "Homeward"


class Salla(Store):
    slug: ClassVar[str] = "salla"
    name: ClassVar[str] = "Salla"
    documentation: ClassVar[str] = "https://docs.salla.dev/421119m0"
    proven: ClassVar[Proven] = "documented"
    ways: ClassVar[tuple[Way, ...]] = ("install", "oauth", "by_hand")
    secrets: ClassVar[tuple[Secret, ...]] = (Secret("secret", "Webhook secret"),)
    scopes: ClassVar[tuple[str, ...]] = (
        "offline_access",
        "orders.read_write",
        "shipping.read_write",
        "webhooks.read_write",
    )
    api_url: ClassVar[str] = "https://api.salla.dev/admin/v2"
    #: The largest plan's allowance; `rest` slows down where a smaller one is used up.
    limits: ClassVar[Limits] = Limits(per_second=6.0)

    topics: ClassVar[tuple[str, ...]] = (*sorted(_ORDERS), *sorted(_SHIPMENTS), _WITHDRAWN)
    app_topics: ClassVar[tuple[str, ...]] = (
        "app.store.authorize",
        "app.settings.updated",
        "app.uninstalled",
    )
    signature_header: ClassVar[str] = "x-salla-signature"
    kept_headers: ClassVar[tuple[str, ...]] = ("x-salla-",)

    has_api: ClassVar[bool] = True
    makes_hooks: ClassVar[bool] = True
    writes: ClassVar[frozenset[WriteKind]] = frozenset({"parcel", "address", "note"})
    usual_statuses: ClassVar[Mapping[str, str]] = {
        "in_progress": "confirmed",
        "completed": "packed",
    }

    # --- webhooks ---------------------------------------------------------------------
    def proves(self, *, body: bytes, headers: Headers, key: str) -> bool:
        """By the strategy that the request names; "none" proves nothing."""
        strategy = headers.get("x-salla-security-strategy", "signature").strip().lower()
        if strategy == "token":
            given = headers.get("authorization", "").strip()
            return bool(given) and same(given.removeprefix("Bearer "), key)
        return strategy == "signature" and super().proves(body=body, headers=headers, key=key)

    def sign(self, body: bytes, secret: str) -> str:
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def topic(self, headers: Headers, body: bytes = b"") -> str:
        return text(_envelope(body).get("event")).lower()[:60]

    def shop(self, headers: Headers, body: bytes = b"") -> str:
        return _merchant(_envelope(body))

    def shop_name(self, typed: str) -> str:
        number = typed.strip()
        if not (number.isascii() and number.isdecimal()):
            raise StoreError("A store at Salla is known by its number.")
        return number

    def read(self, topic: str, body: bytes) -> Reading:
        said = _unwrapped(read_object(body))
        data = part(said, "data")
        at = salla_orders.read_time(said.get("created_at"))
        if topic == "app.store.authorize":
            return Installed(_need_merchant(said), tuple(_credentials(data, now=at).items()))
        if topic == "app.settings.updated":
            code = text(part(data, "settings").get(CODE_FIELD))
            shop = _need_merchant(said)
            return Installed(shop, code=code) if code else Ignored("The settings hold no code.")
        if topic == "app.uninstalled":
            return Uninstalled(_need_merchant(said))
        if topic in _SHIPMENTS:
            return salla_orders.read_shipment(data, said_at=at)
        if topic == _WITHDRAWN:
            return salla_orders.withdrawn_shipment(data)
        if topic in _ORDERS:
            return _read_event(topic, data, at)
        return Ignored(f"We do not need the topic {topic or '(none)'}.")

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        return salla_orders.read_order(values)

    # --- connecting -------------------------------------------------------------------
    def authorization(self, shop: Shop) -> Mapping[str, str]:
        return {
            "authorization": f"Bearer {shop.credentials.get('access_token', '')}",
            "accept": "application/json",
        }

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        """Salla gives `state` back without its hyphens: it must have none."""
        asked = {
            "client_id": app.client_id,
            "response_type": "code",
            "redirect_uri": back,
            "scope": " ".join(self.scopes),
            "state": state,
        }
        return f"{ACCOUNTS}/oauth2/auth?{urlencode(asked)}"

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        asked = {
            "grant_type": "authorization_code",
            "code": grant.params.get("code", ""),
            "redirect_uri": grant.back,
        }
        return (yield from _tokens(shop, asked))

    def is_expiring(self, shop: Shop) -> bool:
        until = instant(shop.credentials.get("expires_at"))
        can = bool(shop.credentials.get("refresh_token"))
        return can and until is not None and until <= shop.now + _MARGIN

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        asked = {
            "grant_type": "refresh_token",
            "refresh_token": shop.credentials.get("refresh_token", ""),
        }
        tokens = yield from _tokens(shop, asked)
        return {**shop.credentials, **tokens}

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        answer = yield Call("GET", f"{_accounts(shop)}/oauth2/user/info")
        said = answer.mapping()
        store = part(part(said, "data") or said, "merchant")
        return ShopFacts(
            external_id=text(store.get("id")),
            name=text(store.get("name")) or text(store.get("username")),
            email=text(part(said, "data").get("email")) or text(said.get("email")),
        )

    # --- orders -------------------------------------------------------------------------
    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        return (yield from salla_pages.page(window, cursor))

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        values = yield from salla_pages.whole_order(external_id)
        return None if values is None else self.read_order(values)

    # --- webhooks by API ----------------------------------------------------------------
    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        listed = yield from salla_pages.all_rows("/webhooks")
        mine = {text(row.get("event")): row for row in listed if _is_ours(row, hook_url)}
        hooks: list[Hook] = []
        for topic in self.topics:
            hooks.append((yield from self._ensure(shop, topic, mine.get(topic), hook_url)))
        return tuple(hooks)

    def _ensure(
        self, shop: Shop, topic: str, known: Mapping[str, Any] | None, hook_url: str
    ) -> Talk[Hook]:
        if known is not None:
            number = need_text(known, "id")
            if text(known.get("url")) == hook_url:
                return Hook(topic, number)
            yield Call("PUT", f"/webhooks/{number}", json={"url": hook_url, **_signed(shop)})
            return Hook(topic, number, mended="moved")
        made = yield Call(
            "POST",
            "/webhooks/subscribe",
            json={"name": f"{_NAME} {topic}", "event": topic, "url": hook_url, "version": 2},
        )
        number = need_text(part(made.mapping(), "data"), "id")
        yield Call("PUT", f"/webhooks/{number}", json=_signed(shop))
        return Hook(topic, number, mended="made")

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        yield Call(
            "DELETE",
            "/webhooks/unsubscribe",
            params=(("url", hook_url),),
            readable=frozenset({404, 422}),
        )

    # --- writing ------------------------------------------------------------------------
    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        return (yield from salla_writes.write(shop, change))

    def refusal(self, answer: Answer) -> ShopError | None:
        """Salla's envelope says `success: false` also where the status is good."""
        if answer.status >= 300 or b'"success"' not in answer.body:
            return None
        try:
            said = answer.mapping()
        except ShopError:
            return None
        return salla_writes.refused(answer) if said.get("success") is False else None

    def rest(self, answer: Answer, cost: float) -> float:
        """A used-up bucket leaks one request a second."""
        return 1.0 if answer.headers.get("x-ratelimit-remaining", "").strip() == "0" else 0.0


def _read_event(topic: str, data: Mapping[str, Any], at: datetime | None) -> Reading:
    """An event about an order: the order itself, one under `order`, a shipment, or only an id."""
    changed_at = salla_orders.read_time(data.get("created_at")) if part(data, "order") else None
    values = part(data, "order") or data
    if "order_id" in values or "order_reference_id" in values:
        return salla_orders.read_shipment(values, said_at=at)
    if not mapping(values.get("status")):
        return Fetch(need_text(values, "id"))
    found = salla_orders.read_order(values, said_at=changed_at or at)
    if isinstance(found, OrderUpdate) and topic in _ENDED:
        return salla_orders.cancelled(found, at)
    if isinstance(found, OrderUpdate) and topic == "order.refunded":
        return salla_orders.refunded(found, at)
    return found


def _unwrapped(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The envelope, which app functions put into `payload`."""
    inner = part(said, "payload")
    return inner if "event" in inner else said


def _envelope(body: bytes) -> Mapping[str, Any]:
    """For what is asked before anything is believed: nothing where it cannot be read."""
    try:
        return _unwrapped(read_object(body))
    except StoreError:
        return {}


def _merchant(said: Mapping[str, Any]) -> str:
    number = said.get("merchant")
    return text(number.get("id")) if isinstance(number, dict) else text(number)


def _need_merchant(said: Mapping[str, Any]) -> str:
    number = _merchant(said)
    if not number:
        raise StoreError("merchant: expected text or a number, got nothing")
    return number


def _credentials(said: Mapping[str, Any], *, now: datetime | None) -> dict[str, str]:
    """The tokens, with their end: `expires` in seconds since 1970, or `expires_in` from now."""
    found = {
        "access_token": need_text(said, "access_token"),
        "refresh_token": text(said.get("refresh_token")),
    }
    end, left = text(said.get("expires")), text(said.get("expires_in"))
    if end.isdecimal() and 9 <= len(end) <= 10:
        found["expires_at"] = datetime.fromtimestamp(int(end), UTC).isoformat()
    elif left.isdecimal() and len(left) <= 9 and now is not None:
        found["expires_at"] = (now + timedelta(seconds=int(left))).isoformat()
    return found


def _accounts(shop: Shop) -> str:
    return shop.api_url or ACCOUNTS


def _tokens(shop: Shop, asked: Mapping[str, str]) -> Talk[dict[str, str]]:
    app = {"client_id": shop.app.client_id, "client_secret": shop.app.client_secret}
    answer = yield Call(
        "POST",
        f"{_accounts(shop)}/oauth2/token",
        form=tuple({**asked, **app}.items()),
        plain=True,
    )
    return _credentials(answer.mapping(), now=shop.now)


def _signed(shop: Shop) -> dict[str, str]:
    """Registered hooks are signed with our app's own secret."""
    return {"security_strategy": "signature", "secret": shop.app.signing_secret}


def _is_ours(row: Mapping[str, Any], hook_url: str) -> bool:
    return text(row.get("url")) == hook_url or text(row.get("name")).startswith(f"{_NAME} ")
