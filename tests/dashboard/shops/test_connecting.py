"""Connecting a shop from the dashboard: keys, and agreeing on the platform's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from merchants.models import AuditEntry, Merchant
from merchants.scope import merchant_scope
from stores.models import StoreConnection
from stores.setting_up import set_up
from tests import factories
from tests.factories import NOW
from tests.stores.plain_shop import Plain, PlainServer
from tests.stores.playing import Handler, Played

Play = Callable[[Handler], Played]
CONNECT = "/app/noor/stores/connect/plain/"
BACK = "/app/connect/plain/back/"


@pytest.fixture
def app(settings: Any) -> None:
    settings.STORE_APPS = {"plain": ("our-id", "our-secret")}


def connection(merchant: Merchant) -> StoreConnection:
    with merchant_scope(merchant.pk):
        return StoreConnection.objects.get()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_keys_are_sealed_and_the_shop_is_asked_later(
    owner: Client, plain: Plain, merchant: Merchant
) -> None:
    response = owner.post(CONNECT, {"shop": "https://cups.example", "store_name": "Cups"})
    store = connection(merchant)
    assert response.headers["Location"] == f"/app/noor/stores/{store.pk}/"
    assert (store.name, store.external_id, store.api_state) == (
        "Cups", "https://cups.example", "setting_up",
    )  # fmt: skip
    page = owner.get(response.headers["Location"])
    assert "Asking the shop who it is, and adding our webhooks" in text(page)
    with merchant_scope(merchant.pk):
        assert AuditEntry.objects.get(action="store.connected").subject == "Cups"


def agree(owner: Client, shop: str = "https://cups.example") -> dict[str, str]:
    """Go as far as the link to the platform; what the link says."""
    response = owner.post(f"{CONNECT}?way=oauth", {"shop": shop, "store_name": ""})
    found = re.search(r'href="(https?://[^"]+/agree\?[^"]+)"', response.content.decode())
    assert found is not None
    query = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)
    return {name: values[0] for name, values in query.items()}


def test_grant_is_taken_and_exchanged_by_a_worker(
    owner: Client, app: None, plain: Plain, merchant: Merchant, play: Play
) -> None:
    played = play(PlainServer(start=NOW))
    said = agree(owner, played.url)
    assert said["back"].endswith(BACK)
    response = owner.get(BACK, {"code": "code-1", "state": said["state"]})
    store = connection(merchant)
    assert response.headers["Location"] == f"/app/noor/stores/{store.pk}/"
    assert "code-1" not in store.secrets
    set_up(store.pk, now=NOW)
    assert connection(merchant).api_state == "working"
    assert connection(merchant).is_installed is True


def test_grant_is_good_once(owner: Client, app: None, plain: Plain, merchant: Merchant) -> None:
    said = agree(owner)
    query = {"code": "code-1", "state": said["state"]}
    owner.get(BACK, query)
    assert owner.get(BACK, query).headers["Location"] == "/app/"
    with merchant_scope(merchant.pk):
        assert StoreConnection.objects.count() == 1


@pytest.mark.parametrize(
    "query",
    [
        {"code": "x", "state": "somebody-else"},
        {"code": "x"},
        {"error": "access_denied", "state": "{state}"},
    ],
)
def test_anything_else_connects_nothing(
    owner: Client, app: None, plain: Plain, merchant: Merchant, query: dict[str, str]
) -> None:
    state = agree(owner)["state"]
    sent = {name: value.format(state=state) for name, value in query.items()}
    assert owner.get(BACK, sent).headers["Location"] == CONNECT
    with merchant_scope(merchant.pk):
        assert StoreConnection.objects.count() == 0


def test_another_browser_brings_no_grant(
    owner: Client, app: None, plain: Plain, merchant: Merchant
) -> None:
    state = agree(owner)["state"]
    stranger = Client()
    stranger.force_login(factories.user(merchant, email="second@noor.example"))
    assert stranger.get(BACK, {"code": "x", "state": state}).headers["Location"] == "/app/"


def test_without_an_app_of_ours_keys_are_offered(owner: Client, plain: Plain) -> None:
    page = text(owner.get(CONNECT))
    assert "Agree on the platform" not in page


def test_refused_shop_is_connected_again_as_the_same(
    owner: Client, connected: Any, merchant: Merchant
) -> None:
    connected.shop.tokens.clear()
    set_up(connected.store.pk, now=NOW)
    page = owner.get(f"/app/noor/stores/{connected.store.pk}/")
    assert "The shop refuses our key (401)." in text(page)
    assert f"/app/noor/stores/{connected.store.pk}/again/" in page.content.decode()
    response = owner.post(f"/app/noor/stores/{connected.store.pk}/again/", {})
    assert response.status_code == 303
    assert connection(merchant).api_state == "setting_up"
