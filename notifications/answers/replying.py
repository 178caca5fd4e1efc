"""What is written back: an agent's words, and what we say by ourselves.

Each is a Message row with a change of its own, so the log has it, the ordinary delivery sends it,
and the unique key of changes sees to it that the same is not said twice. They are written at once:
quiet hours and budgets are for news, and this answers somebody who has just written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext, override

from lib.sentences import ended
from merchants.models import Brand, User
from notifications.answers import topics
from notifications.answers.rules import rules_of
from notifications.answers.said import Wish
from notifications.answers.settling import answered
from notifications.answers.ways_back import Obstacle, way_back
from notifications.heading import heading_state
from notifications.models import Answer, Message
from notifications.rendering import Rendered, Telling
from notifications.rules import language_for
from notifications.telling import look_of
from notifications.templates.mail import letter
from notifications.text_limits import may_answer_with_link, takes_free_text
from notifications.texts import LANGUAGES
from tracking.links import link_for, page_url
from tracking.models import Change, Order, Recipient
from tracking.outbox import NewChange, write
from tracking.quiet import why_quiet

LONGEST: Final = 1000
_TOPIC_OF: Final = {
    Wish.STOP: topics.STOPPED,
    Wish.START: topics.STARTED,
    Wish.HELP: topics.HELPED,
}


class CannotReply(ValueError):
    """This way back is closed; `obstacle` says why, None for no words or too many."""

    def __init__(self, obstacle: Obstacle | None = None) -> None:
        super().__init__(obstacle.value if obstacle else "the words")
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class _Written:
    """One message before it is a row."""

    topic: str
    key: str
    channel: str
    to: str
    language: str
    rendered: Rendered
    data: dict[str, Any]


def language_of(answer: Answer) -> str:
    """The language to write back in: of the message that was answered, else the person's."""
    order, recipient = answer.order, answer.recipient
    return language_for(
        answer.language or (recipient.language if recipient else ""),
        order.language if order else "",
        answer.merchant.default_language,
        known=LANGUAGES,
    )


def reply(
    *, answer: Answer, channel: str, text: str, language: str, by: User, now: datetime
) -> Message | None:
    """An agent's words to whoever wrote; the answer is then answered. In the merchant's scope.

    None where the same words were sent already (a double click). Raises CannotReply.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise CannotReply
    # Two clicks at once: the second waits here, and then finds the first one's words.
    answer = Answer.objects.select_for_update(of=("self",), no_key=True).get(pk=answer.pk)
    way = way_back(answer, channel, now=now)
    if way is None or way.obstacle is not None:
        raise CannotReply(way.obstacle if way else Obstacle.NOT_SET_UP)
    earlier = list(replies_of(answer))
    if earlier and (earlier[-1].data["words"], earlier[-1].data["channel"]) == (text, channel):
        return None
    made = _send(
        answer,
        _Written(
            topic=topics.REPLY,
            key=f"{topics.PREFIX}{answer.pk}:reply:{len(earlier) + 1}",
            channel=channel,
            to=way.to,
            language=language,
            rendered=_agents_words(answer, channel, text, language, now=now),
            data={"answer": answer.pk, "event": "replied", "words": text, "channel": channel,
                  "by": by.pk},
        ),
        now=now,
    )  # fmt: skip
    answered(order_id=_both(answer)[0].pk, by=by, now=now)
    return made


def replies_of(answer: Answer) -> QuerySet[Change]:
    """The changes that carry agents' replies to this answer, oldest first."""
    rows = Change.objects.filter(order_id=answer.order_id, kind=Change.Kind.ORDER)
    return rows.filter(key__startswith=f"{topics.PREFIX}{answer.pk}:reply:").order_by("pk")


def acknowledge(answer: Answer, *, now: datetime) -> Message | None:
    """Say by ourselves that it was received: once a day for a person and channel, where the
    merchant wants it and nothing forbids it."""
    language = language_of(answer)
    return _by_ourselves(
        answer,
        topics.RECEIVED,
        f"{answer.channel}:{answer.recipient_id}:received:{now.date().isoformat()}",
        _received(answer, language),
        language=language,
        now=now,
    )


