"""The window that a message tells reaches the ledger when the message goes out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.deliver import deliver_next
from notifications.heading import heading_state
from notifications.models import Message
from notifications.receipts import mark_delivered
from notifications.rendering import Look, Own, Telling
from notifications.told import window_of
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import Postbox, hear
from tracking.models import Recipient, Shipment, ShownDate


@pytest.fixture
def parcel(scope: Merchant) -> Shipment:
    """Its order was placed an hour ago, so that a window lies ahead."""
    return factories.shipment(scope, carrier="aramex", placed_at=NOW - timedelta(hours=4))


def test_letter_is_noted_once_it_is_sent(parcel: Shipment) -> None:
    hear(parcel, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    message = Message.objects.get(topic="shipped")
    parcel.refresh_from_db()
    assert message.window is not None
    assert ShownDate.objects.count() == 0
    deliver_next(now=NOW + timedelta(minutes=1), channels={"email": Postbox()})
    row = ShownDate.objects.get()
    assert (row.where, row.who, row.stage) == ("email", "buyer", "picked_up")
    assert row.recipient == Recipient.objects.get(order=parcel.order_id).pk
    assert (row.first, row.last) == (parcel.edd_first, parcel.edd_last)
    assert row.first_at == NOW + timedelta(minutes=1)


def test_what_is_noted_is_what_was_written_though_the_date_moved_since(parcel: Shipment) -> None:
    hear(parcel, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    parcel.refresh_from_db()
    written = parcel.edd_last
    Shipment.objects.update(edd_last=NOW.date() + timedelta(days=30))
    deliver_next(now=NOW, channels={"email": Postbox()})
    assert ShownDate.objects.get().last == written


def test_letter_without_a_date_is_not_noted(parcel: Shipment) -> None:
    hear(parcel, (2, "out.on_vehicle"), (1, "delivered.generic"))
    compose_due(now=NOW)
    assert [one.window for one in Message.objects.all()] == [None]


def test_merchants_own_text_message_tells_no_date(parcel: Shipment, scope: Merchant) -> None:
    hear(parcel, (2, "out.on_vehicle"))
    parcel.refresh_from_db()
    message = Message(channel="sms", recipient=Recipient.objects.get(order=parcel.order_id))
    state = heading_state(parcel.order, parcel, language="en", now=NOW)
    own, ours = (
        Telling(
            topic="out_for_delivery", language="en", look=Look("Noor", "#000000"), state=state,
            order_number="1", link="https://x.example/", own=Own(body=body),
        )
        for body in ("Your order is near.", "")
    )  # fmt: skip
    assert [window_of(one, "text", parcel, message) is None for one in (own, ours)] == [True, False]
    assert window_of(own, "chat", parcel, message) is not None


def test_receipt_that_comes_first_is_noted(parcel: Shipment) -> None:
    hear(parcel, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    message = Message.objects.get(topic="shipped")
    mark_delivered(message, at=NOW + timedelta(minutes=3))
    assert [(one.where, one.times) for one in ShownDate.objects.all()] == [("email", 1)]
    message.refresh_from_db()
    mark_delivered(message, at=NOW + timedelta(hours=9))
    assert ShownDate.objects.get().times == 1
