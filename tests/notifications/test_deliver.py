"""From messages to mailboxes, and what is left when the power goes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from merchants.models import Brand
from merchants.scope import every_merchant, merchant_scope
from notifications.channels.base import ChannelError
from notifications.compose import compose_due
from notifications.deliver import CLAIM, deliver_due, deliver_next
from notifications.models import Message, Suppression
from notifications.outcomes import INTERRUPTED, MOST_ATTEMPTS
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import Postbox, hear


class PowerCut(BaseException):
    """Kills the worker between the provider's answer and our note of it."""


def send(postbox: Postbox, *, later: timedelta = timedelta(0)) -> bool:
    return deliver_next(now=NOW + later, channels={"email": postbox})


def test_due_message_is_sent_once(message: Message) -> None:
    postbox = Postbox()
    tried = deliver_due(clock=lambda: NOW, channels={"email": postbox})
    again = deliver_due(clock=lambda: NOW + timedelta(days=1), channels={"email": postbox})
    message.refresh_from_db()
    assert (tried, again, len(postbox.letters)) == (1, 0, 1)
    assert (message.state, message.provider_id, message.sent_at) == ("sent", "provider-1", NOW)
    assert message.message_id.endswith("@homeward.example>")


def test_message_is_not_sent_before_it_is_due(message: Message) -> None:
    Message.objects.update(due_at=NOW + timedelta(minutes=10))
    assert send(Postbox()) is False


def test_crash_after_the_send_sends_once_more_under_the_same_id(message: Message) -> None:
    postbox = Postbox(PowerCut())
    with pytest.raises(PowerCut):
        send(postbox)
    while_claimed = send(postbox, later=CLAIM - timedelta(seconds=1))
    after = send(postbox, later=CLAIM)
    message.refresh_from_db()
    assert (while_claimed, after) == (False, True)
    first, second = postbox.letters
    assert first.message_id == second.message_id == message.message_id
    assert (message.state, message.reason) == ("sent", INTERRUPTED)


def test_second_crash_leaves_it_uncertain_for_good(message: Message) -> None:
    postbox = Postbox(PowerCut(), PowerCut())
    for later in (timedelta(0), CLAIM * 2):
        with pytest.raises(PowerCut):
            send(postbox, later=later)
    message.refresh_from_db()
    assert send(postbox, later=timedelta(days=3)) is False
    assert (message.state, message.reason, len(postbox.letters)) == ("uncertain", INTERRUPTED, 2)


def test_passing_failure_waits_longer_each_time(message: Message) -> None:
    postbox = Postbox(ChannelError("busy"), ChannelError("busy"))
    send(postbox)
    message.refresh_from_db()
    first = message.due_at - NOW
    send(postbox, later=first)
    message.refresh_from_db()
    second = message.due_at - NOW - first
    assert (first, second) == (timedelta(minutes=2), timedelta(minutes=4))
    assert (message.state, message.reason, message.attempts) == ("waiting", "busy", 2)


def test_failure_that_passed_leaves_no_reason_behind(message: Message) -> None:
    postbox = Postbox(ChannelError("busy"))
    send(postbox)
    send(postbox, later=timedelta(minutes=2))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("sent", "")
    assert postbox.letters[0].message_id == postbox.letters[1].message_id


def test_provider_is_given_the_time_it_asked_for(message: Message) -> None:
    send(Postbox(ChannelError("slow down", retry_after=900)))
    message.refresh_from_db()
    assert message.due_at == NOW + timedelta(minutes=15)


def test_permanent_failure_is_final(message: Message) -> None:
    send(Postbox(ChannelError("no such mailbox", permanent=True)))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "no such mailbox")
    assert send(Postbox(), later=timedelta(days=1)) is False


def test_endless_failure_ends(message: Message) -> None:
    Message.objects.update(attempts=MOST_ATTEMPTS - 1)
    send(Postbox(ChannelError("busy")))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("failed", "busy")


def test_address_suppressed_meanwhile_is_skipped(message: Message) -> None:
    Suppression.objects.create(
        merchant_id=message.merchant_id, channel="email", address=message.to, reason="it bounced"
    )
    postbox = Postbox()
    send(postbox)
    message.refresh_from_db()
    assert (message.state, postbox.letters) == ("skipped", [])
    assert message.reason == "The address is suppressed: it bounced."


def test_receipt_that_came_first_is_not_overwritten(message: Message) -> None:
    class Quick(Postbox):
        def send(self, letter):  # type: ignore[no-untyped-def]
            Message.objects.update(state="delivered")
            return super().send(letter)

    send(Quick())
    message.refresh_from_db()
    assert message.state == "delivered"


def test_real_mail_has_both_parts_and_the_merchants_name(message: Message) -> None:
    deliver_due(clock=lambda: NOW)
    message.refresh_from_db()
    [sent] = mail.outbox
    assert sent.from_email == "Noor Home <updates@homeward.example>"
    assert sent.to == ["Sara Al Mansoori <sara@shopper.example>"]
    assert sent.extra_headers["Message-ID"] == message.message_id
    assert [part.get_content_type() for part in sent.message().walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert (sent.metadata, sent.tags) == ({"message": str(message.pk)}, ["out_for_delivery"])
    assert message.state == "sent"


def test_logo_travels_inside_the_mail(shipment: object) -> None:
    Brand.objects.update(logo=b"\x89PNG\r\n", logo_type="image/png")
    hear(shipment, (2, "picked_up.accepted"))  # type: ignore[arg-type]
    compose_due(now=NOW)
    deliver_due(clock=lambda: NOW)
    parts = list(mail.outbox[0].message().walk())
    assert parts[0].get_content_type() == "multipart/related"
    assert parts[-1]["Content-ID"] == "<logo@homeward>"
    assert parts[-1].get_payload(decode=True) == b"\x89PNG\r\n"


def test_name_with_line_breaks_adds_no_header(message: Message) -> None:
    message.recipient.name = "Sara\r\nBcc: spy@evil.example"
    message.recipient.save(update_fields=["name"])
    deliver_due(clock=lambda: NOW)
    assert mail.outbox[0].message()["Bcc"] is None
    assert mail.outbox[0].to == ['"Sara Bcc: spy@evil.example" <sara@shopper.example>']


def test_impossible_address_fails_for_good(message: Message) -> None:
    Message.objects.update(to="nobody@@nowhere")
    deliver_due(clock=lambda: NOW)
    message.refresh_from_db()
    assert message.state == "failed"
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once() -> None:
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        for number in range(12):
            hear(factories.shipment(merchant, number=f"{number}"), (2, "picked_up.accepted"))
    compose_due(now=NOW)
    postbox, together = Postbox(), threading.Barrier(4)

    def work() -> None:
        together.wait()
        deliver_due(clock=lambda: NOW, channels={"email": postbox})
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    references = [letter.reference for letter in postbox.letters]
    assert (len(references), len(set(references))) == (12, 12)
    with every_merchant("the test counts all"):
        assert Message.objects.filter(state="sent").count() == 12


@pytest.mark.django_db(transaction=True)
def test_nothing_is_open_in_the_database_while_the_provider_works() -> None:
    merchant = factories.merchant()
    with merchant_scope(merchant.pk):
        hear(factories.shipment(merchant), (2, "picked_up.accepted"))
    compose_due(now=NOW)
    seen: list[bool] = []

    class Watching(Postbox):
        def send(self, letter):  # type: ignore[no-untyped-def]
            seen.append(connection.in_atomic_block)
            return super().send(letter)

    deliver_due(clock=lambda: NOW, channels={"email": Watching()})
    assert seen == [False]