def understood(
    answer: Answer, said: Callable[[str], tuple[str, str]], *, now: datetime
) -> Message | None:
    """Say what the answer was taken to mean, so that whoever meant something else can say so.
    `said` gives a heading and a sentence in the language that it is called with, and in."""
    language = language_of(answer)
    with override(language):
        words = _Words(*said(language))
    return _by_ourselves(
        answer, topics.UNDERSTOOD, f"{answer.pk}:understood", words, language=language, now=now
    )


def _by_ourselves(
    answer: Answer, topic: str, key: str, words: _Words, *, language: str, now: datetime
) -> Message | None:
    """Where the merchant wants such messages and nothing forbids this one."""
    if answer.order is None or answer.recipient is None or answer.is_automatic:
        return None
    if not rules_of(answer.merchant_id).replies_by_itself or why_quiet(answer.order.source):
        return None
    way = way_back(answer, answer.channel, now=now)
    if way is None or way.obstacle is not None or not takes_free_text(answer.channel, way.to):
        return None
    return _send(
        answer,
        _Written(
            topic=topic,
            key=f"{topics.PREFIX}{key}",
            channel=answer.channel,
            to=way.to,
            language=language,
            rendered=_shaped(answer, answer.channel, words, language, to=way.to, now=now),
            data={"answer": answer.pk, "event": topic},
        ),
        now=now,
    )


