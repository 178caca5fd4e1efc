"""The one maker of direct Redis clients: short time-outs, and no second try.

redis-py tries three times with seconds between by default. What is counted or looked at here must
not hold up a page while Redis is away.
"""

from __future__ import annotations

from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS: Final = 1.0


def once() -> Retry:
    """A policy of one try."""
    return Retry(NoBackoff(), 0)


def connect(url: str) -> redis.Redis:
    """A client for this address; it connects with its first question."""
    return redis.Redis.from_url(
        url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=once()
    )
