"""Web push against a real push service: encrypted for one browser, proven to be ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from merchants.models import Merchant
from notifications.channels.base import Browser, ChannelError, CutOff
from notifications.channels.webpush import WebPushChannel, note, public_key
from notifications.compose import compose_due
from notifications.deliver import deliver_due
from notifications.models import Message, PushSubscription
from notifications.sandbox.running import RunningPhones
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.phones import pointed_at_phones
from tests.notifications.test_twilio import letter
from tracking.models import Recipient, Shipment


@pytest.fixture
def phones(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        monkeypatch.setenv("OUTBOUND_ALLOW", running.host)
        yield running


def browser(phones: RunningPhones, name: str = "sara") -> Browser:
    found = phones.device(name)
    return Browser(found["endpoint"], found["keys"]["p256dh"], found["keys"]["auth"])


def sent(**fields: Any) -> str:
    channel = WebPushChannel()
    try:
        return channel.send(letter(**fields))
    finally:
        channel.close()


def test_browser_decrypts_what_was_sent(phones: RunningPhones) -> None:
    sent(
        browser=browser(phones), subject="نور هوم", text="خرجت شحنتك للتوصيل", language="ar",
        link="https://x.example/p/noor/t/abc/", topic="1-7",
    )  # fmt: skip
    [got] = phones.notes("sara")
    del got["at"]
    assert got == {
        "title": "نور هوم", "body": "خرجت شحنتك للتوصيل", "lang": "ar", "dir": "rtl",
        "url": "https://x.example/p/noor/t/abc/", "tag": "1-7",
    }  # fmt: skip


def test_browser_that_is_gone_says_so(phones: RunningPhones) -> None:
    gone = browser(phones)
    phones.unsubscribe("sara")
    with pytest.raises(ChannelError) as refused:
        sent(browser=gone)
    assert (refused.value.permanent, refused.value.suppress) == (
        True, "the browser no longer takes notes from us",
    )  # fmt: skip


def test_broken_line_is_a_doubt(phones: RunningPhones) -> None:
    target = browser(phones)
    phones.fail("cut", for_requests=1)
    with pytest.raises(CutOff):
        sent(browser=target)


def test_private_endpoint_is_not_called(phones: RunningPhones, monkeypatch: Any) -> None:
    target = browser(phones)
    monkeypatch.setenv("OUTBOUND_ALLOW", "")
    with pytest.raises(ChannelError) as refused:
        sent(browser=target)
    assert str(refused.value) == "The push service could not be reached"
    assert phones.notes("sara") == []


def test_broken_keys_fail_for_good(phones: RunningPhones) -> None:
    with pytest.raises(ChannelError) as refused:
        sent(browser=Browser("https://push.example/x", "AAAA", "BBBB"))
    assert refused.value.permanent is True


def test_long_text_is_cut_to_what_a_push_carries() -> None:
    packed = note(letter(text="خ" * 4000))
    assert len(packed) <= 3000


def test_public_key_is_an_uncompressed_point(phones: RunningPhones) -> None:
    assert (len(public_key()), public_key()[0]) == (87, "B")


def test_each_browser_of_a_shopper_gets_its_own_note(
    phones: RunningPhones, scope: Merchant, shipment: Shipment
) -> None:
    recipient = Recipient.objects.get()
    for name in ("phone", "laptop"):
        one = browser(phones, name)
        PushSubscription.objects.create(
            merchant=scope, order_id=shipment.order_id, recipient=recipient, endpoint_key=name,
            endpoint=one.endpoint, p256dh=one.p256dh, auth=one.auth,
        )  # fmt: skip
    phones.unsubscribe("laptop")
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    deliver_due(clock=lambda: NOW)
    rows = Message.objects.filter(channel="webpush").order_by("sequence")
    assert [row.state for row in rows] == ["sent", "failed"]
    [got] = phones.notes("phone")
    assert got["body"] == "Out for delivery, expected today"
    alive = PushSubscription.objects.filter(gone_at__isnull=True)
    assert [row.endpoint_key for row in alive] == ["phone"]
