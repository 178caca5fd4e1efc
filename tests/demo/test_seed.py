"""The demonstration: what a visitor finds after `make demo`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from carriers.fetch import Fetcher
from carriers.sandbox.running import RunningSandbox, running_sandbox
from demo.seed import Seeded, seed
from merchants.scope import every_merchant
from notifications.compose import compose_due
from tracking.models import Order, Shipment
from tracking.polling import poll_round

BASE = "http://demo.example"


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


def fill(sandbox: RunningSandbox, keys: dict[str, str] | None = None) -> list[Seeded]:
    return list(
        seed(sandbox_url=sandbox.url, base_url=BASE, known_keys=keys or {}, now=timezone.now())
    )


def test_demonstration_shows_eight_states_and_its_pages_open(
    db: None, client: Client, sandbox: RunningSandbox
) -> None:
    shops = fill(sandbox)
    fetcher = Fetcher(allow=[sandbox.host])
    poll_round(fetcher, now=timezone.now())
    fetcher.close()
    compose_due(now=timezone.now())
    with every_merchant("test"):
        states = set(Shipment.objects.values_list("status", flat=True))
    assert len(states) >= 8, states
    addresses = [url.removeprefix(BASE) for shop in shops for url in shop.tracking_urls]
    addresses += [shop.as_json()["shop_url"].removeprefix(BASE) for shop in shops]
    assert {client.get(address).status_code for address in addresses} == {200}


def test_second_start_finds_the_shops_and_adds_what_moves(
    db: None, sandbox: RunningSandbox
) -> None:
    first = fill(sandbox)
    with every_merchant("test"):
        before = Order.objects.count()
    again = fill(sandbox, {shop.slug: shop.api_key for shop in first})
    assert [shop.api_key for shop in again] == [shop.api_key for shop in first]
    assert [shop.hooks for shop in again] == [shop.hooks for shop in first]
    with every_merchant("test"):
        assert 0 < Order.objects.count() - before < before
