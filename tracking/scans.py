"""The scans of parcels that are locked: read, added to, judged, and made into rows.

`tracking.ingest` owns the transaction; nothing here saves but `write`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from carriers.updates import CarrierEvent, TrackingUpdate
from lib.vocabulary import Doubt
from tracking.details import with_update
from tracking.fold import MappedEvent
from tracking.guards import Scan, Way, verdicts
from tracking.models import CodeOverride, Event, OperatorOverride, Order, Ruling, Shipment
from tracking.writing import insert_many

_COLUMNS: Final = (
    "merchant_id", "shipment_id", "leg", "key", "at", "raw_time", "zone_source", "utc_offset",
    "code", "sub_status", "description", "language", "city", "region", "country", "place_code",
    "attempt", "source", "received_at", "quarantined", "poll_id", "push_id",
)  # fmt: skip
#: An order that we learn of within this time of its making may have been dated by us.
_DATED_BY_US: Final = timedelta(minutes=5)

Overrides = dict[tuple[str, str], str]
"""Readings in force: (carrier, code) to sub-status."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said about one parcel; `leg` 0 is the first carrier's.

    `hub` is who said it where that was no carrier, and so whose words name the carriers.
    `poll_id` and `push_id` name the raw answer or the stored webhook that it was read from.
    """

    shipment_id: int
    update: TrackingUpdate
    leg: int = 0
    hub: str = ""
    poll_id: UUID | None = None
    push_id: int | None = None


@dataclass(slots=True)
class Parcel:
    """One locked parcel with the scans it has, and those it was just told."""

    shipment: Shipment
    scans: dict[str, Scan] = field(default_factory=dict)
    fresh: list[tuple[Heard, CarrierEvent, Scan]] = field(default_factory=list)
    update: TrackingUpdate | None = None
    has_new_details: bool = False
    #: Scans set aside as another carrier's, which this one tells after all.
    taken_back: set[str] = field(default_factory=set)
    #: SKUs in it; None: not read (`tracking.goods`).
    skus: tuple[str, ...] | None = None

    def counted(self) -> list[MappedEvent]:
        """What the fold is made from."""
        return [
            MappedEvent(scan.key, scan.at or scan.received_at, scan.sub_status, scan.attempt,
                        scan.city)
            for scan in self.scans.values()
            if not scan.quarantined
        ]  # fmt: skip


def event_key(event: CarrierEvent, *, leg: int = 0) -> str:
    """The scan's identity: leg, code, instant (or its text), place. Not the payload's hash:
    poll, webhook and a translated text differ, the scan does not."""
    when = event.at.isoformat() if event.at else event.raw_time
    if event.at is not None:
        when = str(event.at.timestamp())
    place = event.place.code or event.place.city.casefold()
    text = "|".join((str(leg), event.code, when, place))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def way_of(order: Order) -> Way:
    """The order as the guards know it."""
    is_told = ":" in order.source or abs(order.created_at - order.placed_at) > _DATED_BY_US
    return Way(order.placed_at, is_told, order.ship_from_country, order.country)


def lock(ids: set[int]) -> dict[int, Parcel]:
    """These parcels, locked in the order of their ids, with their scans."""
    shipments = (
        Shipment.objects.select_for_update(of=("self",))
        .select_related("order")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    parcels = {shipment.pk: Parcel(shipment) for shipment in shipments}
    load(parcels)
    return parcels


def load(parcels: dict[int, Parcel]) -> None:
    """Read the scans of these parcels."""
    rows = Event.objects.filter(shipment_id__in=list(parcels)).values_list(
        "shipment_id", *Scan._fields
    )
    for shipment_id, *values in rows:
        parcels[shipment_id].scans[values[0]] = Scan._make(values)


def overrides(parcels: Iterable[Parcel]) -> Overrides:
    """The corrections that concern these parcels: the operator's, and over them the merchant's."""
    carriers = {parcel.shipment.carrier for parcel in parcels}
    found: Overrides = {}
    for model in (OperatorOverride, CodeOverride):
        rows = model.objects.filter(carrier__in=carriers)
        for carrier, code, sub_status in rows.values_list("carrier", "code", "sub_status"):
            found[carrier, code] = sub_status
    return found


def add(parcel: Parcel, one: Heard, readings: Overrides, *, source: str, now: datetime) -> None:
    """Map the scans that this parcel does not have yet."""
    if parcel.update is None or one.update.edd is not None:
        parcel.update = one.update
    shipment = parcel.shipment
    carrier = shipment.carrier
    details = with_update(shipment.details, one.update)
    if details != shipment.details:
        shipment.details, parcel.has_new_details = details, True
    for event in one.update.events:
        key = event_key(event, leg=one.leg)
        known = parcel.scans.get(key)
        if known is not None and known.quarantined == Doubt.OTHER_CARRIER and not known.ruling:
            parcel.scans[key] = known._replace(quarantined="")
            parcel.taken_back.add(key)
        if known is not None or _was_rejected(parcel, event):
            continue
        scan = Scan(
            key, event.at, now, readings.get((carrier, event.code), event.sub_status),
            event.attempt, event.place.city, event.place.country[:2], event.zone_source, source,
            event.code,
        )  # fmt: skip
        parcel.scans[key] = scan
        parcel.fresh.append((one, event, scan))


def _was_rejected(parcel: Parcel, event: CarrierEvent) -> bool:
    """The carrier repeats what a person rejected, under another place's name."""
    return any(
        scan.ruling == Ruling.REJECTED and (scan.code, scan.at) == (event.code, event.at)
        for scan in parcel.scans.values()
        if scan.ruling
    )


def judge(parcel: Parcel) -> dict[str, str]:
    """Ask the guards about the whole set; the stored scans whose verdict is another one now."""
    found = verdicts(parcel.scans.values(), way_of(parcel.shipment.order))
    turned: dict[str, str] = {}
    for key, scan in parcel.scans.items():
        verdict = found.get(key, "")
        if verdict != scan.quarantined or key in parcel.taken_back:
            turned[key] = verdict
    for key, verdict in turned.items():
        parcel.scans[key] = parcel.scans[key]._replace(quarantined=verdict)
    for _, _, scan in parcel.fresh:
        turned.pop(scan.key, None)
    return turned


def write(parcels: Sequence[Parcel], turned: dict[int, dict[str, str]]) -> int:
    """Insert the new scans and note changed verdicts; how many scans were new."""
    rows = [
        _row(parcel, one, event, scan) for parcel in parcels for one, event, scan in parcel.fresh
    ]
    insert_many(Event, _COLUMNS, rows)
    for shipment_id, changed in turned.items():
        for key, verdict in changed.items():
            Event.objects.filter(shipment_id=shipment_id, key=key).update(quarantined=verdict)
    return len(rows)


def _row(parcel: Parcel, one: Heard, event: CarrierEvent, scan: Scan) -> tuple[Any, ...]:
    shipment = parcel.shipment
    offset = event.at.utcoffset() if event.at else None
    place = event.place
    return (
        shipment.merchant_id, shipment.pk, one.leg, scan.key, event.at, event.raw_time[:60],
        event.zone_source, int(offset.total_seconds() // 60) if offset else 0,
        event.code[:60], scan.sub_status, event.description[:500], event.language[:10],
        place.city[:120], place.region[:120], place.country[:2], place.code[:40],
        event.attempt, scan.source, scan.received_at, parcel.scans[scan.key].quarantined,
        one.poll_id, one.push_id,
    )  # fmt: skip
