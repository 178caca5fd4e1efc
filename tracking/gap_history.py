"""What merchants' own parcels teach about the next scan: counted nightly, asked when polling.

Pooled over merchants: a carrier's vans do not know whose parcels they carry. Only sums are
kept, per carrier, lane, service and stage, and they fade, because carriers change. Services are
free text: only those that carry many parcels have nodes, the others count in their parents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final

from django.conf import settings
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Lower, Trim

from tracking.gap_givers import MOST_GIVERS, Givers, is_shared, joined
from tracking.gap_tables import FEWEST, GapTables, Node
from tracking.gaps import LONGEST, Counts, Gap, Seen, gaps_of, service_key
from tracking.hazards import shipped_priors
from tracking.models import Event, GapCount, Shipment

#: Carriers tell some scans late: what is younger than this is counted the next night.
SETTLES: Final = timedelta(days=1)
#: How far the first run looks back, and how soon old counts weigh half.
FIRST_LOOK: Final = timedelta(days=60)
HALF_LIFE: Final = timedelta(days=45)
#: More parcels than this teach nothing more: an even sample of them is counted.
ENOUGH: Final = 50_000
CHUNK: Final = 1000
#: A service has nodes of its own while so many parcels of the last weeks have it, and only the
#: carrier's most frequent ones do: names may hold anything.
SERVICE_PARCELS: Final = 20
MOST_SERVICES: Final = 30

Services = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Tally:
    """What one night adds to a node: counts, and the merchants they are of."""

    counts: Counts = field(default_factory=Counts)
    merchants: set[int] = field(default_factory=set)

    def add(self, gap: Gap, merchant: int) -> None:
        self.counts.add(gap)
        if len(self.merchants) < MOST_GIVERS:
            self.merchants.add(merchant)


@dataclass(frozen=True, slots=True)
class Travelled:
    """One parcel with the gaps between its scans."""

    merchant: int
    carrier: str
    lane: str
    service: str
    gaps: list[Gap]

    def nodes(self, stage: str, *, with_service: bool) -> list[Node]:
        lanes = ("", self.lane)
        services = ("", self.service) if with_service else ("",)
        return [Node(self.carrier, lane, stage, name) for lane in lanes for name in services]


def count_gaps(*, now: datetime) -> int:
    """Count what happened since the last time, up to a day ago; returns the parcels looked at.

    In `every_merchant`, one transaction: a second run the same day finds nothing to do, and
    no hour is counted twice.
    """
    until = now.replace(hour=0, minute=0, second=0, microsecond=0) - SETTLES
    locked = GapCount.objects.select_for_update().values_list("counted_until", flat=True)
    since = max(locked, default=until - FIRST_LOOK)
    if since >= until:
        return 0
    moving = Shipment.objects.filter(last_event_at__gte=since - LONGEST)
    services = _services(moving)
    found, parcels = _count(moving, services, since, until)
    _add_to_rows(found, services, since, until)
    GapCount.objects.bulk_create(
        (_row(node, tally, until) for node, tally in found.items()), batch_size=200
    )
    return parcels


def _services(moving: QuerySet[Shipment]) -> Services:
    """Carrier and service, as `service_key` spells it, of those frequent enough for nodes."""
    rows = (
        moving.exclude(service="")
        .values_list("carrier", Lower(Trim("service")))
        .annotate(n=Count("pk"))
        .filter(n__gte=SERVICE_PARCELS)
    )
    parcels: dict[str, Counter[str]] = defaultdict(Counter)
    for carrier, service, n in rows:
        parcels[carrier][service_key(service)] += n
    return frozenset(
        (carrier, service)
        for carrier, counted in parcels.items()
        for service, _ in counted.most_common(MOST_SERVICES)
    )


def _count(
    moving: QuerySet[Shipment], services: Services, since: datetime, until: datetime
) -> tuple[dict[Node, Tally], int]:
    found: dict[Node, Tally] = defaultdict(Tally)
    parcels = 0
    for one in _recent(moving, since, until):
        parcels += 1
        named = (one.carrier, one.service) in services
        for gap in one.gaps:
            for node in one.nodes(gap.stage, with_service=named):
                found[node].add(gap, one.merchant)
    return dict(found), parcels


def _recent(moving: QuerySet[Shipment], since: datetime, until: datetime) -> Iterator[Travelled]:
    """Each parcel that was on its way."""
    step = moving.count() // ENOUGH + 1
    parcels = (
        moving.annotate(turn=F("pk") % step)
        .filter(turn=0)
        .values_list(
            "pk", "merchant_id", "carrier", "service", "order__ship_from_country", "order__country"
        )
    )
    rows = parcels.iterator(CHUNK)
    while some := list(islice(rows, CHUNK)):
        scans: dict[int, list[Seen]] = defaultdict(list)
        events = Event.objects.filter(
            shipment_id__in=[pk for pk, *_ in some], quarantined="", at__isnull=False
        ).values_list("shipment_id", "at", "sub_status", "utc_offset")
        for pk, at, sub_status, offset in events:
            scans[pk].append(Seen(at, sub_status, timedelta(minutes=offset)))
        for pk, merchant, carrier, service, origin, destination in some:
            gaps = gaps_of(scans[pk], since=since, until=until)
            lane = lane_of(origin, destination)
            yield Travelled(merchant, carrier, lane, service_key(service), gaps)


def _add_to_rows(
    found: dict[Node, Tally], services: Services, since: datetime, until: datetime
) -> None:
    """Let what is kept fade and add the night's; takes from `found` what has a row already.

    A service that nobody uses much any more loses its rows once too few scans are in them.
    """
    share = 0.5 ** ((until - since) / HALF_LIFE)
    gone: list[int] = []
    rows = GapCount.objects.order_by("pk").iterator(CHUNK)
    while some := list(islice(rows, CHUNK)):
        for row in some:
            node = Node(row.carrier, row.lane, row.stage, row.service)
            tally = found.pop(node, None) or Tally()
            counts = Counts.from_json(row.counts)
            counts.fade(share)
            counts.join(tally.counts)
            _fill(row, node, counts, tally, until)
            is_common = not row.service or (row.carrier, row.service) in services
            if row.scans < FEWEST and not is_common:
                gone.append(row.pk)
        columns = ["counts", "scans", "givers", "counted_until"]
        GapCount.objects.bulk_update(some, columns, batch_size=200)
    GapCount.objects.filter(pk__in=gone).delete()


def _row(node: Node, tally: Tally, until: datetime) -> GapCount:
    row = GapCount(
        carrier=node.carrier, lane=node.lane, stage=node.stage, service=node.service, givers={}
    )
    _fill(row, node, tally.counts, tally, until)
    return row


def _fill(row: GapCount, node: Node, counts: Counts, tally: Tally, until: datetime) -> None:
    row.counts, row.scans, row.counted_until = counts.as_json(), counts.total, until
    row.givers = joined(row.givers, tally.merchants, node, on=until.date())


def lane_of(origin: str, destination: str) -> str:
    """The lane's name; an order that does not say where it comes from stays at home."""
    return f"{origin or destination}>{destination}"


