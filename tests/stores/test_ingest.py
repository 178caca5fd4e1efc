"""Orders in: made once, merged after, never poorer."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.ingest import Saved, save_order
from stores.providers.shopify import Shopify
from stores.vocabulary import Address, FulfilmentUpdate, Item, OrderUpdate, Person
from tests.factories import NOW
from tests.stores.payloads import shopify_fulfilment, shopify_order
from tracking.models import Change, Link, Order, OrderItem, Recipient, Shipment, ShipmentItem

HOME = Address("AE", line1="Street 4", line2="Flat 7", city="Dubai", name="Omar", phone="0501")
PLACED = NOW - timedelta(hours=5)


def update(**fields: Any) -> OrderUpdate:
    values: dict[str, Any] = {
        "external_id": "77",
        "number": "#77",
        "placed_at": PLACED,
        "customer": Person("Sara", "sara@shopper.example", "+971501234567", "ar"),
        "destination": HOME,
        "items": (Item("Lamp", 2, "l1", "LAMP", Decimal(60)),),
        "total": Decimal("149.5"),
        "currency": "AED",
    }
    return OrderUpdate(**(values | fields))


def save(merchant: Merchant, said: OrderUpdate, *, now: datetime = NOW, **options: Any) -> Saved:
    return save_order(merchant=merchant, source="shopify:1", update=said, now=now, **options)


def parcel(number: str, **fields: Any) -> FulfilmentUpdate:
    return FulfilmentUpdate(number, **({"carrier": "aramex"} | fields))


def milestones() -> list[tuple[str, bool]]:
    rows = Change.objects.filter(kind="milestone", shipment=None).order_by("id")
    return [(row.key, row.announce) for row in rows]


def numbers() -> list[str]:
    return list(Shipment.objects.order_by("pk").values_list("tracking_number", flat=True))


def test_new_order_has_buyer_link_keys_and_placed(scope: Merchant) -> None:
    saved = save(scope, update())
    order = saved.order
    assert (saved.created, order.number, order.country) == (True, "#77", "AE")
    assert (order.number_key, order.email_key) == ("77", "sara@shopper.example")
    assert order.announce_from == PLACED
    buyer = Recipient.objects.get(order=order, role="buyer")
    assert (buyer.name, buyer.email, buyer.language) == ("Sara", "sara@shopper.example", "ar")
    assert Link.objects.filter(order_id=order.pk, recipient_id=buyer.pk).count() == 1
    assert milestones() == [("placed", True)]


def test_same_order_twice_is_one_order_and_one_of_everything(scope: Merchant) -> None:
    said = update(parcels=(parcel("11122233344"),))
    first, second = save(scope, said), save(scope, said)
    assert (first.created, second.created) == (True, False)
    assert first.order.pk == second.order.pk
    counts = [
        model.objects.filter(order=first.order).count()
        for model in (OrderItem, Recipient, Shipment)
    ]
    assert counts == [1, 2, 1]
    assert milestones() == [("placed", True)]


def test_second_number_joins_the_first(scope: Merchant) -> None:
    save(scope, update(parcels=(parcel("11122233344"),)))
    save(scope, update(parcels=(parcel("55566677788"),)))
    assert numbers() == ["11122233344", "55566677788"]


def test_carrier_named_later_is_no_second_parcel(scope: Merchant) -> None:
    save(scope, update(parcels=(parcel("ZZ-9", carrier="", carrier_name="Desert Wheels"),)))
    save(scope, update(parcels=(parcel("ZZ-9", carrier="smsa"),)))
    assert numbers() == ["ZZ-9"]
    assert Shipment.objects.get().extra == {"carrier_name": "Desert Wheels"}


def test_contents_are_kept_by_line(scope: Merchant) -> None:
    save(scope, update(parcels=(parcel("11122233344", contents=(("l1", 1), ("gone", 2))),)))
    content = ShipmentItem.objects.select_related("item").get()
    assert (content.item.external_id, content.quantity) == ("l1", 1)


def test_update_never_blanks_what_is_known(scope: Merchant) -> None:
    save(scope, update())
    poor = OrderUpdate("77", "", destination=Address("AE"))
    order = save(scope, poor).order
    assert (order.customer_name, order.customer_email) == ("Sara", "sara@shopper.example")
    assert (order.line1, order.city, order.number) == ("Street 4", "Dubai", "#77")
    assert order.total == Decimal("149.5")


def test_corrected_address_leaves_nothing_of_the_old_one(scope: Merchant) -> None:
    save(scope, update())
    order = save(
        scope, update(destination=Address("AE", line1="Corniche 9", city="Abu Dhabi"))
    ).order
    assert (order.line1, order.line2, order.city) == ("Corniche 9", "", "Abu Dhabi")


def test_receiver_stands_in_for_a_nameless_buyer_only(scope: Merchant) -> None:
    order = save(scope, update(customer=Person(email="sara@shopper.example"))).order
    assert (order.customer_name, order.customer_phone) == ("Omar", "0501")
    order = save(scope, update()).order
    assert order.customer_name == "Sara"
    order = save(scope, update(customer=Person())).order
    assert order.customer_name == "Sara"


def test_older_version_fills_gaps_and_overwrites_nothing(scope: Merchant) -> None:
    newer = update(updated_at=NOW, total=Decimal(99), customer=Person("New name"))
    older = update(updated_at=NOW - timedelta(minutes=1))
    save(scope, newer)
    order = save(scope, older).order
    assert (order.total, order.customer_name) == (Decimal(99), "New name")
    assert order.customer_email == "sara@shopper.example"
    order = save(scope, update(updated_at=NOW + timedelta(minutes=1))).order
    assert (order.total, order.customer_name) == (Decimal("149.5"), "Sara")


def test_fulfilment_before_its_order_makes_it_and_the_order_completes_it(scope: Merchant) -> None:
    for topic, payload in (
        ("fulfillments/create", shopify_fulfilment()),
        ("orders/create", shopify_order()),
    ):
        said = Shopify().read(topic, json.dumps(payload).encode())
        assert isinstance(said, OrderUpdate)
        save(scope, said)
    order = Order.objects.get()
    assert (order.number, order.total, order.line1) == (
        "#2001", Decimal("149.5"), "Building 12, Street 4",
    )  # fmt: skip
    lines = OrderItem.objects.order_by("pk").values_list("external_id", "quantity")
    assert list(lines) == [("71", 2), ("72", 1)]
    assert numbers() == ["34567890123"]
    assert order.placed_at == datetime.fromisoformat("2026-11-11T09:00:00+04:00")


def test_order_with_history_is_not_announced(scope: Merchant) -> None:
    placed_at = NOW - timedelta(days=9)
    order = save(scope, update(placed_at=placed_at, confirmed_at=placed_at)).order
    assert order.announce_from == NOW
    assert milestones() == [("placed", False), ("confirmed", False)]


def test_status_of_the_shop_means_what_the_merchant_says(scope: Merchant) -> None:
    said = update(shop_status="Ready-To-Ship", tags=("VIP",))
    order = save(scope, said, status_map={"ready to ship": "packed", "nonsense": "lost"}).order
    assert (order.confirmed_at, order.packed_at) == (None, None)
    order = save(scope, said, status_map={"ready-to-ship": "packed", "vip": "confirmed"}).order
    assert (order.confirmed_at, order.packed_at) == (NOW, NOW)


def test_cancelled_order_says_so(scope: Merchant) -> None:
    order = save(scope, update(cancelled_at=NOW)).order
    assert (order.cancelled_at, order.status) == (NOW, "cancelled")


def test_line_taken_off_before_it_was_known_is_not_made(scope: Merchant) -> None:
    save(scope, update(items=(Item("Gone", 0, "l0"), Item("Lamp", 1, "l1"))))
    assert list(OrderItem.objects.values_list("title", flat=True)) == ["Lamp"]


def test_texts_longer_than_their_columns_are_clipped(scope: Merchant) -> None:
    long = "x" * 900
    said = update(
        external_id=long, number=long, customer=Person(long, long, long, long),
        destination=Address("AE", *[long] * 8), items=(Item(long, 1, long, long),),
        parcels=(parcel(long, external_id=long, service=long, carrier_name=long),),
        payment_method=long, currency=long, tags=(long,), shop_status=long,
    )  # fmt: skip
    assert (save(scope, said).created, save(scope, said).created) == (True, False)
    assert Order.objects.get().customer_email == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_order_make_one(merchant: Merchant) -> None:
    start = Barrier(2)
    outcomes: list[bool] = []

    def work(number: str) -> None:
        try:
            start.wait()
            with merchant_scope(merchant.pk):
                outcomes.append(save(merchant, update(parcels=(parcel(number),))).created)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(number,)) for number in ("11122233344", "55566677788")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]
    with merchant_scope(merchant.pk):
        assert Order.objects.count() == 1
        assert sorted(numbers()) == ["11122233344", "55566677788"]
