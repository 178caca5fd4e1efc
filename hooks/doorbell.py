"""Asks for a task. The row is there already: when the broker is down, the sweep finds it."""

from __future__ import annotations

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from hooks.tasks import process_delivery

log = logging.getLogger("homeward.hooks")


def ring(delivery_id: int) -> None:
    """Ask a worker for this delivery, now. A vendor's answer never waits for the broker."""
    try:
        # No retry: the sweep does that, and a webhook's answer is due within seconds.
        process_delivery.apply_async((delivery_id,), retry=False)
    except (OperationalError, RedisError):
        log.warning("the broker cannot be reached; delivery %d waits for the sweep", delivery_id)
