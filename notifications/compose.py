"""From changes to messages: pulls its turns, writes one Message a person and way, sends none.

Runs as often as anybody likes and in as many workers: the turns are claimed, and the
unique key of Message says the rest. What is told later than now is a row in `planned`
(`notifications.ripening`).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from lib.logs import where
from merchants.scope import every_merchant, merchant_scope
from notifications.deciding import Decision, Place, decide
from notifications.drafting import draft, skipped
from notifications.facts import AHEAD, Facts, Shop, read_shop
from notifications.judging import News, is_implied, is_old_news
from notifications.models import Message
from notifications.reasons import SUPERSEDED, Unsent
from notifications.triggers import TRIGGERS, topics_of
from notifications.ways import places_of
from tracking import outbox
from tracking.models import Change, Outbox

log = logging.getLogger("homeward.notifications")

CONSUMER: Final = "messages"


def compose_due(*, now: datetime, limit: int = 200) -> int:
    """Take due turns and write their messages. Returns how many turns were taken."""
    with every_merchant("changes of all merchants wait in one queue"):
        turns = outbox.claim(CONSUMER, now=now, limit=limit)
        changes = Change.objects.select_related("order", "shipment").in_bulk(
            [turn.change_id for turn in turns]
        )
        by_merchant: dict[int, list[Outbox]] = defaultdict(list)
        for turn in turns:
            by_merchant[turn.merchant_id].append(turn)
        for merchant_id, mine in by_merchant.items():
            _compose(merchant_id, mine, changes, now=now)
    return len(turns)


def _compose(
    merchant_id: int, turns: Sequence[Outbox], changes: Mapping[int, Change], *, now: datetime
) -> None:
    """One merchant's turns at once; where that fails, each order's alone, so that one cannot stop
    the others."""
    groups: dict[int, list[Outbox]] = defaultdict(list)
    for turn in turns:
        groups[changes[turn.change_id].order_id].append(turn)
    try:
        with transaction.atomic(), merchant_scope(merchant_id):
            compose_changes([changes[turn.change_id] for turn in turns], now=now)
        outbox.done(turns, now=now)
    except Exception as error:  # noqa: BLE001 - outermost loop: one order must not stop all
        log.error("could not write messages: %s", where(error))
        if len(groups) == 1:
            for turn in turns:
                outbox.failed(turn, problem=where(error), now=now)
            return
        for mine in groups.values():
            _compose(merchant_id, mine, changes, now=now)


def compose_changes(changes: Sequence[Change], *, now: datetime) -> None:
    """Messages for these changes of one merchant, in its scope."""
    told = [
        change
        for change in sorted(changes, key=lambda one: one.pk)
        if change.announce and topics_of(change)
    ]
    if not told:
        return
    shop = read_shop(told[0].merchant_id)
    orders = {change.order_id: change.order for change in told}
    shipments = {
        change.shipment.pk: change.shipment for change in told if change.shipment is not None
    }
    facts = Facts(orders, shipments, now=now)
    facts.read_bans(
        [
            place
            for group in facts.recipients.values()
            for one in group
            for place in places_of(
                one, merchant=shop.merchant, kinds=shop.kinds.values(), facts=facts
            )
        ]
    )
    rows: list[Message] = []
    for change in told:
        if not is_implied(change, facts.announced[change.order_id], shop.told):
            rows += _messages(change, shop=shop, facts=facts, now=now)
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _messages(change: Change, *, shop: Shop, facts: Facts, now: datetime) -> list[Message]:
    """Of one change: every rule's every person's every chain, each address once a topic."""
    rows: list[Message] = []
    for topic in topics_of(change):
        seen: set[Place] = set()
        for rule in shop.rules_for(topic):
            news = News(change, topic, rule, change.order, change.shipment)
            if news.trigger.is_news:
                _withdraw_older(news, shop=shop, facts=facts)
            decided = decide(news, seen, shop=shop, facts=facts, now=now)
            rows += [_row(one, shop=shop, facts=facts, now=now) for one in decided]
    return rows


def _row(decision: Decision, *, shop: Shop, facts: Facts, now: datetime) -> Message:
    one = decision
    if one.reason:
        return skipped(
            one.news, one.recipient, one.way, language=one.language, reason=one.reason, now=now
        )
    return draft(
        one.news, one.recipient, one.way, language=one.language, then=one.then,
        due_at=one.due_at, shop=shop, facts=facts, now=now,
    )  # fmt: skip


def _withdraw_older(news: News, *, shop: Shop, facts: Facts) -> None:
    """Messages about the same parcel (or its order) that still wait are outdated by this one, on
    the channels that will tell it."""
    if news.order.pk not in facts.awaiting:
        return
    channels = [
        slug
        for slug, kind in shop.kinds.items()
        if any(slug in chain for chain in news.rule.ways)
        and not is_old_news(news, kind, shop=shop, facts=facts)
    ]
    change = news.change
    same = Q(shipment_id=change.shipment_id) | Q(shipment__isnull=True)
    Message.objects.filter(
        same,
        order_id=change.order_id,
        channel__in=channels,
        state__in=AHEAD,
        attempts=0,
        purpose=Message.Purpose.AUTO,
        topic__in=[slug for slug, trigger in TRIGGERS.items() if trigger.is_news],
        change_id__lt=change.pk,
    ).update(
        state=Message.State.SKIPPED,
        reason=SUPERSEDED,
        reason_code=Unsent.SUPERSEDED,
        due_at=None,
    )
