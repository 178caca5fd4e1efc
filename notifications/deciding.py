"""Who hears one piece of news, by which way, when, or why not. Writes no row.

`compose` makes messages of it; a dry run (`notifications.dry_run`) counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from notifications.facts import Facts, Shop
from notifications.judging import News, applies, judge
from notifications.reasons import NO_REASON, Reason
from notifications.rules import chains_of, language_for
from notifications.texts import CASE, LANGUAGES
from notifications.ways import Chain, Way, ways_of
from tracking.models import Recipient

Place = tuple[str, str, int]
"""`Way.key`: a channel's slug, an address, a browser."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One person by one way: told at `due_at`, with the channels to fall back to; or, with a
    reason, not at all."""

    news: News
    recipient: Recipient
    way: Way
    language: str
    due_at: datetime
    then: Sequence[str] = ()
    reason: Reason = NO_REASON


def decide(
    news: News, seen: set[Place], *, shop: Shop, facts: Facts, now: datetime
) -> list[Decision]:
    """Of one change and one rule: every person's every chain, each address (`seen`) once a topic.

    What is decided counts towards the day's share at once.
    """
    found: list[Decision] = []
    for recipient in facts.recipients.get(news.order.pk, ()):
        if recipient.role not in news.rule.roles:
            continue
        language = _language(news, recipient, shop=shop, facts=facts)
        if not applies(news, language=language):
            continue
        made = _to_one(news, recipient, language, seen, shop=shop, facts=facts, now=now)
        if any(not one.reason for one in made) and not news.trigger.is_urgent:
            facts.told_lately[recipient.pk] += 1
        found += made
    return found


def _to_one(
    news: News,
    recipient: Recipient,
    language: str,
    seen: set[Place],
    *,
    shop: Shop,
    facts: Facts,
    now: datetime,
) -> list[Decision]:
    found: list[Decision] = []
    for chain in _chains(news, recipient, language, shop=shop, facts=facts):
        found += [
            Decision(news, recipient, way, language, now, reason=way.problem)
            for way in _fresh(chain.unused, seen)
        ]
        for way in _fresh(chain.used, seen):
            verdict = judge(
                news, recipient, way, language=language, shop=shop, facts=facts, now=now
            )
            found.append(
                Decision(news, recipient, way, language, verdict.due_at, chain.then, verdict.reason)
            )
    return found


def _chains(
    news: News, recipient: Recipient, language: str, *, shop: Shop, facts: Facts
) -> list[Chain]:
    """Found once a person and set of ways; once a topic where the topic matters."""
    ways = tuple(map(tuple, chains_of(news.rule)))
    template = shop.whatsapp.get((news.topic, language))
    matters = (
        news.trigger.is_marketing
        or news.topic == CASE
        or template is not None
        or facts.preference(recipient) is not None
    )
    key = (recipient.id, (news.topic, language) if matters else "", ways)
    if key not in facts.chains:
        facts.chains[key] = ways_of(
            recipient, ways, topic=news.topic, merchant=shop.merchant, kinds=shop.kinds,
            facts=facts, template=template,
        )  # fmt: skip
    return facts.chains[key]


def _fresh(ways: Iterable[Way], seen: set[Place]) -> list[Way]:
    """Those to a place that nobody of this order was told this at; they are remembered."""
    found: list[Way] = []
    for way in ways:
        if way.to and way.key in seen:
            continue
        seen.add(way.key)
        found.append(way)
    return found


def _language(news: News, recipient: Recipient, *, shop: Shop, facts: Facts) -> str:
    """A case's answer is in the language it was written in; all else in the recipient's."""
    preference = facts.preference(recipient)
    wishes = (
        str(news.change.data.get("words_language", "")) if news.topic == CASE else "",
        preference.language if preference else "",
        recipient.language,
    )
    wish = next((wish for wish in wishes if wish), "")
    return _spoken(wish, news.order.language, shop.merchant.default_language)


@lru_cache(maxsize=1024)
def _spoken(wish: str, order: str, merchant: str) -> str:
    return language_for(wish, order, merchant, known=LANGUAGES)
