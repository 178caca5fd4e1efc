"""A year of webhooks dropped, doubled, delayed, re-ordered and switched off; and an API down."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from merchants.scope import merchant_scope
from notifications.models import Message
from stores.models import StoreConnection
from stores.setting_up import set_up
from tests.stores.conftest import Connected
from tests.stores.year import Year, truth
from tracking.models import Order, OrderItem, Shipment, ShipmentItem

START = datetime(2025, 11, 1, tzinfo=UTC)
#: The whole year takes minutes: `make matrix` plays it, each change of ours a good part of it.
DAYS = int(os.environ.get("YEAR_DAYS", "60"))

pytestmark = [pytest.mark.processes, pytest.mark.django_db]


def held(merchant_id: int) -> dict[str, dict[str, Any]]:
    """What Homeward holds, in the words of `truth`."""
    with merchant_scope(merchant_id):
        orders = {order.pk: order for order in Order.objects.all()}
        found: dict[str, dict[str, Any]] = {
            order.external_id: {
                "lines": {},
                "parcels": {},
                "cancelled": order.cancelled_at is not None,
            }
            for order in orders.values()
        }
        for line in OrderItem.objects.all():
            found[orders[line.order_id].external_id]["lines"][line.external_id] = line.quantity
        for parcel in Shipment.objects.all():
            found[orders[parcel.order_id].external_id]["parcels"][parcel.tracking_number] = {}
        for part in ShipmentItem.objects.select_related("shipment", "item"):
            order = found[orders[part.shipment.order_id].external_id]
            contents = order["parcels"][part.shipment.tracking_number]
            contents[part.item.external_id] = part.quantity
    return found


def test_year_ends_with_exactly_what_the_shop_sold(connected: Connected) -> None:
    connected.shop.clock = START
    with merchant_scope(connected.store.merchant_id):
        StoreConnection.objects.update(created_at=START, setup_at=START)
    set_up(connected.store.pk, now=START)
    store = connected.fresh()
    year = Year(
        store.merchant,
        store,
        connected.shop,
        connected.played,
        START,
        days=DAYS,
    )
    year.run()
    print(dict(year.counts))

    sold = dict(truth(connected.shop))
    assert len(sold) > DAYS / 2
    assert held(store.merchant_id) == sold

    with merchant_scope(store.merchant_id):
        told = Counter(
            Message.objects.filter(state="sent")
            # A part that is sent is told once a day, not once.
            .exclude(topic="partly_dispatched")
            .values_list("order", "shipment", "topic")
        )
        sent = Message.objects.filter(state="sent").count()
    assert {what: times for what, times in told.items() if times > 1} == {}
    assert len(year.postbox.letters) == sent > DAYS
    assert year.counts["recovered"] > 0
    assert year.counts["mended"] == sum(day < DAYS for day in year.faults.switched_off_on)
