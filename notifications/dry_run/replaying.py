"""One order's past, told anew by a set of rules: what would have been sent when, and what not.

The same steps as the real thing (`compose`, `ripening`), by the same judgement (`deciding`,
`judging`), with rows in memory: orders do not touch each other, so each is played alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from notifications.deciding import Decision, Place, decide
from notifications.dry_run.past import Past
from notifications.facts import Shop
from notifications.judging import News, is_implied, is_old_news, judge
from notifications.reasons import SUPERSEDED, Reason, Unsent
from notifications.triggers import topics_of
from tracking.models import Change, Order

_SUPERSEDED = Reason(Unsent.SUPERSEDED, SUPERSEDED)


class Sink(Protocol):
    """Counts what comes out."""

    def sent(self, decision: Decision, past: Past, *, at: datetime) -> None: ...
    def unsent(self, decision: Decision, reason: Reason) -> None: ...


def replay(order: Order, *, shop: Shop, past: Past, since: datetime, sinks: Sequence[Sink]) -> None:
    """Play one order; what was learned before `since` is played too, and not counted."""
    past.begin(order)
    run = _Run(order, shop, past, since, sinks)
    for moment, changes in past.moments(order):
        run.ripen(until=moment)
        past.learn(order, changes)
        past.at(order, moment)
        for change in changes:
            if change.announce and not is_implied(change, past.announced[order.id], shop.told):
                run.tell(change, now=moment)
    run.ripen(until=None)


class _Run:
    """What waits of one order."""

    def __init__(
        self, order: Order, shop: Shop, past: Past, since: datetime, sinks: Sequence[Sink]
    ) -> None:
        self.order, self.shop, self.past = order, shop, past
        self.since, self.sinks = since, sinks
        self.planned: list[Decision] = []

    def tell(self, change: Change, *, now: datetime) -> None:
        """Decide about each topic of this change by each rule."""
        shipment = self.past.shipments.get(change.shipment_id or 0)
        for topic in topics_of(change):
            seen: set[Place] = set()
            for rule in self.shop.rules_for(topic):
                news = News(change, topic, rule, self.order, shipment)
                if self.planned and news.trigger.is_news:
                    self._withdraw(news)
                for one in decide(news, seen, shop=self.shop, facts=self.past, now=now):
                    self._take(one, now=now)

    def ripen(self, *, until: datetime | None) -> None:
        """What comes due by then is judged again, in its turn; None: all of it."""
        while self.planned:
            first = min(self.planned, key=lambda one: one.due_at)
            if until is not None and first.due_at > until:
                return
            self.planned.remove(first)
            now = first.due_at
            self.past.at(self.order, now)
            verdict = judge(
                first.news, first.recipient, first.way, language=first.language,
                shop=self.shop, facts=self.past, now=now,
            )  # fmt: skip
            self._take(replace(first, due_at=verdict.due_at, reason=verdict.reason), now=now)

    def _take(self, one: Decision, *, now: datetime) -> None:
        if one.reason:
            self._unsent(one, one.reason)
        elif one.due_at > now:
            self.planned.append(one)
        else:
            self._sent(one, at=now)

    def _sent(self, one: Decision, *, at: datetime) -> None:
        if not one.news.trigger.is_urgent:
            self.past.tell(one.recipient, one.news.change, at=at)
        if one.news.change.created_at >= self.since:
            for sink in self.sinks:
                sink.sent(one, self.past, at=at)

    def _unsent(self, one: Decision, reason: Reason) -> None:
        if one.news.change.created_at >= self.since:
            for sink in self.sinks:
                sink.unsent(one, reason)

    def _withdraw(self, news: News) -> None:
        """What waits about the same parcel or its order is outdated by this, where it is told."""
        change = news.change
        for one in list(self.planned):
            older = one.news.change
            same = older.shipment_id is None or older.shipment_id == change.shipment_id
            told = any(one.way.kind.slug in chain for chain in news.rule.ways)
            if not (same and told and one.news.trigger.is_news and older.pk < change.pk):
                continue
            if not is_old_news(news, one.way.kind, shop=self.shop, facts=self.past):
                self.planned.remove(one)
                self._unsent(one, _SUPERSEDED)
