"""The main job, end to end: a shop's webhook, a carrier over HTTP, a date, a mail, a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from carriers.fetch import Fetcher
from carriers.models import CarrierAccount
from carriers.registry import get
from carriers.sandbox.running import RunningSandbox, running_sandbox
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from stores.connect import connect_store, hook_path_of
from tests.hooks.posting import SECRET, post_shopify
from tests.stores.payloads import shopify_fulfilment, shopify_order
from tracking.links import link_for, page_path
from tracking.models import Order, Recipient, Shipment
from tracking.polling import poll_round

NUMBER = "34567890123"


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


def aramex_on(sandbox: RunningSandbox, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        CarrierAccount.objects.create(
            merchant=merchant,
            carrier="aramex",
            base_url=sandbox.base_url("aramex"),
            secrets=seal({secret.name: "right" for secret in get("aramex").secrets}),
        )
    sandbox.register(
        carrier="aramex",
        number=NUMBER,
        scenario="out_for_delivery",
        origin={"city": "Dubai", "country": "AE"},
        destination={"city": "Dubai", "country": "AE"},
    )


def receive(client: Client, path: str, capture: Any) -> None:
    """The shop sends the order, then its first parcel; both are worked on at once."""
    placed = (timezone.now() - timedelta(days=1, hours=20)).isoformat()
    parcel = shopify_fulfilment(created_at=placed, updated_at=placed)
    with capture(execute=True):
        post_shopify(
            client,
            path,
            shopify_order(created_at=placed, processed_at=placed, fulfillments=[parcel]),
        )


def test_order_becomes_a_page_and_a_mail(
    merchant: Merchant,
    client: Client,
    sandbox: RunningSandbox,
    django_capture_on_commit_callbacks: Any,
) -> None:
    store = connect_store(
        merchant=merchant, platform="shopify", name="Noor", secret=SECRET, external_id="noor"
    )
    aramex_on(sandbox, merchant)
    receive(client, hook_path_of(store), django_capture_on_commit_callbacks)

    fetcher = Fetcher(allow=[sandbox.host])
    assert poll_round(fetcher, now=timezone.now()).changed == 1
    fetcher.close()
    compose_due(now=timezone.now())
    deliver_due(clock=timezone.now)

    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        parcel = Shipment.objects.get()
        link = link_for(order=order, recipient=Recipient.objects.get(role="buyer"))
    assert (order.number, parcel.carrier, parcel.status) == ("#2001", "aramex", "out_for_delivery")
    assert parcel.edd_first is not None
    assert [sent.to for sent in mail.outbox] == [["Sara Al Mansoori <sara@shopper.example>"]]
    assert page_path(link, merchant=merchant) in mail.outbox[0].body
    page = client.get(page_path(link, merchant=merchant), {"lang": "ar"}, follow=True)
    assert page.status_code == 200
    assert 'dir="rtl"' in page.content.decode()
    # Late in the evening there, nobody comes any more today.
    is_today = parcel.edd_first == timezone.now().astimezone(ZoneInfo(parcel.edd_zone)).date()
    day = "اليوم" if is_today else "غدًا"
    assert f"خرجت شحنتك للتوصيل، ونتوقع وصولها {day}" in page.content.decode()
