"""Shops whose buyers may not be written to: no message, and a page that works."""

from __future__ import annotations

import pytest
from django.test import Client

from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.models import Message
from stores.connect import connect_api
from stores.models import StoreConnection
from stores.quiet import NOT_THERE
from stores.registry import STORES
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.links import link_for, page_path
from tracking.models import Recipient


@pytest.fixture
def marketplace(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> StoreConnection:
    """A shop at a platform that forbids messages to its buyers."""
    monkeypatch.setattr(type(STORES["salla"]), "may_message_buyers", False)
    return connect_api(
        merchant=merchant, platform="salla", name="Market", shop="44", credentials={}, now=NOW
    )


def delivered_order(merchant: Merchant, store: StoreConnection) -> Recipient:
    """News of a parcel that this shop sold."""
    with merchant_scope(merchant.pk):
        shipment = factories.shipment(
            merchant, carrier="aramex", tracking_number="47218830956", source=store.source
        )
        hear(shipment, (1, "delivered.generic"))
        return Recipient.objects.get()


def composed(merchant: Merchant) -> list[tuple[str, str, str]]:
    compose_due(now=NOW)
    with merchant_scope(merchant.pk):
        rows = Message.objects.order_by("pk")
        return list(rows.values_list("channel", "state", "reason"))


def test_buyer_of_a_marketplace_gets_no_message_and_a_page_that_works(
    merchant: Merchant, marketplace: StoreConnection, client: Client
) -> None:
    buyer = delivered_order(merchant, marketplace)
    assert marketplace.may_message is False
    assert {row[1:] for row in composed(merchant)} == {("skipped", NOT_THERE)}
    with merchant_scope(merchant.pk):
        path = page_path(link_for(order=buyer.order, recipient=buyer), merchant=merchant)
    assert client.get(path).status_code == 200


def test_with_the_switch_on_the_buyer_is_told(
    merchant: Merchant, marketplace: StoreConnection
) -> None:
    with merchant_scope(merchant.pk):
        StoreConnection.objects.filter(pk=marketplace.pk).update(may_message=True)
    delivered_order(merchant, marketplace)
    assert ("email", "waiting", "") in composed(merchant)


def test_other_orders_are_told_as_ever(merchant: Merchant, marketplace: StoreConnection) -> None:
    with merchant_scope(merchant.pk):
        hear(factories.shipment(merchant, carrier="aramex"), (1, "delivered.generic"))
    assert ("email", "waiting", "") in composed(merchant)
