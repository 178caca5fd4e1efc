"""How fast an account may send now, counted in Redis where all workers see it.

A leaky bucket of one second: what exceeds it stays in the queue as it was. And a rest: an account
whose provider asked for patience, or does not answer at all, is left alone for a while.
Without Redis nothing is held back: the providers' own limits hold, and their refusals are waited
for.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import redis
from django.conf import settings
from redis.exceptions import RedisError

from lib.redis_client import connect
from notifications.channels.base import Account
from notifications.channels.registry import CHANNELS

log = logging.getLogger("homeward.notifications")

#: An account that does not answer, or asked for patience, is left alone no longer than this.
MOST_REST: Final = 60.0
_SECOND: Final = 1_000_000

# KEYS: the bucket. ARGV: now, interval, what may be used ahead (all in microseconds), wanted.
_TAKE: Final = """
local now, interval, ahead = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
-- No grant reaches further than this: the clock that wrote it was wrong, or was set back.
if free > now + ahead + interval then free = now end
local granted = math.min(math.floor((now + ahead - free) / interval), tonumber(ARGV[4]))
granted = math.max(granted, 0)
if granted > 0 then
  free = free + granted * interval
  redis.call('SET', KEYS[1], string.format('%.0f', free), 'EX', 3600)
end
return {granted, math.max(free + interval - ahead - now, 0)}
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """`count` messages may go out now; the next one in `wait` seconds."""

    count: int
    wait: float = 0.0


def key_of(channel: str, account: Account | None) -> str:
    """An account's name among ours: a channel, and whose it is."""
    return f"{channel}:{account.merchant_id}" if account else channel


def lanes_of(channel: str) -> int:
    """How many messages at once one worker hands to one account."""
    return int(settings.MESSAGES_AT_ONCE.get(channel, CHANNELS[channel].lanes))


def per_second(channel: str, account: Account | None) -> float:
    """The account's limit; 0: none."""
    if account is None:
        return float(settings.MESSAGES_PER_SECOND.get(channel, 0.0))
    try:
        return max(float(account.config.get("per_second") or 0), 0.0)
    except ValueError:
        return 0.0


def take(key: str, wanted: int, *, limit: float, clock: float | None = None) -> Grant:
    """Reserve up to `wanted` messages of this account. `clock` is seconds since 1970, for tests."""
    if not limit or not wanted:
        return Grant(wanted)
    now = time.time() if clock is None else clock
    interval = int(_SECOND / limit)
    try:
        granted, wait = _script()(
            keys=[f"message-pace:{key}"],
            args=[int(now * _SECOND), interval, max(interval, _SECOND), wanted],
        )
    except RedisError as error:
        log.warning("messages go out without a limit: %s", type(error).__name__)
        return Grant(wanted)
    return Grant(int(granted), int(wait) / _SECOND)


def give_back(key: str, count: int, *, limit: float) -> None:
    """What was reserved and found no message."""
    if not limit or not count:
        return
    try:
        _client().decrby(f"message-pace:{key}", count * int(_SECOND / limit))
    except RedisError as error:
        log.warning("a little of an account's pace is lost: %s", type(error).__name__)


def rest(key: str, seconds: float) -> None:
    """Leave this account alone for a while, in all workers."""
    length = min(max(seconds, 1.0), MOST_REST)
    log.warning("an account of %s rests for %d s", key.partition(":")[0], length)
    try:
        _client().set(f"message-rest:{key}", 1, px=int(length * 1000))
    except RedisError as error:
        log.warning("an account does not rest: %s", type(error).__name__)


def resting(keys: Iterable[str]) -> frozenset[str]:
    """Those of these accounts that are left alone now."""
    asked = list(keys)
    if not asked:
        return frozenset()
    try:
        found = _client().mget([f"message-rest:{key}" for key in asked])
    except RedisError:
        return frozenset()
    return frozenset(key for key, mark in zip(asked, found, strict=True) if mark)


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


@lru_cache(maxsize=1)
def _script() -> redis.commands.core.Script:
    return _client().register_script(_TAKE)
