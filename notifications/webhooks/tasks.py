"""Background work of webhooks: one call each; the rows hold what must not be lost."""

from __future__ import annotations

import time
from typing import Final

from celery import shared_task
from django.utils import timezone

from notifications.webhooks import messages, outcomes, queue, retention, sending

#: A sweep ends after this long and leaves the rest to the next one.
SWEEP_SECONDS: Final = 25.0
_BATCH: Final = 500


@shared_task(name="notifications.webhooks.queue_due")
def queue_due() -> int:
    """Make deliveries from changes until none waits or the time is up."""
    started, taken = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = queue.queue_due(now=timezone.now(), limit=_BATCH)
        found += messages.report_due(now=timezone.now(), limit=_BATCH)
        written = queue.write_due()
        taken += found
        if found < _BATCH and not written:
            break
    return taken


@shared_task(name="notifications.webhooks.send_due")
def send_due() -> int:
    """Send what is due until nothing is or the time is up."""
    outcomes.give_up_old(now=timezone.now())
    return sending.send_due(clock=timezone.now, seconds=SWEEP_SECONDS)


@shared_task(name="notifications.webhooks.forget")
def forget() -> int:
    """Delete what is older than its time, in batches."""
    started, gone = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = retention.forget(now=timezone.now())
        gone += found
        if not found:
            break
    return gone
