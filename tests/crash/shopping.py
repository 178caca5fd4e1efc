"""What is going on while things break: orders arriving by webhook, parcels being scanned."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from carriers.models import CarrierAccount
from carriers.registry import get
from inbox.models import Delivery
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.models import Message
from notifications.outcomes import INTERRUPTED
from storefront_pages.push import keep_browser
from stores.connect import connect_store, hook_path_of
from tests import factories
from tests.crash.stack import Stack
from tests.hooks.posting import SECRET, post_shopify
from tests.notifications.conftest import hear
from tests.notifications.phones import switch_on
from tests.stores.payloads import shopify_fulfilment, shopify_order
from tracking.models import Change, Order, Outbox, Recipient, Watch


@dataclass
class Shopping:
    """One shop at work. `webhooks` and `scanned` count what was put in."""

    stack: Stack
    merchant: Merchant
    hook: str
    client: Client
    webhooks: int = 0
    scanned: int = 0

    def buy(self) -> None:
        """A signed order with a parcel that the carrier already has out for delivery."""
        self.webhooks += 1
        n = self.webhooks
        number = f"{34560000000 + n}"
        self.stack.sandbox.register(
            "aramex", number, "out_for_delivery",
            origin={"city": "Dubai", "country": "AE"},
            destination={"city": "Dubai", "country": "AE"},
        )  # fmt: skip
        placed = (timezone.now() - timedelta(days=1, hours=20)).isoformat()
        parcel = shopify_fulfilment(
            id=n, tracking_number=number, tracking_numbers=[number],
            created_at=placed, updated_at=placed,
        )  # fmt: skip
        order = shopify_order(
            id=900_000 + n, name=f"#B{n}", created_at=placed, processed_at=placed,
            fulfillments=[parcel],
            # Who buys receives it: one person is told of each order.
            shipping_address={
                "name": "Sara Al Mansoori", "address1": "Building 12, Street 4",
                "address2": "Al Quoz", "city": "Dubai", "country_code": "AE",
            },
        )  # fmt: skip
        assert post_shopify(self.client, self.hook, order).status_code == 200

    def scan(self) -> None:
        """A parcel whose shopper's browser takes notes is out for delivery."""
        self.scanned += 1
        now = timezone.now()
        with merchant_scope(self.merchant.pk):
            parcel = factories.shipment(
                self.merchant, number=f"#A{self.scanned}", tracking_number=f"A{self.scanned}",
                customer_email=f"a{self.scanned}@shopper.example", now=now,
                placed_at=now - timedelta(days=1),
            )  # fmt: skip
            browser = self.stack.phones.device(f"a{self.scanned}")
            keep_browser(
                recipient=Recipient.objects.get(order=parcel.order),
                endpoint=browser["endpoint"], p256dh=browser["keys"]["p256dh"],
                auth=browser["keys"]["auth"],
            )  # fmt: skip
            hear(parcel, (1, "out.on_vehicle"), now=now)

    def is_settled(self) -> bool:
        """Nothing waits any more: every order is here and told, every doubt is settled or final."""
        return not any(self.what_is_open().values())

    def what_is_open(self) -> dict[str, int]:
        """How much is still to be done."""
        with merchant_scope(self.merchant.pk):
            orders = Order.objects.filter(source__startswith="shopify").count()
            told = Change.objects.filter(kind="milestone", key="out_for_delivery").count()
            open_messages = Message.objects.filter(
                state__in=["waiting", "sending", "uncertain"], due_at__isnull=False
            )
            return {
                "orders": self.webhooks - orders,
                "parcels": self.webhooks + self.scanned - told,
                "turns": Outbox.objects.filter(done_at__isnull=True).count(),
                "messages": open_messages.count(),
            }

    def let_time_pass(self) -> None:
        """What a dead worker held waits for its lease to end: a minute for a webhook, two for a
        turn, ten for a parcel. They end now; a message's own claim is short enough to wait for.
        """
        now = timezone.now()
        with merchant_scope(self.merchant.pk):
            Delivery.objects.filter(outcome="waiting").update(next_attempt_at=now)
            Outbox.objects.filter(done_at__isnull=True).update(due_at=now)
            Watch.objects.filter(next_ask_at__isnull=False).update(next_ask_at=now)

    def table(self) -> dict[str, dict[str, int]]:
        """By channel: how many should have been told, and what became of each.

        sent: at the provider exactly once. found: of these, known only by asking. twice: at the
        provider twice. uncertain: shown as such. lost: due, and neither there nor uncertain.
        """
        return {channel: self._row(channel) for channel in ("email", "sms", "webpush")}

    def _row(self, channel: str) -> dict[str, int]:
        with merchant_scope(self.merchant.pk):
            rows = list(Message.objects.filter(channel=channel, topic="out_for_delivery"))
        there = self._at_provider(channel)
        due = self.scanned + (self.webhooks if channel != "webpush" else 0)
        copies = {row.pk: there[self._mark(row)] for row in rows}
        gone = [row for row in rows if not copies[row.pk] and row.state != "uncertain"]
        return {
            "due": due,
            "sent": sum(count == 1 for count in copies.values()),
            "found": sum("was asked and has it" in row.reason for row in rows),
            "twice": sum(count > 1 for count in copies.values()),
            "uncertain": sum(row.state == "uncertain" for row in rows),
            "lost": due - len(rows) + len(gone),
        }

    def doubtful_mails(self) -> set[str]:
        """Message-IDs of the mails whose row says that they may be there twice."""
        with merchant_scope(self.merchant.pk):
            rows = Message.objects.filter(channel="email", reason=INTERRUPTED)
            return set(rows.values_list("message_id", flat=True))

    def mails_there_twice(self) -> set[str]:
        """Message-IDs that the mail server has more than once."""
        return {mark for mark, count in self.stack.post.taken.items() if count > 1}

    def _mark(self, row: Message) -> str:
        """What tells a message's copies at its provider."""
        return {"email": row.message_id, "sms": row.text, "webpush": row.subject}[row.channel]

    def _at_provider(self, channel: str) -> Counter[str]:
        if channel == "email":
            return self.stack.post.taken
        if channel == "sms":
            return Counter(text["body"] for text in self.stack.phones.texts())
        return Counter(
            note["title"]
            for n in range(1, self.scanned + 1)
            for note in self.stack.phones.notes(f"a{n}")
        )


def open_shop(stack: Stack) -> Shopping:
    """A shop with a store, a carrier and three channels."""
    merchant = factories.merchant(sends_own_confirmations=True)
    store = connect_store(
        merchant=merchant, platform="shopify", name="Noor", secret=SECRET, external_id="noor"
    )
    with merchant_scope(merchant.pk):
        switch_on(merchant, "sms")
        CarrierAccount.objects.create(
            merchant=merchant, carrier="aramex", base_url=stack.sandbox.base_url("aramex"),
            secrets=seal({secret.name: "right" for secret in get("aramex").secrets}),
        )  # fmt: skip
    return Shopping(stack, merchant, hook_path_of(store), Client())


def as_text(table: dict[str, dict[str, Any]]) -> str:
    """The table for people, in Markdown."""
    columns = ["due", "sent", "found", "twice", "uncertain", "lost"]
    lines = [f"| channel | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for channel, row in table.items():
        lines.append(f"| {channel} | {' | '.join(str(row[name]) for name in columns)} |")
    return "\n".join(lines)
