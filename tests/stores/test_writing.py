"""Saying things at the shop, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from carriers.updates import CarrierEvent, Place, TrackingUpdate
from hooks.tasks import process_waiting
from lib.vocabulary import Status
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from stores.connect import hook_path_of
from stores.models import StoreConnection, StoreWrite
from stores.news import report_due, tell_shop
from stores.setting_up import set_up
from stores.shop import AddressChange, Note
from stores.sweeping import sweep
from stores.vocabulary import Address
from stores.writing import change_of, due, queue_write, write
from tests.factories import NOW
from tests.stores.conftest import Connected
from tests.stores.plain_shop import Plain
from tracking.ingest import Heard, ingest
from tracking.models import Order, Shipment

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sold(connected: Connected) -> Connected:
    """One order with a parcel, known by the sweep."""
    set_up(connected.store.pk, now=NOW)
    connected.shop.sell("1", street="Old street 1", parcels=[{"id": "f1", "number": "AR100200300"}])
    sweep(connected.store.pk, now=LATER)
    return connected


def write_all(now: Any = LATER) -> None:
    with every_merchant("test"):
        ids = due(now=now, limit=50)
    for one in ids:
        write(one, now=now)


def rows(merchant: Merchant) -> list[tuple[str, str]]:
    with merchant_scope(merchant.pk):
        return list(StoreWrite.objects.order_by("pk").values_list("kind", "state"))


def move(merchant: Merchant, status: Status, sub_status: str, **fields: Any) -> Shipment:
    """The parcel's state as `tracking.ingest` would leave it."""
    with merchant_scope(merchant.pk):
        parcel = Shipment.objects.get()
        parcel.status, parcel.sub_status, parcel.status_at = status, sub_status, LATER
        for name, value in fields.items():
            setattr(parcel, name, value)
        parcel.save()
        tell_shop(parcel.order, parcel, now=LATER)
        return parcel


def test_milestone_reaches_the_shop_with_our_date(sold: Connected, merchant: Merchant) -> None:
    move(merchant, Status.OUT_FOR_DELIVERY, "out.on_vehicle", edd_last=date(2026, 11, 13))
    write_all()
    assert sold.shop.news == [("1", {"status": "out_for_delivery", "last": "2026-11-13"})]
    with merchant_scope(merchant.pk):
        row = StoreWrite.objects.get(kind="parcel")
    assert (row.state, row.answer) == ("done", "noted")


def test_same_state_is_said_once(sold: Connected, merchant: Merchant) -> None:
    for _ in range(3):
        move(merchant, Status.DELIVERED, "delivered.generic")
        write_all()
    assert len(sold.shop.news) == 1


def test_newer_news_overtakes(sold: Connected, merchant: Merchant) -> None:
    move(merchant, Status.IN_TRANSIT, "transit.generic")
    move(merchant, Status.DELIVERED, "delivered.generic")
    write_all()
    assert [news["status"] for _, news in sold.shop.news] == ["delivered"]
    assert rows(merchant) == [("parcel", "skipped"), ("parcel", "done")]


def test_merchant_may_not_want_it(sold: Connected, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        StoreConnection.objects.update(writes=[])
    move(merchant, Status.DELIVERED, "delivered.generic")
    assert rows(merchant) == []


def test_shop_that_is_down_hears_it_later(sold: Connected, merchant: Merchant) -> None:
    move(merchant, Status.DELIVERED, "delivered.generic")
    sold.played.fail("500")
    write_all()
    assert (sold.shop.news, rows(merchant)) == ([], [("parcel", "waiting")])
    write_all(now=LATER + timedelta(minutes=2))
    assert (len(sold.shop.news), rows(merchant)) == (1, [("parcel", "done")])


def correct(merchant: Merchant, street: str) -> None:
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        order.line1 = street
        order.save(update_fields=["line1"])
        change = AddressChange("1", Address(country="AE", city="Dubai", line1=street))
        queue_write(order=order, change=change, key=f"address:{street}", now=LATER)


def test_our_own_address_coming_back_changes_nothing(
    client: Client, sold: Connected, merchant: Merchant
) -> None:
    correct(merchant, "New street 2")
    write_all()
    assert sold.shop.orders["1"]["street"] == "New street 2"
    before = rows(merchant)
    sent = sold.shop.hook(sold.shop.orders["1"], key="echo")
    assert client.post(hook_path_of(sold.store), **sent).status_code == 200
    process_waiting()
    sweep(sold.store.pk, now=LATER + timedelta(hours=1))
    assert rows(merchant) == before == [("address", "done")]
    with merchant_scope(merchant.pk):
        assert Order.objects.get().line1 == "New street 2"


def test_refusal_is_shown_in_the_shops_words(sold: Connected, merchant: Merchant) -> None:
    sold.shop.packed.add("1")
    correct(merchant, "New street 2")
    write_all()
    with merchant_scope(merchant.pk):
        row = StoreWrite.objects.get()
    assert (row.state, row.problem) == ("failed", "The order is packed already")
    assert sold.fresh().api_state == "working"


def test_scan_of_the_carrier_is_told_by_the_job(sold: Connected, merchant: Merchant) -> None:
    scans = tuple(
        CarrierEvent(
            at=LATER - timedelta(minutes=minutes),
            code=sub_status,
            sub_status=sub_status,
            place=Place(city="Dubai", country="AE"),
        )
        for minutes, sub_status in ((50, "transit.generic"), (20, "delivered.generic"))
    )
    with merchant_scope(merchant.pk):
        update = TrackingUpdate(tracking_number="AR100200300", events=scans)
        ingest(heard=[Heard(Shipment.objects.get().pk, update)], source="poll", now=LATER)
    assert report_due(now=LATER) > 0
    write_all()
    assert [news["status"] for _, news in sold.shop.news] == ["delivered"]


def test_order_of_no_shop_is_not_written_about(sold: Connected, merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        order.source = "api"
        change = Note("1", "Hello")
        assert queue_write(order=order, change=change, key="note", now=LATER) is None


def test_address_survives_the_row(sold: Connected, merchant: Merchant) -> None:
    address = Address(country="AE", line1="Villa 4", pin=(25.2, 55.3), makani="3003295320")
    with merchant_scope(merchant.pk):
        order = Order.objects.get()
        change = AddressChange("1", address)
        made = queue_write(order=order, change=change, key="address:1", now=LATER)
        assert made is not None
        assert change_of(StoreWrite.objects.get(pk=made.pk)) == change


def test_shop_without_milestones_is_told_of_a_parcel_once(
    sold: Connected, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Plain, "keeps_milestones", False)
    move(merchant, Status.IN_TRANSIT, "transit.generic")
    write_all()
    move(merchant, Status.DELIVERED, "delivered.generic")
    write_all()
    assert [news["status"] for _, news in sold.shop.news] == ["in_transit"]
