"""The figures of a merchant's messages, out of a table of many: by rule, by month and country."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks import seeding
from benchmarks.measuring import Line, below, clocked, say
from benchmarks.sizes import Size
from merchants.scope import merchant_scope
from notifications.figures import by_month, by_rule
from notifications.models import Message
from notifications.unsent import unsent
from tests import factories
from tests.factories import NOW
from tracking.models import Change, Order, Recipient, Shipment

#: The messages lie in as many days, evenly.
_DAYS: Final = 360
_ORDERS: Final = 2_000


def run(size: Size) -> list[Line]:
    """One merchant has all of them: the worst that can be."""
    shop = factories.merchant(slug="figures")
    seeding.parcels(shop, _ORDERS, listed=False, now=NOW)
    say(f"seeding {size.messages:,} messages")
    with merchant_scope(shop.pk):
        _seed(size.messages)
    seeding.settle("notifications_message")
    with merchant_scope(shop.pk):
        with clocked() as rules:
            by_rule(since=NOW - timedelta(days=30))
        with clocked() as reasons:
            unsent(since=NOW - timedelta(days=30))
        with clocked() as months:
            by_month(since=NOW - timedelta(days=180), zone=ZoneInfo(shop.zone))
    what = f"message_figures: {size.messages:,} messages"
    return [
        below(f"{what}, a month by rule", rules.seconds * 1000, "ms", 500),
        below(f"{what}, a month’s reasons", reasons.seconds * 1000, "ms", 500),
        below(f"{what}, half a year by month", months.seconds * 1000, "ms", 3_000),
    ]


def _seed(count: int) -> None:
    first = Shipment.objects.select_related("order").order_by("pk")[0]
    order = first.order
    person = Recipient.objects.create(
        merchant_id=order.merchant_id, order=order, email="s@shopper.example"
    )
    change = Change.objects.create(
        merchant_id=order.merchant_id, order=order, shipment=first, kind="milestone",
        key="shipped", at=NOW,
    )  # fmt: skip
    message = Message.objects.create(
        merchant_id=order.merchant_id, order=order, shipment=first, change=change,
        recipient=person, topic="shipped", rule="shipped", language="en", to="s@shopper.example",
        state="delivered", text="x" * 300, due_at=None,
    )  # fmt: skip
    lowest = Order.objects.order_by("pk").values_list("pk", flat=True)[0]
    seeding.copies(
        message, seeding.numbers(count),
        order_id=f"{lowest} + mod(i.n, {_ORDERS})",
        topic="'t' || i.n",
        rule="(ARRAY['shipped','delivered','out_for_delivery','date_later'])[1 + mod(i.n, 4)]",
        channel="(ARRAY['email','sms','whatsapp'])[1 + mod(i.n, 3)]",
        state="(ARRAY['delivered','sent','skipped','failed'])[1 + mod(i.n / 7, 4)]",
        reason_code="CASE WHEN mod(i.n / 7, 4) = 2 THEN 'seen' ELSE '' END",
        created_at=f"timestamptz '{NOW.isoformat()}'"
        f" - mod(i.n, {_DAYS}) * interval '1 day' - mod(i.n, 86400) * interval '1 second'",
    )  # fmt: skip
