"""Providers on this machine that misbehave: retried, failed over or suppressed, and seen in the
log. Real HTTP and SMTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from benchmarks.processes import free_port
from hooks.tasks import process_waiting
from merchants.models import Merchant, Role
from merchants.scope import merchant_scope
from notifications.channels import twilio
from notifications.compose import compose_due
from notifications.deliver import deliver_channel
from notifications.failover import fail_over_due
from notifications.models import Message, Suppression
from notifications.sandbox.running import RunningPhones
from tests import factories
from tests.factories import NOW
from tests.hooks.test_channel_hooks import PATH, post, receipt
from tests.notifications.conftest import hear
from tests.notifications.phones import pointed_at_phones, switch_on


@pytest.fixture
def phones(settings: Any) -> Iterator[RunningPhones]:
    with pointed_at_phones(settings) as running:
        yield running


class Moody:
    """A mail server that answers what it is told to, once each."""

    def __init__(self) -> None:
        self.says: list[str] = []
        self.taken = 0
        self.silence = 0.0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(self.silence)
        if self.says:
            return self.says.pop(0)
        self.taken += 1
        return "250 taken"


@pytest.fixture
def post_office(settings: Any) -> Iterator[Moody]:
    moody = Moody()
    port = free_port()
    controller = Controller(moody, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield moody
    controller.stop()


def tell(merchant: Merchant, *channels: str, scan: str = "out.on_vehicle") -> None:
    with merchant_scope(merchant.pk):
        switch_on(merchant, *channels)
        hear(factories.shipment(merchant), (2, scan))
    compose_due(now=NOW)


def send(channel: str, *, at: datetime = NOW) -> tuple[str, str, int]:
    """The channel's message after what was due is sent: its state, its code, how often tried."""
    deliver_channel(channel, clock=lambda: at, limit=100)
    return seen(channel)


def seen(channel: str) -> tuple[str, str, int]:
    with merchant_scope(_merchant_id()):
        row = Message.objects.get(channel=channel)
        return row.state, row.reason_code, row.attempts


def _merchant_id() -> int:
    return Merchant.objects.get().pk


def log_of(merchant: Merchant) -> str:
    client = Client()
    client.force_login(factories.user(merchant, role=Role.VIEWER))
    return client.get("/app/noor/messages/?state=problem").content.decode()


def test_server_error_is_asked_about_and_then_sent(
    merchant: Merchant, phones: RunningPhones
) -> None:
    tell(merchant, "sms")
    phones.fail("500", for_requests=1)
    first = send("sms")
    assert "Whether it went out is not known yet." in log_of(merchant)
    second = send("sms", at=NOW + timedelta(seconds=30))
    assert (first, second) == (("uncertain", "uncertain", 1), ("sent", "", 2))
    assert len(phones.texts()) == 1


def test_too_many_requests_waits_and_is_sent(merchant: Merchant, phones: RunningPhones) -> None:
    tell(merchant, "sms")
    phones.fail("429", for_requests=1)
    first, too_soon = send("sms"), send("sms", at=NOW + timedelta(seconds=90))
    second = send("sms", at=NOW + timedelta(minutes=2))
    assert (first, too_soon, second) == (("waiting", "", 1), ("waiting", "", 1), ("sent", "", 2))
    assert len(phones.texts()) == 1


def test_silence_ends_in_doubt_and_is_settled_by_asking(
    merchant: Merchant, phones: RunningPhones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio, "TIMEOUT_SECONDS", 0.5)
    tell(merchant, "sms")
    phones.fail("silence", for_requests=1)
    first = send("sms")
    second = send("sms", at=NOW + timedelta(seconds=30))
    assert (first, second) == (("uncertain", "uncertain", 1), ("sent", "", 2))
    assert len(phones.texts()) == 1


def test_failure_told_by_webhook_is_seen_suppressed_and_told_by_the_next_channel(
    merchant: Merchant, phones: RunningPhones, client: Client
) -> None:
    tell(merchant, "whatsapp", "sms")
    assert send("whatsapp") == ("sent", "", 1)
    with merchant_scope(merchant.pk):
        first = Message.objects.get(channel="whatsapp")
    failed = receipt(first, "undelivered", ErrorCode="63024")
    post(client, failed, path=f"{PATH}?message={first.pk}")
    process_waiting()
    fail_over_due(now=NOW + timedelta(days=1000))  # the receipt came by the real clock
    assert seen("whatsapp") == ("failed", "not_delivered", 1)
    with merchant_scope(merchant.pk):
        second = Message.objects.get(channel="sms")
        assert (second.falls_back_from_id, Suppression.objects.get().channel) == (
            first.pk, "whatsapp",
        )  # fmt: skip
    assert "it is not on WhatsApp" in log_of(merchant)


def test_refused_mail_fails_for_good(merchant: Merchant, post_office: Moody) -> None:
    tell(merchant)
    post_office.says = ["550 no such mailbox"]
    assert send("email") == ("failed", "refused", 1)
    assert "550 no such mailbox" in log_of(merchant)


def test_busy_mail_server_is_tried_again(merchant: Merchant, post_office: Moody) -> None:
    tell(merchant)
    post_office.says = ["451 greylisted"]
    first, second = send("email"), send("email", at=NOW + timedelta(minutes=2))
    assert (first, second, post_office.taken) == (("waiting", "", 1), ("sent", "", 2), 1)


def test_mail_server_that_says_nothing_gets_it_once_more(
    merchant: Merchant, post_office: Moody, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    tell(merchant)
    post_office.silence = 0.8
    first = send("email")
    post_office.silence = 0.0
    second = send("email", at=NOW + timedelta(minutes=1))
    assert (first, second[0]) == (("uncertain", "uncertain", 1), "sent")
