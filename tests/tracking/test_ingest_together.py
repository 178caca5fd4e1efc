"""Two workers, two parcels of one order, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection

from carriers.updates import CarrierEvent, TrackingUpdate
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.ingest import Heard, ingest
from tracking.models import Order, Shipment


def deliver(shipment: Shipment) -> None:
    event = CarrierEvent("DL", "delivered.generic", at=NOW - timedelta(hours=1))
    update = TrackingUpdate(shipment.tracking_number, (event,))
    ingest(heard=[Heard(shipment.pk, update)], source="poll", now=NOW)


def in_thread(work: Callable[[], None]) -> Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_order_knows_of_both_parcels_that_were_ingested_at_once() -> None:
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        first = factories.shipment(merchant)
        second = factories.shipment(merchant, order=first.order)
    written, second_began = Signal(), Signal()

    def slow() -> None:
        with merchant_scope(merchant.pk):
            deliver(first)
            written.set()
            second_began.wait(5)
            # Long enough for the other to read what is not committed yet, were it let.
            Signal().wait(0.3)

    def quick() -> None:
        written.wait(5)
        second_began.set()
        with merchant_scope(merchant.pk):
            deliver(second)

    threads = [in_thread(slow), in_thread(quick)]
    for thread in threads:
        thread.join(10)
    with merchant_scope(merchant.pk):
        assert Order.objects.get().status == "delivered"