def tables(*, now: datetime) -> GapTables:
    """What is known now, loaded anew every hour, each carrier's when it is first asked for."""
    return _load(now.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1)
def _load(hour: datetime) -> GapTables:
    kept = _Kept()
    return GapTables(shipped_priors(), kept, shared=kept.is_shared)


class _Kept:
    """The nodes with scans enough, read carrier by carrier: a page meets one or two of many."""

    def __init__(self) -> None:
        self._carriers: dict[str, dict[Node, tuple[Counts, Givers]]] = {}

    def get(self, node: Node, /) -> Counts | None:
        found = self._of(node.carrier).get(node)
        return found[0] if found else None

    def is_shared(self, node: Node, merchant: int | None) -> bool:
        found = self._of(node.carrier).get(node)
        givers = found[1] if found else {}
        return is_shared(givers, node, merchant, fewest=settings.POOL_FEWEST_MERCHANTS)

    def _of(self, carrier: str) -> dict[Node, tuple[Counts, Givers]]:
        found = self._carriers.get(carrier)
        if found is None:
            rows = GapCount.objects.filter(carrier=carrier, scans__gte=FEWEST).iterator(CHUNK)
            found = self._carriers[carrier] = {
                Node(row.carrier, row.lane, row.stage, row.service): (
                    Counts.from_json(row.counts),
                    row.givers,
                )
                for row in rows
            }
        return found


def forget() -> None:
    """Load again at once: the counts were changed by somebody who wants to see it."""
    _load.cache_clear()
