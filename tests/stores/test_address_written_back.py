"""An address that was answered or corrected reaches the shop, and comes back without an echo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from hooks.tasks import process_waiting
from lib.addresses.parts import AddressParts
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.address_answers import correct
from stores.connect import hook_path_of
from stores.models import StoreWrite
from stores.setting_up import set_up
from stores.sweeping import sweep
from tests import factories
from tests.factories import NOW
from tests.stores.conftest import Connected
from tests.stores.test_writing import write_all
from tracking.models import Order

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sold(connected: Connected) -> Connected:
    """One order that is not dispatched."""
    set_up(connected.store.pk, now=NOW)
    connected.shop.sell("1", street="Old street 1", at=NOW + timedelta(minutes=1))
    sweep(connected.store.pk, now=LATER)
    return connected


def mend(merchant: Merchant) -> None:
    member = factories.user(merchant)
    with merchant_scope(merchant.pk):
        parts = AddressParts("AE", line1="New street 2", city="Dubai")
        assert correct(order=Order.objects.get(), parts=parts, by=member, now=LATER)


def test_correction_reaches_the_shop(sold: Connected, merchant: Merchant) -> None:
    mend(merchant)
    write_all()
    assert sold.shop.orders["1"]["street"] == "New street 2"


def test_echo_of_it_changes_nothing(client: Client, sold: Connected, merchant: Merchant) -> None:
    mend(merchant)
    write_all()
    sold.shop.sell("1", at=LATER + timedelta(minutes=1))
    sent = sold.shop.hook(sold.shop.orders["1"], key="echo")
    assert client.post(hook_path_of(sold.store), **sent).status_code == 200
    process_waiting()
    with merchant_scope(merchant.pk):
        assert Order.objects.get().line1 == "New street 2"
        assert StoreWrite.objects.count() == 1


def test_shops_refusal_stands_on_the_orders_page(
    client: Client, sold: Connected, merchant: Merchant
) -> None:
    sold.shop.packed.add("1")
    mend(merchant)
    write_all()
    client.force_login(factories.user(merchant, email="second@noor.example"))
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
    page = client.get(f"/app/noor/orders/{order.pk}/").content.decode()
    assert "The shop did not take it: The order is packed already" in page
