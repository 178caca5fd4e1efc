"""From changes to messages: pulls its turns, writes one Message a person and channel, sends none.

Runs as often as anybody likes and in as many workers: the turns are claimed, and the
unique key of Message says the rest.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from lib.logs import where
from lib.vocabulary import Milestone
from merchants.models import Brand, Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.channels.registry import CHANNELS, Kind
from notifications.consent import NOT_NEEDED, preference_of
from notifications.models import Message
from notifications.rendering import Look, Own, Telling
from notifications.rules import channels_on, hears, language_for, topics_on
from notifications.telling import look_of, own_words, tell, tell_address, tell_case
from notifications.texts import ADDRESS, CASE
from notifications.told import window_of
from notifications.ways import Way, ways_to
from notifications.writing import SHAPES
from tracking import outbox
from tracking.address_check import ASKED, is_waiting
from tracking.models import Change, Order, Outbox, Recipient
from tracking.outbox import NewChange
from tracking.quiet import why_quiet

log = logging.getLogger("homeward.notifications")

CONSUMER: Final = "messages"
_LANGUAGES: Final = tuple(code for code, _ in settings.LANGUAGES)
_CASE_KEY: Final = "case:"

SUPERSEDED: Final = gettext_noop("A newer message already says more.")


@dataclass(frozen=True, slots=True)
class _Shop:
    """What one merchant decided, read once a batch. `on`: the topics told, by channel."""

    merchant: Merchant
    look: Look
    kinds: Sequence[Kind]
    on: Mapping[str, frozenset[str]]
    own: Mapping[tuple[str, str, str], Own]

    def tells(self, kind: Kind, topic: str) -> bool:
        """Whether this channel tells about this topic; what a shopper asked is always answered."""
        return topic == CASE or topic in self.on[kind.slug]


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
    kinds = channels_on(merchant)
    return _Shop(
        merchant=merchant,
        look=look_of(merchant, brand),
        kinds=kinds,
        on={kind.slug: topics_on(merchant, channel=kind.slug) for kind in kinds},
        own=own_words(merchant),
    )


def topic_of(change: Change | NewChange) -> str:
    """What a message about this change is about: a milestone ("attempt_failed:2" is the second
    failed attempt), a case, an address, or "" for what nobody is told."""
    if change.kind == Change.Kind.MILESTONE:
        return Milestone(change.key.partition(":")[0])
    if change.kind == Change.Kind.ORDER and change.key.startswith(_CASE_KEY):
        return CASE
    return ADDRESS if (change.kind, change.key) == (Change.Kind.ORDER, ASKED) else ""


def _recipients(order: Order) -> QuerySet[Recipient]:
    """Who hears of an order: a present is not announced to whom it is for."""
    recipients = Recipient.objects.filter(order_id=order.pk).order_by("id")
    return recipients.exclude(role=Recipient.Role.RECEIVER) if order.is_gift else recipients


def _compose_order(shop: _Shop, changes: Sequence[Change], *, now: datetime) -> None:
    """Messages for one order's changes; of several about one parcel only the newest is told."""
    told = [
        (change, topic) for change in changes if change.announce and (topic := topic_of(change))
    ]
    if not told:
        return
    order = told[0][0].order
    recipients = list(_recipients(order))
    announced = list(
        Change.objects.filter(
            order_id=order.pk, kind=Change.Kind.MILESTONE, announce=True
        ).order_by("id")
    )
    rows: list[Message] = []
    quiet = why_quiet(order)
    for change, topic in told:
        kinds = [kind for kind in shop.kinds if shop.tells(kind, topic)]
        is_news = topic not in {CASE, ADDRESS}
        superseded = frozenset(
            kind.slug for kind in kinds if is_news and _is_old(shop, kind, change, announced)
        )
        fresh = [kind.slug for kind in kinds if kind.slug not in superseded]
        if is_news:
            _withdraw_older(change, channels=fresh)
        needless = NOT_NEEDED if topic == ADDRESS and not is_waiting(order.pk) else ""
        for recipient, way in _everybody(shop, order, topic, recipients, kinds, quiet):
            reason = SUPERSEDED if way.kind.slug in superseded else needless or way.problem
            rows.append(_message(shop, change, topic, recipient, way, reason=reason, now=now))
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _is_old(shop: _Shop, kind: Kind, change: Change, announced: Sequence[Change]) -> bool:
    """Whether something that this channel tells, or told, makes the change old news."""
    return any(
        _says_more(other, change) for other in announced if topic_of(other) in shop.on[kind.slug]
    )


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
    return topic_of(change) == Milestone.DELIVERED, change.pk


