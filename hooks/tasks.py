"""Background work of the hooks: ids in, one call, outcome."""

from __future__ import annotations

import logging
from typing import Final

from celery import shared_task
from django.utils import timezone

from hooks.work import work
from inbox.work import due
from merchants.scope import every_merchant

log = logging.getLogger("homeward.hooks")

#: A sweep takes no more than this; the next one is seconds away.
SWEEP: Final = 200


@shared_task(name="hooks.process_delivery")
def process_delivery(delivery_id: int) -> None:
    """Work on one stored webhook, if it is due and nobody else does."""
    work(delivery_id, now=timezone.now())


@shared_task(name="hooks.process_waiting")
def process_waiting() -> int:
    """Work on what a lost broker forgot and on what is due again."""
    with every_merchant("the queue of deliveries runs across merchants"):
        ids = due(now=timezone.now(), limit=SWEEP)
    for delivery_id in ids:
        work(delivery_id, now=timezone.now())
    return len(ids)
