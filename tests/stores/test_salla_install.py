"""Salla's easy mode, the whole way: install, code, reinstall, uninstall; and no token in clear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from hooks.tasks import process_waiting
from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import connect_store
from stores.handshakes import begin
from stores.models import Installation, StoreConnection
from stores.pulling import due, go_on
from stores.setting_up import set_up
from tests.stores.playing import Handler, Played
from tests.stores.salla_shop import APP, HOOK_SECRET, MERCHANT, SallaServer, event, order, signed
from tracking.models import Order

APP_PATH = "/hooks/store/salla/"


@pytest.fixture
def now() -> datetime:
    """Codes are good for an hour of the real clock."""
    return timezone.now()


@pytest.fixture
def shop(play: Callable[[Handler], Played], settings: Any, now: datetime) -> SallaServer:
    server = SallaServer(now)
    played = play(server)
    settings.STORE_APPS = {"salla": APP}
    settings.STORE_API_URLS = {"salla": played.url}
    return server


def tell(client: Client, name: str, data: Any, *, now: datetime, secret: str = HOOK_SECRET) -> int:
    """Salla calls the app's one address; the worker runs."""
    body = event(name, data, when=now)
    answer = client.post(
        APP_PATH, data=body, content_type="application/json", headers=signed(body, secret)
    )
    process_waiting()
    return answer.status_code


def install(client: Client, shop: SallaServer, number: int, *, now: datetime) -> int:
    return tell(client, "app.store.authorize", shop.grant(number), now=now)


def type_code(client: Client, code: str, *, now: datetime) -> int:
    settings = {"id": 7001, "settings": {"homeward_code": code}}
    return tell(client, "app.settings.updated", settings, now=now)


def code_for(merchant: Merchant, *, now: datetime) -> str:
    return begin(merchant=merchant, platform="salla", shop="", name="", now=now)


def stores(merchant: Merchant) -> list[StoreConnection]:
    with merchant_scope(merchant.pk):
        return list(StoreConnection.objects.order_by("pk"))


def in_clear(words: list[str]) -> list[str]:
    """The tables in which one of these words stands, whosever rows they are."""
    found = []
    with every_merchant("test"), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("inbox_", "stores_", "merchants_", "operations_")):
                continue
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            text = "\n".join(row[0] for row in cursor.fetchall())
            # bytea comes as hexadecimal digits.
            found += [
                f"{table}: {word}" for word in words if word in text or word.encode().hex() in text
            ]
    return found


