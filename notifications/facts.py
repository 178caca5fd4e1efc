"""What a batch of one merchant's orders needs to be told about, read at once and never again.

A burst of changes costs a handful of queries a batch, not a handful a message.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from django.db.models import Count, QuerySet

from edd.disruptions import Disruption
from help_texts.shown import RunningBanner, banners_of
from lib.signing import new_token
from merchants.looks import PAGE_FILES
from merchants.models import Brand, Merchant
from notifications.calm import DAY, Peace
from notifications.channels.registry import Kind
from notifications.consent import banned, person_of
from notifications.models import (
    ChannelSetting,
    Handle,
    Message,
    Preference,
    PushSubscription,
    Suppression,
)
from notifications.prices import Prices, prices_of
from notifications.reasons import NO_REASON, Reason
from notifications.rendering import Line, Look, Own
from notifications.rules import Ruling, channels_on, peace_of, rules_of, topics_on
from notifications.seen import seen_since
from notifications.sms_rules import ANY, Key, SmsRule
from notifications.telling import look_of, own_words
from notifications.text_limits import Registered, operators_rules, registered_texts
from notifications.triggers import TRIGGERS
from notifications.used_up import UsedUp, used_up
from notifications.whatsapp.opening import Templates, open_numbers, templates_of
from tracking import cash
from tracking.address_check import incomplete_orders
from tracking.disrupting import disruptions_of
from tracking.models import (
    Change,
    Link,
    Order,
    OrderItem,
    Recipient,
    Shipment,
    ShipmentItem,
)
from tracking.quiet import why_quiet

#: Of these nothing is sent yet.
AHEAD: Final = (Message.State.PLANNED, Message.State.WAITING)
if TYPE_CHECKING:
    from notifications.ways import Chain

#: Sent, or about to be: what the budget counts.
_COUNTS: Final = ("waiting", "sending", "sent", "delivered", "uncertain")


@dataclass(frozen=True, slots=True)
class Shop:
    """What one merchant decided."""

    merchant: Merchant
    look: Look
    kinds: Mapping[str, Kind]
    rules: Sequence[Ruling]
    peace: Peace
    own: Mapping[tuple[str, str, str], Own]
    prices: Prices
    #: What WhatsApp was asked to approve, by topic and language.
    whatsapp: Templates
    sms_rules: Mapping[Key, SmsRule] = field(default_factory=dict)
    registered: Registered = field(default_factory=dict)
    #: The sender and the provider of each channel that is the merchant's own.
    senders: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: What is said to all on busy days.
    banners: Sequence[RunningBanner] = ()
    _told_by: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    _rules_for: dict[str, list[Ruling]] = field(init=False, default_factory=dict)

    def sender(self, channel: str) -> tuple[str, str]:
        """The name or number that a channel sends under, and the provider's slug ("*": ours)."""
        return self.senders.get(channel) or (self.kinds[channel].sender(), ANY)

    @property
    def told(self) -> frozenset[str]:
        """What is told at all: the topics of every rule that is on."""
        if "" not in self._told_by:
            self._told_by[""] = frozenset(
                str(rule.trigger.slug) for rule in self.rules if rule.is_on
            )
        return self._told_by[""]

    def told_by(self, channel: str) -> frozenset[str]:
        """What this channel tells by any rule."""
        if channel not in self._told_by:
            self._told_by[channel] = topics_on(self.rules, channel=channel)
        return self._told_by[channel]

    def rules_for(self, topic: str) -> list[Ruling]:
        """Those that tell this topic and are on; a shopper's question is always answered."""
        if topic not in self._rules_for:
            self._rules_for[topic] = [
                rule for rule in self.rules if rule.trigger.slug == topic and rule.is_on
            ]
        return self._rules_for[topic]


def read_shop(merchant_id: int) -> Shop:
    """In the merchant's scope."""
    merchant = Merchant.objects.get(pk=merchant_id)
    brand = Brand.objects.filter(merchant_id=merchant_id).defer(*PAGE_FILES).first()
    return Shop(
        merchant=merchant,
        look=look_of(merchant, brand),
        kinds={kind.slug: kind for kind in channels_on(merchant)},
        rules=rules_of(merchant),
        peace=peace_of(merchant),
        own=own_words(merchant),
        sms_rules=operators_rules(),
        registered=registered_texts(),
        senders=_senders(merchant),
        prices=prices_of(merchant),
        whatsapp=templates_of(merchant_id),
        banners=banners_of(merchant_id),
    )


