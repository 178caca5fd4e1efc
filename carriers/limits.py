"""How many calls an account has left today, counted where all workers see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from carriers.base import Limits

_DAY: Final = 86_400


def take_calls(account_key: str, wanted: int, limits: Limits, *, now: datetime) -> int:
    """Reserve up to `wanted` calls of today's budget; returns how many are granted.

    The day is UTC's. Without a daily limit everything is granted.
    """
    if limits.per_day is None:
        return wanted
    key = _key(account_key, now)
    cache.add(key, 0, timeout=2 * _DAY)
    used = cache.incr(key, wanted)
    granted = max(min(wanted, limits.per_day - (used - wanted)), 0)
    if granted < wanted:
        cache.decr(key, wanted - granted)
    return granted


def calls_used(account_key: str, *, now: datetime) -> int:
    """Calls that were granted today."""
    return int(cache.get(_key(account_key, now), 0))


def _key(account_key: str, now: datetime) -> str:
    return f"carrier-calls:{account_key}:{now:%Y%m%d}"


def next_day(now: datetime) -> datetime:
    """When the next budget begins."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
