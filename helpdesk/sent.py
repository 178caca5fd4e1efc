"""Every message about one order, as sent, with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext, pgettext_lazy

from helpdesk.page_views import reading_rows
from helpdesk.reader import Reader
from notifications.answers.topics import LABELS
from notifications.channels.registry import label_of, shown_to
from notifications.models import Message
from notifications.triggers import TRIGGERS

_State = Message.State
#: Tone, icon (Lucide) and word of each state.
STATES: Final = {
    _State.PLANNED: ("quiet", "clock", pgettext_lazy("of a message", "Planned")),
    _State.WAITING: ("moving", "clock", pgettext_lazy("of a message", "Waiting")),
    _State.SENDING: ("moving", "send", pgettext_lazy("of a message", "Being sent")),
    _State.SENT: ("good", "check", pgettext_lazy("of a message", "Sent")),
    _State.DELIVERED: ("good", "check-check", pgettext_lazy("of a message", "Delivered")),
    _State.FAILED: ("act", "circle-alert", pgettext_lazy("of a message", "Failed")),
    _State.UNCERTAIN: (
        "wait",
        "mail-question-mark",
        pgettext_lazy("of a message", "Unclear"),
    ),
    _State.SKIPPED: ("quiet", "minus", pgettext_lazy("of a message", "Not sent")),
}


def sent_items(
    messages: Iterable[Message], reader: Reader, *, shows_contact: bool
) -> list[dict[str, Any]]:
    """What `desk/_sent.html` takes; `messages` newest first."""
    return [_item(message, reader, shows_contact) for message in messages]


def _item(message: Message, reader: Reader, shows_contact: bool) -> dict[str, Any]:
    tone, icon, word = STATES[_State(message.state)]
    at = message.delivered_at or message.sent_at or message.created_at
    return {
        "title": message.subject or _about(message.topic),
        "to": shown_to(message.channel, message.to) if shows_contact else "",
        "channel": label_of(message.channel),
        "tone": tone,
        "icon": icon,
        "state": str(word),
        "reason": gettext(message.reason) if message.reason else "",
        "text": message.text if shows_contact else "",
        "language": message.language,
        "reading": reading_rows(message, reader),
        **reader.pair(at),
    }


def _about(topic: str) -> str:
    if topic in LABELS:
        return str(LABELS[topic])
    trigger = TRIGGERS.get(topic)
    return str(trigger.label) if trigger else topic
