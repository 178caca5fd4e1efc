"""A present is told to whom it is for on the day it comes, unless the order says otherwise."""

from __future__ import annotations

import pytest

from notifications.compose import compose_due
from notifications.models import Message
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.models import Recipient, Shipment

OMAR = "omar@shopper.example"


@pytest.mark.parametrize(
    ("tells", "topics"),
    [
        ("", {"out_for_delivery"}),
        ("delivery_day", {"out_for_delivery"}),
        ("nothing", set()),
        ("everything", {"shipped", "out_for_delivery"}),
    ],
)
def test_receiver_of_a_present_hears(shipment: Shipment, tells: str, topics: set[str]) -> None:
    order = shipment.order
    order.is_gift, order.gift_tells = True, tells
    order.save(update_fields=["is_gift", "gift_tells"])
    Recipient.objects.create(
        merchant_id=order.merchant_id, order=order, role="receiver", email=OMAR
    )
    hear(shipment, (2, "picked_up.accepted"))
    compose_due(now=NOW)
    hear(shipment, (1, "out.on_vehicle"))
    compose_due(now=NOW)
    rows = Message.objects.filter(to=OMAR)
    assert set(rows.exclude(reason_code="gift").values_list("topic", flat=True)) == topics
    hidden = rows.filter(reason_code="gift").values_list("topic", "state")
    assert set(hidden) == {(topic, "skipped") for topic in {"shipped", "out_for_delivery"} - topics}
