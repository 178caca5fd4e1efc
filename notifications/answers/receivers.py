"""Who must hear of answers: apps above register themselves; notifications knows none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from notifications.models import Answer

Receiver = Callable[[Answer, datetime], None]
"""Takes an answer that a person must read, in the transaction that keeps it, in the scope."""

_RECEIVERS: Final[dict[str, Receiver]] = {}


def register(name: str, receiver: Receiver) -> None:
    """Called from an app's AppConfig.ready; a second registration replaces the first."""
    _RECEIVERS[name] = receiver


def tell(answer: Answer, *, now: datetime) -> None:
    """Hand the answer to everybody who registered."""
    for receiver in _RECEIVERS.values():
        receiver(answer, now)
