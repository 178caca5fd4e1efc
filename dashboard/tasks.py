"""Background work of the dashboard."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from dashboard import feed_mail
from dashboard.templates import trouble_mail


@shared_task(name="dashboard.tell_owners")
def tell_owners() -> int:
    """Tell owners of gaps in their stores' webhooks."""
    return feed_mail.tell_owners(now=timezone.now())


@shared_task(name="dashboard.tell_of_broken_texts")
def tell_of_broken_texts() -> int:
    """Tell owners and admins which texts could not be used."""
    return trouble_mail.tell_of_broken_texts(now=timezone.now())
