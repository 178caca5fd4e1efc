"""What our buttons do: a payload is "<prefix>:<rest>", and who owns the prefix registers here.

Whoever writes a message with buttons registers what they mean in its app's `ready`. A payload that
nobody knows is an ordinary answer: a person reads the button's words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from notifications.models import Answer

Handler = Callable[[Answer, str, datetime], bool]
"""Takes the answer, what follows the prefix, and now; in the merchant's scope, with the order. True
where that settles it; False leaves it to a person."""

_HANDLERS: Final[dict[str, Handler]] = {}


def register(prefix: str, handler: Handler) -> None:
    """Called from an app's AppConfig.ready; a second registration replaces the first."""
    _HANDLERS[prefix] = handler


def run(answer: Answer, payload: str, *, now: datetime) -> bool:
    """Do what the button, or the word that stands for it, says; False where a person must read
    it."""
    prefix, separator, rest = payload.partition(":")
    handler = _HANDLERS.get(prefix) if separator else None
    return handler is not None and answer.order_id is not None and handler(answer, rest, now)
