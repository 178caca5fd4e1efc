"""The only writer of WhatsApp's templates: handed in, kept in step, moved to another category."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import override

from lib.limits import count
from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from notifications.channels import twilio_content
from notifications.channels.base import ChannelError
from notifications.channels.meta_templates import News
from notifications.models import WhatsAppTemplate
from notifications.preview import invented
from notifications.rendering import Own
from notifications.telling import own_words
from notifications.triggers import TRIGGERS
from notifications.whatsapp.forms import Unfit, checked, examples_for, form_of

_State = WhatsAppTemplate.State
_Category = WhatsAppTemplate.Category
#: How long a sync leaves one alone.
_FRESH: Final = timedelta(hours=20)
_SOON: Final = timedelta(minutes=15)
#: Most are answered within minutes.
_YOUNG: Final = timedelta(hours=1)
_AT_ONCE: Final = timedelta(minutes=1)
#: WhatsApp takes a hundred new templates in an hour.
_PER_HOUR: Final = 90


def want(*, merchant: Merchant, topics: Iterable[str], language: str) -> None:
    """These are to be handed in; in the merchant's scope. What is approved goes on until then."""
    for topic in topics:
        WhatsAppTemplate.objects.update_or_create(
            merchant=merchant, topic=topic, language=language,
            defaults={"is_wanted": True, "reason": ""},
            create_defaults={"is_wanted": True, "category": _category(topic)},
        )  # fmt: skip


def hand_in_due(*, now: datetime, limit: int = 10) -> int:
    """Hand in what is wanted, a few at a time and no more in an hour than WhatsApp takes. Returns
    how many were tried."""
    with every_merchant("templates of all merchants are handed in by one sweep"):
        wanted = WhatsAppTemplate.objects.filter(is_wanted=True)
        rows = list(wanted.select_related("merchant").order_by("pk")[:limit])
    tried = 0
    for row in rows:
        if count("whatsapp-templates", limit=_PER_HOUR, seconds=3600).is_over:
            break
        with merchant_scope(row.merchant_id):
            _hand_in(row, now=now)
        tried += 1
    return tried


def _hand_in(row: WhatsAppTemplate, *, now: datetime) -> None:
    """A mistake of ours or theirs is written down and ends the matter; a provider that does not
    answer is asked again with the next sweep."""
    own = own_words(row.merchant).get(("whatsapp", row.topic, row.language), Own())
    telling = invented(
        merchant=row.merchant, topic=row.topic, language=row.language, now=now, own=own
    )
    try:
        with override(row.merchant.default_language):
            form = checked(form_of(telling))
        name = _name(row, now)
        sid = twilio_content.create(
            name=name, language=row.language, body=form.body, examples=examples_for(form)
        )
        found = twilio_content.hand_in(sid, name=name, category=row.category)
    except Unfit as error:
        _refuse(row, str(error))
    except ChannelError as error:
        if error.permanent:
            _refuse(row, str(error))
    else:
        row.is_wanted, row.name, row.content_sid, row.body = False, name, sid, form.body
        row.variables, row.state, row.reason = list(form.variables), found.state, found.reason
        row.recategorised_to = _moved(row.category, found.category)
        row.created_at = row.synced_at = now
        row.save()


def _refuse(row: WhatsAppTemplate, reason: str) -> None:
    """It cannot be handed in as it is; what was approved before stays so."""
    row.is_wanted, row.reason = False, reason[:300]
    if not row.content_sid:
        row.state = _State.REJECTED
    row.save(update_fields=["is_wanted", "reason", "state"])


def take_news(news: News, *, merchant_id: int, now: datetime) -> bool:
    """Note what WhatsApp says of a template; in the merchant's scope. False where it is none of
    theirs."""
    row = WhatsAppTemplate.objects.filter(merchant_id=merchant_id, name=news.name).first()
    if row is None:
        return False
    if news.state:
        row.state, row.reason = news.state, news.reason
    if news.category:
        row.recategorised_to = _moved(row.category, news.category)
    row.synced_at = now
    row.save(update_fields=["state", "reason", "recategorised_to", "synced_at"])
    return True


def whose(names: list[str]) -> dict[str, int]:
    """The merchants of these templates, by name."""
    with every_merchant("WhatsApp does not say whose template it is"):
        rows = WhatsAppTemplate.objects.filter(name__in=names)
        return dict(rows.values_list("name", "merchant_id"))


def sync_due(*, now: datetime, limit: int = 100) -> int:
    """Ask how templates stand that nothing was heard of: pending ones within minutes, others once
    a day.
    Returns how many were asked about."""
    with every_merchant("templates of all merchants are asked about together"):
        handed_in = WhatsAppTemplate.objects.exclude(content_sid="")
        rows = list(handed_in.order_by("synced_at")[: limit * 5])
    due = [row for row in rows if _is_due(row, now)][:limit]
    for row in due:
        _sync(row, now=now)
    return len(due)


def _is_due(row: WhatsAppTemplate, now: datetime) -> bool:
    wait = _FRESH
    if row.state == _State.PENDING:
        wait = _AT_ONCE if row.created_at > now - _YOUNG else _SOON
    return row.synced_at is None or row.synced_at < now - wait


def _sync(row: WhatsAppTemplate, *, now: datetime) -> None:
    with merchant_scope(row.merchant_id):
        kept = WhatsAppTemplate.objects.filter(pk=row.pk, content_sid=row.content_sid)
        # Asked in vain counts as asked: a broken one must not hold up the others.
        kept.update(synced_at=now)
    try:
        found = twilio_content.approval(row.content_sid)
    except ChannelError:
        return
    with merchant_scope(row.merchant_id):
        kept.update(
            state=found.state,
            reason=found.reason,
            recategorised_to=_moved(row.category, found.category),
        )


def _moved(ours: str, theirs: str) -> str:
    return theirs if theirs and theirs != ours else ""


def _category(topic: str) -> str:
    return _Category.MARKETING if TRIGGERS[topic].is_marketing else _Category.UTILITY


def _name(row: WhatsAppTemplate, now: datetime) -> str:
    """Never used before: WhatsApp keeps a name for thirty days after it was deleted."""
    raw = f"hw_{row.merchant_id}_{row.topic}_{row.language}_{int(now.timestamp())}"
    return re.sub(r"[^a-z0-9_]", "_", raw.lower())[:120]
