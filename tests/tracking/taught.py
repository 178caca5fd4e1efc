"""History of silence, as if many nights had counted it; seen from the tests of every face."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tracking.gap_givers import joined
from tracking.gap_history import forget
from tracking.gap_tables import Node
from tracking.gaps import Counts, Gap
from tracking.models import GapCount

_MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)


def teach(
    *merchants: int,
    carrier: str = "sandbox",
    lane: str = "AE>AE",
    stage: str = "in_transit",
    service: str = "",
    typical: float = 20.0,
    gaps: int = 300,
) -> None:
    """Waits spread evenly from a tenth of twice `typical` hours to all of it: half are shorter
    than `typical`, and 9 of 10 than 1.8 times that. On the carrier's node and on the lane's."""
    counts = Counts()
    for n in range(gaps):
        begins = _MONDAY + timedelta(hours=7 * n)
        wait = 2 * typical * (n % 50 + 1) / 50
        counts.add(Gap(stage, begins, begins + timedelta(hours=wait), closed=True))
    for node in {Node(carrier, "", stage), Node(carrier, lane, stage, service)}:
        GapCount.objects.create(
            carrier=node.carrier,
            lane=node.lane,
            stage=node.stage,
            service=node.service,
            scans=counts.total,
            givers=joined({}, merchants, node, on=_MONDAY.date()),
            counts=counts.as_json(),
            counted_until=_MONDAY,
        )
    forget()
