"""The lists that Celery keeps in Redis, one for each queue."""

from __future__ import annotations

from collections.abc import Iterator

from celery import current_app
from django.conf import settings

from lib.redis_client import connect


def lengths() -> Iterator[tuple[str, int]]:
    """How many tasks wait in each queue of the broker. Raises RedisError."""
    names = sorted(current_app.amqp.queues)
    client = connect(settings.CELERY_BROKER_URL)
    with client, client.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.llen(name)
        found = pipe.execute()
    yield from zip(names, (int(length) for length in found), strict=True)
