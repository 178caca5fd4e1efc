"""How many workers at once may do one thing: places in Redis that a dead worker loses soon.

A brake, not a lock: what must not happen twice is kept by the rows. Without Redis there are places
enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

import redis
from django.conf import settings
from redis.exceptions import RedisError

from lib.redis_client import connect
from lib.signing import new_token

#: A worker that died keeps its place for so long.
_SECONDS: Final = 6
_RENEW: Final = 2.0

_RENEW_OWN: Final = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('EXPIRE', KEYS[1], ARGV[2])"
    " end return 0"
)
_LEAVE_OWN: Final = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)


@contextmanager
def place(name: str, *, most: int) -> Iterator[Callable[[], None] | None]:
    """A place among `most`, or None where all are taken. Call what is given now and then: it keeps
    the place."""
    mine = new_token()
    key = _free(name, mine, most=most)
    if key is None:
        yield None
        return
    renewed_at = time.monotonic()

    def keep() -> None:
        nonlocal renewed_at
        if time.monotonic() - renewed_at >= _RENEW:
            renewed_at = time.monotonic()
            _own(_RENEW_OWN, key, mine, _SECONDS)

    try:
        yield keep
    finally:
        _own(_LEAVE_OWN, key, mine)


def _free(name: str, mine: str, *, most: int) -> str | None:
    keys = [f"place:{name}:{nth}" for nth in range(most)]
    try:
        return next((key for key in keys if _client().set(key, mine, nx=True, ex=_SECONDS)), None)
    except RedisError:
        return keys[0]


def _own(script: str, key: str, *arguments: str | int) -> None:
    try:
        _client().eval(script, 1, key, *arguments)
    except RedisError:
        return  # it runs out by itself


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)
