"""Parcels about which time alone may say something new: a promise passed, a silence too long."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final

from tracking.models import Watch

LEASE: Final = timedelta(minutes=15)


def claim_reviews(*, now: datetime, limit: int) -> dict[int, list[int]]:
    """Lease due reviews: merchant id to shipment ids; in `every_merchant`.

    The review itself sets the next time; until then the lease keeps others away, and a
    parcel whose review fails comes again after it.
    """
    rows = list(
        Watch.objects.select_for_update(skip_locked=True)
        .filter(review_at__lte=now)
        .order_by("review_at")
        .values_list("id", "merchant_id", "shipment_id")[:limit]
    )
    Watch.objects.filter(pk__in=[row[0] for row in rows]).update(review_at=now + LEASE)
    found: dict[int, list[int]] = defaultdict(list)
    for _, merchant_id, shipment_id in rows:
        found[merchant_id].append(shipment_id)
    return dict(found)
