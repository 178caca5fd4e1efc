"""Counters of all processes together, in Redis: what `/metrics` adds to what the rows say.

A process adds up on its own and hands over about once a second, with the next count, so that
a request costs no round trip of its own. Without Redis it goes on adding up. Labels must be
few and known: routes, tasks, carriers; never a merchant's or a person's name.
"""

from __future__ import annotations

import json
import os
import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, cast

import redis
from django.conf import settings
from redis.exceptions import RedisError

from lib.redis_client import connect

KEY: Final = "homeward:tally"
#: Upper ends of the histogram's classes, in seconds; the last one is open.
BUCKETS: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_EVERY: Final = 1.0
_AFTER_FAILURE: Final = 5.0

#: (name, labels sorted by name, part): part is "" for a counter, else "sum" or a class's number.
_Field = tuple[str, tuple[tuple[str, str], ...], str]


@dataclass(slots=True)
class Histogram:
    """How many observations fell into each class of BUCKETS (one more is open), and their sum."""

    counts: list[float] = field(default_factory=lambda: [0.0] * (len(BUCKETS) + 1))
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Tallies:
    """Everything counted since Redis was last emptied, by name and labels."""

    counters: dict[str, dict[tuple[tuple[str, str], ...], float]]
    histograms: dict[str, dict[tuple[tuple[str, str], ...], Histogram]]


_pending: dict[_Field, float] = defaultdict(float)
_lock = threading.Lock()
_next_flush = 0.0


def count(name: str, *, by: float = 1.0, **labels: str) -> None:
    """Count so many more under this name and labels."""
    _add({(name, _sorted(labels), ""): by})


def observe(name: str, seconds: float, **labels: str) -> None:
    """Put a duration into its class of the histogram of this name and labels."""
    sorted_labels = _sorted(labels)
    bucket = bisect_left(BUCKETS, seconds)
    _add({(name, sorted_labels, str(bucket)): 1.0, (name, sorted_labels, "sum"): seconds})


def flush() -> bool:
    """Hand over what this process has counted. False when Redis did not take it."""
    global _next_flush
    with _lock:
        taken = dict(_pending)
        _pending.clear()
        _next_flush = time.monotonic() + _EVERY
    if not taken:
        return True
    try:
        with _client().pipeline(transaction=False) as pipe:
            for key, by in taken.items():
                pipe.hincrbyfloat(KEY, json.dumps(key), by)
            pipe.execute()
    except (RedisError, OSError):
        _put_back(taken)
        return False
    return True


def read() -> Tallies:
    """What all processes have handed over. Raises RedisError."""
    counters: dict[str, dict[tuple[tuple[str, str], ...], float]] = defaultdict(dict)
    histograms: dict[str, dict[tuple[tuple[str, str], ...], Histogram]] = defaultdict(dict)
    stored = cast("Mapping[bytes, bytes]", _client().hgetall(KEY))
    for key, value in stored.items():
        name, pairs, part = json.loads(key)
        labels = tuple((label, text) for label, text in pairs)
        if not part:
            counters[name][labels] = float(value)
            continue
        found = histograms[name].setdefault(labels, Histogram())
        if part == "sum":
            found.total = float(value)
        else:
            found.counts[int(part)] = float(value)
    return Tallies(dict(counters), dict(histograms))


def _sorted(labels: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


def _add(values: dict[_Field, float]) -> None:
    with _lock:
        for key, by in values.items():
            _pending[key] += by
        is_time = time.monotonic() >= _next_flush
    if is_time:
        flush()


def _put_back(taken: dict[_Field, float]) -> None:
    global _next_flush
    with _lock:
        for key, by in taken.items():
            _pending[key] += by
        _next_flush = time.monotonic() + _AFTER_FAILURE


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


# What the parent has not handed over yet is the parent's.
os.register_at_fork(after_in_child=_pending.clear)
