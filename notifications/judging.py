"""Whether, when and why not: what becomes of one piece of news for one person by one way.

Judged when the news comes, and again when what was planned comes due: the second time all that
happened meanwhile counts (seen, muted, enough, no longer true).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lib.phones import country_of
from lib.vocabulary import Milestone, Status
from notifications.calm import is_too_old, quiet_until
from notifications.channels.registry import Kind
from notifications.conditions import Situation, holds
from notifications.facts import Facts, Shop
from notifications.gifts import against_gift
from notifications.heading import zone_of
from notifications.reasons import (
    ANSWERED,
    ENOUGH,
    LASTS,
    NIGHT,
    NO_REASON,
    NOT_NEEDED,
    NOT_TRUE,
    SEEN,
    SUPERSEDED,
    TOO_OLD,
    Reason,
    Unsent,
)
from notifications.rules import Ruling
from notifications.seen import STILL_THERE
from notifications.sms_rules import SmsRule
from notifications.text_limits import SMS, against_text, allowed_from, limits_for
from notifications.texts import ADDRESS
from notifications.triggers import TRIGGERS, Trigger, topics_of
from notifications.ways import Way
from tracking.models import Change, Order, Recipient, Shipment
from tracking.order_changes import on_the_way

#: Two changes of one transaction are equally new: what is the parcel's way says more than its date.
_SAYS_LESS = frozenset({Change.Kind.DATE, Change.Kind.FLAG, Change.Kind.DUE})
_IS_NEWS = frozenset(slug for slug, trigger in TRIGGERS.items() if trigger.is_news)
_CLOSE = frozenset(slug for slug, trigger in TRIGGERS.items() if trigger.closes)


@dataclass(frozen=True, slots=True)
class News:
    """One change as one rule tells it."""

    change: Change
    topic: str
    rule: Ruling
    order: Order
    shipment: Shipment | None
    #: How long it waits, where the goods say it and not the rule.
    waits: timedelta | None = None

    @property
    def trigger(self) -> Trigger:
        return TRIGGERS[self.topic]

    @property
    def due_from(self) -> datetime:
        """When the rule wants it told, nights apart."""
        delay = self.waits or timedelta(minutes=self.rule.delay_minutes)
        # A delay counts from what happened, unless that was learned late: then from there.
        return self.change.at + delay if delay else self.change.at

    @property
    def ends_at(self) -> datetime:
        """From when on it is old."""
        return self.due_from + self.trigger.lasts


@dataclass(frozen=True, slots=True)
class Verdict:
    """When it is told; or, with a reason, that it is not."""

    due_at: datetime
    reason: Reason = NO_REASON


def applies(news: News, *, language: str) -> bool:
    """Whether the rule means this order at all: its conditions, and how far a date moved."""
    moved = abs(int(news.change.data.get("moved", 0)))
    if news.change.kind == Change.Kind.DATE and moved < news.rule.least_days:
        return False
    order, shipment = news.order, news.shipment
    carriers = [shipment.carrier] if shipment else []
    at = Situation(
        store=order.source,
        country=order.country,
        carriers=carriers,
        tags=order.tags,
        language=language,
        value=order.total,
        is_cash=bool(order.cod_amount),
    )
    return holds(news.rule.conditions, at)


def judge(
    news: News,
    recipient: Recipient,
    way: Way,
    *,
    language: str,
    shop: Shop,
    facts: Facts,
    now: datetime,
) -> Verdict:
    """When this person is told this by this way, or why not."""
    if news.topic == "replenishment":
        if facts.used_up.is_known and news.order.pk not in facts.used_up.after:
            return Verdict(now, Reason(Unsent.NOT_NEEDED, LASTS))
        news = replace(news, waits=facts.used_up.after.get(news.order.pk))
    reason = _against(news, way.kind, shop=shop, facts=facts, now=now)
    reason = reason or against_gift(news.topic, recipient, news.order)
    reason = reason or _not_there(news, way, language=language, shop=shop)
    if reason:
        return Verdict(now, reason)
    if news.due_from > now:
        return _in_time(_awake(news.due_from, news, way, shop), news)
    if news.rule.still and not is_still_so(news):
        return Verdict(now, Reason(Unsent.NOT_TRUE, NOT_TRUE))
    reason = _annoys(news, recipient, shop=shop, facts=facts)
    if reason:
        return Verdict(now, reason)
    due = _once_read(news, recipient, shop=shop, facts=facts, now=now)
    return _in_time(_awake(due, news, way, shop), news)


def _once_read(
    news: News, recipient: Recipient, *, shop: Shop, facts: Facts, now: datetime
) -> datetime:
    """Whoever has the page open reads the news there in a moment: until then it waits, and is
    judged again."""
    looked = facts.seen.get((news.order.pk, recipient.pk))
    waits = shop.peace.skip_seen and news.trigger.is_news
    return now + STILL_THERE if waits and looked and looked > now - STILL_THERE else now


def _in_time(due: datetime, news: News) -> Verdict:
    late = due > news.ends_at
    return Verdict(due, Reason(Unsent.NIGHT, NIGHT) if late else NO_REASON)


def _awake(due: datetime, news: News, way: Way, shop: Shop) -> datetime:
    """The first moment from `due` on at which it may be told there."""
    zone = zone_of(news.order, news.shipment)
    if way.kind.rings and not news.rule.at_night:
        due = quiet_until(due, zone, shop.peace, country=news.order.country)
    if way.kind.slug == SMS:
        due = allowed_from(due, zone, sms_limits(news, way.to, shop))
    return due


def sms_limits(news: News, number: str, shop: Shop) -> SmsRule:
    """What the number's country says about texts of this kind."""
    _, provider = shop.sender(SMS)
    return limits_for(number, provider, news.trigger, own=shop.sms_rules)


