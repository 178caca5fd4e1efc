"""Messages in words: what each was about, how it went."""

from __future__ import annotations

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy

from dashboard.clock import Clock
from dashboard.order_story import STATE_LOOKS
from dashboard.shell import address
from merchants.access import MerchantRequest
from notifications.answers.topics import LABELS
from notifications.channels.registry import label_of, shown_to
from notifications.models import Message
from notifications.triggers import TRIGGERS

STATES: Final[dict[str, Promise]] = {
    Message.State.PLANNED: pgettext_lazy("message", "Planned"),
    Message.State.WAITING: pgettext_lazy("message", "Waiting"),
    Message.State.SENDING: pgettext_lazy("message", "Being sent"),
    Message.State.SENT: pgettext_lazy("message", "Sent"),
    Message.State.DELIVERED: pgettext_lazy("message", "Arrived"),
    Message.State.FAILED: pgettext_lazy("message", "Failed"),
    Message.State.UNCERTAIN: pgettext_lazy("message", "Uncertain"),
    Message.State.SKIPPED: pgettext_lazy("message", "Not sent"),
}


def message_title(message: Message) -> str:
    """What it was about: "Out for delivery"."""
    if message.topic in LABELS:
        return str(LABELS[message.topic])
    trigger = TRIGGERS.get(message.topic)
    return str(trigger.label) if trigger else message.topic


def message_row(request: MerchantRequest, message: Message, clock: Clock) -> dict[str, Any]:
    """For `components/sent.html` and the log."""
    tone, icon = STATE_LOOKS.get(Message.State(message.state), ("quiet", "mail"))
    moment = message.delivered_at or message.sent_at or message.created_at
    return {
        "title": message_title(message),
        "to": shown_to(message.channel, message.to),
        "channel": label_of(message.channel),
        "tone": tone,
        "icon": icon,
        "state": STATES.get(message.state, message.state),
        "reason": gettext(message.reason) if message.reason else "",
        "url": address(request, "message", message.pk),
        **clock.pair(moment),
    }
