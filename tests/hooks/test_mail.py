"""Mail that shoppers send: posted by the provider, read without its history, threaded."""

from __future__ import annotations

import base64
import importlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from anymail.inbound import AnymailInboundMessage
from anymail.signals import AnymailInboundEvent, inbound
from django.core import mail as outbox
from django.test import Client
from django.urls import clear_url_caches
from django.utils import timezone

from config import urls
from hooks.tasks import process_waiting
from inbox.models import Delivery
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.answers.rules import save_rules
from notifications.compose import compose_due
from notifications.consent import suppressed
from notifications.deliver import deliver_due
from notifications.models import Answer, Message
from tests import factories
from tests.notifications.conftest import hear
from tests.notifications.phones import switch_on

SARA = "sara@shopper.example"


@pytest.fixture(autouse=True)
def domain(settings: Any) -> None:
    settings.INBOUND_EMAIL_DOMAIN = "reply.homeward.example"


def told(merchant: Merchant, **of: Any) -> tuple[Message, Any]:
    """A message that went out, and the mail as the mailbox has it."""
    now = timezone.now()
    with merchant_scope(merchant.pk):
        switch_on(merchant)
        hear(
            factories.shipment(merchant, placed_at=now - timedelta(days=2), **of),
            (2, "out.on_vehicle"),
            now=now,
        )
    compose_due(now=now)
    deliver_due(clock=lambda: now)
    with merchant_scope(merchant.pk):
        return Message.objects.filter(channel="email").latest("pk"), outbox.outbox[-1]


def reply(
    text: str,
    *,
    to: str,
    sender: str = SARA,
    message_id: str = "<a@shopper.example>",
    **headers: str,
) -> None:
    """Sara's mail program answers, and the provider hands it over."""
    mail = AnymailInboundMessage.construct(
        from_email=f"Sara <{sender}>",
        to=to,
        subject=headers.pop("subject", "Re: Your parcel"),
        text=text,
        headers=[("Message-ID", message_id)]
        + [(name.replace("_", "-"), value) for name, value in headers.items()],
    )
    event = AnymailInboundEvent(event_type="inbound", message=mail)
    inbound.send(sender=object(), event=event, esp_name="Test")
    process_waiting()


def answers(merchant: Merchant) -> list[Answer]:
    with merchant_scope(merchant.pk):
        return list(Answer.objects.order_by("pk"))


def back(merchant: Merchant) -> list[Message]:
    with merchant_scope(merchant.pk):
        return list(Message.objects.filter(purpose="answer").order_by("pk"))


def test_our_mails_lead_replies_back_to_their_message(merchant: Merchant) -> None:
    message, mail = told(merchant)
    (address,) = mail.reply_to
    reply("After six, please.\n\n> Your parcel", to=address, sender="other@elsewhere.example")
    (answer,) = answers(merchant)
    assert (answer.message_id, answer.text, answer.found_by, answer.state) == (
        message.pk, "After six, please.", "reply", "open",
    )  # fmt: skip


@pytest.mark.parametrize("domain_name", ["", "reply.homeward.example"])
def test_shop_may_keep_replies_to_itself(
    merchant: Merchant, settings: Any, domain_name: str
) -> None:
    settings.INBOUND_EMAIL_DOMAIN = domain_name
    Merchant.objects.filter(pk=merchant.pk).update(support_email="care@noor.example")
    with merchant_scope(merchant.pk):
        save_rules(merchant=merchant, replies_by_itself=True, takes_mail=False, now=timezone.now())
    _, mail = told(merchant)
    assert mail.reply_to == ["care@noor.example"]


def test_reply_is_acknowledged_once_a_day_in_its_thread_to_the_known_address(
    merchant: Merchant,
) -> None:
    _, mail = told(merchant)
    for number in range(3):
        reply(
            f"Hello {number}", to=mail.reply_to[0], message_id=f"<{number}@x.example>",
            sender="forged@elsewhere.example",
        )  # fmt: skip
    outbox.outbox.clear()
    deliver_due(clock=timezone.now)
    (sent,) = outbox.outbox
    assert (sent.to, sent.subject) == (
        ["Sara Al Mansoori <sara@shopper.example>"],
        "Re: Your parcel",
    )
    kept = {
        name: sent.extra_headers[name] for name in ("In-Reply-To", "References", "Auto-Submitted")
    }
    assert kept == {
        "In-Reply-To": "<0@x.example>",
        "References": "<0@x.example>",
        "Auto-Submitted": "auto-replied",
    }


