"""/metrics in Prometheus' text format: read at the scrape from PostgreSQL and Redis.

So it is the same whichever process answers, and nothing is kept in files. No label names a
merchant or a person. docs/operating.md lists what there is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from lib import tally
from merchants.scope import every_merchant
from operations import broker_queues, heartbeat, queues
from operations.inside import comes_from_inside

_TIMEOUT: Final = "2s"
_COUNTERS: Final = {
    "requests": ("Requests answered.", ("method", "route", "status")),
    "tasks": ("Background tasks ended.", ("outcome", "task")),
    "carrier_errors": ("Calls to carriers that failed.", ("carrier", "kind")),
}
_HISTOGRAMS: Final = {
    "request_seconds": ("How long requests took.", ("route",)),
    "task_seconds": ("How long background tasks took.", ("task",)),
}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """With METRICS_TOKEN: whoever knows it. Without: direct callers of a private network."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
            return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    elif not comes_from_inside(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Now(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Now(Collector):
    """Everything we know at one moment. What cannot be reached is left out, and `up` says so."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("homeward_up", "Whether a part answers.", labels=("part",))
        for part, read in (("database", self._from_rows), ("redis", self._from_redis)):
            try:
                found = list(read())
            except (DatabaseError, RedisError, OSError):
                up.add_metric((part,), 0.0)
                continue
            up.add_metric((part,), 1.0)
            yield from found
        yield up

    def _from_rows(self) -> Iterator[Metric]:
        with every_merchant("metrics count over all merchants and name none"):
            with connection.cursor() as cursor:
                # A scrape must not become the load that it measures.
                cursor.execute(f"SET LOCAL statement_timeout = '{_TIMEOUT}'")
            yield from self._waiting()
            yield _messages()
            yield self._delays()

    def _waiting(self) -> Iterator[Metric]:
        waiting = _gauge("queue_waiting", "Rows whose time has come.", "queue")
        oldest = _gauge("queue_oldest_seconds", "How long the first of them waits.", "queue")
        unasked = _gauge("parcels_due_not_asked", "Parcels whose carrier should have been asked.")
        for queue in queues.due_queues(now=self._now):
            waiting.add_metric((queue.name,), queue.waiting)
            oldest.add_metric((queue.name,), queue.oldest)
            if queue.name == "ask":
                unasked.add_metric((), queue.waiting)
        for kind, found in (
            ("outbox", queues.consumers(now=self._now)),
            ("messages", queues.channels(now=self._now)),
        ):
            for queue in found:
                waiting.add_metric((f"{kind}:{queue.name}",), queue.waiting)
                oldest.add_metric((f"{kind}:{queue.name}",), queue.oldest)
        yield from (waiting, oldest, unasked)

    def _delays(self) -> Metric:
        family = _gauge(
            "message_delay_seconds",
            "From a change to the provider, of messages sent in the last 15 minutes.",
            "channel",
            "quantile",
        )
        for delay in queues.delays(now=self._now):
            family.add_metric((delay.channel, f"{delay.quantile:g}"), delay.seconds)
        return family

    def _from_redis(self) -> Iterator[Metric]:
        tally.flush()
        tallies = tally.read()
        for name, (words, labels) in _COUNTERS.items():
            counter = CounterMetricFamily(f"homeward_{name}", words, labels=labels)
            for pairs, value in sorted(tallies.counters.get(name, {}).items()):
                counter.add_metric([text for _, text in pairs], value)
            yield counter
        for name, (words, labels) in _HISTOGRAMS.items():
            yield _histogram(name, words, labels, tallies)
        signs = _gauge("heartbeat_age_seconds", "Since the last sign of life.", "of")
        for sign in heartbeat.read(now=self._now):
            if sign.age is not None:
                signs.add_metric((sign.of,), sign.age)
        yield signs
        broker = _gauge(
            "broker_waiting", "Tasks in the broker; the rows count, not these.", "queue"
        )
        for queue, length in broker_queues.lengths():
            broker.add_metric((queue,), length)
        yield broker


def _gauge(name: str, words: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"homeward_{name}", words, labels=labels)


def _messages() -> Metric:
    family = _gauge("recent_messages", f"The newest {queues.NEWEST} messages.", "channel", "state")
    for channel, state, number in queues.newest_messages():
        family.add_metric((channel, state), number)
    return family


def _histogram(
    name: str, words: str, labels: tuple[str, ...], tallies: tally.Tallies
) -> HistogramMetricFamily:
    family = HistogramMetricFamily(f"homeward_{name}", words, labels=labels)
    ends = [*(f"{end:g}" for end in tally.BUCKETS), "+Inf"]
    for pairs, found in sorted(tallies.histograms.get(name, {}).items(), key=lambda one: one[0]):
        buckets, so_far = [], 0.0
        for end, number in zip(ends, found.counts, strict=True):
            so_far += number
            buckets.append((end, so_far))
        family.add_metric([text for _, text in pairs], buckets, found.total)
    return family
