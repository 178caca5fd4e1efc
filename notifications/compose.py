"""From changes to messages: pulls its turns, writes one Message a person, sends nothing.

Runs as often as anybody likes and in as many workers: the turns are claimed, and the
unique key of Message says the rest.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q

from lib.logs import where
from lib.vocabulary import Milestone
from merchants.models import Brand, Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.models import Message, Suppression
from notifications.rendering import Look, Own, render
from notifications.rules import hears, language_for, milestones_on
from notifications.telling import look_of, own_words, tell
from tracking import outbox
from tracking.models import Change, Outbox, Recipient

log = logging.getLogger("homeward.notifications")

CONSUMER: Final = "messages"
CHANNEL: Final = "email"
_LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES)

NO_ADDRESS: Final = "No e-mail address is known."
SUPERSEDED: Final = "A newer message already says more."


@dataclass(frozen=True, slots=True)
class _Shop:
    """What one merchant decided, read once a batch."""

    merchant: Merchant
    look: Look
    on: frozenset[Milestone]
    own: dict[tuple[str, str], Own]


def compose_due(*, now: datetime, limit: int = 200) -> int:
    """Take due turns and write their messages. Returns how many turns were taken."""
    with every_merchant("changes of all merchants wait in one queue"):
        turns = outbox.claim(CONSUMER, now=now, limit=limit)
        changes = Change.objects.select_related("order", "shipment").in_bulk(
            [turn.change_id for turn in turns]
        )
        by_order: dict[tuple[int, int], list[Outbox]] = defaultdict(list)
        for turn in turns:
            by_order[turn.merchant_id, changes[turn.change_id].order_id].append(turn)
        shops: dict[int, _Shop] = {}
        for (merchant_id, _), mine in by_order.items():
            try:
                with merchant_scope(merchant_id):
                    shop = shops.get(merchant_id) or _read_shop(merchant_id)
                    shops[merchant_id] = shop
                    _compose_order(shop, [changes[turn.change_id] for turn in mine], now=now)
                outbox.done(mine, now=now)
            except Exception as error:  # noqa: BLE001 - outermost loop: one order must not stop all
                log.error("could not write a message: %s", where(error))
                for turn in mine:
                    outbox.failed(turn, problem=where(error), now=now)
    return len(turns)


def _read_shop(merchant_id: int) -> _Shop:
    merchant = Merchant.objects.get(pk=merchant_id)
    brand = Brand.objects.filter(merchant_id=merchant_id).first()
    return _Shop(
        merchant=merchant,
        look=look_of(merchant, brand),
        on=milestones_on(merchant, channel=CHANNEL),
        own=own_words(merchant),
    )


def milestone_of(change: Change) -> Milestone | None:
    """The milestone of a milestone change ("attempt_failed:2" is the second failed attempt)."""
    if change.kind != Change.Kind.MILESTONE:
        return None
    return Milestone(change.key.partition(":")[0])


def _compose_order(shop: _Shop, changes: Sequence[Change], *, now: datetime) -> None:
    """Messages for one order's changes; of several about one parcel only the newest is told."""
    told = [
        (change, milestone)
        for change in changes
        if change.announce and (milestone := milestone_of(change)) in shop.on and milestone
    ]
    if not told:
        return
    order = told[0][0].order
    recipients = list(Recipient.objects.filter(order_id=order.pk).order_by("id"))
    newest = _announced(order.pk, shop.on)
    rows: list[Message] = []
    for change, milestone in told:
        superseded = any(_says_more(other, change) for other in newest)
        if not superseded:
            _withdraw_older(change)
        rows += _messages(shop, change, milestone, recipients, superseded=superseded, now=now)
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _announced(order_id: int, on: frozenset[Milestone]) -> list[Change]:
    """Everything about this order that is, or was, told."""
    rows = Change.objects.filter(
        order_id=order_id, kind=Change.Kind.MILESTONE, announce=True
    ).order_by("id")
    return [row for row in rows if milestone_of(row) in on]


def _says_more(other: Change, change: Change) -> bool:
    """Whether another change makes this one old news.

    Changes are numbered as they were learned; only "delivered" is the last word whenever
    it was learned. A parcel's news outdates the order's own, never another parcel's.
    """
    if other.pk == change.pk:
        return False
    if change.shipment_id is not None and other.shipment_id != change.shipment_id:
        return False
    if change.shipment_id is None and other.shipment_id is not None:
        return True
    return _weight(other) > _weight(change)


def _weight(change: Change) -> tuple[bool, int]:
    return milestone_of(change) is Milestone.DELIVERED, change.pk


def _withdraw_older(change: Change) -> None:
    """Messages about the same parcel (or its order) that still wait are outdated by this one."""
    same = Q(shipment_id=change.shipment_id) | Q(shipment__isnull=True)
    Message.objects.filter(
        same,
        order_id=change.order_id,
        state=Message.State.WAITING,
        attempts=0,
        purpose=Message.Purpose.AUTO,
        change_id__lt=change.pk,
    ).update(state=Message.State.SKIPPED, reason=SUPERSEDED)


def _messages(
    shop: _Shop,
    change: Change,
    milestone: Milestone,
    recipients: Iterable[Recipient],
    *,
    superseded: bool,
    now: datetime,
) -> list[Message]:
    """One row for everybody who hears of this milestone; each address once."""
    rows: list[Message] = []
    seen: set[str] = set()
    for recipient in recipients:
        address = recipient.email.strip()
        key = address.lower()
        if not hears(recipient.role, milestone) or (key and key in seen):
            continue
        seen.add(key)
        row = Message(
            merchant_id=change.merchant_id,
            order_id=change.order_id,
            shipment_id=change.shipment_id,
            change=change,
            recipient=recipient,
            channel=CHANNEL,
            milestone=milestone.value,
            language=language_for(
                recipient.language,
                change.order.language,
                shop.merchant.default_language,
                known=_LANGUAGES,
            ),
            to=address,
            due_at=now,
            created_at=now,
        )
        reason = SUPERSEDED if superseded else why_not(shop.merchant, address)
        if reason:
            row.state, row.reason = Message.State.SKIPPED, reason
        else:
            _write(row, shop, change, milestone, now=now)
        rows.append(row)
    return rows


def why_not(merchant: Merchant, address: str) -> str:
    """Why this address cannot be written to, in words; empty where it can."""
    if not address:
        return NO_ADDRESS
    found = Suppression.objects.filter(
        merchant_id=merchant.pk, channel=CHANNEL, address=address.lower()
    ).first()
    return f"The address is suppressed: {found.reason}." if found else ""


def _write(
    row: Message, shop: _Shop, change: Change, milestone: Milestone, *, now: datetime
) -> None:
    own = shop.own.get((milestone.value, row.language), Own())
    rendered = render(
        tell(
            merchant=shop.merchant,
            look=shop.look,
            own=own,
            order=change.order,
            shipment=change.shipment,
            milestone=milestone,
            recipient=row.recipient,
            language=row.language,
            now=now,
        )
    )
    row.subject, row.html, row.text = rendered.subject, rendered.html, rendered.text
