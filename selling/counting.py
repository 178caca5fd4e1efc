"""How often promotions were seen and clicked: counted in each process, handed to Redis, written
once a minute.

Nothing of the shopper is kept: a count has a promotion, a day and a stage. A process that dies
loses what it counted in the last seconds. Nothing is counted twice: what Redis hands over has a
batch's name, and a row takes each batch once.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, cast
from uuid import uuid4

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Sum
from redis.exceptions import RedisError, ResponseError

from lib import errands
from lib.redis_client import connect
from selling.models import PromotionCount

KEY: Final = "homeward:promotions"
TAKEN: Final = "homeward:promotions:taken"
_BATCH: Final = "batch"
_EVERY: Final = 5.0
#: How long counts are kept.
KEPT: Final = timedelta(days=400)
#: One writer at a time.
_LOCK: Final = 7_110_041


What = Literal["views", "clicks"]


@dataclass(frozen=True, slots=True)
class Node:
    """What is counted apart; `day` is the shop's own, as ISO text."""

    merchant_id: int
    promotion_id: int
    day: str
    stage: str
    what: What


@dataclass(frozen=True, slots=True)
class Counted:
    """A promotion's sums."""

    views: int = 0
    clicks: int = 0


_pending: Counter[Node] = Counter()
_lock = threading.Lock()


def note(node: Node) -> None:
    """Count one more."""
    with _lock:
        _pending[node] += 1


def hand_over() -> bool:
    """Give Redis what this process has counted. False when it did not take it."""
    with _lock:
        taken = dict(_pending)
        _pending.clear()
    if not taken:
        return True
    try:
        with _client().pipeline(transaction=True) as pipe:
            pipe.hsetnx(KEY, _BATCH, str(uuid4()))
            for node, times in taken.items():
                pipe.hincrby(KEY, json.dumps(astuple(node)), times)
            pipe.execute()
    except (RedisError, OSError):
        with _lock:
            _pending.update(taken)
        return False
    return True


def write_down(*, now: datetime) -> int:
    """Add what Redis holds to the rows: how many it was; in `every_merchant`, which commits.

    `clear_taken` must follow the commit. In between, or after a crash, the same batch comes
    again and changes nothing. Raises RedisError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    batch, counts = _take()
    if counts and not PromotionCount.objects.filter(batch=batch, day__in=_days(counts)).exists():
        _add(batch, counts)
    return sum(counts.values())


def clear_taken() -> None:
    """The batch is written: Redis may forget it. Raises RedisError."""
    _client().delete(TAKEN)


def forget_old(*, now: datetime) -> int:
    """Drop old counts; in `every_merchant`."""
    return PromotionCount.objects.filter(day__lt=(now - KEPT).date()).delete()[0]


def forget() -> None:
    """Begin anew, here and in Redis."""
    with _lock:
        _pending.clear()
    _client().delete(KEY, TAKEN)


def sums(*, since: date) -> Mapping[int, Counted]:
    """Each promotion's sums from this day on; in the merchant's scope."""
    rows = (
        PromotionCount.objects.filter(day__gte=since)
        .values_list("promotion_id")
        .annotate(Sum("views"), Sum("clicks"))
        .order_by()
    )
    return {promotion: Counted(views, clicks) for promotion, views, clicks in rows}


def sums_by_stage(promotion_id: int, *, since: date) -> Mapping[str, Counted]:
    """One promotion's sums at each stage from this day on; in the merchant's scope."""
    rows = (
        PromotionCount.objects.filter(promotion_id=promotion_id, day__gte=since)
        .values_list("stage")
        .annotate(Sum("views"), Sum("clicks"))
        .order_by()
    )
    return {stage: Counted(views, clicks) for stage, views, clicks in rows}


def _take() -> tuple[str, dict[Node, int]]:
    """The batch that was taken and not cleared, else the one that waits."""
    client = _client()
    if not client.exists(TAKEN):
        try:
            client.rename(KEY, TAKEN)
        except ResponseError:  # there is no such key: nobody looked
            return "", {}
    stored = cast("dict[bytes, bytes]", client.hgetall(TAKEN))
    batch = stored.pop(_BATCH.encode(), b"").decode()
    return batch, {Node(*json.loads(key)): int(times) for key, times in stored.items()}


def _days(counts: Mapping[Node, int]) -> set[str]:
    return {node.day for node in counts}


#: What is gone meanwhile, or another shop's, is left out by the join.
_ADD: Final = """
INSERT INTO selling_promotioncount AS kept
 (merchant_id, promotion_id, day, stage, views, clicks, batch)
SELECT p.merchant_id, p.id, new.day, new.stage, sum(new.views), sum(new.clicks), %s
FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::bigint[], %s::bigint[])
 AS new (merchant_id, promotion_id, day, stage, views, clicks)
JOIN selling_promotion p ON p.id = new.promotion_id AND p.merchant_id = new.merchant_id
GROUP BY 1, 2, 3, 4
ON CONFLICT (merchant_id, promotion_id, day, stage) DO UPDATE SET
 views = kept.views + excluded.views, clicks = kept.clicks + excluded.clicks,
 batch = excluded.batch
"""


def _add(batch: str, counts: Mapping[Node, int]) -> None:
    rows = [
        (
            node.merchant_id, node.promotion_id, node.day, node.stage,
            times if node.what == "views" else 0, times if node.what == "clicks" else 0,
        )
        for node, times in counts.items()
    ]  # fmt: skip
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [batch, *columns])


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


errands.every(_EVERY, hand_over)
