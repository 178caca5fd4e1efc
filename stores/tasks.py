"""Background work of stores: scope, one call, outcome."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from merchants.scope import every_merchant
from stores import replies


@shared_task(name="stores.forget_replies")
def forget_replies() -> int:
    """Drop the keys of requests that nobody repeats any more."""
    with every_merchant("keys age for all merchants"):
        return replies.forget(now=timezone.now())
