"""Background work of messages: one call each; the rows hold what must not be lost.

Sweeps are short and ring for themselves again where something is left: on a worker that has other
things to do as well, composing and sending take turns.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from merchants.scope import every_merchant
from notifications import deliver, failover, looks, ripening, seen
from notifications.channels.domain_watch import look_at_due
from notifications.compose import compose_due as compose
from notifications.dry_run import asking, running
from notifications.goodwill.giving import give_due
from notifications.places import place
from notifications.whatsapp.registering import hand_in_due, sync_due

log = logging.getLogger("homeward.notifications")

#: A sweep ends after this long and leaves the rest to the next one.
SWEEP_SECONDS: Final = 10.0
_COMPOSE_SECONDS: Final = 4.0
_COMPOSE_BATCH: Final = 200
_DELIVER_MOST: Final = 10_000
#: So many workers at once send by one channel, each by as many connections as the channel allows.
_WORKERS: Final = 2

Batch = Callable[..., int]


@shared_task(name="notifications.compose_due")
def compose_due() -> int:
    """Write messages from changes until none waits or the time is up."""
    return _write(compose, compose_due)


@shared_task(name="notifications.ripen_due")
def ripen_due() -> int:
    """Write planned messages whose time has come until none waits or the time is up."""
    return _write(ripening.ripen_due, ripen_due)


@shared_task(name="notifications.fail_over_due")
def fail_over_due() -> int:
    """Tell by the next channel what did not arrive by the one before."""
    return _write(failover.fail_over_due, fail_over_due)


def _write(batch: Batch, again: Any) -> int:
    """Batch after batch; what was written is sent at once."""
    started, taken = time.monotonic(), 0
    while time.monotonic() - started < _COMPOSE_SECONDS:
        found = batch(now=timezone.now(), limit=_COMPOSE_BATCH)
        if found and (not taken or found < _COMPOSE_BATCH):
            _ring(deliver_due)
        taken += found
        if found < _COMPOSE_BATCH:
            return taken
    _ring(again)
    _ring(deliver_due)
    return taken


@shared_task(name="notifications.deliver_due")
def deliver_due() -> list[str]:
    """Ask for one sweep a channel, so that a slow provider holds up only its own messages."""
    deliver.skip_stranded(now=timezone.now())
    slugs = deliver.channels_in_use()
    for slug in slugs:
        _ring(deliver_channel, slug, expires=SWEEP_SECONDS)
    return slugs


@shared_task(name="notifications.deliver_channel")
def deliver_channel(slug: str) -> int:
    """Send one channel's messages until none is due or the time is up."""
    with place(f"deliver:{slug}", most=_WORKERS) as keep:
        if keep is None:
            return 0
        started = time.monotonic()

        def goes_on() -> bool:
            keep()
            return time.monotonic() - started < SWEEP_SECONDS

        swept = deliver.deliver_channel(
            slug, clock=timezone.now, limit=_DELIVER_MOST, goes_on=goes_on
        )
    if swept.falls_back:
        _ring(fail_over_due)
    if swept.wait is not None:
        _ring(deliver_channel, slug, countdown=max(swept.wait, 0.2))
    elif not swept.is_over:
        _ring(deliver_channel, slug)
    return swept.taken


@shared_task(name="notifications.dry_run", soft_time_limit=300, time_limit=330)
def dry_run(run_id: int) -> None:
    """Try a merchant's rules on the past."""
    running.work(run_id, now=timezone.now())


@shared_task(name="notifications.dry_runs_waiting")
def dry_runs_waiting() -> int:
    """Find dry runs that a lost broker or a killed worker left."""
    with every_merchant("dry runs of all merchants are one queue"):
        ids = asking.due(now=timezone.now(), limit=20)
    for run_id in ids:
        dry_run.apply_async((run_id,), retry=False)
    return len(ids)


@shared_task(name="notifications.forget_dry_runs")
def forget_dry_runs() -> int:
    """Delete results that are a week old."""
    with every_merchant("old dry runs of all merchants are deleted together"):
        return asking.forget(now=timezone.now())


@shared_task(name="notifications.give_vouchers")
def give_vouchers() -> int:
    """Give the vouchers that waiting earned."""
    return give_due(now=timezone.now())


@shared_task(name="notifications.write_looks")
def write_looks() -> int:
    """Write down who looked at which page."""
    with every_merchant("looks at all merchants' pages wait in one list"):
        written = seen.write_down(now=timezone.now())
    if written:
        looks.clear_taken()
    return written


@shared_task(name="notifications.forget_looks")
def forget_looks() -> int:
    """Drop visits that are too old to keep."""
    with every_merchant("what is old is so for all merchants"):
        return seen.forget_old(now=timezone.now())


@shared_task(name="notifications.sync_whatsapp_templates")
def sync_whatsapp_templates() -> int:
    """Ask about WhatsApp's templates that nothing was heard of for a while."""
    return sync_due(now=timezone.now())


@shared_task(name="notifications.hand_in_whatsapp_templates")
def hand_in_whatsapp_templates() -> int:
    """Hand in templates that are wanted."""
    return hand_in_due(now=timezone.now())


@shared_task(name="notifications.look_at_domains")
def look_at_domains() -> int:
    """Look again at the DNS records of merchants' sender domains."""
    return look_at_due(now=timezone.now())


def _ring(task: Any, *arguments: str, **options: Any) -> None:
    """Ask for work that a row holds already: where the broker is away, the next tick finds it."""
    try:
        task.apply_async(args=arguments, retry=False, **options)
    except (OperationalError, RedisError):
        log.warning("the broker cannot be reached; %s waits for its next turn", task.name)
