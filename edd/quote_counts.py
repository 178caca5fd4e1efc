"""How many quotes were given: counted in each process, handed to Redis, written once a minute.

A process that dies loses what it counted in the last seconds, and a Redis that is emptied what
it held since the last minute; both are accepted. Nothing is counted twice: what Redis hands
over has a batch's name, and a row takes each batch once.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, cast
from uuid import uuid4

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Sum
from redis.exceptions import RedisError, ResponseError

from edd.models import QuoteCount
from edd.quotes import Quote
from lib import errands
from lib.redis_client import connect

KEY: Final = "homeward:quotes"
TAKEN: Final = "homeward:quotes:taken"
_BATCH: Final = "batch"
_EVERY: Final = 5.0
#: Nodes of one merchant and day that are told apart; beyond that only countries are. Regions
#: and services are what anybody asks for, so their number must have an end.
MOST_NODES: Final = 5_000
#: How long counts are kept.
KEPT: Final = timedelta(days=400)
#: One writer at a time.
_LOCK: Final = 7_110_006


@dataclass(frozen=True, slots=True)
class Node:
    """What is counted apart; days as ISO text."""

    merchant_id: int
    day: str
    country: str
    region: str
    carrier: str
    service: str
    promised_last: str
    level: int
    source: str


_Row = tuple[Node, int]

_pending: Counter[Node] = Counter()
_lock = threading.Lock()


def node_of(given: Quote, *, merchant_id: int) -> Node:
    ask = given.ask
    return Node(
        merchant_id,
        given.made_at.date().isoformat(),
        ask.country,
        _code(ask.region, ask.country),
        ask.carrier[:60],
        ask.service[:60],
        given.promise.last.isoformat(),
        given.level,
        given.source,
    )


def note(node: Node) -> None:
    """Count one more quote."""
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
            for node, quotes in taken.items():
                pipe.hincrby(KEY, json.dumps(_fields(node)), quotes)
            pipe.execute()
    except (RedisError, OSError):
        with _lock:
            _pending.update(taken)
        return False
    return True


def write_down(*, now: datetime) -> int:
    """Add what Redis holds to the rows: how many quotes; in `every_merchant`, which commits.

    `clear_taken` must follow the commit. In between, or after a crash, the same batch comes
    again and changes nothing. Raises RedisError.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    batch, rows = _take()
    oldest = (now - KEPT).date().isoformat()
    rows = [row for row in rows if row[0].day >= oldest]
    if rows and not _is_written(batch, rows):
        _add(batch, _within_bounds(rows))
    return sum(quotes for _, quotes in rows)


def clear_taken() -> None:
    """The batch is written: Redis may forget it. Raises RedisError."""
    _client().delete(TAKEN)


def forget(*, now: datetime) -> int:
    """Drop old counts; in `every_merchant`."""
    return QuoteCount.objects.filter(day__lt=(now - KEPT).date()).delete()[0]


@dataclass(frozen=True, slots=True)
class Total:
    """Quotes of some days for one country at one level, from one source."""

    country: str
    level: int
    source: str
    quotes: int


def totals(*, since: date, until: date) -> list[Total]:
    """Quotes of these days, both included, the most asked first; in the merchant's scope."""
    rows = (
        QuoteCount.objects.filter(day__gte=since, day__lte=until)
        .values_list("country", "level", "source")
        .annotate(total=Sum("quotes"))
        .order_by("-total", "country", "level", "source")
    )
    return [Total(*row) for row in rows]


def _code(region: str, country: str) -> str:
    """A region's code; one that is a name is not counted apart."""
    code = region.upper().removeprefix(f"{country}-")
    return code if len(code) <= 3 and code.isascii() and code.isalnum() else ""


def _take() -> tuple[str, list[_Row]]:
    """The batch that was taken and not cleared, else the one that waits."""
    client = _client()
    if not client.exists(TAKEN):
        try:
            client.rename(KEY, TAKEN)
        except ResponseError:  # there is no such key: nobody asked
            return "", []
    stored = cast("dict[bytes, bytes]", client.hgetall(TAKEN))
    batch = stored.pop(_BATCH.encode(), b"").decode()
    return batch, [(Node(*json.loads(key)), int(quotes)) for key, quotes in stored.items()]


def _is_written(batch: str, rows: list[_Row]) -> bool:
    """Whether this batch was committed: all of it or nothing of it was."""
    merchants = {node.merchant_id for node, _ in rows}
    days = {node.day for node, _ in rows}
    written = QuoteCount.objects.filter(merchant_id__in=merchants, day__in=days, batch=batch)
    return written.exists()


def _within_bounds(rows: list[_Row]) -> list[_Row]:
    """The rows, without region, carrier and service where a merchant's day has too many nodes."""
    known = _known_nodes({(node.merchant_id, node.day) for node, _ in rows})
    summed: Counter[Node] = Counter()
    for node, quotes in rows:
        of_day = (node.merchant_id, node.day)
        if known.setdefault(of_day, 0) >= MOST_NODES:
            node = Node(
                node.merchant_id, node.day, node.country, "", "", "",
                node.promised_last, node.level, node.source,
            )  # fmt: skip
        else:
            known[of_day] += 1
        summed[node] += quotes
    return list(summed.items())


def _known_nodes(days: Iterable[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """How many rows these merchants' days have."""
    wanted = list(days)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT merchant_id, day, count(*) FROM edd_quotecount"
            " WHERE (merchant_id, day) IN"
            " (SELECT * FROM unnest(%s::bigint[], %s::date[])) GROUP BY 1, 2",
            [[merchant_id for merchant_id, _ in wanted], [day for _, day in wanted]],
        )
        found = cursor.fetchall()
    return {(merchant_id, day.isoformat()): number for merchant_id, day, number in found}


_ADD: Final = """
INSERT INTO edd_quotecount AS kept (merchant_id, day, country, region, carrier, service,
 promised_last, level, source, quotes, batch)
SELECT new.merchant_id, new.day, new.country, new.region, new.carrier, new.service,
 new.promised_last, new.level, new.source, new.quotes, %s
FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::text[], %s::text[],
 %s::date[], %s::int[], %s::text[], %s::bigint[]) AS new (merchant_id, day, country, region,
 carrier, service, promised_last, level, source, quotes)
JOIN merchants_merchant ON merchants_merchant.id = new.merchant_id
ON CONFLICT (merchant_id, day, country, region, carrier, service, promised_last, level, source)
DO UPDATE SET quotes = kept.quotes + excluded.quotes, batch = excluded.batch
"""


def _add(batch: str, rows: list[_Row]) -> None:
    columns = zip(*((*_fields(node), quotes) for node, quotes in rows), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [batch, *(list(column) for column in columns)])


def _fields(node: Node) -> tuple[int | str, ...]:
    return (
        node.merchant_id,
        node.day,
        node.country,
        node.region,
        node.carrier,
        node.service,
        node.promised_last,
        node.level,
        node.source,
    )


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return connect(settings.REDIS_URL)


errands.every(_EVERY, hand_over)
