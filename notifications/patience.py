"""How long the news may take by one channel before the next is tried, and when it may be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from notifications.channels.base import Account
from notifications.channels.registry import CHANNELS
from notifications.models import Message
from notifications.reasons import Unsent
from notifications.triggers import TRIGGERS

_URGENT: Final = timedelta(minutes=10)
_OTHERS: Final = timedelta(hours=2)
#: What was found out between writing and sending and concerns this channel alone.
_OF_CHANNEL: Final = frozenset({Unsent.SUPPRESSED, Unsent.NOT_CHOSEN})


def receipt_until(message: Message, account: Account | None, *, now: datetime) -> datetime | None:
    """Until when a receipt must have come, of a message that was handed over now; None where
    nothing falls back from it, or nobody will tell what became of it."""
    return acknowledged_by(message, now=now) if tells_fate(message.channel, account) else None


def acknowledged_by(message: Message, *, now: datetime) -> datetime | None:
    """As `receipt_until`, where the provider is known to tell."""
    if not message.then:
        return None
    trigger = TRIGGERS.get(message.topic)
    return now + (_URGENT if trigger is not None and trigger.is_urgent else _OTHERS)


def falls_back(message: Message, code: Unsent) -> bool:
    """Whether a message that was withheld for this goes by the next channel. Not where its
    reader wants none at all."""
    return bool(message.then) and code in _OF_CHANNEL


def tells_fate(channel: str, account: Account | None) -> bool:
    """Whether the provider says later what became of a message."""
    kind = CHANNELS[channel]
    if account is None:
        return kind.tells_fate()
    provider = kind.providers.get(account.provider)
    return bool(provider and provider.hooks)
