"""What became of messages is told to merchants' programs: once, by ids, without words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.models import Message, WebhookDelivery
from notifications.webhooks import endpoints
from notifications.webhooks.messages import report_due
from tests.factories import NOW
from tests.notifications.conftest import hear
from tracking.models import Shipment


@pytest.fixture
def message(shipment: Shipment) -> Message:
    merchant = Merchant.objects.get(pk=shipment.merchant_id)
    for events in (["message.delivered", "message.failed"], ["parcel.delivered"]):
        endpoints.add(
            merchant=merchant, url="https://shop.example/hooks", events=events, by=None, now=NOW
        )
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    Message.objects.exclude(channel="email").delete()
    return Message.objects.get()


def heard() -> list[Any]:
    rows = WebhookDelivery.objects.filter(event__startswith="message.").order_by("pk")
    return [json.loads(body) for body in rows.values_list("body", flat=True)]


def test_each_state_is_told_once_without_a_word(message: Message) -> None:
    assert report_due(now=NOW) == 0
    for state in ("sent", "delivered"):
        Message.objects.update(state=state, sent_at=NOW, delivered_at=NOW)
        assert (report_due(now=NOW), report_due(now=NOW)) == (1, 0)
    (told,) = heard()
    assert told == {
        "type": "message.delivered",
        "timestamp": "2026-11-12T08:00:00Z",
        "sequence": message.change_id,
        "data": {
            "message": {
                "id": message.pk,
                "order_id": message.order_id,
                "shipment_id": message.shipment_id,
                "role": "buyer",
                "topic": "out_for_delivery",
                "channel": "email",
                "language": "en",
                "state": "delivered",
                "reason_code": "",
                "at": "2026-11-12T08:00:00Z",
            }
        },
    }


def test_failure_is_told_with_its_code(message: Message) -> None:
    Message.objects.update(state="failed", reason_code="refused")
    report_due(now=NOW)
    (told,) = heard()
    assert (told["type"], told["data"]["message"]["reason_code"]) == ("message.failed", "refused")


@pytest.mark.parametrize("change", [{"purpose": "test"}, {"reported": "before"}])
def test_tests_and_old_messages_are_told_to_nobody(
    message: Message, change: dict[str, str]
) -> None:
    Message.objects.update(state="delivered", **change)
    report_due(now=NOW)
    assert heard() == []
