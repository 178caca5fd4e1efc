"""What the shopper contradicts: a delivery that did not come, an attempt that was none."""

from __future__ import annotations

from datetime import datetime

from lib.vocabulary import Status
from tracking.ingest import review
from tracking.models import Change, Shipment
from tracking.orders import touch
from tracking.outbox import NewChange, write


def dispute_delivery(*, shipment: Shipment, now: datetime) -> bool:
    """The shopper has not received what the carrier calls delivered. True when that is new.

    In the merchant's scope. Parcels that are not delivered cannot be disputed this way.
    """
    fresh = Shipment.objects.filter(
        pk=shipment.pk, disputed=False, status=Status.DELIVERED
    ).update(disputed=True)  # fmt: skip
    if fresh:
        _flag(shipment, "raised", now=now)
    return bool(fresh)


def settle_dispute(*, shipment: Shipment, now: datetime) -> bool:
    """The matter is closed, however it ended. True when there was a dispute."""
    ended = Shipment.objects.filter(pk=shipment.pk, disputed=True).update(disputed=False)
    if ended:
        _flag(shipment, "cleared", now=now)
    return bool(ended)


def dispute_attempt(*, shipment: Shipment, attempt: int, now: datetime) -> None:
    """Nobody came at this attempt, says the shopper; the next attempt speaks for itself."""
    Shipment.objects.filter(pk=shipment.pk).update(disputed_attempt=attempt)
    review([shipment.pk], now=now)
    touch(shipment.order_id, now=now)


def _flag(shipment: Shipment, verb: str, *, now: datetime) -> None:
    """Derive the parcel again and write the flag down; `review` knows nothing of this flag."""
    review([shipment.pk], now=now)
    touch(shipment.order_id, now=now)
    change = NewChange(
        merchant_id=shipment.merchant_id,
        order_id=shipment.order_id,
        shipment_id=shipment.pk,
        kind=Change.Kind.FLAG,
        key=f"disputed:{verb}:{now.isoformat(timespec='seconds')}",
        at=now,
    )
    write([change], now=now)
