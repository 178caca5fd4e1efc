"""Background work of tracking: ids in, scope, one call, outcome."""

from __future__ import annotations

import logging
import time
from typing import Final

from celery import shared_task
from django.utils import timezone

from carriers import fetch
from edd.ledger import claim_guards, guard
from merchants.scope import every_merchant, merchant_scope
from tracking import (
    back_testing,
    back_tests,
    hub_lists,
    outages,
    pulses,
    raw_answers,
    slowness_watch,
)
from tracking.answer_sending import send_round
from tracking.disrupting import sweep_round
from tracking.fitting import fit_weekly
from tracking.gap_history import count_gaps
from tracking.ingest import review
from tracking.judging import judge_due
from tracking.learning import SETTLES, learn_nights
from tracking.polling import poll_round
from tracking.redating import redate_due
from tracking.reminders import remind_due
from tracking.reviews import claim_reviews

log = logging.getLogger("homeward.tracking")

#: A sweep ends after this long and leaves the rest to the next one.
SWEEP_SECONDS: Final = 25.0


@shared_task(name="tracking.poll_due")
def poll_due() -> int:
    """Ask about due parcels, round after round, until none is due or the time is up."""
    started, asked = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = poll_round(fetch.shared(), now=timezone.now())
        asked += found.asked
        if found.claimed == 0:
            break  # a round may also ask nobody because all it found must wait
        if found.changed or found.failed:
            log.info(
                "asked about %d parcels: %d changed, %d new scans, %d failed",
                found.asked,
                found.changed,
                found.new_events,
                found.failed,
            )
    return asked


@shared_task(name="tracking.review_due")
def review_due() -> int:
    """Look again at parcels whose date or silence may have run out."""
    now = timezone.now()
    with every_merchant("time passes for all merchants"):
        due = claim_reviews(now=now, limit=1000)
    for merchant_id, shipment_ids in due.items():
        with merchant_scope(merchant_id):
            review(shipment_ids, now=now)
    return sum(len(ids) for ids in due.values())


@shared_task(name="tracking.remind_due")
def remind_due_times() -> int:
    """Say what is due, as far as it is still true."""
    started, told = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = remind_due(now=timezone.now())
        told += found.told
        if found.taken == 0:
            break
    return told


@shared_task(name="tracking.redate_due")
def redate_due_parcels() -> int:
    """Date open parcels of merchants that changed their rules."""
    return redate_due(now=timezone.now())


@shared_task(name="tracking.list_couriers")
def list_couriers(account_id: int) -> int:
    """Ask a hub that was just connected which carriers it serves."""
    return hub_lists.list_couriers(account_id, fetch.shared(), now=timezone.now())


@shared_task(name="tracking.list_stale_couriers")
def list_stale_couriers() -> int:
    """Ask hubs again for lists that are missing or old."""
    return hub_lists.list_stale(fetch.shared(), now=timezone.now())


@shared_task(name="tracking.watch_feeds")
def watch_feeds() -> int:
    """See whether a carrier's feed died, or lives again."""
    now = timezone.now()
    opened, closed = outages.watch_feeds(now=now)
    pulses.forget(now=now)
    if opened or closed:
        log.warning("outages: opened %s, closed %s", opened, closed)
    return len(opened) + len(closed)


@shared_task(name="tracking.apply_disruptions")
def apply_disruptions() -> int:
    """Derive parcels again whose disruption was switched on, begins, changed or is over."""
    started, derived = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = sweep_round(now=timezone.now())
        derived += found.parcels
        if not found.goes_on:
            break
    return derived


@shared_task(name="tracking.watch_slowness")
def watch_slowness() -> int:
    """See whether parcels of a carrier run late across shops, or come in time again."""
    found = slowness_watch.watch(now=timezone.now())
    if found.opened or found.closed:
        log.warning("slow carriers: opened %d, closed %d", found.opened, found.closed)
    return found.opened + found.closed


@shared_task(name="tracking.forget_answers")
def forget_answers() -> int:
    """Drop carriers' raw answers that are older than they are kept."""
    with every_merchant("raw answers of all merchants grow old"):
        return raw_answers.forget(now=timezone.now())


@shared_task(name="tracking.send_answers")
def send_answers() -> int:
    """Hand shoppers' answers to the carriers that take them."""
    return send_round(fetch.shared(), now=timezone.now())


@shared_task(name="tracking.learn_dates", time_limit=1800, soft_time_limit=1700)
def learn_dates() -> int:
    """Count the nights that are over, and once a week fit the models anew."""
    now = timezone.now()
    with every_merchant("a carrier is as quick for one merchant as for the next: sums are kept"):
        nights = learn_nights(now=now)
    with every_merchant("the same, fitted on a sample of the last months"):
        fit_weekly(now=now, settles=SETTLES)
    return nights


@shared_task(name="tracking.learn_gaps")
def learn_gaps() -> int:
    """Count the last day's gaps between scans, for the polling schedule."""
    with every_merchant("a carrier is as quick for one merchant as for the next: sums are kept"):
        return count_gaps(now=timezone.now())


@shared_task(name="tracking.back_test", soft_time_limit=600, time_limit=660)
def back_test(test_id: int) -> None:
    """Try the dates engine on a merchant's own past."""
    back_testing.work(test_id, now=timezone.now())


@shared_task(name="tracking.back_tests_waiting")
def back_tests_waiting() -> int:
    """Carry on with back-tests that a lost broker forgot or a killed worker left."""
    with every_merchant("back-tests of all merchants are one queue"):
        ids = back_tests.due(now=timezone.now(), limit=20)
    for test_id in ids:
        back_test.apply_async((test_id,), retry=False)
    return len(ids)


@shared_task(name="tracking.forget_back_tests")
def forget_back_tests() -> int:
    """Delete the results of old back-tests."""
    with every_merchant("back-tests of all merchants grow old"):
        return back_tests.forget(now=timezone.now())


@shared_task(name="tracking.judge_dates")
def judge_dates() -> int:
    """Judge the dates of parcels that came."""
    started, judged = time.monotonic(), 0
    while time.monotonic() - started < SWEEP_SECONDS:
        found = judge_due(now=timezone.now())
        judged += found
        if found == 0:
            break
    return judged


@shared_task(name="tracking.guard_dates")
def guard_dates() -> int:
    """Look whether dates are kept as often as they say, once a week and merchant."""
    now = timezone.now()
    with every_merchant("each merchant's week is over at another time"):
        due = claim_guards(now=now, limit=200)
        corrected = 0
        for merchant_id in due:
            with merchant_scope(merchant_id):
                corrected += len(guard(merchant_id, now=now))
    if corrected:
        log.info("corrected %d levels of %d merchants", corrected, len(due))
    return len(due)