def _not_there(news: News, way: Way, *, language: str, shop: Shop) -> Reason:
    if way.kind.slug != SMS:
        return NO_REASON
    sender, _ = shop.sender(SMS)
    return against_text(
        sms_limits(news, way.to, shop), sender=sender, trigger=news.trigger, language=language,
        country=country_of(way.to), registered=shop.registered,
    )  # fmt: skip


def _against(news: News, kind: Kind, *, shop: Shop, facts: Facts, now: datetime) -> Reason:
    """What speaks against it whoever hears: it is old, or something newer says more."""
    learned = news.change.created_at
    if now > news.ends_at or is_too_old(news.change.at, learned=learned, peace=shop.peace):
        return Reason(Unsent.TOO_OLD, TOO_OLD)
    if news.topic == ADDRESS and news.order.pk not in facts.incomplete:
        return Reason(Unsent.NOT_NEEDED, NOT_NEEDED)
    if news.topic == "cod_confirm" and not facts.awaits_cash(news.order.pk):
        return Reason(Unsent.NOT_NEEDED, ANSWERED)
    if news.trigger.is_news and is_old_news(news, kind, shop=shop, facts=facts):
        return Reason(Unsent.SUPERSEDED, SUPERSEDED)
    return NO_REASON


def _annoys(news: News, recipient: Recipient, *, shop: Shop, facts: Facts) -> Reason:
    """What spares this person a message: it was seen, or the day's share is used up."""
    if shop.peace.skip_seen and news.trigger.is_news:
        looked = facts.seen.get((news.order.pk, recipient.pk))
        if looked is not None and looked >= news.change.created_at:
            return Reason(Unsent.SEEN, SEEN)
    most = shop.peace.most_a_day
    if most and not news.trigger.is_urgent and facts.told_lately[recipient.pk] >= most:
        return Reason(Unsent.ENOUGH, ENOUGH)
    return NO_REASON


