"""Channels without an address: the feed, and LINE, which needs what the shop told."""

from __future__ import annotations

import pytest

from merchants.models import Merchant
from notifications.compose import compose_due
from notifications.consent import choose, keep_handle
from notifications.models import ChannelSetting, Message, Rule
from tests.factories import NOW
from tests.notifications.conftest import hear
from tests.notifications.phones import switch_on
from tracking.models import Recipient, Shipment


@pytest.fixture
def line_account(scope: Merchant) -> None:
    ChannelSetting.objects.create(merchant=scope, channel="line", is_on=True, provider="line")
    Rule.objects.create(
        merchant=scope, base="out_for_delivery", trigger="out_for_delivery", roles=["buyer"],
        ways=[["line", "email"]],
    )  # fmt: skip


def told() -> list[tuple[str, str, str]]:
    rows = Message.objects.order_by("channel")
    return [(row.channel, row.state, row.to) for row in rows]


def test_feed_has_a_message_as_soon_as_it_is_written(shipment: Shipment, scope: Merchant) -> None:
    switch_on(scope, "inbox")
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [("email", "waiting", "sara@shopper.example"), ("inbox", "delivered", "")]
    inbox = Message.objects.get(channel="inbox")
    assert (inbox.due_at, inbox.delivered_at, bool(inbox.text)) == (None, NOW, True)


def test_feed_is_no_channel_that_a_shopper_can_do_without(
    shipment: Shipment, scope: Merchant
) -> None:
    switch_on(scope, "inbox")
    buyer = Recipient.objects.get()
    choose(recipient=buyer, channels=["email"], language="", is_muted=False, now=NOW)
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert [channel for channel, _, _ in told()] == ["email", "inbox"]


def test_line_reaches_whom_the_shop_named(
    shipment: Shipment, scope: Merchant, line_account: None
) -> None:
    keep_handle(
        merchant_id=scope.pk, person="sara@shopper.example", channel="line", address="U1", now=NOW
    )
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [("line", "waiting", "U1")]
    assert Message.objects.get().then == ["email"]


def test_line_that_knows_nobody_leaves_it_to_the_next(
    shipment: Shipment, line_account: None
) -> None:
    hear(shipment, (2, "out.on_vehicle"))
    compose_due(now=NOW)
    assert told() == [("email", "waiting", "sara@shopper.example")]
