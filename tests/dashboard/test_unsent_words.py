"""Messages not sent, by reason."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from dashboard.clock import Clock
from dashboard.unsent_words import unsent_block
from merchants.models import Merchant
from notifications.models import Message
from tests import factories
from tests.factories import NOW
from tracking.models import Change, Recipient

CLOCK = Clock(NOW, ZoneInfo("Asia/Dubai"), "en")


def write(merchant: Merchant, *rows: tuple[str, str, float]) -> None:
    """Messages of (state, code, days ago); in scope."""
    parcel = factories.shipment(merchant)
    change = Change.objects.filter(order=parcel.order).first() or Change.objects.create(
        merchant=merchant, order=parcel.order, kind="milestone", key="shipped", at=NOW
    )
    recipient = Recipient.objects.get(order=parcel.order)
    for n, (state, code, days) in enumerate(rows):
        Message.objects.create(
            merchant=merchant, order=parcel.order, change=change, recipient=recipient,
            topic="shipped", language="en", to="x@x.example", sequence=n + 1, state=state,
            reason_code=code, created_at=NOW - timedelta(days=days),
        )  # fmt: skip


def test_reasons_are_counted_the_most_frequent_first(scope: Merchant) -> None:
    write(
        scope,
        ("skipped", "seen", 1), ("skipped", "muted", 2), ("skipped", "seen", 29),
        ("failed", "refused", 3), ("failed", "gone_code", 3), ("skipped", "", 3),
        ("skipped", "seen", 31), ("sent", "", 1),
    )  # fmt: skip
    block = unsent_block(CLOCK)
    assert block is not None
    assert block["title"] == "6 messages were not sent in the last 30 days, and why"
    assert [(row["label"], row["count"], row["length"]) for row in block["rows"]] == [
        ("Another reason", "2", 100),
        ("The shopper had seen it", "2", 100),
        ("The shopper wants no messages", "1", 50),
        ("The provider refused it", "1", 50),
    ]


def test_nothing_is_said_where_everything_was_sent(scope: Merchant) -> None:
    write(scope, ("sent", "", 1))
    assert unsent_block(CLOCK) is None
