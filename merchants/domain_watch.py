"""Looking at the DNS records of shops' own domains: when one asks, and by ourselves."""

from __future__ import annotations

import logging
import time
from datetime import datetime
from typing import Final

from django.db import transaction

from lib.dns_lookup import Lookup, NoAnswer
from merchants.domain_records import Dns, Found, look_up
from merchants.domains import GRACE, keep, next_check
from merchants.models import Domain
from merchants.scope import merchant_scope

log = logging.getLogger("homeward.merchants")

#: A sweep ends after this long; what is left is due at the next.
_SECONDS: Final = 40.0


def look_at(domain: Domain, *, now: datetime, dns: Dns | None = None) -> bool:
    """Ask the DNS and keep what it says; in the merchant's scope. False where nobody answered:
    then everything stays as it was."""
    found = _ask(domain, dns or Lookup())
    if found is not None:
        keep(domain, found, now=now)
    return found is not None


def look_at_due(*, now: datetime, limit: int = 200, dns: Dns | None = None) -> int:
    """Those whose time has come, of all merchants, one after the other; returns how many answered.

    The DNS is asked outside of any transaction, after the row was pushed ahead. Domain is a door
    table: to find what is due no scope is needed.
    """
    started, answered = time.monotonic(), 0
    asked = dns or Lookup()
    for _ in range(limit):
        domain = _take(now=now) if time.monotonic() - started < _SECONDS else None
        if domain is None:
            break
        found = _ask(domain, asked) or _after_silence(domain, now=now)
        if found is not None:
            with merchant_scope(domain.merchant_id):
                keep(domain, found, now=now)
            answered += 1
    return answered


def _take(*, now: datetime) -> Domain | None:
    """One that is due, pushed ahead: whoever else sweeps leaves it alone."""
    with transaction.atomic():
        due = Domain.objects.filter(next_check_at__lte=now, removed_at=None)
        domain = due.select_for_update(skip_locked=True).order_by("next_check_at").first()
        if domain is not None:
            later = next_check(domain, now=now)
            Domain.objects.filter(pk=domain.pk).update(next_check_at=later)
    return domain


def _after_silence(domain: Domain, *, now: datetime) -> Found | None:
    """Nobody's answer for days is one: the name servers of a verified domain are gone."""
    if domain.verified_at and domain.checked_at and domain.checked_at < now - GRACE:
        return Found(Domain.Finding.MISSING, "", ())
    return None


def _ask(domain: Domain, dns: Dns) -> Found | None:
    try:
        return look_up(domain.host, dns=dns)
    except NoAnswer:
        log.warning("no resolver answered about a shop's domain")
        return None
