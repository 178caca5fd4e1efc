"""Looks at shoppers' pages, on their way to the rows: noted in the process, handed to Redis once a
second, written by `notifications.seen`.

Noting costs a request no round trip. A process that dies loses what it noted in the last second,
and a Redis that is emptied what it held for a few: then a message may go out that the shopper did
not need any more, which is the harmless way to be wrong.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Final, cast

import redis
from django.conf import settings
from redis.exceptions import RedisError, ResponseError

from lib import errands
from lib.redis_client import connect

KEY: Final = "homeward:looks"
TAKEN: Final = "homeward:looks:taken"
_EVERY: Final = 1.0
#: Looks that wait at most, in a process and in Redis; the oldest are let go.
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Look:
    """One look through one link. `at` is seconds since 1970; `proof` and `device` as `PageView`
    has them; `recipient_id` is None for the order's own link."""

    merchant_id: int
    order_id: int
    recipient_id: int | None
    at: float
    proof: str
    device: str


_pending: deque[Look] = deque(maxlen=_MOST)
_lock = threading.Lock()


def note(look: Look) -> None:
    """Keep it; written within seconds."""
    with _lock:
        _pending.append(look)


def hand_over() -> bool:
    """Give Redis what this process has noted. False when it did not take it."""
    with _lock:
        taken = list(_pending)
        _pending.clear()
    if not taken:
        return True
    try:
        with _client().pipeline(transaction=True) as pipe:
            pipe.rpush(KEY, *(json.dumps(astuple(look)) for look in taken))
            pipe.ltrim(KEY, -_MOST, -1)
            pipe.execute()
    except (RedisError, OSError):
        with _lock:
            _pending.extendleft(reversed(taken))
        return False
    return True


def take() -> Sequence[Look]:
    """The looks that were taken and not cleared, else those that wait. Raises RedisError."""
    client = _client()
    if not client.exists(TAKEN):
        try:
            client.rename(KEY, TAKEN)
        except ResponseError:  # there is no such key: nobody looked
            return ()
    stored = cast("list[bytes]", client.lrange(TAKEN, 0, -1))
    return [Look(*json.loads(one)) for one in stored]


def clear_taken() -> None:
    """They are written: Redis may forget them. Raises RedisError."""
    _client().delete(TAKEN)


def forget() -> None:
    """Begin anew, here and in Redis."""
    with _lock:
        _pending.clear()
    _client().delete(KEY, TAKEN)


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


errands.every(_EVERY, hand_over)
# What the parent has not handed over yet is the parent's.
os.register_at_fork(after_in_child=_pending.clear)
