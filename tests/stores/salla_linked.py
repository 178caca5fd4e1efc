"""A store at Salla that installed our app, and the first steps with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_api
from stores.models import Pull, StoreConnection
from stores.pulling import go_on
from stores.setting_up import set_up
from tests.factories import NOW
from tests.stores.playing import Handler, Played
from tests.stores.salla_shop import APP, MERCHANT, SallaServer


@dataclass(frozen=True)
class Linked:
    store: StoreConnection
    shop: SallaServer
    played: Played

    def fresh(self) -> StoreConnection:
        with merchant_scope(self.store.merchant_id):
            return StoreConnection.objects.get(pk=self.store.pk)


def link(merchant: Merchant, play: Callable[[Handler], Played], settings: Any) -> Linked:
    """A store that installed our app, not set up yet."""
    shop = SallaServer(NOW)
    played = play(shop)
    settings.STORE_APPS = {"salla": APP}
    settings.STORE_API_URLS = {"salla": played.url}
    store = connect_api(
        merchant=merchant,
        platform="salla",
        name="",
        shop=str(MERCHANT),
        credentials={"access_token": "token-1", "refresh_token": "refresh-1",
                     "expires_at": (NOW + timedelta(days=14)).isoformat()},
        now=NOW,
        is_installed=True,
    )  # fmt: skip
    return Linked(store, shop, played)


def working(linked: Linked) -> StoreConnection:
    set_up(linked.store.pk, now=NOW)
    return linked.fresh()


def pull(linked: Linked, *, now: Any = NOW) -> Pull:
    with merchant_scope(linked.store.merchant_id):
        row = Pull.objects.get(kind=Pull.Kind.BACKFILL)
    done = go_on(row.pk, now=now)
    assert done is not None
    return done
