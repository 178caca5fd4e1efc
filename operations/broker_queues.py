"""The lists that Celery keeps in Redis, one for each queue."""

from __future__ import annotations

from collections.abc import Iterator

import redis
from celery import current_app
from django.conf import settings


def lengths() -> Iterator[tuple[str, int]]:
    """How many tasks wait in each queue of the broker. Raises RedisError."""
    names = sorted(current_app.amqp.queues)
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=1.0)
    with client, client.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.llen(name)
        found = pipe.execute()
    yield from zip(names, (int(length) for length in found), strict=True)