def test_two_machines_do_not_write_to_each_other(merchant: Merchant) -> None:
    _, mail = told(merchant)
    for number in range(3):
        reply("I am on holiday", to=mail.reply_to[0], message_id=f"<{number}@x.example>",
              Auto_Submitted="auto-replied")  # fmt: skip
    assert {(one.state, one.is_automatic) for one in answers(merchant)} == {("noted", True)}
    assert back(merchant) == []


def test_machine_that_says_stop_is_not_obeyed(merchant: Merchant) -> None:
    _, mail = told(merchant)
    reply("STOP", to=mail.reply_to[0], Precedence="bulk")
    with merchant_scope(merchant.pk):
        assert suppressed("email", SARA, merchant_id=merchant.pk) == ""


def test_stop_by_mail_ends_mail_to_the_address_that_we_wrote_to(merchant: Merchant) -> None:
    _, mail = told(merchant)
    reply("Stop", to=mail.reply_to[0], sender="forged@elsewhere.example")
    with merchant_scope(merchant.pk):
        assert suppressed("email", SARA, merchant_id=merchant.pk) != ""
    assert [message.topic for message in back(merchant)] == ["stop_confirmed"]


def test_thread_finds_the_message_without_the_address(merchant: Merchant) -> None:
    message, mail = told(merchant)
    thread = f"{mail.extra_headers['Message-ID']} <unknown@x>"
    reply("Hello", to="updates@homeward.example", sender="other@elsewhere.example",
          In_Reply_To="<unknown@x>", References=thread)  # fmt: skip
    assert [one.message_id for one in answers(merchant)] == [message.pk]


def test_number_in_the_subject_chooses_among_a_persons_orders(merchant: Merchant) -> None:
    first, _ = told(merchant, number="#2001")
    told(merchant, number="#2002")
    reply("Hello", to="updates@homeward.example", subject="My order #2001")
    assert [(one.order_id, one.found_by) for one in answers(merchant)] == [
        (first.order_id, "subject")
    ]


def test_mail_of_a_stranger_is_not_kept(merchant: Merchant) -> None:
    told(merchant)
    reply("Buy this", to="updates@homeward.example", sender="spam@x.example")
    with every_merchant("test"):
        assert (Answer.objects.count(), Delivery.objects.filter(slug="mail").count()) == (0, 0)


def test_same_mail_twice_is_kept_once(merchant: Merchant) -> None:
    _, mail = told(merchant)
    for _ in range(2):
        reply("Hello", to=mail.reply_to[0])
    assert len(answers(merchant)) == 1


@pytest.fixture
def provider_address(settings: Any) -> Iterator[str]:
    """The address that a provider posts to, which exists only with a secret."""
    settings.ANYMAIL_WEBHOOK_SECRET = "user:password"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:password"}
    importlib.reload(urls)
    clear_url_caches()
    yield "/anymail/sparkpost/inbound/"
    settings.ANYMAIL_WEBHOOK_SECRET = ""
    importlib.reload(urls)
    clear_url_caches()


@pytest.mark.parametrize(("password", "status"), [("password", 200), ("guess", 400)])
def test_provider_proves_itself_by_the_secret(
    merchant: Merchant,
    client: Client,
    provider_address: str,
    settings: Any,
    password: str,
    status: int,
) -> None:
    _, mail = told(merchant)
    raw = (
        f"From: Sara <{SARA}>\r\nTo: {mail.reply_to[0]}\r\nSubject: Re\r\n"
        "Message-ID: <raw@x.example>\r\n\r\nAt the gate.\r\n"
    )
    credentials = base64.b64encode(f"user:{password}".encode()).decode()
    response = client.post(
        provider_address,
        data=[{"msys": {"relay_message": {
            "content": {"email_rfc822": raw, "email_rfc822_is_base64": False},
            "protocol": "smtp", "msg_from": SARA, "rcpt_to": mail.reply_to[0], "webhook_id": "1",
        }}}],
        content_type="application/json",
        headers={"Authorization": f"Basic {credentials}"},
    )  # fmt: skip
    process_waiting()
    kept = [one.text for one in answers(merchant)]
    assert (response.status_code, kept) == (status, ["At the gate."] if status == 200 else [])
