"""How far behind the shop we are: from its own time of a change to the webhook that told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from stores.models import StoreConnection
from stores.vocabulary import OrderUpdate

#: How much the newest webhook counts.
_WEIGHT: Final = 0.2
#: What comes later than this was replayed, or the shop's clock is wrong.
_LONGEST: Final = timedelta(days=1)


def note_lag(connection: StoreConnection, update: OrderUpdate, *, received_at: datetime) -> None:
    """Take this webhook into the average; in the merchant's scope."""
    if update.updated_at is None or not update.updated_at <= received_at + timedelta(minutes=1):
        return
    late = received_at - update.updated_at
    if late > _LONGEST:
        return
    seconds = max(late.total_seconds(), 0.0)
    before = connection.lag_seconds
    now = seconds if before is None else before + _WEIGHT * (seconds - before)
    connection.lag_seconds = now
    StoreConnection.objects.filter(pk=connection.pk).update(lag_seconds=now)
