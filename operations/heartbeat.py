"""Signs of life of beat and of each queue's workers, kept in the cache: when, last.

They are written from what the processes do anyway: beat when the broker took a tick from it,
a worker when it begins a task of its queue.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from celery import signals
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

BEAT: Final = "beat"
#: Every queue that beat rings regularly; `default` has no sweep of its own.
QUEUES: Final = ("polling", "inbound", "stores", "messages", "webhooks")
_KEPT: Final = 7 * 86_400
#: A process does not write the same sign more often than this, in seconds.
_EVERY: Final = 2.0
_written: dict[str, float] = {}
_this_is_beat = False


@dataclass(frozen=True, slots=True)
class Sign:
    """Seconds since the last sign of life; None when there never was one."""

    of: str
    age: float | None

    @property
    def is_late(self) -> bool:
        """Longer silent than a sweep may last, or several ticks."""
        return self.age is None or self.age > max(60.0, settings.TICK_SECONDS * 4)


def write(of: str, *, now: datetime) -> None:
    """Note a sign of life; without Redis nothing is noted, and readers say so."""
    if time.monotonic() - _written.get(of, -_EVERY) < _EVERY:
        return
    _written[of] = time.monotonic()
    try:
        cache.set(_key(of), now.timestamp(), timeout=_KEPT)
    except (RedisError, OSError):
        _written.pop(of, None)


def read(*, now: datetime) -> list[Sign]:
    """Beat's and each queue's last sign. Raises RedisError or OSError."""
    found = cache.get_many([_key(of) for of in (BEAT, *QUEUES)])
    return [
        Sign(of, None if at is None else max(now.timestamp() - at, 0.0))
        for of in (BEAT, *QUEUES)
        for at in [found.get(_key(of))]
    ]


def _key(of: str) -> str:
    return f"heartbeat:{of}"


@signals.beat_init.connect
def _beat_began(**kwargs: Any) -> None:
    global _this_is_beat
    _this_is_beat = True


@signals.after_task_publish.connect
def _broker_took_it(**kwargs: Any) -> None:
    if _this_is_beat:
        write(BEAT, now=timezone.now())


@signals.task_prerun.connect
def _worker_took_it(task: Any, **kwargs: Any) -> None:
    queue = (task.request.delivery_info or {}).get("routing_key", "")
    if queue in QUEUES:
        write(queue, now=timezone.now())
