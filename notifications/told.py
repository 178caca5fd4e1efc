"""Which delivery window a message tells; noted in the ledger once the message is out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, Final

from lib.headlines import names_window
from notifications.models import Message
from notifications.rendering import Telling, window_line
from tracking.models import Shipment
from tracking.shown import Seen, note_shown, seen

#: Their headings name the day in words of their own.
_NAMES_DAY: Final = frozenset({"arriving_today", "arriving_tomorrow"})


def window_of(
    telling: Telling, shape: str, shipment: Shipment | None, message: Message
) -> dict[str, Any] | None:
    """What is kept beside a text that tells a window: the look it will be; else None."""
    if shipment is None or not _tells_window(telling, shape):
        return None
    found = seen(
        [shipment],
        where=message.channel,
        who=message.recipient.role,
        recipient=message.recipient_id,
    )
    if not found:
        return None
    look = asdict(found[0])
    return look | {"first": look["first"].isoformat(), "last": look["last"].isoformat()}


def _tells_window(telling: Telling, shape: str) -> bool:
    """By the channel's shape: a merchant's own words replace the sentence of a text and a note,
    and what replaces the heading names no date."""
    said = telling.topic in _NAMES_DAY or (not telling.heading and names_window(telling.state))
    if shape == "letter":
        return said or bool(window_line(telling))
    return said and (shape == "chat" or not telling.own.body)


def note_told(messages: Iterable[Message], *, now: datetime) -> None:
    """These messages of one merchant are out: their readers were told; in the merchant's scope."""
    told = [(one.merchant_id, one.window) for one in messages if one.window is not None]
    if told:
        note_shown([_look(window) for _, window in told], merchant_id=told[0][0], now=now)


def _look(window: dict[str, Any]) -> Seen:
    look = Seen(**window)
    first, last = date.fromisoformat(str(look.first)), date.fromisoformat(str(look.last))
    return replace(look, first=first, last=last)