def _withdraw_older(change: Change, *, channels: Sequence[str]) -> None:
    """Messages about the same parcel (or its order) that still wait are outdated by this one."""
    same = Q(shipment_id=change.shipment_id) | Q(shipment__isnull=True)
    Message.objects.filter(
        same,
        order_id=change.order_id,
        channel__in=channels,
        state=Message.State.WAITING,
        attempts=0,
        purpose=Message.Purpose.AUTO,
        change_id__lt=change.pk,
    ).exclude(milestone__in=[CASE, ADDRESS]).update(
        state=Message.State.SKIPPED, reason=SUPERSEDED, due_at=None
    )


def _everybody(
    shop: _Shop,
    order: Order,
    topic: str,
    recipients: Sequence[Recipient],
    kinds: Sequence[Kind],
    quiet: str,
) -> list[tuple[Recipient, Way]]:
    """Who hears of this, and how; each address once."""
    found: list[tuple[Recipient, Way]] = []
    seen: set[tuple[str, str, int]] = set()
    for recipient in recipients:
        if not hears(recipient.role, topic):
            continue
        for way in ways_to(
            recipient,
            order=order,
            merchant=shop.merchant,
            kinds=kinds,
            preference=preference_of(recipient),
            quiet=quiet,
            is_answer=topic == CASE,
        ):
            browser = way.subscription.pk if way.subscription else 0
            key = (way.kind.slug, way.to.lower(), browser)
            if way.to and key in seen:
                continue
            seen.add(key)
            found.append((recipient, way))
    return found


def _message(
    shop: _Shop,
    change: Change,
    topic: str,
    recipient: Recipient,
    way: Way,
    *,
    reason: str,
    now: datetime,
) -> Message:
    """One row: waiting with its text, or skipped with the reason."""
    row = Message(
        merchant_id=change.merchant_id,
        order_id=change.order_id,
        shipment_id=change.shipment_id,
        change=change,
        recipient=recipient,
        channel=way.kind.slug,
        sequence=way.sequence,
        subscription=way.subscription,
        milestone=topic,
        language=_language(shop, change, recipient),
        to=way.to,
        due_at=now,
        created_at=now,
    )
    if reason:
        row.state, row.reason, row.due_at = Message.State.SKIPPED, reason, None
    else:
        _write(row, shop, change, now=now)
    return row


def _language(shop: _Shop, change: Change, recipient: Recipient) -> str:
    """The case's answer is in the language it was written in; all else in the recipient's."""
    preference = preference_of(recipient)
    wishes = (
        str(change.data.get("words_language", "")) if topic_of(change) == CASE else "",
        preference.language if preference else "",
        recipient.language,
    )
    return language_for(
        next((wish for wish in wishes if wish), ""),
        change.order.language,
        shop.merchant.default_language,
        known=_LANGUAGES,
    )


def _write(row: Message, shop: _Shop, change: Change, *, now: datetime) -> None:
    telling = _telling(row, shop, change, now=now)
    shape = CHANNELS[row.channel].shape
    rendered = SHAPES[shape](telling)
    row.subject, row.html, row.text = rendered.subject, rendered.html, rendered.text
    row.link = telling.link.removeprefix(settings.BASE_URL)
    row.window = window_of(telling, shape, change.shipment, row)


def _telling(row: Message, shop: _Shop, change: Change, *, now: datetime) -> Telling:
    own = shop.own.get((row.channel, row.milestone, row.language), Own())
    if row.milestone == CASE:
        return tell_case(
            merchant=shop.merchant, look=shop.look, own=own, change=change,
            recipient=row.recipient, language=row.language, now=now,
        )  # fmt: skip
    if row.milestone == ADDRESS:
        return tell_address(
            merchant=shop.merchant, look=shop.look, own=own, change=change,
            recipient=row.recipient, language=row.language, now=now,
        )  # fmt: skip
    return tell(
        merchant=shop.merchant, look=shop.look, own=own, order=change.order,
        shipment=change.shipment, milestone=Milestone(row.milestone), recipient=row.recipient,
        language=row.language, now=now,
    )  # fmt: skip