def _senders(merchant: Merchant) -> dict[str, tuple[str, str]]:
    rows = ChannelSetting.objects.filter(merchant_id=merchant.pk).exclude(sender="")
    return {row.channel: (row.sender, row.provider or ANY) for row in rows}


class Facts:
    """Everything about these orders of one merchant, in its scope. `orders` by id, `shipments`
    those that are told about."""

    def __init__(
        self, orders: Mapping[int, Order], shipments: Mapping[int, Shipment], *, now: datetime
    ) -> None:
        self.orders = orders
        self.shipments = shipments
        #: Chains as they came to (`notifications.deciding`): nothing of it changes in a batch.
        self.chains: dict[tuple[object, ...], list[Chain]] = {}
        self._now = now

    @cached_property
    def recipients(self) -> Mapping[int, list[Recipient]]:
        """By order, those who may hear; whoever was taken off or erased is nobody."""
        found: dict[int, list[Recipient]] = defaultdict(list)
        for one in Recipient.objects.filter(order_id__in=self.orders).order_by("id"):
            one.order = self.orders[one.order_id]
            is_buyer = one.role == Recipient.Role.BUYER
            if is_buyer or one.name or one.email or one.phone:
                found[one.order_id].append(one)
        return found

    @cached_property
    def seen(self) -> Mapping[tuple[int, int], datetime]:
        """When each (order, recipient) last really saw the page."""
        people = [one.pk for group in self.recipients.values() for one in group]
        return seen_since(recipients=people, orders=self.orders)

    @cached_property
    def announced(self) -> Mapping[int, list[Change]]:
        """By order, every change that was ever to be told."""
        found: dict[int, list[Change]] = defaultdict(list)
        rows = Change.objects.filter(order_id__in=self.orders, announce=True)
        for change in rows.exclude(kind=Change.Kind.ORDER).order_by("id"):
            found[change.order_id].append(change)
        return found

    @cached_property
    def _preferences(self) -> Mapping[str, Preference]:
        people = {person_of(one) for group in self.recipients.values() for one in group}
        rows = Preference.objects.filter(person__in=people)
        return {row.person: row for row in rows}

    def preference(self, recipient: Recipient) -> Preference | None:
        """What this person chose at this merchant, if anything."""
        return self._preferences.get(person_of(recipient))

    @cached_property
    def _handles(self) -> Mapping[tuple[str, str], str]:
        people = {person_of(one) for group in self.recipients.values() for one in group}
        rows = Handle.objects.filter(person__in=people)
        return {(row.person, row.channel): row.address for row in rows}

    def handle(self, recipient: Recipient, channel: str) -> str:
        """What this person is called at this channel; "" where the shop has not said."""
        return self._handles.get((person_of(recipient), channel), "")

    def read_bans(self, addresses: Collection[tuple[str, str]]) -> None:
        """Read what is suppressed of these (channel, address) once."""
        known = self.__dict__.setdefault("_bans", {})
        wanted = {address.lower() for _, address in addresses if address}
        rows = Suppression.objects.filter(address__in=wanted)
        known.update({(row.channel, row.address): row.reason for row in rows})

    def ban(self, channel: str, address: str) -> Reason:
        """Why this address is not written to; empty where it is. After `read_bans`."""
        found = self.__dict__["_bans"].get((channel, address.lower()))
        return banned(found) if found is not None else NO_REASON

    @cached_property
    def browsers(self) -> Mapping[int, list[PushSubscription]]:
        """By recipient, the browsers that subscribed and are still there."""
        found: dict[int, list[PushSubscription]] = defaultdict(list)
        rows = PushSubscription.objects.filter(order_id__in=self.orders).order_by("id")
        for row in rows:
            found[row.recipient_id].append(row)
        return found

    @cached_property
    def _links(self) -> dict[int, Link]:
        rows = Link.objects.filter(
            merchant_id__in={order.merchant_id for order in self.orders.values()},
            order_id__in=self.orders,
            recipient_id__isnull=False,
            by_lookup=False,
            revoked_at__isnull=True,
        ).order_by("-pk")
        return {row.recipient_id: row for row in rows if row.recipient_id is not None}

    def link(self, recipient: Recipient) -> Link:
        """The recipient's own link, made when there is none."""
        if recipient.pk not in self._links:
            self._make_links()
        return self._links[recipient.pk]

    def _make_links(self) -> None:
        missing = [
            one for group in self.recipients.values() for one in group if one.pk not in self._links
        ]
        made = Link.objects.bulk_create(
            [
                Link(
                    token=new_token(), merchant_id=one.merchant_id, order_id=one.order_id,
                    recipient_id=one.pk,
                )
                for one in missing
            ]
        )  # fmt: skip
        self._links.update({row.recipient_id: row for row in made if row.recipient_id is not None})

    @cached_property
    def _contents(self) -> Mapping[int, list[ShipmentItem]]:
        found: dict[int, list[ShipmentItem]] = defaultdict(list)
        rows = ShipmentItem.objects.filter(shipment_id__in=self.shipments).select_related("item")
        for row in rows.order_by("item__position", "item_id"):
            found[row.shipment_id].append(row)
        return found

    @cached_property
    def _items(self) -> Mapping[int, list[OrderItem]]:
        found: dict[int, list[OrderItem]] = defaultdict(list)
        for row in OrderItem.objects.filter(order_id__in=self.orders):
            found[row.order_id].append(row)
        return found

    def lines(self, order_id: int, shipment_id: int | None) -> tuple[Line, ...]:
        """What is in the parcel; the whole order where nobody said what is in which parcel."""
        if shipment_id is not None and self._contents.get(shipment_id):
            return tuple(_line(row.item, row.quantity) for row in self._contents[shipment_id])
        return tuple(_line(item, item.quantity) for item in self._items[order_id])

    @cached_property
    def disruptions(self) -> Mapping[int, Disruption]:
        """By parcel, what pushed its date back."""
        return disruptions_of(self.shipments.values())

    @cached_property
    def open_numbers(self) -> frozenset[str]:
        """Numbers that wrote to the merchant on WhatsApp within a day; of one merchant's orders."""
        merchant_id = next(iter(self.orders.values())).merchant_id
        return open_numbers(merchant_id, now=self._now)

    def awaits_cash(self, order_id: int) -> bool:
        """Whether the question about a cash order is still open."""
        return cash.is_waiting(order_id)

    @cached_property
    def incomplete(self) -> frozenset[int]:
        """The orders whose address still lacks something."""
        return frozenset(
            incomplete_orders().filter(pk__in=self.orders).values_list("pk", flat=True)
        )

    @cached_property
    def awaiting(self) -> frozenset[int]:
        """The orders with messages that nobody has begun to send."""
        rows = Message.objects.filter(
            order_id__in=self.orders, state__in=AHEAD, attempts=0, purpose=Message.Purpose.AUTO
        )
        return frozenset(rows.values_list("order_id", flat=True))

    @cached_property
    def told_lately(self) -> Counter[int]:
        """By recipient, of how many things they heard in the last day, urgent ones apart."""
        grouped = self._lately.values("recipient_id")
        rows = grouped.annotate(n=Count("change_id", distinct=True))
        return Counter({row["recipient_id"]: row["n"] for row in rows})

    def heard(self, change_ids: Collection[int]) -> set[tuple[int, int]]:
        """Of what `told_lately` counts, those of these changes, as (recipient, change)."""
        rows = self._lately.filter(change_id__in=change_ids)
        return set(rows.values_list("recipient_id", "change_id").distinct())

    @cached_property
    def used_up(self) -> UsedUp:
        """When what was bought runs out, by order."""
        return used_up(self.orders)

    @property
    def _lately(self) -> QuerySet[Message]:
        urgent = [slug for slug, trigger in TRIGGERS.items() if trigger.is_urgent]
        return Message.objects.filter(
            order_id__in=self.orders, created_at__gt=self._now - DAY, state__in=_COUNTS,
            purpose=Message.Purpose.AUTO,
        ).exclude(topic__in=urgent)  # fmt: skip

    @cached_property
    def _quiet(self) -> Mapping[str, str]:
        sources = {order.source for order in self.orders.values()}
        return {source: why_quiet(source) for source in sources}

    def quiet(self, order: Order) -> str:
        """Why nobody of this order is written to at the addresses that came with it."""
        return self._quiet[order.source]


def _line(item: OrderItem, quantity: int) -> Line:
    image = item.image_url if item.image_url.startswith("https://") else ""
    return Line(item.title, quantity, image)
