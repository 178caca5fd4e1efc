"""What does not arrive by one channel is told by the next, once."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from merchants.models import Merchant
from notifications import failover
from notifications.channels.base import ChannelError, Doubt
from notifications.compose import compose_due
from notifications.consent import choose, suppress
from notifications.deliver import deliver_due
from notifications.failover import fail_over_due
from notifications.models import Calm, Message
from notifications.receipts import mark_delivered, mark_failed
from tests import factories
from tests.factories import NOW
from tests.notifications.conftest import Postbox, hear
from tests.notifications.phones import VAPID, switch_on
from tracking.models import Recipient, Shipment

MINUTE = timedelta(minutes=1)
NOT_THERE = ChannelError("no", permanent=True, suppress="it is not on WhatsApp")


class Phone(Postbox):
    doubt = Doubt.ASK


@pytest.fixture
def parcel(scope: Merchant, settings: Any) -> Shipment:
    """A parcel of a shop that writes by WhatsApp, else by SMS."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_SMS_FROM, settings.TWILIO_WHATSAPP_FROM = "Noor", "+15550100002"
    settings.WEBPUSH_PRIVATE_KEY = VAPID
    switch_on(scope, "whatsapp", "sms")
    return factories.shipment(scope, carrier="aramex", tracking_number="47218830956")


def tell(parcel: Shipment, scan: str = "out.on_vehicle") -> Message:
    hear(parcel, (2, scan))
    compose_due(now=NOW)
    return Message.objects.get(channel="whatsapp")


def send(whatsapp: Postbox, *, at: timedelta = timedelta(0)) -> None:
    deliver_due(clock=lambda: NOW + at, channels={"whatsapp": whatsapp})


def texts(*names: str) -> list[tuple[Any, ...]]:
    rows = Message.objects.filter(channel="sms").order_by("pk")
    return list(rows.values_list(*(names or ("state", "falls_back_from"))))


def test_channels_that_come_next_are_kept_with_the_message(parcel: Shipment) -> None:
    assert tell(parcel).then == ["sms"]


def test_refusal_for_good_is_told_by_the_next_channel(parcel: Shipment) -> None:
    first = tell(parcel)
    send(Phone(NOT_THERE))
    fail_over_due(now=NOW)
    first.refresh_from_db()
    assert (first.state, first.reason_code, first.receipt_by) == ("failed", "refused", None)
    assert texts("state", "falls_back_from", "then", "topic") == [
        ("waiting", first.pk, [], "out_for_delivery")
    ]


def test_refusal_for_now_falls_back_to_nothing(parcel: Shipment) -> None:
    tell(parcel)
    send(Phone(ChannelError("busy")))
    fail_over_due(now=NOW + 3 * MINUTE)
    assert texts() == []


@pytest.mark.parametrize(
    ("scan", "patience"), [("out.on_vehicle", 10), ("picked_up.accepted", 120)]
)
def test_missing_receipt_is_waited_for_as_long_as_the_news_may_wait(
    parcel: Shipment, scan: str, patience: int
) -> None:
    first = tell(parcel, scan)
    send(Phone())
    before = fail_over_due(now=NOW + patience * MINUTE - timedelta(seconds=1))
    after = fail_over_due(now=NOW + patience * MINUTE)
    assert (before, after) == (0, 1)
    assert texts() == [("waiting", first.pk)]


def test_receipt_in_time_ends_it(parcel: Shipment) -> None:
    first = tell(parcel)
    send(Phone())
    first.refresh_from_db()
    mark_delivered(first, at=NOW + MINUTE)
    assert (fail_over_due(now=NOW + 20 * MINUTE), texts()) == (0, [])


def test_receipt_that_says_failed_falls_back_at_once(parcel: Shipment) -> None:
    first = tell(parcel)
    send(Phone())
    first.refresh_from_db()
    mark_failed(first, reason="The phone was not reached.", at=NOW + MINUTE)
    fail_over_due(now=NOW + MINUTE)
    first.refresh_from_db()
    assert (first.state, first.reason_code) == ("failed", "not_delivered")
    assert texts() == [("waiting", first.pk)]


