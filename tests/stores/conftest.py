"""What tests of stores share: a wire that may call this machine, and no long waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores import line, registry, wire
from stores.connect import connect_api
from stores.models import StoreConnection
from stores.setting_up import grant_credentials, set_up
from stores.shop import Grant, Shop
from stores.talk import Talk
from stores.wire import Wire
from tests.factories import NOW
from tests.stores.plain_shop import Plain, PlainServer, credentials
from tests.stores.playing import Handler, Played, playing
from tests.stores.shopify_shop import CLIENT_ID, CLIENT_SECRET, SHOP, ShopifyShop


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[object]:
    """Call it with a handler to get a running shop that our lines may speak to."""
    with _Stage(monkeypatch) as stage:
        yield stage.play


class _Stage:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._running: list[object] = []
        self._wire: Wire | None = None
        self._allow: set[str] = set()

    def __enter__(self) -> _Stage:
        return self

    def play(self, handler: Handler) -> Played:
        context = playing(handler)
        played = context.__enter__()
        self._running.append(context)
        self._allow.add(played.host)
        self._monkeypatch.setenv("OUTBOUND_ALLOW", ",".join(sorted(self._allow)))
        if self._wire is not None:
            self._wire.close()
        self._wire = Wire()
        self._monkeypatch.setattr(wire, "shared", lambda: self._wire)
        self._monkeypatch.setattr(line._Pace, "wait", lambda self, cost: None)
        self._monkeypatch.setattr(line._Pace, "rest", lambda self, seconds: None)
        return played

    def __exit__(self, *error: object) -> None:
        if self._wire is not None:
            self._wire.close()
        for context in self._running:
            context.__exit__(None, None, None)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Connected:
    """A connected plain shop: the connection, the shop behind it, and its server."""

    store: StoreConnection
    shop: PlainServer
    played: Played

    def fresh(self) -> StoreConnection:
        """The connection as it stands now."""
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Plain:
    """The plain platform, registered like the others."""
    adapter = Plain()
    monkeypatch.setitem(registry.STORES, adapter.slug, adapter)
    return adapter


@pytest.fixture
def connected(plain: Plain, merchant: Merchant, play: Callable[[Handler], Played]) -> Connected:
    """A shop that was just connected by keys, and not set up yet."""
    shop = PlainServer(start=NOW)
    played = play(shop)
    store = connect_api(
        merchant=merchant,
        platform=plain.slug,
        name="",
        shop=played.url,
        credentials=credentials(),
        now=NOW,
    )
    return Connected(store, shop, played)


@dataclass(frozen=True)
class Installed:
    """A shop that agreed to our app's installation."""

    store: StoreConnection
    shop: ShopifyShop
    played: Played

    def fresh(self) -> StoreConnection:
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)

    def set_up(self) -> StoreConnection:
        set_up(self.store.pk, now=NOW)
        return self.fresh()

    def hold(self, talk: Callable[[Shop], Talk[Any]], *, now: datetime = NOW) -> Any:
        return line.Line(self.fresh(), doing="order").hold(talk, now=now)


@pytest.fixture
def installed(
    merchant: Merchant, play: Callable[[Handler], Played], settings: LazySettings
) -> Installed:
    shop = ShopifyShop(start=NOW)
    played = play(shop)
    settings.STORE_APPS = {"shopify": (CLIENT_ID, CLIENT_SECRET)}
    settings.STORE_API_URLS = {"shopify": played.url}
    grant = Grant({"code": "code-1", "shop": SHOP}, "https://homeward.example/back")
    store = connect_api(
        merchant=merchant, platform="shopify", name="", shop=SHOP,
        credentials=grant_credentials(grant), now=NOW,
    )  # fmt: skip
    return Installed(store, shop, played)
