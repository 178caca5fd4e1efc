"""What providers post to a merchant's own address: proven, and counted for that merchant alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from hooks.tasks import process_waiting
from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.channels.connecting import connect
from notifications.compose import compose_due
from notifications.models import ChannelSetting, Message, Suppression
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear

GATEWAY = {
    "url": "https://sms.example/send", "receipt_id": "id", "receipt_reference": "ref",
    "receipt_status": "dlr.status", "receipt_delivered": "DELIVRD, 1",
    "receipt_failed": "UNDELIV the phone was off too long\nEXPIRED",
}  # fmt: skip


@pytest.fixture
def message(merchant: Merchant) -> Message:
    """A message of a shop in whose scope nobody is."""
    with merchant_scope(merchant.pk):
        hear(factories.shipment(merchant, carrier="aramex"), (2, "out.on_vehicle"))
    compose_due(now=NOW)
    with merchant_scope(merchant.pk):
        return Message.objects.select_related("merchant").get()


def keep(message: Message) -> Message:
    with merchant_scope(message.merchant_id):
        message.save()
    return message


@pytest.fixture
def sent(message: Message) -> Message:
    """An SMS that a provider took."""
    message.channel, message.state, message.to = "sms", "sent", "+971501234567"
    message.provider_id, message.due_at = f"{message.merchant_id}:g-1", None
    return keep(message)


def connected(merchant: Merchant, channel: str, provider: str, **given: Any) -> ChannelSetting:
    with merchant_scope(merchant.pk):
        return connect(
            merchant=merchant, channel=channel, provider=provider, sender="NoorHome",
            config=given.get("config", {}), secrets=given.get("secrets", {}), now=NOW,
        )  # fmt: skip


def post(row: ChannelSetting, body: Any, **headers: str) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Client().post(
        row.config["hook"], content, content_type=headers.pop("type", "application/json"),
        headers=headers,
    )  # fmt: skip
    process_waiting()
    return answer.status_code


def state(message: Message) -> tuple[str, str]:
    with merchant_scope(message.merchant_id):
        row = Message.objects.get(pk=message.pk)
    return row.state, row.reason


def test_gateways_receipt_is_read_as_the_form_says(merchant: Merchant, sent: Message) -> None:
    row = connected(merchant, "sms", "http_sms", config=GATEWAY)
    assert post(row, {"id": "g-1", "dlr": {"status": "delivrd"}}) == 200
    assert state(sent)[0] == "delivered"


def test_gateways_failure_says_why(merchant: Merchant, sent: Message) -> None:
    row = connected(merchant, "sms", "http_sms", config=GATEWAY)
    post(row, [{"ref": str(sent.pk), "id": "g-1", "dlr": {"status": "UNDELIV"}}])
    assert state(sent) == ("failed", "It was not delivered: the phone was off too long.")


def test_status_that_the_form_does_not_name_changes_nothing(
    merchant: Merchant, sent: Message
) -> None:
    row = connected(merchant, "sms", "http_sms", config=GATEWAY)
    assert post(row, {"id": "g-1", "dlr": {"status": "ACCEPTD"}}) == 200
    assert state(sent)[0] == "sent"


def test_receipt_about_another_shops_message_changes_nothing(
    merchant: Merchant, other: Merchant, sent: Message
) -> None:
    row = connected(other, "sms", "http_sms", config=GATEWAY)
    assert post(row, {"ref": str(sent.pk), "id": "g-1", "dlr": {"status": "DELIVRD"}}) == 200
    assert state(sent)[0] == "sent"


def test_address_closes_when_the_account_is_left(merchant: Merchant, sent: Message) -> None:
    row = connected(merchant, "sms", "http_sms", config=GATEWAY)
    connected(merchant, "sms", "twilio", config={"account_sid": "AC1"}, secrets={"auth_token": "t"})
    assert post(row, {"id": "g-1", "dlr": {"status": "DELIVRD"}}) == 404


def test_twilio_is_proven_by_the_merchants_own_token(
    merchant: Merchant, sent: Message, settings: Any
) -> None:
    row = connected(
        merchant, "sms", "twilio", config={"account_sid": "AC1"}, secrets={"auth_token": "own"}
    )
    fields = {"MessageSid": f"{merchant.pk}:g-1", "MessageStatus": "delivered"}
    body = f"MessageSid={merchant.pk}%3Ag-1&MessageStatus=delivered".encode()
    url = f"{settings.BASE_URL}{row.config['hook']}"
    kind = "application/x-www-form-urlencoded"
    forged = RequestValidator("the-operators").compute_signature(url, fields)
    assert post(row, body, type=kind, x_twilio_signature=forged) == 401
    signature = RequestValidator("own").compute_signature(url, fields)
    assert post(row, body, type=kind, x_twilio_signature=signature) == 200
    assert state(sent)[0] == "delivered"


def test_alimtalk_results_are_read_by_our_reference(merchant: Merchant, sent: Message) -> None:
    sent.channel, sent.provider_id = "alimtalk", f"{merchant.pk}:req-1/1"
    keep(sent)
    row = connected(merchant, "alimtalk", "nhn", secrets={"webhook_signature": "sig"})
    hook = {"requestId": "req-1", "recipientSeq": 1, "recipientGroupingKey": str(sent.pk)}
    news = {"event": "MESSAGE_RESULT_UPDATE", "hooks": [hook | {"resultCode": "MRC01"}]}
    assert post(row, news) == 401
    assert post(row, news, x_toast_webhook_signature="sig") == 200
    assert state(sent)[0] == "delivered"


def test_alimtalk_code_that_is_unknown_changes_nothing(merchant: Merchant, sent: Message) -> None:
    row = connected(merchant, "alimtalk", "nhn")
    hook = {"requestId": "req-1", "recipientSeq": 1, "resultCode": "MRC99"}
    post(row, {"event": "MESSAGE_RESULT_UPDATE", "hooks": [hook]})
    assert state(sent)[0] == "sent"


@pytest.fixture
def mailed(message: Message) -> Message:
    message.state, message.provider_id, message.due_at = "sent", "pm-1", None
    return keep(message)


def test_postmark_bounce_is_read_by_anymail(merchant: Merchant, mailed: Message) -> None:
    row = connected(merchant, "email", "postmark", secrets={"server_token": "t"})
    news = {
        "RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, "MessageID": "pm-1",
        "Email": mailed.to, "BouncedAt": "2026-11-12T09:00:00Z", "ID": 1,
        "Metadata": {"message": str(mailed.pk)}, "Description": "Unknown user",
    }  # fmt: skip
    assert post(row, news) == 200
    assert state(mailed)[0] == "failed"
    with merchant_scope(merchant.pk):
        assert Suppression.objects.get().reason == "mail to it bounced"


def test_bounce_told_by_another_shops_provider_changes_nothing(
    merchant: Merchant, other: Merchant, mailed: Message
) -> None:
    row = connected(other, "email", "postmark", secrets={"server_token": "t"})
    news = {
        "RecordType": "Delivery", "MessageID": "pm-1", "Recipient": mailed.to,
        "DeliveredAt": "2026-11-12T09:00:00Z", "Metadata": {"message": str(mailed.pk)},
    }  # fmt: skip
    assert post(row, news) == 200
    assert state(mailed)[0] == "sent"


def test_mailgun_is_proven_by_its_signature(merchant: Merchant, mailed: Message) -> None:
    row = connected(
        merchant, "email", "mailgun", secrets={"api_key": "k", "webhook_signing_key": "sign"}
    )
    stamp, token = "1700000000", "a" * 50
    right = hmac.new(b"sign", f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    news = {
        "signature": {"timestamp": stamp, "token": token, "signature": "0" * 64},
        "event-data": {
            "event": "delivered", "id": "e-1", "timestamp": 1700000000.0,
            "recipient": mailed.to, "user-variables": {"message": str(mailed.pk)},
            "message": {"headers": {"message-id": "x@y"}},
        },
    }  # fmt: skip
    assert post(row, news) == 401
    news["signature"] |= {"signature": right}  # type: ignore[operator]
    assert post(row, news) == 200
    assert state(mailed)[0] == "delivered"


def test_same_receipt_twice_is_stored_once(merchant: Merchant, sent: Message) -> None:
    row = connected(merchant, "sms", "http_sms", config=GATEWAY)
    for _ in range(2):
        post(row, {"id": "g-1", "dlr": {"status": "DELIVRD"}})
    with merchant_scope(merchant.pk):
        assert Delivery.objects.count() == 1
