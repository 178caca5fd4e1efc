"""What a merchant's program can be told, and which change says so.

One table: the slug that stands in a payload, what it is called, and when it is sent. Slugs are
a promise to programs that we do not know: they are never renamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.vocabulary import Milestone
from notifications.models.webhooks import EVERYTHING
from tracking.models import Change

#: Sent by hand, to any endpoint; nobody chooses it.
TEST: Final = "webhook.test"


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of news. `about` is the first word of its slug: "order", "parcel" or
    "message"."""

    slug: str
    label: Promise
    when: Promise

    @property
    def about(self) -> str:
        return self.slug.partition(".")[0]


_ROWS: Final = (
    Event("order.placed", pgettext_lazy("webhook", "Placed"), _("The shop has the order.")),
    Event("order.confirmed", pgettext_lazy("webhook", "Confirmed"), _("The shop confirmed it.")),
    Event("order.packed", pgettext_lazy("webhook", "Packed"), _("It waits for the courier.")),
    Event(
        "order.partly_dispatched",
        pgettext_lazy("webhook", "Partly dispatched"),
        _("Some of its parcels are on their way, others are not."),
    ),
    Event(
        "order.all_delivered",
        pgettext_lazy("webhook", "All delivered"),
        _("The last of its parcels was delivered."),
    ),
    Event(
        "order.not_dispatched",
        pgettext_lazy("webhook", "Not dispatched in time"),
        _("It should have left by now, and has not."),
    ),
    Event("order.on_hold", pgettext_lazy("webhook", "On hold"), _("The shop holds it back.")),
    Event(
        "order.out_of_stock",
        pgettext_lazy("webhook", "Out of stock"),
        _("The shop lacks something of it."),
    ),
    Event("order.cancelled", pgettext_lazy("webhook", "Cancelled"), _("The shop cancelled it.")),
    Event("order.refunded", pgettext_lazy("webhook", "Refunded"), _("Money went back.")),
    Event(
        "order.cod_confirmation_asked",
        pgettext_lazy("webhook", "Cash on delivery to be confirmed"),
        _("The customer is asked to confirm an order that is paid at the door."),
    ),
    Event(
        "order.address_asked",
        pgettext_lazy("webhook", "Address incomplete"),
        _("The customer is asked for what the address lacks."),
    ),
    Event(
        "order.case_updated",
        pgettext_lazy("webhook", "Case updated"),
        _("A customer’s concern was opened, answered or closed."),
    ),
    Event(
        "parcel.shipped",
        pgettext_lazy("webhook", "Shipped"),
        _("The carrier has it, or the shop says so."),
    ),
    Event(
        "parcel.in_transit", pgettext_lazy("webhook", "In transit"), _("The first scan on its way.")
    ),
    Event(
        "parcel.out_for_delivery",
        pgettext_lazy("webhook", "Out for delivery"),
        _("The courier has it in the vehicle."),
    ),
    Event("parcel.delivered", pgettext_lazy("webhook", "Delivered"), _("It was handed over.")),
    Event(
        "parcel.attempt_failed",
        pgettext_lazy("webhook", "Delivery attempt failed"),
        _("Once for every attempt, with its number."),
    ),
    Event(
        "parcel.delayed",
        pgettext_lazy("webhook", "Delayed"),
        _("The first time that it is late, or will be."),
    ),
    Event(
        "parcel.date_changed",
        pgettext_lazy("webhook", "Date changed"),
        _("The window moved by as many days as you announce."),
    ),
    Event(
        "parcel.status_changed",
        pgettext_lazy("webhook", "Status changed"),
        _("Every new status and sub-status, the finest there is."),
    ),
    Event(
        "parcel.flag_raised",
        pgettext_lazy("webhook", "Flag raised"),
        _("Late, probably late, without movement, action needed or disputed."),
    ),
    Event(
        "parcel.flag_cleared",
        pgettext_lazy("webhook", "Flag cleared"),
        _("One of these is over."),
    ),
    Event(
        "parcel.arriving_tomorrow",
        pgettext_lazy("webhook", "Arriving tomorrow"),
        _("The window begins tomorrow, by the destination’s clock."),
    ),
    Event(
        "parcel.arriving_today",
        pgettext_lazy("webhook", "Arriving today"),
        _("The window begins today, by the destination’s clock."),
    ),
    Event(
        "parcel.pickup_deadline",
        pgettext_lazy("webhook", "Last day to collect is near"),
        _("It waits at a pickup point and will go back soon."),
    ),
    Event(
        "message.sent",
        pgettext_lazy("webhook", "Message sent"),
        _("A provider has a message to somebody of the order."),
    ),
    Event(
        "message.delivered",
        pgettext_lazy("webhook", "Message delivered"),
        _("It reached the mailbox, the phone or the browser."),
    ),
    Event(
        "message.failed",
        pgettext_lazy("webhook", "Message failed"),
        _("It could not be delivered; another channel may follow."),
    ),
)
#: Made of a message's state, not of a change (`notifications.webhooks.messages`).
OF_MESSAGES: Final = ("message.sent", "message.delivered", "message.failed")
EVENTS: Final[dict[str, Event]] = {row.slug: row for row in _ROWS}

#: Facts of an order, by what their key begins with.
_ORDER_FACTS: Final = {
    "partly_dispatched": "order.partly_dispatched",
    "all_delivered": "order.all_delivered",
    "on_hold": "order.on_hold",
    "out_of_stock": "order.out_of_stock",
    "cancelled": "order.cancelled",
    "refund": "order.refunded",
    "cod_confirm": "order.cod_confirmation_asked",
    "address": "order.address_asked",
    "case": "order.case_updated",
}
_DUE: Final = {
    "not_dispatched": "order.not_dispatched",
    "arriving_tomorrow": "parcel.arriving_tomorrow",
    "arriving_today": "parcel.arriving_today",
    "pickup_deadline": "parcel.pickup_deadline",
}
_OF_ORDER: Final = frozenset({Milestone.PLACED, Milestone.CONFIRMED, Milestone.PACKED})


def event_of(kind: str, key: str) -> str:
    """The event that a change is; "" for one that no program is told of."""
    head, _colon, tail = key.partition(":")
    if kind == Change.Kind.MILESTONE:
        slug = f"{'order' if head in _OF_ORDER else 'parcel'}.{head}"
    elif kind == Change.Kind.STATUS:
        slug = "parcel.status_changed"
    elif kind == Change.Kind.DATE:
        slug = "parcel.date_changed"
    elif kind == Change.Kind.FLAG:
        slug = f"parcel.flag_{tail.partition(':')[0]}"
    elif kind == Change.Kind.DUE:
        slug = _DUE.get(head, "")
    else:
        slug = _ORDER_FACTS.get(head, "")
    return slug if slug in EVENTS else ""


def hears(chosen: Iterable[str], event: str) -> bool:
    """Whether an endpoint with these events is told of this one."""
    return bool({EVERYTHING, event} & set(chosen))
