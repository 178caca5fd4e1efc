"""Scans that were set aside, and what a person says about them: it counts, or it never will."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from merchants.access import record
from merchants.models import User
from tracking.ingest import review
from tracking.models import Event, Ruling, Shipment
from tracking.orders import touch

#: What a released scan tells is news this long; later it is written down and nobody is told.
NEWS_FOR: Final = timedelta(hours=24)


def waiting() -> QuerySet[Event]:
    """Scans that were set aside and that nobody has ruled about."""
    return Event.objects.exclude(quarantined="").filter(ruling="")


def rule(*, event: Event, ruling: Ruling, by: User, now: datetime) -> bool:
    """Release the scan, or reject it for good; its parcel is derived again.

    In the merchant's scope. False when somebody ruled already, or when the guards took their
    doubt back meanwhile: then nothing happens. Of a released scan the usual changes come, and
    only those are told that happened in the last day. Kept in the audit log.
    """
    with transaction.atomic():
        # The parcel first, as ingest does: nobody folds it while we decide.
        shipment = (
            Shipment.objects.select_for_update(of=("self",))
            .select_related("order", "merchant")
            .get(pk=event.shipment_id)
        )
        doubted = waiting().filter(pk=event.pk).first()
        if doubted is None:
            return False
        doubt = doubted.quarantined
        Event.objects.filter(pk=event.pk).update(
            ruling=ruling,
            ruled_for=doubt,
            ruled_by=by,
            ruled_at=now,
            quarantined="" if ruling is Ruling.RELEASED else doubt,
        )
        review([shipment.pk], now=now, news_since=now - NEWS_FOR)
        touch(shipment.order_id, now=now)
        record(
            merchant=shipment.merchant, user=by, action=f"scan.{ruling}",
            subject=f"{shipment.order.number} · {shipment.tracking_number}",
            code=doubted.code, doubt=doubt,
        )  # fmt: skip
    return True
