"""Asks for background work after a shopper's deed: somebody sits before the page and waits.

The row is there already: when the broker is down, the periodic sweep finds it.
"""

from __future__ import annotations

import logging

from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from notifications.tasks import deliver_due

log = logging.getLogger("homeward.storefront")


def send_messages() -> None:
    """Send due messages as soon as what was just saved is there for everybody."""
    transaction.on_commit(_ring)


def _ring() -> None:
    try:
        deliver_due.apply_async(retry=False)
    except (OperationalError, RedisError):
        log.warning("the broker cannot be reached; a code waits for the next sweep")
