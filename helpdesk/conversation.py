"""An order's conversation, and all that waits for an answer, as the desk's templates take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.case_story import Typed
from helpdesk.reader import Reader
from helpdesk.sent import STATES
from helpdesk.written import map_url, use_of_place
from helpdesk.written_words import (
    age_words,
    excerpt,
    found_words,
    media_line,
    place_line,
    state_words,
    way_row,
    window_pill,
)
from merchants.models import Merchant
from notifications.answers.replying import LONGEST, language_of
from notifications.answers.settling import unanswered
from notifications.answers.topics import REPLY
from notifications.answers.ways_back import ways_back, window_ends
from notifications.channels.registry import label_of
from notifications.consent import phone_of
from notifications.models import Answer, Message
from tracking.models import Order, Shipment

_ICONS: Final = {"whatsapp": "message-circle", "sms": "message-square", "email": "mail"}
#: So many are listed; more than that is not read at once.
MOST: Final = 100


def written_of(order: Order) -> list[Answer]:
    """What was written about this order, oldest first; one query."""
    rows = Answer.objects.filter(order=order).select_related("recipient", "taken_by", "merchant")
    return list(rows.order_by("received_at", "pk"))


def conversation(
    written: Sequence[Answer],
    messages: Sequence[Message],
    parcels: Sequence[Shipment],
    order: Order,
    reader: Reader,
    *,
    merchant: Merchant,
    acts: bool,
    typed: Typed,
) -> dict[str, Any] | None:
    """`written` of the desk: the lines, oldest first, and the reply box; None for no words.

    Without `acts` (a viewer) neither words nor forms.
    """
    if not written:
        return None
    for answer in written:
        answer.order = order
    lines = []
    found = ""
    for answer in written:
        # Once is enough: what follows was taken for this order in the same way.
        said = "" if found else found_words(answer)
        found = found or said
        line = _line(answer, list(parcels), reader, merchant, found=said, acts=acts)
        lines.append((answer.received_at, line))
    lines += [
        (message.created_at, _reply_line(message, reader, acts=acts))
        for message in messages
        if message.topic == REPLY
    ]
    lines.sort(key=lambda pair: pair[0])
    waiting = [answer for answer in written if answer.state == Answer.State.OPEN]
    return {
        "lines": [line for _at, line in lines],
        "waits": len(waiting),
        "box": _box(written[-1], reader, merchant, typed, waits=bool(waiting)) if acts else None,
    }


def _line(
    answer: Answer,
    parcels: list[Shipment],
    reader: Reader,
    merchant: Merchant,
    *,
    found: str,
    acts: bool,
) -> dict[str, Any]:
    sent_media = answer.media if acts else []
    return {
        "id": answer.pk,
        "is_theirs": True,
        "channel": label_of(answer.channel),
        "icon": _ICONS.get(answer.channel, "message-circle"),
        "who": _who(answer) if acts else "",
        "subject": answer.subject if acts else "",
        "text": answer.text if acts else "",
        "lang": answer.language,
        "place": place_line(answer) if acts and answer.kind == Answer.Kind.LOCATION else "",
        "map_url": map_url(answer) if acts else "",
        "media": [
            {"said": media_line(one), "type": one.get("type", ""), "id": one.get("id", "")}
            for one in sent_media
        ],
        "note": state_words(answer),
        "found": found,
        "is_open": answer.state == Answer.State.OPEN,
        "by": (answer.taken_by.name or answer.taken_by.email) if answer.taken_by else "",
        "use": use_of_place(answer, parcels) if acts else "",
        "was_used": answer.used_at is not None,
        "url": _url(merchant, answer),
        **reader.pair(answer.received_at),
    }


def _reply_line(message: Message, reader: Reader, *, acts: bool) -> dict[str, Any]:
    tone, icon, word = STATES[Message.State(message.state)]
    return {
        "is_theirs": False,
        "channel": label_of(message.channel),
        "icon": _ICONS.get(message.channel, "send"),
        "text": message.change.data.get("words", "") if acts else "",
        "lang": message.language,
        "state": {"tone": tone, "icon": icon, "label": str(word)},
        "reason": message.reason,
        **reader.pair(message.created_at),
    }


def _who(answer: Answer) -> str:
    """The sender, where it is not the address that is known."""
    recipient, order = answer.recipient, answer.order
    if recipient is None or order is None:
        return answer.sender
    known = {recipient.email.lower(), phone_of(recipient, order, answer.merchant)}
    return "" if answer.sender in known else answer.sender


def _box(
    answer: Answer, reader: Reader, merchant: Merchant, typed: Typed, *, waits: bool
) -> dict[str, Any]:
    """The reply box: a button a way, the reasons of those that are closed."""
    ways = [way_row(way, reader) for way in ways_back(answer, now=reader.now)]
    mine = typed if typed.form == "reply" else Typed()
    return {
        "url": _url(merchant, answer),
        "language": language_of(answer),
        "longest": LONGEST,
        "open": [way for way in ways if not way["why"]],
        "closed": [way for way in ways if way["why"]],
        "waits": waits,
        "text": mine.values.get("text", ""),
        "error": mine.error,
    }


def unanswered_context(merchant: Merchant, reader: Reader, *, acts: bool) -> dict[str, Any]:
    """All that waits, oldest first: what belongs to an order, and what nobody can place yet."""
    rows = list(unanswered().select_related("order", "recipient")[: MOST + 1])
    shown = rows[:MOST]
    ends = window_ends(shown)

    def line(one: Answer) -> dict[str, Any]:
        return _waiting(one, merchant, reader, until=ends.get(one.pk), acts=acts)

    return {
        "waiting": [line(one) for one in shown if one.order],
        "homeless": [line(one) for one in shown if not one.order],
        "more": len(rows) > MOST,
    }


def _waiting(
    answer: Answer,
    merchant: Merchant,
    reader: Reader,
    *,
    until: datetime | None,
    acts: bool,
) -> dict[str, Any]:
    order = answer.order
    name = (order.customer_name or order.ship_to_name) if order else ""
    return {
        "number": order.number if order else "",
        "order_url": reverse("helpdesk:story", args=[merchant.slug, order.pk]) if order else "",
        "customer": name or (answer.sender if acts else "") or _("Customer without a name"),
        "channel": label_of(answer.channel),
        "icon": _ICONS.get(answer.channel, "message-circle"),
        "excerpt": excerpt(answer) if acts else "",
        "lang": answer.language,
        "age": age_words(answer, reader.now),
        "window": window_pill(until, reader),
        "url": _url(merchant, answer),
        **reader.pair(answer.received_at),
    }


def _url(merchant: Merchant, answer: Answer) -> str:
    return reverse("helpdesk:written", args=[merchant.slug, answer.pk])
