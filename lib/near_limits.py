"""Fixed-window limits that cost a request no round trip.

Each process counts on its own; an errand tells Redis about once a second and learns what the
other processes counted. So a limit may be passed by what comes within that second, and without
Redis each process keeps to it alone. For doors that must answer whatever Redis does; the others
have `lib.limits`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import redis
from django.conf import settings
from redis.exceptions import RedisError

from lib import errands
from lib.limits import Window
from lib.redis_client import connect

#: Names that are remembered at most; beyond that all begin anew.
_MOST: Final = 50_000
_EVERY: Final = 1.0

#: (name, seconds, number of the window).
_Key = tuple[str, int, int]


@dataclass(slots=True)
class _Count:
    """`told`: what all processes had counted at the last look; `untold`: ours since then."""

    told: int = 0
    untold: int = 0


_counts: dict[_Key, _Count] = {}
_lock = threading.Lock()


def count(name: str, *, limit: int, seconds: int, clock: float | None = None) -> Window:
    """Count one more under this name, as `lib.limits.count` does; `clock` is for tests."""
    now = time.time() if clock is None else clock
    window = int(now // seconds)
    with _lock:
        if len(_counts) > _MOST:
            _counts.clear()
        found = _counts.setdefault((name, seconds, window), _Count())
        found.untold += 1
        used = found.told + found.untold
    left = max(int((window + 1) * seconds - now), 1)
    return Window(limit=limit, used=used, seconds_left=left)


def share(*, clock: float | None = None) -> bool:
    """Tell Redis what we counted and learn the sums. False when Redis did not take it."""
    now = time.time() if clock is None else clock
    with _lock:
        for key in [key for key in _counts if (key[2] + 1) * key[1] <= now]:
            del _counts[key]
        telling = {key: found.untold for key, found in _counts.items()}
    if not telling:
        return True
    try:
        with _client().pipeline(transaction=False) as pipe:
            for key, by in telling.items():
                name, seconds, window = key
                address = f"near:{name}:{seconds}:{window}"
                pipe.incrby(address, by)
                pipe.expire(address, seconds * 2)
            sums = pipe.execute()[::2]
    except (RedisError, OSError):
        return False
    with _lock:
        for (key, by), total in zip(telling.items(), sums, strict=True):
            if (found := _counts.get(key)) is not None:
                found.told = int(total)
                found.untold -= by
    return True


def forget() -> None:
    """Begin anew, in this process."""
    with _lock:
        _counts.clear()


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


errands.every(_EVERY, share)
