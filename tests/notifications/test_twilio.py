"""SMS and WhatsApp against a real server that plays Twilio."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from merchants.models import Merchant
from notifications.channels.base import ChannelError, CutOff, Letter
from notifications.channels.twilio import SmsChannel, WhatsAppChannel
from notifications.sandbox.running import RunningPhones
from tests.notifications.phones import SMS_FROM, pointed_at_phones

SARA = "+971501234567"


@pytest.fixture
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


def letter(**fields: Any) -> Letter:
    values = {
        "reference": "7", "message_id": "<x@y>", "to": SARA, "to_name": "Sara",
        "from_name": "Noor Home", "reply_to": "", "subject": "", "text": "Out for delivery.",
        "html": "", "about": "out_for_delivery", "language": "en",
        "written_at": datetime.now(UTC),
    }  # fmt: skip
    return Letter(**(values | fields))


def sent(channel: Any, one: Letter) -> str:
    try:
        return channel.send(one)
    finally:
        channel.close()


def test_sms_reaches_the_phone(phones: RunningPhones) -> None:
    sid = sent(SmsChannel(), letter())
    [text] = phones.texts(SARA)
    assert (text["sid"], text["channel"], text["from"], text["body"]) == (
        sid, "sms", SMS_FROM, "Out for delivery.",
    )  # fmt: skip


def test_whatsapp_uses_its_own_prefix_and_number(phones: RunningPhones) -> None:
    sent(WhatsAppChannel(), letter())
    [text] = phones.texts(SARA)
    assert (text["channel"], text["to"], text["from"]) == ("whatsapp", SARA, "+15550100002")


def test_merchants_own_sender_is_used(phones: RunningPhones) -> None:
    sent(SmsChannel(), letter(sender="NoorHome"))
    assert phones.texts(SARA)[0]["from"] == "NoorHome"


@pytest.mark.parametrize(
    ("number", "suppress"),
    [
        ("+15005550001", "it is no phone number"),
        ("+15005550004", "its owner answered STOP"),
        ("+15005550009", "it cannot receive SMS"),
        ("+15005550003", ""),
    ],
)
def test_refusal_is_permanent_and_says_whether_to_suppress(
    phones: RunningPhones, number: str, suppress: str
) -> None:
    with pytest.raises(ChannelError) as refused:
        sent(SmsChannel(), letter(to=number))
    assert (refused.value.permanent, refused.value.suppress) == (True, suppress)
    assert phones.texts() == []


def test_wrong_credentials_wait_for_the_operator(phones: RunningPhones, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = "wrong"
    with pytest.raises(ChannelError) as refused:
        sent(SmsChannel(), letter())
    assert (refused.value.permanent, str(refused.value)) == (
        False, "Twilio answered 401 (error 20003)",
    )  # fmt: skip


def test_busy_is_tried_again(phones: RunningPhones) -> None:
    phones.fail("429")
    with pytest.raises(ChannelError) as refused:
        sent(SmsChannel(), letter())
    assert (type(refused.value), refused.value.permanent) == (ChannelError, False)


@pytest.mark.parametrize(("mode", "arrived"), [("cut", 1), ("reset", 0), ("500", 0)])
def test_broken_line_is_a_doubt_whatever_was_behind_it(
    phones: RunningPhones, mode: str, arrived: int
) -> None:
    phones.fail(mode, for_requests=1)
    with pytest.raises(CutOff):
        sent(SmsChannel(), letter())
    assert len(phones.texts()) == arrived


def test_server_that_is_not_there_took_nothing(phones: RunningPhones, settings: Any) -> None:
    settings.TWILIO_API_URL = "http://127.0.0.1:9"
    with pytest.raises(ChannelError) as refused:
        sent(SmsChannel(), letter())
    assert (type(refused.value), str(refused.value)) == (
        ChannelError, "Twilio could not be reached",
    )  # fmt: skip


def test_candidates_are_the_same_text_to_the_same_number_since(phones: RunningPhones) -> None:
    before = sent(SmsChannel(), letter())
    sent(SmsChannel(), letter(text="Delivered."))
    sent(SmsChannel(), letter(to="+971509999999"))
    channel = SmsChannel()
    now = datetime.now(UTC)
    assert channel.candidates(letter(written_at=now - timedelta(seconds=30))) == [before]
    assert channel.candidates(letter(written_at=now + timedelta(minutes=10))) == []
    channel.close()


def test_merchant_without_sms_sends_none(phones: RunningPhones, scope: Merchant) -> None:
    from notifications.rules import channels_on

    assert [kind.slug for kind in channels_on(scope)] == ["email", "webpush"]
