"""What merchants' own parcels teach about the next scan: counted nightly, asked when polling.

Pooled over merchants: a carrier's vans do not know whose parcels they carry. Only sums are
kept, per carrier, lane and stage, and they fade, because carriers change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final

from django.db.models import F

from tracking.gaps import LONGEST, Counts, Gap, Seen, gaps_of
from tracking.hazards import GapTables, Node, shipped_priors
from tracking.models import Event, GapCount, Shipment

#: Carriers tell some scans late: what is younger than this is counted the next night.
SETTLES: Final = timedelta(days=1)
#: How far the first run looks back, and how soon old counts weigh half.
FIRST_LOOK: Final = timedelta(days=60)
HALF_LIFE: Final = timedelta(days=45)
#: More parcels than this teach nothing more: an even sample of them is counted.
ENOUGH: Final = 50_000
CHUNK: Final = 1000


def count_gaps(*, now: datetime) -> int:
    """Count what happened since the last time, up to a day ago; returns the parcels looked at.

    In `every_merchant`, one transaction: a second run the same day finds nothing to do, and
    no hour is counted twice.
    """
    until = now.replace(hour=0, minute=0, second=0, microsecond=0) - SETTLES
    rows = {
        Node(row.carrier, row.lane, row.stage): row for row in GapCount.objects.select_for_update()
    }
    since = max((row.counted_until for row in rows.values()), default=until - FIRST_LOOK)
    if since >= until:
        return 0
    found, parcels = _count(since, until)
    share = 0.5 ** ((until - since) / HALF_LIFE)
    for node, row in rows.items():
        counts = Counts.from_json(row.counts)
        counts.fade(share)
        if node in found:
            counts.join(found.pop(node))
        row.counts, row.counted_until = counts.as_json(), until
    GapCount.objects.bulk_update(rows.values(), ["counts", "counted_until"], batch_size=200)
    GapCount.objects.bulk_create(
        GapCount(
            carrier=node.carrier, lane=node.lane, stage=node.stage, counts=counts.as_json(),
            counted_until=until,
        )
        for node, counts in found.items()
    )  # fmt: skip
    return parcels


def _count(since: datetime, until: datetime) -> tuple[dict[Node, Counts], int]:
    found: dict[Node, Counts] = defaultdict(Counts)
    parcels = 0
    for carrier, lane, gaps in _recent(since, until):
        parcels += 1
        for gap in gaps:
            for node in (Node(carrier, "", gap.stage), Node(carrier, lane, gap.stage)):
                found[node].add(gap)
    return dict(found), parcels


def _recent(since: datetime, until: datetime) -> Iterator[tuple[str, str, list[Gap]]]:
    """Carrier, lane and gaps of each parcel that was on its way."""
    moving = Shipment.objects.filter(last_event_at__gte=since - LONGEST)
    step = moving.count() // ENOUGH + 1
    parcels = (
        moving.annotate(turn=F("pk") % step)
        .filter(turn=0)
        .values_list("pk", "carrier", "order__ship_from_country", "order__country")
    )
    rows = parcels.iterator(CHUNK)
    while some := list(islice(rows, CHUNK)):
        scans: dict[int, list[Seen]] = defaultdict(list)
        events = Event.objects.filter(
            shipment_id__in=[pk for pk, *_ in some], quarantined="", at__isnull=False
        ).values_list("shipment_id", "at", "sub_status", "utc_offset")
        for pk, at, sub_status, offset in events:
            scans[pk].append(Seen(at, sub_status, timedelta(minutes=offset)))
        for pk, carrier, origin, destination in some:
            gaps = gaps_of(scans[pk], since=since, until=until)
            yield carrier, lane_of(origin, destination), gaps


def lane_of(origin: str, destination: str) -> str:
    """The lane's name; an order that does not say where it comes from stays at home."""
    return f"{origin or destination}>{destination}"


def tables(*, now: datetime) -> GapTables:
    """What is known now, loaded anew every hour."""
    return _load(now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1)
def _load(hour: datetime) -> GapTables:
    rows = GapCount.objects.all().iterator(CHUNK)
    return GapTables(
        shipped_priors(),
        {Node(row.carrier, row.lane, row.stage): Counts.from_json(row.counts) for row in rows},
    )


def forget() -> None:
    """Load again at once: the counts were changed by somebody who wants to see it."""
    _load.cache_clear()
