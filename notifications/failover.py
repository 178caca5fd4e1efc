"""What did not arrive by one channel is told by the next: refused, failed later, or never
acknowledged in time.

`Message.receipt_by` says when a message is looked at for this. What follows is a new message,
judged anew like any other: night, choice, suppression and age count. It is linked by
`falls_back_from` and unique like every message, so that falling back twice is impossible; whatever
is heard of the first later changes nothing about the second.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from lib.logs import where
from merchants.scope import every_merchant, merchant_scope
from notifications.drafting import draft, skipped
from notifications.facts import Facts, Shop, read_shop
from notifications.judging import News, judge
from notifications.models import Message
from notifications.reasons import Unsent
from notifications.ways import places_of, ways_of

log = logging.getLogger("homeward.notifications")

_LATER: Final = timedelta(minutes=15)
#: Not arrived, as far as anybody knows.
_MISSING: Final = frozenset(
    {Message.State.SENT, Message.State.UNCERTAIN, Message.State.FAILED, Message.State.SKIPPED}
)
#: What speaks against one channel and not against telling it at all.
_OF_CHANNEL: Final = frozenset(
    {Unsent.SUPPRESSED, Unsent.NOT_CHOSEN, Unsent.NO_ADDRESS, Unsent.NIGHT, Unsent.SUPERSEDED}
)


def fail_over_due(*, now: datetime, limit: int = 200) -> int:
    """Look at messages whose time to arrive is over. Returns how many were looked at."""
    with every_merchant("messages of all merchants wait in one queue"):
        rows = list(
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("order", "shipment", "recipient", "change")
            .filter(receipt_by__lte=now)
            .order_by("receipt_by", "id")[:limit]
        )
        by_merchant: dict[int, list[Message]] = defaultdict(list)
        for row in rows:
            by_merchant[row.merchant_id].append(row)
        for merchant_id, mine in by_merchant.items():
            _of_merchant(merchant_id, mine, now=now)
    return len(rows)


def _of_merchant(merchant_id: int, rows: Sequence[Message], *, now: datetime) -> None:
    """One merchant's at once; where that fails, one by one, and the broken one later."""
    try:
        with transaction.atomic(), merchant_scope(merchant_id):
            fail_over(rows, now=now)
    except Exception as error:  # noqa: BLE001 - outermost loop: one message must not stop all
        log.error("could not fall back from a message: %s", where(error))
        if len(rows) == 1:
            Message.objects.filter(pk=rows[0].pk).update(receipt_by=now + _LATER)
            return
        for row in rows:
            _of_merchant(merchant_id, [row], now=now)


def fail_over(rows: Sequence[Message], *, now: datetime) -> None:
    """The next message for each of these of one merchant that did not arrive, in its scope."""
    ids = [row.pk for row in rows]
    done = set(
        Message.objects.filter(falls_back_from__in=ids).values_list("falls_back_from", flat=True)
    )
    missing = [row for row in rows if row.pk not in done and _is_missing(row)]
    if missing:
        _write(missing, now=now)
    Message.objects.filter(pk__in=ids).update(receipt_by=None)


def _is_missing(row: Message) -> bool:
    was_read = row.opened_at is not None or row.clicked_at is not None
    return row.state in _MISSING and bool(row.then) and not was_read


def _write(rows: Sequence[Message], *, now: datetime) -> None:
    shop = read_shop(rows[0].merchant_id)
    orders = {row.order_id: row.order for row in rows}
    shipments = {row.shipment.pk: row.shipment for row in rows if row.shipment is not None}
    facts = Facts(orders, shipments, now=now)
    rules = {rule.slug: rule for rule in shop.rules}
    kinds = [kind for slug, kind in shop.kinds.items() if any(slug in row.then for row in rows)]
    for row in rows:
        row.recipient.order = row.order
    facts.read_bans(
        [
            place
            for row in rows
            for place in places_of(row.recipient, merchant=shop.merchant, kinds=kinds, facts=facts)
        ]
    )
    # The day's budget counts news, not tries: what did not arrive is not told twice.
    for recipient_id, _ in facts.heard([row.change_id for row in rows]):
        facts.told_lately[recipient_id] -= 1
    made: list[Message] = []
    for row in rows:
        rule = rules.get(row.rule)
        if rule is not None and rule.is_on:
            news = News(row.change, row.topic, rule, row.order, row.shipment)
            made += _next(row, news, shop=shop, facts=facts, now=now)
    Message.objects.bulk_create(made, ignore_conflicts=True)


def _next(row: Message, news: News, *, shop: Shop, facts: Facts, now: datetime) -> list[Message]:
    """The message by the first channel that can tell it, behind those that cannot and say why."""
    made: list[Message] = []
    for nth, slug in enumerate(row.then, start=1):
        if slug not in shop.kinds:
            continue
        tried, is_end = _by(row, news, slug, row.then[nth:], shop=shop, facts=facts, now=now)
        made += tried
        if is_end:
            break
    if any(one.state != Message.State.SKIPPED for one in made) and not news.trigger.is_urgent:
        facts.told_lately[row.recipient_id] += 1
    for one in made:
        one.falls_back_from = row
    return made


def _by(
    row: Message,
    news: News,
    slug: str,
    then: Sequence[str],
    *,
    shop: Shop,
    facts: Facts,
    now: datetime,
) -> tuple[list[Message], bool]:
    """Messages by this channel, and whether that ends it: told, or not to be told at all."""
    made: list[Message] = []
    chains = ways_of(
        row.recipient, [[slug]], topic=row.topic, merchant=shop.merchant, kinds=shop.kinds,
        facts=facts,
    )  # fmt: skip
    for chain in chains:
        for way in chain.unused:
            made.append(
                skipped(
                    news, row.recipient, way, language=row.language, reason=way.problem, now=now
                )
            )
        for way in chain.used:
            verdict = judge(
                news, row.recipient, way, language=row.language, shop=shop, facts=facts, now=now
            )
            if verdict.reason:
                made.append(
                    skipped(
                        news, row.recipient, way, language=row.language, reason=verdict.reason,
                        now=now,
                    )
                )  # fmt: skip
                continue
            made.append(
                draft(
                    news, row.recipient, way, language=row.language, then=then,
                    due_at=verdict.due_at, shop=shop, facts=facts, now=now,
                )
            )  # fmt: skip
    is_end = any(one.reason_code not in _OF_CHANNEL for one in made)
    return made, is_end
