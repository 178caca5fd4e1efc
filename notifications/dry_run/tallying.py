"""What a dry run counts: messages by channel and language, nights, pointless ones, parts, cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any, Final

from notifications.calm import Peace, quiet_until
from notifications.deciding import Decision
from notifications.dry_run.past import Past
from notifications.dry_run.wording import text_of
from notifications.facts import Shop
from notifications.heading import zone_of
from notifications.reasons import Reason
from notifications.segments import plan

#: So many texts of each topic, language and channel are written out and measured.
SAMPLE: Final = 25
#: So many messages are kept to be read, of each topic and channel.
_TO_READ: Final = 2
_MOST_TO_READ: Final = 40
#: A night, whatever quiet hours the merchant keeps: what would ring in it is counted.
_NIGHT: Final = Peace()

Text = tuple[str, str, str]
"""Topic, language, channel: texts of one kind are about equally long."""


class Tally:
    """Counts one set of rules. `sent` by (topic, language, channel, country)."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.n: Counter[tuple[str, str, str, str]] = Counter()
        self.unsent_n: Counter[str] = Counter()
        self.night = self.late = self.seen = 0
        self.rules: Counter[str] = Counter()
        self.examples: list[dict[str, Any]] = []
        self._read: Counter[tuple[str, str]] = Counter()
        self._met: Counter[Text] = Counter()
        self._parts: dict[Text, list[int]] = defaultdict(list)

    def sent(self, decision: Decision, past: Past, *, at: datetime) -> None:
        """One message that would have gone out."""
        news, kind = decision.news, decision.way.kind
        text = (news.topic, decision.language, kind.slug)
        self.n[(*text, news.order.country)] += 1
        self.rules[news.rule.slug] += 1
        if kind.rings and _is_night(at, decision):
            self.night += 1
        if _is_pointless(decision, past, at):
            self.late += 1
        if past.looked(
            news.order.id, decision.recipient.id, since=news.change.created_at, until=at
        ):
            self.seen += 1
        if kind.shape == "text":
            self._measure(text, decision, past, at)
        self._keep(decision, at)

    def unsent(self, decision: Decision, reason: Reason) -> None:
        """One that would not, and why."""
        self.unsent_n[str(reason.code)] += 1

    def results(self) -> dict[str, Any]:
        """As a run keeps them: plain values, ids at most."""
        channels: dict[tuple[str, str], dict[str, Any]] = {}
        for (topic, language, channel, country), n in sorted(self.n.items()):
            line = channels.setdefault((channel, language), {"n": 0, "parts": 0.0, "cost": {}})
            parts = n * self._mean((topic, language, channel))
            line["n"] += n
            line["parts"] += parts
            price = self._shop.prices.cost(channel, country, 1)
            if price is not None:
                paid = float(price.amount) * (parts or n)
                line["cost"][price.currency] = line["cost"].get(price.currency, 0.0) + paid
        topics: Counter[str] = Counter()
        for (topic, *_), n in self.n.items():
            topics[topic] += n
        return {
            "sent": sum(self.n.values()),
            "lines": [
                {"channel": channel, "language": language, "n": line["n"],
                 "parts": round(line["parts"]),
                 "cost": {code: round(paid, 2) for code, paid in line["cost"].items()}}
                for (channel, language), line in channels.items()
            ],
            "topics": dict(topics.most_common()),
            "rules": dict(self.rules),
            "night": self.night,
            "late": self.late,
            "seen": self.seen,
            "unsent": dict(self.unsent_n.most_common()),
            "examples": self.examples,
        }  # fmt: skip

    def _mean(self, text: Text) -> float:
        """Parts of a text of this kind; 0 where the channel does not count parts."""
        found = self._parts.get(text)
        return sum(found) / len(found) if found else 0.0

    def _measure(self, text: Text, decision: Decision, past: Past, at: datetime) -> None:
        """Write some of them out, farther and farther apart, so that not only the first count."""
        self._met[text] += 1
        taken = self._parts[text]
        if len(taken) < SAMPLE and self._met[text] > len(taken) ** 2:
            written = text_of(
                decision.news, decision.recipient, decision.way.kind,
                language=decision.language, shop=self._shop, facts=past, now=at,
            )  # fmt: skip
            taken.append(plan(written.text).parts)

    def _keep(self, decision: Decision, at: datetime) -> None:
        key = (decision.news.topic, decision.way.kind.slug)
        if self._read[key] >= _TO_READ or len(self.examples) >= _MOST_TO_READ:
            return
        self._read[key] += 1
        self.examples.append(
            {
                "change": decision.news.change.pk,
                "recipient": decision.recipient.pk,
                "topic": decision.news.topic,
                "channel": decision.way.kind.slug,
                "language": decision.language,
                "rule": decision.news.rule.slug,
                "at": at.isoformat(),
            }
        )


def _is_night(at: datetime, decision: Decision) -> bool:
    zone = zone_of(decision.news.order, decision.news.shipment)
    return quiet_until(at, zone, _NIGHT) > at


def _is_pointless(decision: Decision, past: Past, at: datetime) -> bool:
    """Whether it speaks of a way that was over already: the parcel had been delivered."""
    news = decision.news
    if news.shipment is None or news.trigger.closes or not news.trigger.is_news:
        return False
    delivered = past.delivered[news.shipment.pk]
    return delivered is not None and delivered <= at
