"""One order's whole story: parcels, evidence, dates and why, what was said and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.clock import Clock
from dashboard.story_changes import change_sentence
from lib import formats
from lib.vocabulary import RAIL, Milestone, Status
from lib.words import DESK_LABELS
from notifications.models import Message
from tracking.models import (
    Change,
    Consent,
    DeliveryAnswer,
    Event,
    Order,
    OrderItem,
    Promise,
    Refund,
    Shipment,
    ShipmentItem,
    Watch,
)

#: How a message's state looks: tone and icon.
STATE_LOOKS: Final = {
    Message.State.PLANNED: ("quiet", "clock"),
    Message.State.WAITING: ("quiet", "clock"),
    Message.State.SENDING: ("moving", "send"),
    Message.State.SENT: ("moving", "send"),
    Message.State.DELIVERED: ("good", "circle-check"),
    Message.State.FAILED: ("act", "circle-alert"),
    Message.State.UNCERTAIN: ("wait", "circle-alert"),
    Message.State.SKIPPED: ("quiet", "ban"),
}
#: What a member sent to oneself told no customer anything.
_TEST: Final = Message.Purpose.TEST
_STOPPED: Final = frozenset({Status.EXCEPTION, Status.LOST_OR_DESTROYED, Status.RETURNING})


@dataclass(frozen=True, slots=True)
class Story:
    """An order with everything that hangs on it, loaded in a fixed number of queries."""

    order: Order
    parcels: Sequence[Shipment]
    items: Sequence[OrderItem]
    changes: Sequence[Change]
    messages: Sequence[Message]
    answers: Sequence[DeliveryAnswer]
    refunds: Sequence[Refund]
    consents: Sequence[Consent]


def load(order: Order) -> Story:
    """Eleven queries, whatever the number of parcels and scans."""
    parcels = list(
        order.shipments.order_by("pk").prefetch_related(
            Prefetch(
                "events",
                Event.objects.select_related("ruled_by").order_by("-received_at", "-pk"),
                to_attr="scans",
            ),
            Prefetch("promises", Promise.objects.order_by("made_at", "pk"), to_attr="ledger"),
            Prefetch("contents", ShipmentItem.objects.select_related("item"), to_attr="packed"),
            Prefetch("legs", to_attr="further_legs"),
            Prefetch("watch", Watch.objects.all()),
        )
    )
    changes = order.changes.select_related("shipment").order_by("-at", "-pk")[:60]
    return Story(
        order=order,
        parcels=parcels,
        items=list(order.items.all()),
        changes=list(changes),
        messages=list(order.messages.defer("html", "text").order_by("-created_at", "-pk")[:30]),
        answers=list(order.answers.select_related("handled_by").order_by("-pk")),
        refunds=list(order.refunds.order_by("at", "pk")),
        consents=list(order.consents.order_by("channel", "purpose")),
    )


def sentence(story: Story, clock: Clock) -> str:
    """ "Two parcels, one late, customer told Thu 12 Nov, 6:04 pm"."""
    parcels = story.parcels
    if parcels:
        n = len(parcels)
        parts = [ngettext("%(n)s parcel", "%(n)s parcels", n) % {"n": n}]
    else:
        parts = [_("No parcel yet")]
    late = sum(parcel.delayed for parcel in parcels)
    likely = sum(parcel.will_be_late for parcel in parcels)
    still = sum(parcel.stalled for parcel in parcels)
    done = sum(parcel.status == Status.DELIVERED for parcel in parcels)
    counted = (
        (late, ngettext("%(n)s late", "%(n)s late", late)),
        (likely, ngettext("%(n)s probably late", "%(n)s probably late", likely)),
        (still, ngettext("%(n)s without movement", "%(n)s without movement", still)),
        (done, ngettext("%(n)s delivered", "%(n)s delivered", done)),
    )
    parts += [words % {"n": n} for n, words in counted if n]
    told = next(
        (one.sent_at for one in story.messages if one.sent_at and one.purpose != _TEST), None
    )
    parts.append(
        _("customer told %(when)s") % {"when": clock.spoken(told)}
        if told
        else _("customer not told yet")
    )
    comma = "، " if formats.is_rtl(clock.language) else ", "
    return comma.join(parts)


def rail(story: Story, clock: Clock) -> list[dict[str, str]]:
    """The order's milestones: a parcel's count once any reached it, delivery once all did."""
    reached = _reached(story)
    furthest = max((RAIL.index(name) for name in reached), default=0)
    steps = [
        {
            "key": str(name),
            "date": clock.day(reached[name].astimezone(clock.zone).date())
            if name in reached
            else "",
            "iso": clock.iso(reached.get(name)),
            "state": _step_state(place, furthest),
        }
        for place, name in enumerate(RAIL)
    ]
    return _with_incident(story, steps, furthest, clock)


def _reached(story: Story) -> dict[Milestone, datetime]:
    order = story.order
    found: dict[Milestone, datetime] = {Milestone.PLACED: order.placed_at}
    if order.confirmed_at:
        found[Milestone.CONFIRMED] = order.confirmed_at
    if order.packed_at:
        found[Milestone.PACKED] = order.packed_at
    for name in RAIL[3:]:
        at = [parcel.milestones[name] for parcel in story.parcels if name in parcel.milestones]
        if name is Milestone.DELIVERED and len(at) < len(story.parcels):
            continue
        if at:
            moments = [datetime.fromisoformat(text) for text in at]
            found[name] = max(moments) if name is Milestone.DELIVERED else min(moments)
    return found


def _step_state(place: int, furthest: int) -> str:
    if place < furthest or furthest == len(RAIL) - 1:
        return "done"
    return "current" if place == furthest else "next"


def _with_incident(
    story: Story, steps: list[dict[str, str]], furthest: int, clock: Clock
) -> list[dict[str, str]]:
    """The step at which something went wrong says so."""
    worst = next((p for p in story.parcels if p.status == story.order.status), None)
    status = Status(story.order.status)
    if worst is None or not (status is Status.ATTEMPT_FAILED or status in _STOPPED):
        return steps
    step = steps[furthest]
    step |= {"state": "incident", "label": str(DESK_LABELS[status])}
    if worst.status_at:
        step["date"] = clock.day(worst.status_at.astimezone(clock.zone).date())
        step["iso"] = clock.iso(worst.status_at)
    return steps


def loose_items(story: Story) -> list[dict[str, Any]]:
    """What is in no parcel as far as anybody said; nothing when no parcel names its contents."""
    packed: dict[int, int] = {}
    for parcel in story.parcels:
        for content in parcel.packed:
            packed[content.item_id] = packed.get(content.item_id, 0) + content.quantity
    if story.parcels and not packed:
        return []
    rest = [(item, item.quantity - packed.get(item.pk, 0)) for item in story.items]
    return [item_row(item, quantity) for item, quantity in rest if quantity > 0]


def item_row(item: OrderItem, quantity: int) -> dict[str, Any]:
    return {"name": item.title, "option": item.sku, "quantity": quantity, "image": item.image_url}


def change_rows(story: Story, clock: Clock) -> list[dict[str, str]]:
    """What changed, newest first, and on which parcel where there are several."""
    several = len(story.parcels) > 1
    return [
        {
            "sentence": change_sentence(change, clock),
            **clock.pair(change.at),
            "by": change.shipment.tracking_number if several and change.shipment else "",
        }
        for change in story.changes
    ]
