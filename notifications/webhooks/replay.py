"""Sending again: one delivery, all that failed since a moment, and what an endpoint missed.

A replay keeps the delivery's `webhook-id` and its body: a program that had it after all knows it
again. What an endpoint missed while it was off has no delivery yet; it is made from the changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet

from notifications.models import WebhookDelivery, WebhookEndpoint
from notifications.webhooks.events import OF_MESSAGES
from notifications.webhooks.queue import add_deliveries
from tracking.models import Change

#: The most that one click brings back; the newest.
MOST: Final = 20_000

_State = WebhookDelivery.State


def replay(delivery: WebhookDelivery, *, now: datetime) -> bool:
    """Send one again, whether it arrived or not. False while it waits, or once it was erased, or
    where its endpoint is off."""
    if not delivery.body or not delivery.endpoint.is_on:
        return False
    one = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=_State.WAITING)
    return bool(_begin_again(one, now=now))


def failed_since(endpoint: WebhookEndpoint, *, since: datetime) -> QuerySet[WebhookDelivery]:
    """What was given up since then, and could be sent again; tests are not."""
    return WebhookDelivery.objects.filter(
        endpoint=endpoint, state=_State.FAILED, finished_at__gte=since, change__isnull=False
    ).exclude(body="")


def replay_failed(endpoint: WebhookEndpoint, *, since: datetime, now: datetime) -> int:
    """Send all that failed since then again. Returns how many."""
    return _begin_again(failed_since(endpoint, since=since), now=now)


def _begin_again(rows: QuerySet[WebhookDelivery], *, now: datetime) -> int:
    newest = rows.order_by("-pk").values_list("pk", flat=True)[:MOST]
    return WebhookDelivery.objects.filter(pk__in=list(newest)).update(
        state=_State.WAITING, due_at=now, began_at=now, attempts=0, problem="", finished_at=None
    )


def send_missed(endpoint: WebhookEndpoint, *, now: datetime) -> int:
    """Send what happened while it was off, and what had failed by then. Returns how many."""
    since, until = endpoint.missed_from, endpoint.missed_until
    if since is None or until is None:
        return 0
    has_it = WebhookDelivery.objects.filter(endpoint=endpoint, change=OuterRef("pk")).exclude(
        event__in=OF_MESSAGES
    )
    missed = Change.objects.filter(
        ~Exists(has_it), announce=True, created_at__gte=since, created_at__lt=until
    ).order_by("-pk")
    made = add_deliveries([(endpoint, change) for change in missed[:MOST]], now=now)
    again = replay_failed(endpoint, since=since, now=now)
    leave_missed(endpoint)
    return made + again


def leave_missed(endpoint: WebhookEndpoint) -> None:
    """What was missed stays unsent."""
    endpoint.missed_from = endpoint.missed_until = None
    endpoint.save(update_fields=["missed_from", "missed_until"])
