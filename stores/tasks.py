"""Background work of the stores: ids in, one call, outcome. Nothing here runs in a transaction."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from celery import shared_task
from django.utils import timezone

from merchants.scope import every_merchant
from stores import leaving, line_health, news, pulling, setting_up, sweeping, wanted, writing
from stores.feed.gaps import note_sweep
from stores.feed.sweeper import answer_of

#: A tick ends after this long and leaves the rest to the next one.
TICK_SECONDS: Final = 25.0
#: Taken together; a claim outlasts so many shops, each as slow as it may be.
_BATCH: Final = 4


def _until_done(claim: Callable[..., list[int]], work: Callable[[int, datetime], object]) -> int:
    """Claim a few and work on them, until none is due or the time is up."""
    started, done = time.monotonic(), 0
    while time.monotonic() - started < TICK_SECONDS:
        with every_merchant("due rows of all merchants wait in one queue"):
            ids = claim(now=timezone.now(), limit=_BATCH)
        for one in ids:
            work(one, timezone.now())
        done += len(ids)
        if not ids:
            break
    return done


@shared_task(name="stores.set_up_due")
def set_up_due() -> int:
    """Take new connections through their first dialogue with the shop."""
    return _until_done(setting_up.due, lambda pk, now: setting_up.set_up(pk, now=now))


@shared_task(name="stores.leave_due")
def leave_due() -> int:
    """Remove what stands of us at disconnected shops."""
    return _until_done(leaving.due, lambda pk, now: leaving.leave(pk, now=now))


@shared_task(name="stores.pull_due")
def pull_due() -> int:
    """Go on with histories and long sweeps."""
    return _until_done(pulling.due, lambda pk, now: pulling.go_on(pk, now=now))


@shared_task(name="stores.sweep_due")
def sweep_due() -> int:
    """Ask shops what changed."""
    return _until_done(sweeping.due, _sweep)


def _sweep(store_id: int, now: datetime) -> None:
    swept = sweeping.sweep(store_id, now=now)
    note_sweep(store_id, answer_of(swept), now=now)


@shared_task(name="stores.fetch_wanted")
def fetch_wanted() -> int:
    """Fetch orders of which a webhook told no more than the id."""
    return _until_done(wanted.due, lambda pk, now: wanted.fetch(pk, now=now))


@shared_task(name="stores.report_due")
def report_due() -> int:
    """Queue what shops are to hear of their parcels."""
    started, taken = time.monotonic(), 0
    while time.monotonic() - started < TICK_SECONDS:
        found = news.report_due(now=timezone.now())
        taken += found
        if not found:
            break
    return taken


@shared_task(name="stores.write_due")
def write_due() -> int:
    """Write it at the shops."""
    return _until_done(writing.due, lambda pk, now: writing.write(pk, now=now))


@shared_task(name="stores.forget_failures")
def forget_failures() -> int:
    """Delete old failed calls: their bodies may name people."""
    with every_merchant("retention is the same for all merchants"):
        return line_health.forget_failures(now=timezone.now())
