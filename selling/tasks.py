"""Background work of promotions and catalogues: one call each."""

from __future__ import annotations

import time
from typing import Final

from celery import shared_task
from django.utils import timezone

from merchants.models import Merchant
from merchants.scope import every_merchant, merchant_scope
from selling import catalogue, counting, promoting

_BATCH: Final = 200
_SECONDS: Final = 60.0


@shared_task(name="selling.turn_due")
def turn_due() -> int:
    """Renew the pages of shops whose promotions began or ended."""
    with every_merchant("promotions of all merchants are one queue"):
        return promoting.turn_due(now=timezone.now(), limit=_BATCH)


@shared_task(name="selling.write_counts")
def write_counts() -> int:
    """Write down how often promotions were seen and clicked."""
    with every_merchant("counts of all merchants wait in one hash"):
        written = counting.write_down(now=timezone.now())
    if written:
        counting.clear_taken()
    return written


@shared_task(name="selling.forget_counts")
def forget_counts() -> int:
    """Drop counts that are old."""
    with every_merchant("what is old is so for all merchants"):
        return counting.forget_old(now=timezone.now())


@shared_task(name="selling.collect_products")
def collect_products() -> int:
    """Read new lines of orders into the shops' catalogues."""
    with every_merchant("lines of all merchants' orders are read in one row"):
        return catalogue.collect(now=timezone.now())


@shared_task(name="selling.pair_products")
def pair_products() -> int:
    """Count which goods are bought together, until no shop waits or the time is up: how many
    shops."""
    started, done = time.monotonic(), 0
    with every_merchant("shops that wait are found in one look"):
        waiting = catalogue.to_pair(now=timezone.now(), limit=_BATCH)
    for merchant in Merchant.objects.filter(pk__in=waiting):
        if time.monotonic() - started > _SECONDS:
            break
        with merchant_scope(merchant.pk):
            catalogue.pair(merchant=merchant, now=timezone.now())
        done += 1
    return done
