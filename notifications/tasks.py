"""Background work of messages: one call each; the rows hold what must not be lost."""

from __future__ import annotations

import time
from typing import Final

from celery import shared_task
from django.utils import timezone

from merchants.scope import every_merchant
from notifications import looks, seen
from notifications.channels.domain_watch import look_at_due
from notifications.channels.registry import Reach, ready
from notifications.compose import compose_due as compose
from notifications.deliver import deliver_due as deliver
from notifications.deliver import open_channels, skip_stranded
from notifications.dry_run import asking, running
from notifications.goodwill.giving import give_due
from notifications.ripening import ripen_due as ripen
from notifications.whatsapp.registering import hand_in_due, sync_due

#: A sweep ends after this long and leaves the rest to the next one.
SWEEP_SECONDS: Final = 25.0
_COMPOSE_BATCH: Final = 200
_DELIVER_BATCH: Final = 50


@shared_task(name="notifications.compose_due")
def compose_due() -> int:
    """Write messages from changes until none waits or the time is up."""
    started, taken = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = compose(now=timezone.now(), limit=_COMPOSE_BATCH)
        taken += found
        if found < _COMPOSE_BATCH:
            break
    return taken


@shared_task(name="notifications.ripen_due")
def ripen_due() -> int:
    """Write planned messages whose time has come until none waits or the time is up."""
    started, taken = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = ripen(now=timezone.now(), limit=_COMPOSE_BATCH)
        taken += found
        if found < _COMPOSE_BATCH:
            break
    return taken


@shared_task(name="notifications.deliver_due")
def deliver_due() -> list[str]:
    """Ask for one sweep a channel, so that a slow provider holds up only its own messages."""
    skip_stranded(now=timezone.now())
    slugs = [kind.slug for kind in ready() if kind.reach is not Reach.FEED]
    for slug in slugs:
        deliver_channel.apply_async((slug,), expires=SWEEP_SECONDS)
    return slugs


@shared_task(name="notifications.deliver_channel")
def deliver_channel(slug: str) -> int:
    """Send one channel's messages until none is due or the time is up."""
    started, tried = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = deliver(clock=timezone.now, limit=_DELIVER_BATCH, channels=open_channels(slug))
        tried += found
        if found < _DELIVER_BATCH:
            break
    return tried


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