def confirm(answer: Answer, wish: Wish, *, now: datetime) -> Message | None:
    """Say what STOP, START or HELP did, in the person's language, once a day for each."""
    if answer.order is None or answer.recipient is None or answer.is_automatic:
        return None
    language = language_of(answer)
    words = _wish_words(answer, wish, language)
    day = now.date().isoformat()
    # To the address that we know, not to whatever a mail says it is from.
    to = answer.recipient.email.strip() if answer.channel == "email" else answer.sender
    return _send(
        answer,
        _Written(
            topic=_TOPIC_OF[wish],
            key=f"{topics.PREFIX}{answer.channel}:{answer.recipient_id}:{wish.value}:{day}",
            channel=answer.channel,
            to=to,
            language=language,
            rendered=_shaped(answer, answer.channel, words, language, to=to, now=now),
            data={"answer": answer.pk, "event": wish.value},
        ),
        now=now,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """A heading, what follows, and whether the page's link belongs to it."""

    heading: str
    body: str
    has_link: bool = True


def _received(answer: Answer, language: str) -> _Words:
    with override(language):
        return _Words(
            gettext("We have your message"),
            gettext("%(shop)s answers as soon as it can.") % {"shop": answer.merchant.name},
        )


def _wish_words(answer: Answer, wish: Wish, language: str) -> _Words:
    shop = {"shop": answer.merchant.name}
    with override(language):
        if wish is Wish.STOP:
            body = gettext("Send START if you want to hear of your orders again.")
            return _Words(_stopped(answer.channel) % shop, body, has_link=False)
        if wish is Wish.START:
            heading = gettext("You hear from %(shop)s about your orders again") % shop
            return _Words(heading, gettext("Send STOP to end it."), has_link=False)
        merchant = answer.merchant
        contact = " · ".join(filter(None, (merchant.support_email, merchant.support_phone)))
        lines = [
            gettext("You reach the shop here: %(contact)s") % {"contact": contact}
            if contact
            else gettext("Write your question here, and the shop answers."),
            gettext("Send STOP to end these messages."),
        ]
        return _Words(gettext("These are messages about your order from %(shop)s") % shop,
                      " ".join(lines))  # fmt: skip


def _stopped(channel: str) -> str:
    if channel == "whatsapp":
        return gettext("You get no more WhatsApp messages from %(shop)s")
    if channel == "sms":
        return gettext("You get no more text messages from %(shop)s")
    return gettext("You get no more e-mails from %(shop)s")


def _agents_words(
    answer: Answer, channel: str, text: str, language: str, *, now: datetime
) -> Rendered:
    """In a chat the words alone; a text message says who writes; a mail is a letter."""
    shop = {"shop": answer.merchant.name}
    if channel == "email":
        with override(language):
            heading = gettext("An answer from %(shop)s") % shop
        return _letter(answer, _Words(heading, text), language, now=now)
    if channel == "sms":
        return Rendered("", "", f"{answer.merchant.name}: {text}")
    return Rendered("", "", text)


def _shaped(
    answer: Answer, channel: str, words: _Words, language: str, *, to: str, now: datetime
) -> Rendered:
    """What we say by ourselves. A text message carries the page's link only where its country lets
    it through (`notifications.text_limits`)."""
    if channel == "email":
        return _letter(answer, words, language, now=now)
    order, recipient = _both(answer)
    if channel == "sms":
        text = f"{answer.merchant.name}: {ended(words.heading, language)} {words.body}"
        if words.has_link and may_answer_with_link(answer.merchant_id, to):
            text = f"{text} {_link(answer, order, recipient)}"
        return Rendered("", "", text)
    parts = [f"*{ended(words.heading, language)}*", words.body]
    if words.has_link:
        with override(language):
            label = gettext("Your order %(number)s:") % {"number": order.number}
        parts.append(f"{label}\n{_link(answer, order, recipient)}")
    return Rendered("", "", "\n\n".join(parts))


def _letter(answer: Answer, words: _Words, language: str, *, now: datetime) -> Rendered:
    order, recipient = _both(answer)
    brand = Brand.objects.filter(merchant_id=answer.merchant_id).first()
    made = letter(
        Telling(
            topic=topics.SHOWN_AS,
            language=language,
            look=look_of(answer.merchant, brand),
            state=heading_state(order, None, language=language, now=now),
            order_number=order.number,
            link=_link(answer, order, recipient),
            recipient_name=recipient.name,
            heading=words.heading,
            answer=words.body,
            has_preferences=True,
        )
    )
    return Rendered(_subject(answer) or made.subject, made.html, made.text)


def _subject(answer: Answer) -> str:
    """Mail programs keep a thread together by its subject too."""
    if not answer.subject:
        return ""
    known = answer.subject.lower().startswith(("re:", "aw:", "رد:", "sv:", "antw:"))
    return (answer.subject if known else f"Re: {answer.subject}")[:200]


def _link(answer: Answer, order: Order, recipient: Recipient) -> str:
    link = link_for(order=order, recipient=recipient)
    return page_url(link, merchant=answer.merchant)


def _both(answer: Answer) -> tuple[Order, Recipient]:
    assert answer.order is not None
    assert answer.recipient is not None
    return answer.order, answer.recipient


def _send(answer: Answer, written: _Written, *, now: datetime) -> Message | None:
    """The change and its message; None where this was said already."""
    order, recipient = _both(answer)
    data = written.data
    if answer.mail_id and written.channel == "email":
        data = data | {"in_reply_to": answer.mail_id}
    change = NewChange(
        merchant_id=answer.merchant_id,
        order_id=order.pk,
        shipment_id=None,
        kind=Change.Kind.ORDER,
        key=written.key,
        at=now,
        # Its message is written here; nobody else makes one of it.
        announce=False,
        data=data,
    )
    if not write([change], now=now):
        return None
    return Message.objects.create(
        merchant_id=answer.merchant_id,
        order=order,
        change=Change.objects.get(order=order, kind=Change.Kind.ORDER, key=written.key),
        recipient=recipient,
        channel=written.channel,
        purpose=Message.Purpose.ANSWER,
        topic=written.topic,
        language=written.language,
        to=written.to,
        subject=written.rendered.subject,
        text=written.rendered.text,
        html=written.rendered.html,
        link=_link(answer, order, recipient).removeprefix(settings.BASE_URL),
        due_at=now,
        created_at=now,
    )
