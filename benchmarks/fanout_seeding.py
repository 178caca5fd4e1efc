"""Orders whose parcels are about to be out for delivery: a person with an address each, some with
a phone that is written to, some with a browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from benchmarks import seeding
from merchants.models import Merchant
from merchants.scope import merchant_scope
from notifications.channels.base import Browser
from notifications.models import Calm, ChannelSetting, PushSubscription
from notifications.sandbox.state import State
from tests import factories
from tests.notifications.conftest import hear
from tracking.models import Change, Order, OrderItem, Outbox, Recipient, Shipment
from tracking.outbox import NewChange, write

#: Of all shoppers, one in so many has a browser that takes notes; of the shops, one in four texts.
_BROWSERS = 10
SHOPS = 4


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant and its parcels, as (parcel, order)."""

    merchant: Merchant
    parcels: Sequence[tuple[int, int]]


def shops(count: int, *, push_url: str, now: datetime) -> list[Shop]:
    """`count` parcels of four shops, each with a shopper of its own; nothing is announced yet."""
    made = [_shop(nth, count // SHOPS, push_url, now) for nth in range(SHOPS)]
    seeding.settle("tracking_shipment", "tracking_order", "tracking_recipient")
    return made


def _shop(nth: int, count: int, push_url: str, now: datetime) -> Shop:
    merchant = factories.merchant(slug=f"fanout-{nth}", name=f"Shop {nth}")
    with merchant_scope(merchant.pk):
        # Awake at all hours: what is measured must not depend on when it is measured.
        Calm.objects.create(merchant=merchant, quiet_from=time(0), quiet_to=time(0))
        if nth == 0:
            ChannelSetting.objects.create(merchant=merchant, channel="sms", is_on=True)
        device = State().add_device("one")

    def browser(number: str) -> Browser:
        return Browser(f"{push_url}/push/{number}", device.p256dh, device.auth)

    language = "ar" if nth == 1 else "en"
    return fill(merchant, count, browser=browser, language=language, now=now)


def fill(
    merchant: Merchant,
    count: int,
    *,
    browser: Callable[[str], Browser],
    now: datetime,
    language: str = "en",
) -> Shop:
    """Give the merchant so many parcels; `browser` is asked for the one of each tenth recipient,
    by the recipient's number."""
    with merchant_scope(merchant.pk):
        first = factories.shipment(
            merchant, number="first", tracking_number=f"F{merchant.pk}", now=now,
            placed_at=now - timedelta(days=1), language=language,
        )  # fmt: skip
        hear(first, (1, "out.on_vehicle"), now=now)
        Outbox.objects.filter(change__order=first.order_id).delete()
        Change.objects.filter(order=first.order_id).delete()
        first.refresh_from_db()
        return Shop(merchant, _copies(first, count, browser))


def _copies(
    first: Shipment, count: int, browser: Callable[[str], Browser]
) -> list[tuple[int, int]]:
    """The first parcel and its order again and again, with other people."""
    seeding.copies(
        first.order, seeding.numbers(count), number="'F' || i.n", external_id="'F' || i.n"
    )
    orders = f"SELECT id FROM tracking_order WHERE id > {first.order_id}"
    recipient = Recipient.objects.get(order=first.order)
    seeding.copies(
        recipient, orders, order_id="i.id",
        email="'s' || i.id || '@shopper.example'", phone="'+97150' || (1000000 + i.id)",
    )  # fmt: skip
    seeding.copies(OrderItem.objects.get(order=first.order), orders, order_id="i.id")
    seeding.copies(
        first, orders, order_id="i.id", tracking_number="'F' || i.id", number_key="'F' || i.id"
    )
    people = Recipient.objects.filter(order_id__gt=first.order_id)
    PushSubscription.objects.bulk_create(
        _subscription(person, browser(str(person.pk)))
        for person in people
        if person.pk % _BROWSERS == 0
    )
    Order.objects.filter(pk=first.order_id).delete()
    mine = Shipment.objects.filter(pk__gt=first.pk).order_by("pk")
    return list(mine.values_list("pk", "order_id"))


def _subscription(person: Recipient, browser: Browser) -> PushSubscription:
    return PushSubscription(
        merchant_id=person.merchant_id, order_id=person.order_id, recipient=person,
        endpoint=browser.endpoint, endpoint_key=str(person.pk), p256dh=browser.p256dh,
        auth=browser.auth,
    )  # fmt: skip


def announce(made: Sequence[Shop]) -> datetime:
    """Every parcel is out for delivery: one change each, a transaction a shop."""
    now = timezone.now()
    for shop in made:
        with merchant_scope(shop.merchant.pk):
            write(
                [
                    NewChange(
                        shop.merchant.pk, order_id, parcel_id, Change.Kind.MILESTONE,
                        "out_for_delivery", at=now,
                    )
                    for parcel_id, order_id in shop.parcels
                ],
                now=now,
            )  # fmt: skip
    return now