def test_install_then_code_connects_and_fetches(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    shop.orders[81] = order(81, now - timedelta(days=2))
    assert install(client, shop, 21, now=now) == 200
    assert stores(merchant) == []
    assert Installation.objects.get().shop == str(MERCHANT)
    assert type_code(client, code_for(merchant, now=now), now=now) == 200
    (store,) = stores(merchant)
    assert (store.external_id, store.is_installed, store.api_state) == (
        str(MERCHANT),
        True,
        "setting_up",
    )
    assert Installation.objects.count() == 0
    set_up(store.pk, now=now)
    with every_merchant("test"):
        pulls = due(now=now, limit=5)
    for pull in pulls:
        go_on(pull, now=now)
    with merchant_scope(merchant.pk):
        assert [one.number for one in Order.objects.all()] == ["70081"]
    assert [one.name for one in stores(merchant)] == ["دار النور"]


def test_code_then_install_connects_too(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    assert type_code(client, code_for(merchant, now=now), now=now) == 200
    assert stores(merchant) == []
    assert install(client, shop, 21, now=now) == 200
    (store,) = stores(merchant)
    assert store.credentials["access_token"] == "token-21"


def test_unknown_or_old_code_connects_nobody(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    install(client, shop, 21, now=now)
    type_code(client, "guessed", now=now)
    type_code(client, code_for(merchant, now=now - timedelta(hours=2)), now=now)
    assert stores(merchant) == []
    type_code(client, code_for(merchant, now=now), now=now)
    assert len(stores(merchant)) == 1


def test_code_is_good_for_the_first_shop_that_names_it(
    client: Client, merchant: Merchant, shop: SallaServer, now: datetime
) -> None:
    code = code_for(merchant, now=now)
    install(client, shop, 21, now=now)
    type_code(client, code, now=now)
    second = SallaServer(now)
    for name, data in (
        ("app.store.authorize", second.grant(31)),
        ("app.settings.updated", {"id": 7001, "settings": {"homeward_code": code}}),
    ):
        body = event(name, data, when=now, merchant=MERCHANT + 1)
        client.post(
            APP_PATH, data=body, content_type="application/json",
            headers=signed(body, HOOK_SECRET),
        )  # fmt: skip
    process_waiting()
    assert [store.external_id for store in stores(merchant)] == [str(MERCHANT)]


def test_tokens_and_codes_stand_nowhere_in_clear(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    code = code_for(merchant, now=now)
    install(client, shop, 21, now=now)
    assert in_clear(["token-21", "refresh-21"]) == []
    type_code(client, code, now=now)
    # The update of a connected app brings tokens by the connection's own inbox.
    install(client, shop, 22, now=now)
    words = ["token-21", "refresh-21", "token-22", "refresh-22", code]
    assert in_clear(words) == []
    assert in_clear(["app.store.authorize"]) == ["inbox_delivery: app.store.authorize"]
    with every_merchant("test"):
        bodies = [bytes(one.body) for one in Delivery.objects.all()]
    assert bodies == [b"", b"", b""]
    (store,) = stores(merchant)
    assert store.credentials["access_token"] == "token-22"


def test_update_of_the_app_renews_the_access(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    install(client, shop, 21, now=now)
    type_code(client, code_for(merchant, now=now), now=now)
    (store,) = stores(merchant)
    set_up(store.pk, now=now)
    shop.tokens.clear()
    install(client, shop, 22, now=now)
    (store,) = stores(merchant)
    assert (store.api_state, store.credentials["refresh_token"]) == ("setting_up", "refresh-22")
    set_up(store.pk, now=now)
    assert stores(merchant)[0].api_state == "working"


def test_uninstalled_shop_is_disconnected_and_its_tokens_go(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    install(client, shop, 21, now=now)
    type_code(client, code_for(merchant, now=now), now=now)
    assert tell(client, "app.uninstalled", {}, now=now) == 200
    (store,) = stores(merchant)
    assert (store.is_active, store.secrets, store.api_state) == (False, "", "none")


def test_shop_installed_anew_is_the_same_connection(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    install(client, shop, 21, now=now)
    type_code(client, code_for(merchant, now=now), now=now)
    (first,) = stores(merchant)
    tell(client, "app.uninstalled", {}, now=now)
    install(client, shop, 23, now=now)
    type_code(client, code_for(merchant, now=now), now=now)
    (again,) = stores(merchant)
    assert (again.pk, again.is_active) == (first.pk, True)
    assert again.credentials["access_token"] == "token-23"


def test_removed_before_anybody_claimed_it_leaves_nothing(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    install(client, shop, 21, now=now)
    tell(client, "app.uninstalled", {}, now=now)
    assert Installation.objects.count() == 0


def test_order_at_the_app_s_address_finds_the_installed_shop(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    install(client, shop, 21, now=now)
    type_code(client, code_for(merchant, now=now), now=now)
    assert tell(client, "order.created", order(81, now), now=now) == 200
    with merchant_scope(merchant.pk):
        assert [one.external_id for one in Order.objects.all()] == ["81"]


def test_shop_typed_by_hand_opens_nobody_s_inbox(
    client: Client, shop: SallaServer, merchant: Merchant, other: Merchant, now: datetime
) -> None:
    """Whoever names another's shop, and signs an installation with a secret of their own, still
    gets nothing that our app's secret signs."""
    connect_store(
        merchant=other, platform="salla", name="Not mine", secret="own",
        external_id=str(MERCHANT),
    )  # fmt: skip
    tell(client, "app.store.authorize", shop.grant(66), now=now, secret="own")
    assert [one.is_installed for one in stores(other)] == [False]
    install(client, shop, 21, now=now)
    type_code(client, code_for(merchant, now=now), now=now)
    tell(client, "order.created", order(81, now), now=now)
    with merchant_scope(other.pk):
        assert Order.objects.count() == 0
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 1


def test_unsigned_installation_is_refused(
    client: Client, shop: SallaServer, merchant: Merchant, now: datetime
) -> None:
    assert tell(client, "app.store.authorize", shop.grant(21), now=now, secret="guessed") == 401
    assert Installation.objects.count() == 0
