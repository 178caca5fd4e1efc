"""The loop that the demonstration's shop opens: its signed webhooks meet the real hook."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from carriers.fetch import Fetcher
from carriers.sandbox.running import RunningSandbox, running_sandbox
from inbox.models import Delivery, Outcome
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.models import StoreConnection
from tests import factories
from tests.demo.shopping import check_out, put_in_cart, shop
from tracking.links import link_for, page_path
from tracking.models import Change, Order, OrderItem, Recipient, Shipment, ShipmentItem
from tracking.polling import poll_round

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as server:
        yield server


@pytest.fixture
def noor(live_server: LiveServer, sandbox: RunningSandbox, settings: Any) -> Merchant:
    """A merchant whose shop posts to this very server and hands over to this sandbox."""
    settings.BASE_URL = live_server.url
    settings.SANDBOX_URL = sandbox.url
    return factories.merchant()


@pytest.fixture
def bought(client: Client, noor: Merchant) -> Order:
    put_in_cart(client, "oud-candle", 2)
    put_in_cart(client, "brass-lamp")
    assert check_out(client).headers["Location"] == shop("thanks/")
    with merchant_scope(noor.pk):
        return Order.objects.get()


def hand_over(client: Client, **changed: str) -> Any:
    return client.post(shop("backstage/"), {"scenario": "happy", "seconds": "12"} | changed)


def test_order_arrives_with_address_cash_and_language(bought: Order, noor: Merchant) -> None:
    assert bought.number.startswith("#D")
    assert (bought.line1, bought.line2, bought.city, bought.country) == (
        "Marina Walk 12, apartment 803", "Opposite the tram stop", "Dubai", "AE",
    )  # fmt: skip
    assert (bought.customer_phone, bought.customer_email) == (
        "+971501112233", "mariam@shopper.example",
    )  # fmt: skip
    assert (bought.cod_amount, bought.total, bought.currency) == (
        Decimal("539.000"), Decimal("539.000"), "AED",
    )  # fmt: skip
    with merchant_scope(noor.pk):
        buyer = Recipient.objects.get()
        lines = list(OrderItem.objects.order_by("position").values_list("title", "quantity"))
    assert buyer.language.partition("-")[0] == "ar"
    assert lines == [("Oud candle", 2), ("Brass table lamp", 1)]


def test_card_leaves_nothing_to_pay_and_confirms(client: Client, noor: Merchant) -> None:
    put_in_cart(client, "brass-lamp")
    check_out(client, payment="card")
    with merchant_scope(noor.pk):
        order = Order.objects.get()
        reached = set(Change.objects.values_list("key", flat=True))
    assert (order.cod_amount, reached) == (None, {"placed", "confirmed"})


def test_webhook_is_accepted_by_its_signature(bought: Order, noor: Merchant) -> None:
    with merchant_scope(noor.pk):
        delivery = Delivery.objects.get()
        store = StoreConnection.objects.get()
    assert (delivery.topic, delivery.outcome) == ("orders/create", Outcome.DONE)
    assert (store.name, store.rejected) == ("Demonstration shop", 0)


def test_second_order_uses_the_same_connection(
    client: Client, bought: Order, noor: Merchant
) -> None:
    put_in_cart(client, "brass-lamp")
    check_out(client)
    with merchant_scope(noor.pk):
        assert (Order.objects.count(), StoreConnection.objects.count()) == (2, 1)


def test_thanks_leads_to_the_buyers_page(client: Client, bought: Order, noor: Merchant) -> None:
    page = client.get(shop("thanks/"))
    with merchant_scope(noor.pk):
        path = page_path(link_for(order=bought, recipient=Recipient.objects.get()), merchant=noor)
    assert f'href="{path}"' in page.content.decode()
    assert client.get(path).status_code == 200


def test_thanks_waits_until_the_order_is_there(client: Client, noor: Merchant) -> None:
    session = client.session
    session["demo_shop"] = {"noor": {"order": "1234567890123"}}
    session.save()
    body = client.get(shop("thanks/")).content.decode()
    assert '<meta http-equiv="refresh" content="2">' in body
    assert "Backstage" not in body


def test_another_visitor_sees_nothing_of_it(bought: Order, noor: Merchant) -> None:
    stranger = Client()
    assert stranger.get(shop("thanks/")).headers["Location"] == shop()
    assert hand_over(stranger).headers["Location"] == shop("thanks/")
    with merchant_scope(noor.pk):
        assert Shipment.objects.count() == 0


def test_backstage_makes_a_parcel_that_is_followed(
    client: Client, bought: Order, noor: Merchant, sandbox: RunningSandbox
) -> None:
    hand_over(client, seconds="1")
    with merchant_scope(noor.pk):
        parcel = Shipment.objects.get()
        inside = ShipmentItem.objects.count()
    assert (parcel.order_id, parcel.carrier, inside) == (bought.pk, "sandbox", 2)
    journey = sandbox.parcel("sandbox", parcel.tracking_number)
    assert journey["scenario"] == "happy"
    assert journey["destination"] == {"city": "Dubai", "country": "AE"}
    assert journey["origin"] == {"city": "Dubai", "country": "AE"}
    fetcher = Fetcher(allow=[sandbox.host])
    answer = poll_round(fetcher, now=timezone.now())
    fetcher.close()
    assert (answer.asked, answer.failed) == (1, 0)


def test_order_is_handed_over_once(client: Client, bought: Order, noor: Merchant) -> None:
    hand_over(client)
    hand_over(client)
    with merchant_scope(noor.pk):
        assert Shipment.objects.count() == 1
        number = Shipment.objects.get().tracking_number
    assert number in client.get(shop("thanks/")).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"seconds": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"scenario": "teleported"}, "teleported is not one of the available choices."),
    ],
)
def test_backstage_says_what_is_wrong(
    client: Client, bought: Order, changed: dict[str, str], said: str
) -> None:
    response = hand_over(client, **changed)
    assert response.status_code == 422
    assert said in response.content.decode()


def test_courier_that_does_not_answer_is_said(
    client: Client, bought: Order, noor: Merchant, settings: Any
) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    response = hand_over(client)
    assert response.status_code == 502
    assert "The courier did not answer." in response.content.decode()
    with merchant_scope(noor.pk):
        assert Shipment.objects.count() == 0
