"""What the mail provider says later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking

from notifications.models import Message, Suppression
from tests.factories import NOW

LATER = NOW + timedelta(minutes=3)


def receive(kind: str, **fields: Any) -> None:
    event = AnymailTrackingEvent(
        **({"event_type": kind, "timestamp": LATER, "metadata": {}, "message_id": None} | fields)
    )
    tracking.send(sender=object(), event=event, esp_name="Test")


@pytest.fixture
def sent(message: Message) -> Message:
    Message.objects.update(state="sent", sent_at=NOW, provider_id="abc")
    return message


def test_delivered_by_our_reference(sent: Message) -> None:
    receive("delivered", metadata={"message": str(sent.pk)})
    sent.refresh_from_db()
    assert (sent.state, sent.delivered_at, sent.sent_at) == ("delivered", LATER, NOW)


def test_delivered_by_the_providers_id(sent: Message) -> None:
    receive("delivered", message_id="abc")
    sent.refresh_from_db()
    assert sent.state == "delivered"


def test_receipt_of_somebody_elses_message_changes_nothing(sent: Message) -> None:
    receive("bounced", message_id="other", reject_reason="bounced")
    receive("delivered")
    sent.refresh_from_db()
    assert (sent.state, Suppression.objects.count()) == ("sent", 0)


def test_hard_bounce_fails_the_message_and_suppresses_the_address(sent: Message) -> None:
    receive("bounced", message_id="abc", reject_reason="bounced", mta_response="550 no such user")
    sent.refresh_from_db()
    assert sent.state == "failed"
    assert sent.reason == "The mail server refused it: mail to it bounced (550 no such user)"
    assert list(Suppression.objects.values_list("merchant_id", "address", "reason")) == [
        (sent.merchant_id, "sara@shopper.example", "mail to it bounced")
    ]


def test_soft_bounce_suppresses_nobody(sent: Message) -> None:
    receive("bounced", message_id="abc", reject_reason="other", mta_response="452 mailbox full")
    assert Suppression.objects.count() == 0


def test_delivered_never_goes_back(sent: Message) -> None:
    receive("delivered", message_id="abc")
    receive("bounced", message_id="abc", reject_reason="other")
    sent.refresh_from_db()
    assert sent.state == "delivered"


def test_complaint_keeps_the_state_and_suppresses_the_address(sent: Message) -> None:
    receive("complained", message_id="abc")
    receive("complained", message_id="abc")
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert [row.reason for row in Suppression.objects.all()] == [
        "its owner reported our mail as spam"
    ]
