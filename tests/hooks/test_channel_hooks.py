"""Receipts and answers from Twilio: signed, stored raw, then obeyed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer
from twilio.request_validator import RequestValidator

from hooks.tasks import process_waiting
from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.compose import compose_due
from notifications.consent import suppress
from notifications.deliver import deliver_due
from notifications.models import ChannelSetting, Message, Suppression
from notifications.sandbox.running import TOKEN, RunningPhones
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.phones import SMS_FROM, pointed_at_phones, switch_on

SARA = "+971501234567"
PATH = "/hooks/channel/twilio/"


@pytest.fixture
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


def texted(merchant: Merchant) -> Message:
    """A message that Twilio took, without its receipts."""
    with merchant_scope(merchant.pk):
        switch_on(merchant, "sms")
        hear(factories.shipment(merchant), (2, "out.on_vehicle"))
    compose_due(now=NOW)
    deliver_due(clock=lambda: NOW)
    with merchant_scope(merchant.pk):
        return Message.objects.get(channel="sms")


def post(client: Client, params: dict[str, str], *, path: str = PATH, token: str = TOKEN) -> Any:
    signature = RequestValidator(token).compute_signature(f"http://127.0.0.1:8000{path}", params)
    return client.post(
        path,
        data=urlencode(params),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


def receipt(message: Message, status: str, **more: str) -> dict[str, str]:
    return {"MessageSid": message.provider_id, "MessageStatus": status, "To": SARA} | more


def after(message: Message) -> Message:
    process_waiting()
    with merchant_scope(message.merchant_id):
        message.refresh_from_db()
    return message


def test_delivered_receipt_settles_the_message(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    path = f"{PATH}?message={message.pk}"
    assert post(client, receipt(message, "delivered"), path=path).status_code == 200
    assert after(message).state == "delivered"


def test_wrong_signature_is_refused_and_nothing_is_kept(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    answer = post(client, receipt(message, "failed"), token="somebody else's")
    assert answer.status_code == 401
    assert after(message).state == "sent"
    with every_merchant("test"):
        assert Delivery.objects.count() == 0


def test_receipt_posted_twice_is_stored_once(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    for _ in range(2):
        post(client, receipt(message, "delivered"))
    with merchant_scope(merchant.pk):
        assert Delivery.objects.filter(kind="channel").count() == 1


def test_late_sent_does_not_undo_delivered(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    for status in ("delivered", "sent"):
        post(client, receipt(message, status))
    assert after(message).state == "delivered"


def test_dead_number_fails_the_message_and_is_not_tried_again(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    post(client, receipt(message, "undelivered", ErrorCode="30005"))
    message = after(message)
    assert (message.state, message.reason) == (
        "failed", "It was not delivered: the number does not exist (Twilio error 30005).",
    )  # fmt: skip
    with merchant_scope(merchant.pk):
        assert list(Suppression.objects.values_list("channel", "address")) == [("sms", SARA)]


def test_receipt_settles_what_was_uncertain(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    sid = message.provider_id
    with merchant_scope(merchant.pk):
        Message.objects.filter(pk=message.pk).update(state="uncertain", provider_id="")
    post(client, receipt(message, "sent", MessageSid=sid), path=f"{PATH}?message={message.pk}")
    message = after(message)
    assert (message.state, message.provider_id, message.due_at) == ("sent", sid, None)


def test_reference_of_another_message_is_not_believed(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    message = texted(merchant)
    params = receipt(message, "failed", MessageSid="SM" + "f" * 32)
    post(client, params, path=f"{PATH}?message={message.pk}")
    assert after(message).state == "sent"


@pytest.mark.parametrize("advanced", [{}, {"OptOutType": "STOP"}])
def test_stop_suppresses_for_every_shop_that_wrote_and_start_takes_it_back(
    merchant: Merchant,
    other: Merchant,
    phones: RunningPhones,
    client: Client,
    advanced: dict[str, str],
) -> None:
    for one in (merchant, other):
        texted(one)
    answer = {"From": SARA, "To": SMS_FROM, "Body": "Stop"} | advanced
    post(client, answer | {"MessageSid": "SM1"})
    process_waiting()
    with every_merchant("test"):
        assert Suppression.objects.filter(channel="sms", address=SARA).count() == 2
    again = {"OptOutType": "START"} if advanced else {}
    post(client, answer | {"MessageSid": "SM2", "Body": "start"} | again)
    process_waiting()
    with every_merchant("test"):
        assert Suppression.objects.count() == 0


def test_stop_in_arabic_is_understood(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    texted(merchant)
    post(client, {"From": SARA, "To": SMS_FROM, "Body": " إيقاف ", "MessageSid": "SM1"})
    process_waiting()
    with merchant_scope(merchant.pk):
        assert Suppression.objects.count() == 1


def test_start_lifts_only_what_stop_did_and_only_for_who_was_answered(
    merchant: Merchant, other: Merchant, phones: RunningPhones, client: Client
) -> None:
    for one in (merchant, other):
        texted(one)
    stop = {"From": SARA, "To": SMS_FROM, "Body": "STOP"}
    post(client, stop | {"MessageSid": "SM1"})
    process_waiting()
    with merchant_scope(other.pk):
        ChannelSetting.objects.filter(channel="sms").update(sender="+15550109999")
    with merchant_scope(merchant.pk):
        suppress(merchant_id=merchant.pk, channel="sms", address="+15550100", reason="landline")
    post(client, stop | {"MessageSid": "SM2", "Body": "START"})
    process_waiting()
    with every_merchant("test"):
        left = Suppression.objects.order_by("pk").values_list("merchant_id", "reason")
        assert list(left) == [(other.pk, "its owner answered STOP"), (merchant.pk, "landline")]


def test_hook_with_a_token_does_not_exist(phones: RunningPhones, client: Client) -> None:
    path = "/hooks/channel/twilio/abc/"
    assert post(client, {"MessageSid": "SM1"}, path=path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_whole_way_over_http_ends_delivered_and_stop_is_obeyed(
    live_server: LiveServer, settings: Any
) -> None:
    settings.BASE_URL = live_server.url
    with pointed_at_phones(settings, inbound_url=f"{live_server.url}{PATH}") as phones:
        merchant = factories.merchant()
        message = texted(merchant)
        deadline = time.monotonic() + 10
        while len(phones.callbacks()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [call["status"] for call in phones.callbacks()] == [200, 200]
        assert after(message).state == "delivered"
        assert phones.answer(SARA, "STOP", to=SMS_FROM)["webhook"] == 200
        process_waiting()
        with merchant_scope(merchant.pk):
            hear(factories.shipment(merchant, number="#2"), (1, "delivered.generic"))
        compose_due(now=timezone.now())
        with merchant_scope(merchant.pk):
            last = Message.objects.filter(channel="sms").latest("pk")
        assert (last.state, last.reason) == (
            "skipped", "The address is suppressed: its owner answered STOP.",
        )  # fmt: skip
