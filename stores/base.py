"""What every store's adapter is. Verification lives here and cannot be forgotten. No Django.

An adapter translates: which header holds what, what a payload means, which calls a job takes.
It never saves, sends or sleeps: `stores.line` carries its calls, `stores.ingest` writes,
`hooks` answers. An adapter offers what its platform has; the rest says so by its defaults.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Final, Literal, final

from carriers.base import Limits, Proven, Secret
from lib.signing import hmac_base64, is_standard_webhook, same
from stores.payload import StoreError
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
)
from stores.talk import Answer, ShopError, Talk, said
from stores.vocabulary import Ignored, OrderUpdate, Reading

__all__ = ["Headers", "Limits", "Secret", "StandardWebhooks", "Store", "StoreError", "Way"]

Headers = Mapping[str, str]
"""Request headers by lower-case name."""

Way = Literal["by_hand", "keys", "oauth", "handshake", "install"]
"""How a merchant connects. "keys": they are typed. "oauth": the merchant agrees on the
platform's page and comes back with a grant. "handshake": agreed there too, but the shop's own
server posts the keys (wc-auth). "install": the platform sends tokens when our app is installed.
"by_hand": webhooks only, with a secret typed on both sides."""

#: The secrets that sign. During a rotation both are valid; "app_secret" is our app's own.
SIGNING: Final = ("secret", "previous_secret", "app_secret")
#: The topic under which a pulled order that could not be read waits to be replayed.
PULLED: Final = "order.pulled"
_LONGEST_KEY: Final = 100


class Store:
    """Base of every adapter. One instance a platform, stateless, shared by all merchants."""

    slug: ClassVar[str]
    name: ClassVar[str]
    documentation: ClassVar[str] = ""
    proven: ClassVar[Proven] = "unproven"
    #: "shop" for storefronts and marketplaces, "fulfilment" for a partner who packs and ships.
    kind: ClassVar[Literal["shop", "fulfilment"]] = "shop"

    # --- connecting ---------------------------------------------------------------
    #: How it is connected; the first is offered first.
    ways: ClassVar[tuple[Way, ...]] = ("by_hand",)
    #: What is typed to connect by keys, or to install by hand.
    secrets: ClassVar[tuple[Secret, ...]] = ()
    #: What to call the shop's address or name in the form; empty where nothing need be typed.
    shop_label: ClassVar[str] = ""
    shop_example: ClassVar[str] = ""
    #: What our app asks for at the platform.
    scopes: ClassVar[tuple[str, ...]] = ()
    #: Whether our `state` comes back with the grant. Without it the grant must name the shop that
    #: was typed in the same browser session before: `is_grant` compares.
    returns_state: ClassVar[bool] = True
    #: The platform's own address; empty where each shop has its own (`base_url`).
    api_url: ClassVar[str] = ""
    limits: ClassVar[Limits] = Limits(per_second=2.0)

    # --- webhooks -------------------------------------------------------------------
    topics: ClassVar[tuple[str, ...]] = ()
    #: Topics that the platform sends to one address for all shops.
    app_topics: ClassVar[tuple[str, ...]] = ()
    signature_header: ClassVar[str] = ""
    topic_header: ClassVar[str] = ""
    key_header: ClassVar[str] = ""
    shop_header: ClassVar[str] = ""
    #: Only headers that begin so are kept with a stored delivery.
    kept_headers: ClassVar[tuple[str, ...]] = ()

    # --- what it can ------------------------------------------------------------------
    #: Whether orders can be asked for; without it only webhooks tell of them.
    has_api: ClassVar[bool] = False
    #: How often it is asked while no webhooks of ours stand there.
    asked_every: ClassVar[timedelta] = timedelta(minutes=3)
    #: Whether webhooks can be made, looked at and mended by API.
    makes_hooks: ClassVar[bool] = False
    writes: ClassVar[frozenset[WriteKind]] = frozenset()
    #: Whether it takes news of a parcel at each step; else it is told of a parcel once.
    keeps_milestones: ClassVar[bool] = True
    #: What of it is written unless the merchant decides otherwise; nothing where it would do more
    #: than tell (change the order's own status, notify the buyer).
    first_writes: ClassVar[tuple[WriteKind, ...]] = ("parcel", "address")
    #: The shop's own statuses that usually mean one of ours; the merchant changes them.
    usual_statuses: ClassVar[Mapping[str, str]] = {}
    #: Whether its buyers may be written to directly; marketplaces mostly forbid it.
    may_message_buyers: ClassVar[bool] = True

    @final
    def verify(self, *, body: bytes, headers: Headers, secrets: Mapping[str, str]) -> bool:
        """Whether one of the signing secrets vouches for exactly these bytes.

        False without a proof and without a secret: an empty secret signs nothing.
        """
        keys = [secrets[name] for name in SIGNING if secrets.get(name)]
        # Every key is tried, so that the time taken does not tell which one is in use.
        return any([self.proves(body=body, headers=headers, key=key) for key in keys])  # noqa: C419

    def proves(self, *, body: bytes, headers: Headers, key: str) -> bool:
        """Whether this key signed the request; `sign` compared with `signature_header`."""
        given = headers.get(self.signature_header, "")
        return bool(given) and same(given, self.sign(body, key))

    def sign(self, body: bytes, secret: str) -> str:
        """The signature this platform would send: base64 of HMAC-SHA256 unless overridden."""
        return hmac_base64(body, secret)

    def is_ping(self, *, body: bytes, headers: Headers) -> bool:
        """Whether this is the platform's unsigned try of the address, which holds no data."""
        return False

    def topic(self, headers: Headers, body: bytes = b"") -> str:
        """The topic as the platform names it, or empty. Some name it in the body."""
        return headers.get(self.topic_header, "").strip().lower()[:60]

    def shop(self, headers: Headers, body: bytes = b"") -> str:
        """The platform's name of the shop, as the request gives it before it is verified."""
        return headers.get(self.shop_header, "").strip().lower() if self.shop_header else ""

    def unique_key(self, *, headers: Headers, body: bytes) -> str:
        """What makes a delivery the same as an earlier one: the platform's id, else the content."""
        given = headers.get(self.key_header, "").strip() if self.key_header else ""
        if given and len(given) <= _LONGEST_KEY:
            return given
        return hashlib.sha256(self.topic(headers, body).encode() + b"\n" + body).hexdigest()

    def read(self, topic: str, body: bytes) -> Reading:
        """What a verified body means. Raises StoreError that says what cannot be read, where."""
        return Ignored("This platform sends no webhooks.")

    def read_order(self, values: Mapping[str, Any]) -> OrderUpdate | Ignored:
        """One order as `page` and `order` get it from the API. Raises StoreError."""
        raise NotImplementedError

    # --- the API: dialogues, see `stores.talk` -------------------------------------------
    def shop_name(self, typed: str) -> str:
        """What was typed, in the form that `Shop.name` has. Raises StoreError in words."""
        host = typed.strip().lower().split("://", 1)[-1].split("/", 1)[0]
        return host[:255]

    def base_url(self, shop: Shop) -> str:
        """Where the shop's API lies."""
        return shop.api_url or self.api_url

    def authorization(self, shop: Shop) -> Mapping[str, str]:
        """The headers that prove who asks."""
        return {}

    def consent_url(self, app: App, *, name: str, state: str, back: str, challenge: str) -> str:
        """Where the merchant agrees. `state` comes back with the grant; `challenge` is PKCE's
        (S256 of the verifier), where the platform knows it."""
        raise NotImplementedError

    def is_grant(self, app: App, params: Mapping[str, str], *, name: str) -> bool:
        """Whether the platform's own proof in the grant's query holds (our state is checked by
        the caller)."""
        return True

    def exchange(self, shop: Shop, grant: Grant) -> Talk[dict[str, str]]:
        """The grant for credentials."""
        raise NotImplementedError

    def handshake(self, body: bytes) -> dict[str, str]:
        """The credentials that the shop's server posted. Raises StoreError."""
        raise NotImplementedError

    def is_expiring(self, shop: Shop) -> bool:
        """Whether the access token ends within minutes and there is a way to renew it."""
        return False

    def can_renew(self, shop: Shop) -> bool:
        """Whether there is something to get a new access token with."""
        is_able = type(self).refresh is not Store.refresh
        return is_able and bool(shop.credentials.get("refresh_token"))

    def refresh(self, shop: Shop) -> Talk[dict[str, str]]:
        """The credentials with a new access token."""
        raise NotImplementedError

    def look(self, shop: Shop) -> Talk[ShopFacts]:
        """The cheapest question that proves the credentials; what the shop says of itself."""
        return said(ShopFacts())

    def page(self, shop: Shop, window: Window, cursor: str) -> Talk[Page]:
        """One page of orders, with their parcels. `cursor` is "" at first, then `Page.next`."""
        raise NotImplementedError

    def order(self, shop: Shop, external_id: str) -> Talk[OrderUpdate | Ignored | None]:
        """One order, fresh; None when the shop knows it no more."""
        raise NotImplementedError

    def ensure_hooks(self, shop: Shop, hook_url: str) -> Talk[tuple[Hook, ...]]:
        """Look at our webhooks; make what is missing, switch on what was switched off, and point
        all of them to `hook_url`. Safe to repeat."""
        raise NotImplementedError

    def remove_hooks(self, shop: Shop, hook_url: str) -> Talk[None]:
        """Take our webhooks away: nothing of us stays at the shop."""
        return said(None)

    def write(self, shop: Shop, change: ShopChange) -> Talk[str]:
        """Say it at the shop. Returns the shop's answer in words, for the merchant.

        Raises ShopError("refused") where the shop says no (the order is shipped already).
        """
        raise NotImplementedError

    def refusal(self, answer: Answer) -> ShopError | None:
        """The trouble that an answer with a good status tells of (GraphQL's errors), if any."""
        return None

    def rest(self, answer: Answer, cost: float) -> float:
        """Seconds to wait before the next call, by what this answer says of the allowance."""
        return 0.0


class StandardWebhooks(Store):
    """A platform that signs as standardwebhooks.com says: id, time and body."""

    key_header: ClassVar[str] = "webhook-id"
    kept_headers: ClassVar[tuple[str, ...]] = ("webhook-",)

    def proves(self, *, body: bytes, headers: Headers, key: str) -> bool:
        return is_standard_webhook(body, headers, key)