def test_late_receipt_of_the_first_changes_nothing_about_the_second(parcel: Shipment) -> None:
    first = tell(parcel)
    send(Phone())
    fail_over_due(now=NOW + 10 * MINUTE)
    first.refresh_from_db()
    mark_delivered(first, at=NOW + 11 * MINUTE)
    first.refresh_from_db()
    assert (first.state, texts()) == ("delivered", [("waiting", first.pk)])


def test_late_failure_of_the_first_does_not_tell_it_a_third_time(parcel: Shipment) -> None:
    first = tell(parcel)
    send(Phone())
    fail_over_due(now=NOW + 10 * MINUTE)
    first.refresh_from_db()
    mark_failed(first, reason="It expired.", at=NOW + 11 * MINUTE)
    fail_over_due(now=NOW + 11 * MINUTE)
    assert texts() == [("waiting", first.pk)]


def test_address_suppressed_after_it_was_written_falls_back(
    parcel: Shipment, scope: Merchant
) -> None:
    first = tell(parcel)
    suppress(merchant_id=scope.pk, channel="whatsapp", address=first.to, reason="it said STOP")
    send(Phone())
    fail_over_due(now=NOW)
    first.refresh_from_db()
    assert (first.state, first.reason_code) == ("skipped", "suppressed")
    assert texts() == [("waiting", first.pk)]


def test_who_wants_no_messages_gets_none_by_another_channel(parcel: Shipment) -> None:
    tell(parcel)
    choose(
        recipient=Recipient.objects.get(), channels=[], language="en", is_muted=True, now=NOW
    )  # fmt: skip
    send(Phone())
    assert (fail_over_due(now=NOW), texts()) == (0, [])


def test_choice_made_meanwhile_keeps_the_second_back(parcel: Shipment) -> None:
    first = tell(parcel)
    send(Phone(NOT_THERE))
    choose(
        recipient=Recipient.objects.get(), channels=["email"], language="en", is_muted=False,
        now=NOW,
    )  # fmt: skip
    fail_over_due(now=NOW)
    assert texts("state", "reason_code", "falls_back_from") == [("skipped", "not_chosen", first.pk)]


def test_old_news_does_not_fall_back(parcel: Shipment) -> None:
    tell(parcel)
    send(Phone())
    fail_over_due(now=NOW + timedelta(hours=15))
    assert texts("state", "reason_code") == [("skipped", "too_old")]


def test_second_waits_for_the_morning(parcel: Shipment) -> None:
    tell(parcel, "picked_up.accepted")
    Calm.objects.update(quiet_from=time(21), quiet_to=time(8))
    evening = timedelta(hours=11)  # eleven in the evening in Dubai
    send(Phone(NOT_THERE), at=evening)
    fail_over_due(now=NOW + evening)
    assert texts("state", "due_at") == [("planned", NOW + timedelta(hours=20))]


def test_days_budget_counts_the_news_once(parcel: Shipment) -> None:
    Calm.objects.update(most_a_day=1)
    first = tell(parcel, "picked_up.accepted")
    send(Phone())
    fail_over_due(now=NOW + 121 * MINUTE)
    assert texts() == [("waiting", first.pk)]


def test_one_that_cannot_be_told_does_not_stop_the_others(
    parcel: Shipment, scope: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tell(parcel)
    other = factories.shipment(scope, number="#2", customer_email="other@shopper.example")
    hear(other, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    send(Phone(NOT_THERE, NOT_THERE))
    write = failover._next

    def fails_once(row: Message, *rest: Any, **more: Any) -> list[Message]:
        if row.pk == first.pk:
            raise RuntimeError("broken")
        return write(row, *rest, **more)

    monkeypatch.setattr(failover, "_next", fails_once)
    fail_over_due(now=NOW)
    first.refresh_from_db()
    assert [row[0] for row in texts()] == ["waiting"]
    assert first.receipt_by == NOW + 15 * MINUTE
