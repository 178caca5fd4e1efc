"""A shop's own page and its settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.models import Pull, StoreConnection
from stores.pulling import go_on
from stores.setting_up import set_up
from stores.sweeping import sweep
from tests.dashboard.shops.test_connecting import text
from tests.stores.conftest import Connected


@pytest.fixture
def ready(connected: Connected, owner: Client) -> Connected:
    """Set up now, with four orders: two of last week, two of this hour, which no webhook told."""
    now = timezone.now()
    for number, age in (("1", 7 * 24), ("2", 6 * 24), ("3", 0.5), ("4", 0.4)):
        connected.shop.sell(number, at=now - timedelta(hours=age), status="accepted")
    set_up(connected.store.pk, now=now - timedelta(hours=1))
    return connected


def page_of(owner: Client, ready: Connected, **headers: str) -> Any:
    return owner.get(f"/app/noor/stores/{ready.store.pk}/", headers=headers)


def test_history_shows_how_far_it_is(owner: Client, ready: Connected, merchant: Merchant) -> None:
    assert "0 orders so far" in text(page_of(owner, ready))
    part = page_of(owner, ready, HX_Request="true")
    assert "<html" not in part.content.decode()
    with merchant_scope(merchant.pk):
        pull = Pull.objects.get()
    go_on(pull.pk, now=timezone.now())
    assert text(page_of(owner, ready, HX_Request="true")).strip() == ""


def test_recovered_orders_are_counted(owner: Client, ready: Connected) -> None:
    sweep(ready.store.pk, now=timezone.now())
    page = text(page_of(owner, ready))
    assert "Recovered 2 Orders that no webhook told of, found by asking." in page
    assert "order On" in page


def test_looking_now_makes_it_due(owner: Client, ready: Connected) -> None:
    with merchant_scope(ready.store.merchant_id):
        StoreConnection.objects.update(next_sweep_at=timezone.now() + timedelta(hours=1))
    owner.post(f"/app/noor/stores/{ready.store.pk}/now/")
    assert ready.fresh().next_sweep_at <= timezone.now()  # type: ignore[operator]


def test_older_orders_are_fetched_up_to_what_is_here(
    owner: Client, ready: Connected, merchant: Merchant
) -> None:
    with merchant_scope(merchant.pk):
        first = Pull.objects.get()
    go_on(first.pk, now=timezone.now())
    for _ in range(2):
        owner.post(f"/app/noor/stores/{ready.store.pk}/older/", {"months": "6"})
    with merchant_scope(merchant.pk):
        older = Pull.objects.exclude(pk=first.pk).get()
    assert older.until == first.since


def test_shops_words_get_their_meaning(owner: Client, ready: Connected) -> None:
    sweep(ready.store.pk, now=timezone.now())
    settings = f"/app/noor/stores/{ready.store.pk}/settings/"
    assert "accepted" in text(owner.get(settings))
    owner.post(settings, {"part": "statuses", "status_0": "packed", "status_1": ""})
    assert ready.fresh().status_map == {"accepted": "packed"}


def test_what_is_written_back_is_chosen(owner: Client, ready: Connected) -> None:
    settings = f"/app/noor/stores/{ready.store.pk}/settings/"
    owner.post(settings, {"part": "writes", "write_note": "on"})
    assert ready.fresh().writes == ["note"]
