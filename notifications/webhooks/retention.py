"""What is forgotten: deliveries after thirty days, and at once those of removed endpoints."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from merchants.scope import every_merchant
from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

KEPT: Final = timedelta(days=30)
#: At a time: a delete holds its rows' locks.
_BATCH: Final = 5_000


def forget(*, now: datetime) -> int:
    """Delete one batch of what is old, and endpoints that nothing is left of. Returns how many
    deliveries; call it again while there are any."""
    old = Q(created_at__lt=now - KEPT) | Q(endpoint__removed_at__isnull=False)
    with every_merchant("rows of all merchants grow old"):
        gone = list(WebhookDelivery.objects.filter(old).values_list("pk", flat=True)[:_BATCH])
        WebhookAttempt.objects.filter(delivery_id__in=gone).delete()
        WebhookDelivery.objects.filter(pk__in=gone).delete()
        if not gone:
            WebhookEndpoint.objects.filter(removed_at__isnull=False).delete()
    return len(gone)
