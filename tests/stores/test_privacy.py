"""Platforms' privacy demands: what is found is exported, what is erased is gone."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from inbox.models import Delivery
from inbox.receive import Inbound, receive
from merchants.models import Merchant
from stores.base import StoreError
from stores.connect import connect_store, hook_path_of
from stores.ingest import save_order
from stores.models import PrivacyRequest, StoreConnection
from stores.privacy import answer
from stores.vocabulary import (
    Address,
    ComplianceRequest,
    Consent,
    OrderUpdate,
    Person,
    Refund,
    TimeWish,
)
from tracking.models import Link, Order, Recipient, Shipment
from tracking.parcels import add_parcel

SHOP = "noor.myshopify.com"
NOW = timezone.now()


@pytest.fixture
def store(scope: Merchant) -> StoreConnection:
    return connect_store(
        merchant=scope, platform="shopify", name="Noor", secret="s3cret", external_id=SHOP
    )


def buy(store: StoreConnection, number: str, email: str, *, source: str = "") -> Order:
    update = OrderUpdate(
        external_id=number,
        number=f"#{number}",
        placed_at=NOW,
        customer=Person("Sara", email, "+971501234567"),
        destination=Address("AE", line1="Street 4", city="Dubai", postcode="1"),
    )
    merchant = Merchant.objects.get(pk=store.merchant_id)
    source = source or store.source
    return save_order(merchant=merchant, source=source, update=update, now=NOW).order


def stored(store: StoreConnection, key: str, body: bytes) -> int:
    inbound = Inbound("store", "shopify", store.pk, "orders/create", key, {}, body)
    return receive(merchant_id=store.merchant_id, inbound=inbound, now=NOW).delivery_id


def demand(store: StoreConnection, request: ComplianceRequest, delivery: int = 1) -> PrivacyRequest:
    return answer(store=store, request=request, topic="t", delivery_id=delivery, now=NOW)


def names() -> list[str]:
    return list(Order.objects.order_by("pk").values_list("customer_name", flat=True))


def test_erasing_a_person_leaves_the_others(store: StoreConnection) -> None:
    buy(store, "1", "sara@shopper.example")
    buy(store, "2", "omar@shopper.example")
    elsewhere = buy(store, "3", "sara@shopper.example", source="woocommerce:9")
    gone = stored(store, "a", b'{"id":1,"email":"sara@shopper.example"}')
    kept = stored(store, "b", b'{"id":12,"email":"omar@shopper.example"}')
    token = Link.objects.get(order_id=Order.objects.get(external_id="1").pk).token
    parcel, _ = add_parcel(
        order=Order.objects.get(external_id="1"), carrier="aramex", tracking_number="47218830956",
        now=timezone.now(), extra={"postcode": "21577"},
    )  # fmt: skip
    done = demand(store, ComplianceRequest("erase", SHOP, "Sara@Shopper.example"))
    order = Order.objects.get(external_id="1")
    assert (order.customer_email, order.line1, order.postcode, order.city) == ("", "", "", "Dubai")
    assert (order.email_key, order.phone_key, order.name_key) == ("", "", "")
    assert order.search_text == "1 dubai 47218830956"
    assert Shipment.objects.get(pk=parcel.pk).extra == {}
    assert Recipient.objects.get(order=order).email == ""
    assert Client().get(f"/p/noor/t/{token}/").status_code == 404
    assert names() == ["", "Sara", "Sara"]
    assert elsewhere.customer_email == "sara@shopper.example"
    bodies = dict(Delivery.objects.values_list("pk", "body"))
    assert (bytes(bodies[gone]), bytes(bodies[kept]) != b"") == (b"", True)
    assert (done.result["orders"], done.result["inbox"]) == (1, 1)


def test_export_holds_the_persons_orders(store: StoreConnection) -> None:
    buy(store, "1", "sara@shopper.example")
    buy(store, "2", "omar@shopper.example")
    done = demand(store, ComplianceRequest("export", SHOP, "sara@shopper.example"))
    done.refresh_from_db()
    assert done.export is not None
    (order,) = done.export["orders"]
    assert (order["number"], order["customer_email"], order["line1"]) == (
        "#1", "sara@shopper.example", "Street 4",
    )  # fmt: skip
    assert done.result["orders"] == 1


DETAILS = {
    "proof": {"signed_by": "Sara", "photo_url": "https://proof.example/1", "left_at": "Omar, 4b"},
    "courier": {"name": "Adel", "phone": "+971501112233", "live_url": "https://live.example/1"},
    "pickup_point": {"name": "Locker 7", "code": "4711"},
    "pieces": 2,
}


def test_what_the_carrier_gave_is_exported_and_its_personal_parts_are_erased(
    store: StoreConnection,
) -> None:
    parcel, _ = add_parcel(
        order=buy(store, "1", "sara@shopper.example"), carrier="aramex",
        tracking_number="47218830956", now=timezone.now(),
    )  # fmt: skip
    Shipment.objects.filter(pk=parcel.pk).update(details=DETAILS)
    done = demand(store, ComplianceRequest("export", SHOP, "sara@shopper.example"))
    assert done.export is not None
    assert done.export["orders"][0]["parcels"][0]["details"] == DETAILS
    demand(store, ComplianceRequest("erase", SHOP, "sara@shopper.example"), 2)
    kept = Shipment.objects.get(pk=parcel.pk).details
    assert kept == {"pickup_point": {"name": "Locker 7"}, "pieces": 2}


def test_orders_named_by_id_are_found_without_an_email(store: StoreConnection) -> None:
    buy(store, "1", "sara@shopper.example")
    demand(store, ComplianceRequest("erase", SHOP, order_ids=("1",)))
    assert names() == [""]


def test_demand_about_nobody_erases_nothing(store: StoreConnection) -> None:
    buy(store, "1", "")
    stored(store, "a", b"{}")
    done = demand(store, ComplianceRequest("erase", SHOP))
    assert (names(), done.result["orders"], done.result["inbox"]) == (["Sara"], 0, 0)


def test_erasing_a_shop_erases_everybody_and_disconnects(store: StoreConnection) -> None:
    buy(store, "1", "sara@shopper.example")
    buy(store, "2", "omar@shopper.example")
    stored(store, "a", json.dumps({"id": 1}).encode())
    demand(store, ComplianceRequest("erase_shop", SHOP))
    store.refresh_from_db()
    assert (names(), store.is_active, hook_path_of(store)) == (["", ""], False, "")
    assert bytes(Delivery.objects.get().body) == b""


def test_demand_about_another_shop_is_refused(store: StoreConnection) -> None:
    buy(store, "1", "sara@shopper.example")
    with pytest.raises(StoreError):
        demand(store, ComplianceRequest("erase_shop", "other.myshopify.com"))
    assert names() == ["Sara"]


def test_same_delivery_is_answered_once(store: StoreConnection) -> None:
    request = ComplianceRequest("export", SHOP, "sara@shopper.example")
    assert demand(store, request, 7).pk == demand(store, request, 7).pk


def test_places_wishes_and_consents_are_exported_and_erased(store: StoreConnection) -> None:
    update = OrderUpdate(
        external_id="1",
        number="#1",
        customer=Person("Sara", "sara@shopper.example"),
        destination=Address(
            "AE", name="Omar", city="Dubai", phone="0501", district="Al Quoz", makani="3000000000",
            national_address="RRRD2929", what3words="one.two.three", pin=(25.1, 55.2),
        ),
        wish=TimeWish(note="The guard knows me"),
        consents=(Consent("sms", "marketing", True, "checkout", NOW),),
        refunds=(Refund("r1", Decimal(5), reason="Sara was ill"),),
    )  # fmt: skip
    merchant = Merchant.objects.get(pk=store.merchant_id)
    save_order(merchant=merchant, source=store.source, update=update, now=NOW)
    done = demand(store, ComplianceRequest("export", SHOP, "sara@shopper.example"))
    assert done.export is not None
    (told,) = done.export["orders"]
    assert (told["makani"], told["latitude"], told["wish"], told["ship_to_phone"]) == (
        "3000000000", 25.1, {"note": "The guard knows me"}, "0501",
    )  # fmt: skip
    assert (told["consents"][0]["channel"], told["refunds"][0]["reason"]) == ("sms", "Sara was ill")
    demand(store, ComplianceRequest("erase", SHOP, "sara@shopper.example"), 2)
    order = Order.objects.get()
    assert [
        order.district, order.makani, order.national_address, order.what3words, order.latitude,
        order.longitude, order.wish, order.ship_to_phone, order.search_text,
    ] == ["", "", "", "", None, None, {}, "", "1 dubai"]  # fmt: skip
    assert (order.consents.count(), order.refunds.get().reason) == (0, "")
