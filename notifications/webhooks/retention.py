"""What is forgotten: deliveries after thirty days, and at once those of removed endpoints."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from merchants.scope import every_merchant
from notifications.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

KEPT: Final = timedelta(days=30)
#: At a time: a delete holds its rows' locks.
_BATCH: Final = 5_000


def forget(*, now: datetime) -> int:
    """Delete one batch of what is old, and endpoints that nothing is left of. Returns how many
    deliveries; call it again while there are any."""
    with every_merchant("rows of all merchants grow old"):
        removed = WebhookEndpoint.objects.filter(removed_at__isnull=False)
        old = WebhookDelivery.objects.filter(created_at__lt=now - KEPT)
        # One after the other: each has an index, both at once have none.
        gone = _some(old) or _some(WebhookDelivery.objects.filter(endpoint__in=removed))
        WebhookAttempt.objects.filter(delivery_id__in=gone).delete()
        WebhookDelivery.objects.filter(pk__in=gone).delete()
        if not gone:
            removed.delete()
    return len(gone)


def _some(rows: QuerySet[WebhookDelivery]) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:_BATCH])
