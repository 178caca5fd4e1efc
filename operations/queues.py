"""How much waits and how long, over all merchants, from the rows: the truth behind the broker.

Each question follows the index of its own queue and counts no further than MOST. Times are
the database's; the policies let timestamps use their indexes (see docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

#: A queue that is longer is reported as this long: by then its age says more.
MOST: Final = 50_000
#: So many of the newest messages stand for "now": their primary key finds them.
NEWEST: Final = 10_000
DELAY_WINDOW: Final = timedelta(minutes=15)
QUANTILES: Final = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows whose time has come, and for how many seconds the first of them has waited."""

    name: str
    waiting: int
    oldest: float


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds from a change to its hand-over to the provider, of a channel's latest messages."""

    channel: str
    quantile: float
    seconds: float


_SIMPLE: Final = {
    "ask": ("tracking_watch", "next_ask_at", "TRUE"),
    "review": ("tracking_watch", "review_at", "TRUE"),
    "reminders": ("tracking_reminder", "due_at", "TRUE"),
    "answers": ("tracking_deliveryanswer", "due_at", "TRUE"),
    "webhooks": ("inbox_delivery", "next_attempt_at", "outcome = 'waiting'"),
    "webhooks_out": ("notifications_webhookdelivery", "due_at", "state = 'waiting'"),
}
_DUE: Final = (
    "SELECT count(*), extract(epoch FROM %(now)s - min(due)) FROM ("
    " SELECT {column} AS due FROM {table} WHERE {column} <= %(now)s AND {condition}"
    " ORDER BY {column} LIMIT %(most)s) waiting"
)
_GROUPED: Final = (
    "SELECT name, count(*), extract(epoch FROM %(now)s - min(due)) FROM ("
    " SELECT {name} AS name, due_at AS due FROM {table} WHERE due_at <= %(now)s AND {condition}"
    " ORDER BY due_at LIMIT %(most)s) waiting GROUP BY name ORDER BY name"
)


def due_queues(*, now: datetime) -> Iterator[Queue]:
    """What is due that is no message and no turn; call it in `every_merchant`."""
    for name, (table, column, condition) in _SIMPLE.items():
        statement = _DUE.format(table=table, column=column, condition=condition)
        ((waiting, oldest),) = _rows(statement, now=now, most=MOST)
        yield Queue(name, waiting, float(oldest or 0.0))


def consumers(*, now: datetime) -> Iterator[Queue]:
    """Turns at changes, by consumer; call it in `every_merchant`."""
    yield from _grouped("tracking_outbox", "consumer", "done_at IS NULL", now=now)


def channels(*, now: datetime) -> Iterator[Queue]:
    """Messages that are due, by channel; call it in `every_merchant`."""
    condition = "state IN ('waiting', 'sending')"
    yield from _grouped("notifications_message", "channel", condition, now=now)


def newest_messages() -> Iterator[tuple[str, str, int]]:
    """(channel, state, how many) of the newest messages; call it in `every_merchant`."""
    yield from _rows(
        "SELECT channel, state, count(*) FROM notifications_message"
        " WHERE id > (SELECT coalesce(max(id), 0) FROM notifications_message) - %(newest)s"
        " GROUP BY channel, state ORDER BY channel, state",
        newest=NEWEST,
    )


def delays(*, now: datetime) -> Iterator[Delay]:
    """From change to provider, of what was sent in the last minutes; in `every_merchant`."""
    rows = _rows(
        "SELECT m.channel, percentile_cont(%(quantiles)s::float8[]) WITHIN GROUP"
        " (ORDER BY extract(epoch FROM m.sent_at - c.created_at))"
        " FROM notifications_message m JOIN tracking_change c ON c.id = m.change_id"
        " WHERE m.id > (SELECT coalesce(max(id), 0) FROM notifications_message) - %(newest)s"
        " AND m.sent_at > %(since)s GROUP BY m.channel ORDER BY m.channel",
        quantiles=list(QUANTILES), newest=NEWEST, since=now - DELAY_WINDOW,
    )  # fmt: skip
    for channel, found in rows:
        for quantile, seconds in zip(QUANTILES, found, strict=True):
            yield Delay(channel, quantile, float(seconds))


def _grouped(table: str, name: str, condition: str, *, now: datetime) -> Iterator[Queue]:
    statement = _GROUPED.format(table=table, name=name, condition=condition)
    for label, waiting, oldest in _rows(statement, now=now, most=MOST):
        yield Queue(label, waiting, float(oldest or 0.0))


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
