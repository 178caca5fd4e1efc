"""What was planned and comes due: judged again, then written as it is true now, or left unsent."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from lib.logs import where
from merchants.scope import every_merchant, merchant_scope
from notifications.drafting import write
from notifications.facts import Facts, Shop, read_shop
from notifications.judging import News, judge
from notifications.models import Message
from notifications.patience import falls_back
from notifications.reasons import CHANNEL_OFF, RULE_OFF, Reason, Unsent
from notifications.rules import Ruling, chains_of
from notifications.ways import Way, places_of, ways_of

log = logging.getLogger("homeward.notifications")

#: Whoever dies with planned messages in hand loses them after this time.
_LEASE: Final = timedelta(minutes=2)
_LATER: Final = timedelta(minutes=15)
_WRITTEN: Final = (
    "state", "reason", "reason_code", "due_at", "subject", "html", "text", "link", "window",
    "sent_at", "delivered_at", "to", "receipt_by", "segments", "cost", "cost_currency", "content",
)  # fmt: skip


def ripen_due(*, now: datetime, limit: int = 200) -> int:
    """Take planned messages whose time has come. Returns how many were taken."""
    with every_merchant("planned messages of all merchants wait in one queue"):
        rows = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("order", "shipment", "recipient", "change", "subscription")
            .filter(state=Message.State.PLANNED, due_at__lte=now)
            .order_by("due_at", "id")[:limit]
        )
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + _LEASE)
        by_merchant: dict[int, list[Message]] = defaultdict(list)
        for row in rows:
            by_merchant[row.merchant_id].append(row)
        for merchant_id, mine in by_merchant.items():
            _ripen(merchant_id, mine, now=now)
    return len(rows)


def _ripen(merchant_id: int, rows: Sequence[Message], *, now: datetime) -> None:
    """One merchant's at once; where that fails, one by one, and the broken one later."""
    try:
        with transaction.atomic(), merchant_scope(merchant_id):
            ripen(rows, now=now)
    except Exception as error:  # noqa: BLE001 - outermost loop: one message must not stop all
        log.error("could not write a planned message: %s", where(error))
        if len(rows) == 1:
            Message.objects.filter(pk=rows[0].pk).update(due_at=now + _LATER)
            return
        for row in rows:
            _ripen(merchant_id, [row], now=now)


def ripen(rows: Sequence[Message], *, now: datetime) -> None:
    """Write or drop these planned messages of one merchant, in its scope."""
    shop = read_shop(rows[0].merchant_id)
    orders = {row.order_id: row.order for row in rows}
    shipments = {row.shipment.pk: row.shipment for row in rows if row.shipment is not None}
    facts = Facts(orders, shipments, now=now)
    rules = {rule.slug: rule for rule in shop.rules}
    for row in rows:
        row.recipient.order = row.order
    facts.read_bans(
        [
            place
            for row in rows
            for place in places_of(
                row.recipient, merchant=shop.merchant, kinds=shop.kinds.values(), facts=facts
            )
        ]
    )
    told: set[tuple[int, int]] = set()
    for row in rows:
        _decide(row, rules.get(row.rule), shop=shop, facts=facts, now=now)
        heard = (row.recipient_id, row.change_id)
        if row.state == Message.State.WAITING and heard not in told:
            told.add(heard)
            facts.told_lately[row.recipient_id] += 1
    Message.objects.bulk_update(rows, _WRITTEN)


def _decide(row: Message, rule: Ruling | None, *, shop: Shop, facts: Facts, now: datetime) -> None:
    if rule is None or not rule.is_on:
        _drop(row, Reason(Unsent.RULE_OFF, RULE_OFF), now=now)
        return
    news = News(row.change, row.topic, rule, row.order, row.shipment)
    way = _way(row, news, shop=shop, facts=facts)
    if isinstance(way, Reason):
        _drop(row, way, now=now)
        return
    row.to = way.to
    verdict = judge(
        news, row.recipient, way, language=row.language, shop=shop, facts=facts, now=now
    )
    if verdict.reason:
        _drop(row, verdict.reason, now=now)
    elif verdict.due_at > now:
        row.due_at = verdict.due_at
    else:
        row.due_at = now
        write(row, news, shop=shop, facts=facts, now=now)


def _way(row: Message, news: News, *, shop: Shop, facts: Facts) -> Way | Reason:
    """The way as it is by now, or what speaks against it: a choice, a suppression, a channel
    that was switched off."""
    if row.channel not in shop.kinds:
        return Reason(Unsent.CHANNEL_OFF, CHANNEL_OFF)
    chains = ways_of(
        row.recipient, chains_of(news.rule), topic=row.topic, merchant=shop.merchant,
        kinds={row.channel: shop.kinds[row.channel]}, facts=facts,
        template=shop.whatsapp.get((row.topic, row.language)),
    )  # fmt: skip
    for chain in chains:
        for way in chain.used:
            if way.subscription is None or way.subscription.pk == row.subscription_id:
                return way
        for way in chain.unused:
            return way.problem
    return Reason(Unsent.RULE_OFF, RULE_OFF)


def _drop(row: Message, reason: Reason, *, now: datetime) -> None:
    row.state, row.due_at = Message.State.SKIPPED, None
    row.receipt_by = now if falls_back(row, reason.code) else None
    row.reason, row.reason_code = reason[:300], reason.code
