"""Background work of shops themselves."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from merchants.domain_watch import look_at_due


@shared_task(name="merchants.look_at_domains")
def look_at_domains() -> int:
    """Look at the DNS records of shops' own domains."""
    return look_at_due(now=timezone.now())
