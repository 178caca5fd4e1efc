"""What a carrier's answer means by itself, without a parcel: the fold over its scans. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from carriers.updates import CarrierEvent
from tracking.fold import MappedEvent, ParcelState, fold
from tracking.ingest import event_key

#: An event whose time cannot be read sorts first: nothing says when it happened.
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


def state_of(events: Iterable[CarrierEvent]) -> ParcelState:
    """The state a parcel would have that knows these scans and nothing else."""
    return fold(
        MappedEvent(event_key(event), event.at or _NO_TIME, event.sub_status, event.attempt)
        for event in events
    )
