"""Background work of the dashboard."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from dashboard import feed_mail
from dashboard.answers import waiting_mail
from dashboard.templates import trouble_mail
from dashboard.webhooks import mail


@shared_task(name="dashboard.tell_owners")
def tell_owners() -> int:
    """Tell owners of gaps in their stores' webhooks, and of endpoints that we switched off."""
    now = timezone.now()
    return feed_mail.tell_owners(now=now) + mail.tell_owners(now=now)


@shared_task(name="dashboard.tell_of_answers")
def tell_of_answers() -> int:
    """Tell teams which customers' answers a person must pass on."""
    return waiting_mail.tell_of_answers(now=timezone.now())


@shared_task(name="dashboard.tell_of_broken_texts")
def tell_of_broken_texts() -> int:
    """Tell owners and admins which texts could not be used."""
    return trouble_mail.tell_of_broken_texts(now=timezone.now())