def is_implied(change: Change, others: Sequence[Change], told: Collection[str]) -> bool:
    """Whether it came in one breath with more weighty news of the parcel: a date that moves
    because the parcel moved is a part of that news, and nothing that was left unsaid."""
    return change.kind in _SAYS_LESS and any(
        other.shipment_id == change.shipment_id
        and other.created_at == change.created_at
        and other.kind not in _SAYS_LESS
        and _news(other, told)
        for other in others
    )


def is_old_news(news: News, kind: Kind, *, shop: Shop, facts: Facts) -> bool:
    """Whether something that this channel tells, or told, makes the change old news."""
    told = shop.told_by(kind.slug)
    return any(says_more(other, news.change, told) for other in facts.announced[news.order.pk])


def says_more(other: Change, change: Change, told: Collection[str]) -> bool:
    """Whether another change, of those told here, makes this one old news.

    Changes are numbered as they were learned; only an end is the last word whenever it was
    learned. A parcel's news outdates the order's own, never another parcel's.
    """
    if other.id == change.id:
        return False
    if change.shipment_id is not None and other.shipment_id != change.shipment_id:
        return False
    is_older = other.id < change.id and other.created_at != change.created_at
    if is_older and change.shipment_id is not None and _CLOSE.isdisjoint(topics_of(other)):
        return False
    if not _news(other, told):
        return False
    if change.shipment_id is None and other.shipment_id is not None:
        return True
    return _weight(other, change) > _weight(change, other)


def _news(change: Change, told: Collection[str]) -> bool:
    return any(topic in told and topic in _IS_NEWS for topic in topics_of(change))


def _weight(change: Change, other: Change) -> tuple[bool, bool, int]:
    closes = not _CLOSE.isdisjoint(topics_of(change))
    at_once = change.created_at == other.created_at
    return closes, at_once and change.kind not in _SAYS_LESS, change.id


#: In which statuses a topic is still so; what is not here is, whenever it is asked.
_HOLDS_IN: Mapping[str, frozenset[Status]] = {
    Milestone.OUT_FOR_DELIVERY: frozenset({Status.OUT_FOR_DELIVERY}),
    Milestone.ATTEMPT_FAILED: frozenset({Status.ATTEMPT_FAILED}),
    Milestone.DELIVERED: frozenset({Status.DELIVERED}),
    "feedback": frozenset({Status.DELIVERED}),
    "replenishment": frozenset({Status.DELIVERED}),
    "pickup_ready": frozenset({Status.AVAILABLE_FOR_PICKUP}),
    "pickup_deadline": frozenset({Status.AVAILABLE_FOR_PICKUP}),
    "customs_action": frozenset({Status.CUSTOMS}),
    "address_problem": frozenset({Status.EXCEPTION}),
    "returning": frozenset({Status.RETURNING}),
    "returned": frozenset({Status.RETURNED}),
    "lost": frozenset({Status.LOST_OR_DESTROYED}),
    Milestone.SHIPPED: frozenset({Status.PICKED_UP, Status.IN_TRANSIT}),
    Milestone.IN_TRANSIT: frozenset({Status.IN_TRANSIT, Status.CUSTOMS}),
}


def is_still_so(news: News) -> bool:
    """Whether what happened is still the case, from rows as they are now."""
    order, shipment = news.order, news.shipment
    if news.topic == "cancelled":
        return order.cancelled_at is not None
    if order.cancelled_at is not None and shipment is None:
        return False
    if news.topic in {"on_hold", "out_of_stock"}:
        return order.hold == news.topic
    if news.topic == "partly_dispatched":
        return on_the_way([order.pk])[order.pk].is_partly
    if shipment is None:
        return True
    if news.topic == "stalled":
        return shipment.stalled
    if news.topic in {"delayed", "will_be_late"}:
        return shipment.is_late
    statuses = _HOLDS_IN.get(news.topic)
    return statuses is None or shipment.status in statuses
