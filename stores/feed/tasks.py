"""Background work of the watchdog."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from stores.feed import watching

log = logging.getLogger("homeward.stores")


@shared_task(name="stores.learn_feeds")
def learn_feeds() -> int:
    """Learn the hour that is over, of every feed."""
    return watching.learn_all(now=timezone.now())


@shared_task(name="stores.watch_feeds")
def watch_feeds() -> int:
    """Look into the silences that became improbable."""
    found = watching.watch(now=timezone.now())
    if found:
        log.info("looked into the silence of %d stores", len(found))
    return len(found)
