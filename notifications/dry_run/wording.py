"""The text that a dry run's message would have had."""

from __future__ import annotations

from datetime import datetime

from notifications.channels.registry import Kind
from notifications.drafting import subject_of
from notifications.facts import Facts, Shop
from notifications.judging import News
from notifications.rendering import Own, Rendered
from notifications.telling import tell
from notifications.writing import SHAPES
from tracking.models import Recipient


def text_of(
    news: News,
    recipient: Recipient,
    kind: Kind,
    *,
    language: str,
    shop: Shop,
    facts: Facts,
    now: datetime,
) -> Rendered:
    """As `drafting.write` puts it into a row; here it goes nowhere."""
    telling = tell(
        merchant=shop.merchant,
        look=shop.look,
        own=shop.own.get((kind.slug, news.topic, language), Own()),
        topic=news.topic,
        subject=subject_of(news, recipient, facts=facts),
        recipient=recipient,
        language=language,
        now=now,
    )
    return SHAPES[kind.shape](telling)
