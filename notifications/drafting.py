"""From a verdict to a row: skipped with its reason, planned for later, or waiting with its text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from notifications.channels.registry import CHANNELS, Reach
from notifications.facts import Facts, Shop
from notifications.judging import News
from notifications.models import Message
from notifications.reasons import Reason
from notifications.rendering import Own
from notifications.telling import Subject, tell
from notifications.templates.keeping import Which, note_problem
from notifications.templates.spoken import Trouble
from notifications.told import window_of
from notifications.ways import Way
from notifications.writing import SHAPES
from tracking.models import Recipient


def skipped(
    news: News, recipient: Recipient, way: Way, *, language: str, reason: Reason, now: datetime
) -> Message:
    """A row that says why nothing was sent."""
    row = _row(news, recipient, way, language=language, now=now)
    row.state, row.reason, row.reason_code = Message.State.SKIPPED, reason[:300], reason.code
    row.due_at = None
    return row


def draft(
    news: News,
    recipient: Recipient,
    way: Way,
    *,
    language: str,
    then: Sequence[str],
    due_at: datetime,
    shop: Shop,
    facts: Facts,
    now: datetime,
) -> Message:
    """A row to be sent: with its text if it is due now, else to be written when it is."""
    row = _row(news, recipient, way, language=language, now=now)
    row.then = list(then)
    row.due_at = due_at
    if due_at > now:
        row.state = Message.State.PLANNED
    else:
        write(row, news, shop=shop, facts=facts, now=now)
    return row


def write(row: Message, news: News, *, shop: Shop, facts: Facts, now: datetime) -> None:
    """Put the row's text into it, as of now. A feed has it with that."""
    own = shop.own.get((row.channel, row.topic, row.language), Own())
    telling = tell(
        merchant=shop.merchant,
        look=shop.look,
        own=own,
        topic=row.topic,
        subject=subject_of(news, row.recipient, facts=facts),
        recipient=row.recipient,
        language=row.language,
        now=now,
    )
    kind = CHANNELS[row.channel]
    rendered = SHAPES[kind.shape](telling)
    row.subject, row.html, row.text = rendered.subject, rendered.html, rendered.text
    if rendered.trouble is not None:
        _note_trouble(row, rendered.trouble, own, language=shop.merchant.default_language, now=now)
    row.link = telling.link.removeprefix(settings.BASE_URL)
    row.window = window_of(telling, kind.shape, news.shipment, row)
    row.state = Message.State.WAITING
    if kind.reach is Reach.FEED:
        row.state, row.due_at = Message.State.DELIVERED, None
        row.sent_at = row.delivered_at = now


def _note_trouble(
    row: Message, trouble: Trouble, own: Own, *, language: str, now: datetime
) -> None:
    """The merchant reads why ours went; once, not for each message of a burst."""
    problem = trouble.words(language)
    if problem != own.problem:
        which = Which(row.topic, row.channel, row.language)
        note_problem(merchant_id=row.merchant_id, which=which, problem=problem, now=now)


def subject_of(news: News, recipient: Recipient, *, facts: Facts) -> Subject:
    """What a message of this news is about."""
    parcel = news.shipment
    return Subject(
        order=news.order,
        link=facts.link(recipient),
        shipment=parcel,
        data=news.change.data,
        lines=facts.lines(news.order.pk, parcel.pk if parcel else None),
        disruption=facts.disruptions.get(parcel.pk) if parcel else None,
    )


def _row(news: News, recipient: Recipient, way: Way, *, language: str, now: datetime) -> Message:
    change = news.change
    return Message(
        merchant_id=change.merchant_id,
        order_id=change.order_id,
        shipment_id=change.shipment_id,
        change=change,
        recipient=recipient,
        channel=way.kind.slug,
        sequence=way.sequence,
        subscription=way.subscription,
        topic=news.topic,
        rule=news.rule.slug,
        language=language,
        to=way.to,
        due_at=now,
        created_at=now,
    )
