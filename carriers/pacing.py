"""How many calls an account may make now, counted in Redis where all workers see it.

Three limits at once, in one script: calls a second (a leaky bucket that hands out the
moments of whole batches), an hour, and a day. The day's calls are handed out evenly:
a merchant whose budget is gone by noon learns nothing in the afternoon. Of an account that
several merchants share, nobody gets more than an equal part of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

import redis
from django.conf import settings

from carriers.base import Limits
from lib.redis_client import connect

Shortage = Literal["", "pace", "hour", "day", "share"]

#: A round hands out no moments later than this: it would only hold up the other accounts.
HORIZON: Final = timedelta(seconds=10)
#: What may be used ahead of an even day: a tenth of it.
_AHEAD: Final = 0.1
_DAY: Final = 86_400

# KEYS: bucket, hour, day, what each sharer had today. ARGV: now and interval in microseconds,
# wanted, horizon in microseconds, room an hour and room a day by now (-1: no limit), the whole
# day's calls, the sharer ("" for an account of one's own).
_TAKE: Final = """
local now, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
local granted, short, start = tonumber(ARGV[3]), '', 0
local function allow(room, word)
  room = math.max(math.floor(room), 0)
  if room < granted then granted, short = room, word end
end
local hour, day = tonumber(ARGV[5]), tonumber(ARGV[6])
if hour >= 0 then allow(hour - tonumber(redis.call('GET', KEYS[2]) or '0'), 'hour') end
if day >= 0 then allow(day - tonumber(redis.call('GET', KEYS[3]) or '0'), 'day') end
if day >= 0 and ARGV[8] ~= '' then
  redis.call('HSETNX', KEYS[4], ARGV[8], 0)
  redis.call('EXPIRE', KEYS[4], 172800)
  local fair = math.floor(tonumber(ARGV[7]) / redis.call('HLEN', KEYS[4]))
  allow(fair - tonumber(redis.call('HGET', KEYS[4], ARGV[8])), 'share')
end
if interval > 0 then
  local horizon = tonumber(ARGV[4])
  local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
  -- No grant reaches further than this: the clock that wrote it was wrong, or was set back.
  if free > now + horizon + interval then free = now end
  start = free - now
  allow(math.ceil((now + horizon - free) / interval), 'pace')
  if granted > 0 then
    redis.call('SET', KEYS[1], string.format('%.0f', free + granted * interval), 'EX', 3600)
  end
end
if granted > 0 then
  redis.call('INCRBY', KEYS[2], granted)
  redis.call('EXPIRE', KEYS[2], 7200)
  redis.call('INCRBY', KEYS[3], granted)
  redis.call('EXPIRE', KEYS[3], 172800)
  if ARGV[8] ~= '' then redis.call('HINCRBY', KEYS[4], ARGV[8], granted) end
end
return {granted, start, short}
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """`count` calls: the first after `delay` seconds, then one each `spacing` seconds.

    `short` names the limit that kept the others back; they may be tried again at `again`.
    """

    count: int
    delay: float = 0.0
    spacing: float = 0.0
    short: Shortage = ""
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """Calls made in this hour and today (UTC)."""

    hour: int
    day: int


def take_calls(
    account_key: str, wanted: int, limits: Limits, *, now: datetime, sharer: int | None = None
) -> Grant:
    """Reserve up to `wanted` calls of an account for this moment. Raises RedisError.

    `sharer` is the merchant, where several share the account: who asked today shares the day.
    """
    interval = 1_000_000 / limits.per_second if limits.per_second else 0.0
    granted, start, short = _script()(
        keys=_keys(account_key, now),
        args=[
            int(now.timestamp() * 1_000_000),
            int(interval),
            wanted,
            int(HORIZON.total_seconds() * 1_000_000),
            -1 if limits.per_hour is None else limits.per_hour,
            -1 if limits.per_day is None else _even(limits.per_day, now),
            limits.per_day or 0,
            "" if sharer is None else sharer,
        ],
    )
    word: Shortage = short.decode()
    return Grant(
        count=int(granted),
        delay=int(start) / 1_000_000,
        spacing=interval / 1_000_000,
        short=word,
        again=_again(word, limits, now=now) if word else None,
    )


def calls_used(account_key: str, *, now: datetime) -> Used:
    """What an account used of its hour and its day. Raises RedisError."""
    _, hour_key, day_key, _ = _keys(account_key, now)
    hour, day = _client().mget(hour_key, day_key)
    return Used(int(hour or 0), int(day or 0))


def _even(per_day: int, now: datetime) -> int:
    """How much of a day's budget may be used by now."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    gone = (now - midnight).total_seconds() / _DAY
    return min(int(per_day * (gone + _AHEAD)) + 1, per_day)


def _again(short: Shortage, limits: Limits, *, now: datetime) -> datetime:
    utc = now.astimezone(UTC)
    next_hour = utc.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if short in {"hour", "share"}:
        return next_hour  # the share is a new one at midnight, or larger once a limit was raised
    if short == "day":
        assert limits.per_day
        midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0)
        soon = utc + timedelta(seconds=max(_DAY / max(limits.per_day, 1), 60.0))
        # The rest of the budget, if any, becomes free little by little; else at midnight.
        used_up = _even(limits.per_day, now) >= limits.per_day
        return midnight + timedelta(days=1) if used_up else soon
    return now + HORIZON


def _keys(account_key: str, now: datetime) -> list[str]:
    utc = now.astimezone(UTC)
    return [
        f"carrier-pace:{account_key}",
        f"carrier-calls:{account_key}:{utc:%Y%m%d%H}",
        f"carrier-calls:{account_key}:{utc:%Y%m%d}",
        f"carrier-sharers:{account_key}:{utc:%Y%m%d}",
    ]


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


@lru_cache(maxsize=1)
def _script() -> redis.commands.core.Script:
    return _client().register_script(_TAKE)
