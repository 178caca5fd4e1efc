"""From a verdict to a row: skipped with its reason, planned for later, or waiting with its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext, override

from lib.phones import country_of
from notifications.channels.registry import CHANNELS, Reach
from notifications.facts import Facts, Shop
from notifications.judging import News, sms_limits
from notifications.models import Message
from notifications.reasons import Reason
from notifications.rendering import Own, Rendered, Telling, words_for
from notifications.segments import plan
from notifications.sms_rules import PROMOTION, has_link
from notifications.telling import Subject, tell
from notifications.templates.keeping import Which, note_problem
from notifications.templates.spoken import Trouble
from notifications.text_limits import SMS, filled, kind_of
from notifications.told import window_of
from notifications.ways import Way
from notifications.whatsapp.opening import filled as filled_template
from notifications.writing import SHAPES
from tracking.models import Recipient

#: What has gone out, or may have.
_WENT: Final = (
    Message.State.SENDING, Message.State.SENT, Message.State.DELIVERED, Message.State.UNCERTAIN,
)  # fmt: skip


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
    written, own = own_for(shop.own, row, country=news.order.country)
    telling = tell(
        merchant=shop.merchant,
        look=shop.look,
        own=own,
        topic=row.topic,
        subject=subject_of(news, row.recipient, facts=facts),
        recipient=row.recipient,
        language=row.language,
        now=now,
        introduces=_is_first(row),
        banners=shop.banners,
    )
    kind = CHANNELS[row.channel]
    rendered = SHAPES[kind.shape](telling)
    if row.channel == SMS:
        rendered = _as_allowed(rendered, telling, news, row, shop)
    row.subject, row.html, row.text = rendered.subject, rendered.html, rendered.text
    if rendered.trouble is not None:
        which = Which(row.topic, row.channel, written)
        _note_trouble(row, rendered.trouble, which, own, shop=shop, now=now)
    if kind.needs_approval:
        _open_with_template(row, telling, shop=shop, facts=facts)
    _bill(row, shop)
    row.link = telling.link.removeprefix(settings.BASE_URL)
    row.window = window_of(telling, kind.shape, news.shipment, row)
    row.state = Message.State.WAITING
    if kind.reach is Reach.FEED:
        row.state, row.due_at = Message.State.DELIVERED, None
        row.sent_at = row.delivered_at = now


def _is_first(row: Message) -> bool:
    """Whether nothing went before this to somebody whom the buyer named."""
    if row.recipient.shared_at is None:
        return False
    before = Message.objects.filter(recipient=row.recipient, created_at__gt=row.recipient.shared_at)
    return not before.filter(state__in=_WENT).exists()


def _as_allowed(
    rendered: Rendered, telling: Telling, news: News, row: Message, shop: Shop
) -> Rendered:
    """A text as its country takes it: the registered one; ours, without a link, where the
    merchant's has one that would be filtered; with a way out where an offer needs it."""
    rule = sms_limits(news, row.to, shop)
    known = shop.registered.get((country_of(row.to), row.topic, row.language))
    with override(telling.language):
        if rule.is_registered and known is not None:
            return replace(rendered, text=filled(known, words_for(telling)))
        if not rule.may_link and has_link(rendered.text):
            rendered = SHAPES["text"](replace(telling, own=Own()))
        if kind_of(news.trigger) == PROMOTION and rule.stop == "reply":
            return replace(rendered, text=f"{rendered.text} {gettext('Reply STOP to end.')}")
    return rendered


def own_for(
    own: Mapping[tuple[str, str, str], Own], row: Message, *, country: str
) -> tuple[str, Own]:
    """The merchant's words for this row, and the language that they are kept under: those for
    the country that the order goes to, else those for all."""
    for language in (f"{row.language}-{country}", row.language):
        found = own.get((row.channel, row.topic, language))
        if found is not None:
            return language, found
    return row.language, Own()


def _note_trouble(
    row: Message, trouble: Trouble, which: Which, own: Own, *, shop: Shop, now: datetime
) -> None:
    """The merchant reads why ours went; noted once, not for each message of a burst."""
    problem = trouble.words(shop.merchant.default_language)
    if problem[:300] != own.problem:
        note_problem(merchant_id=row.merchant_id, which=which, problem=problem, now=now)


def _open_with_template(row: Message, telling: Telling, *, shop: Shop, facts: Facts) -> None:
    """Approved words in place of ours, unless this number may be written to freely."""
    template = shop.whatsapp.get((row.topic, row.language))
    if template is None or row.to in facts.open_numbers:
        return
    found = filled_template(template, telling)
    if found is not None:
        row.content, row.text = found


def _bill(row: Message, shop: Shop) -> None:
    """Into how many parts it goes, and what they cost where that is known."""
    kind = CHANNELS[row.channel]
    if kind.reach is not Reach.PHONE:
        return
    row.segments = plan(row.text).parts if kind.shape == "text" else 1
    price = shop.prices.cost(row.channel, country_of(row.to), row.segments)
    if price is not None:
        row.cost, row.cost_currency = price.amount, price.currency


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
