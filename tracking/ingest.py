"""The one door: whatever was learned about parcels becomes rows here, and nowhere else.

Poll, carrier webhook, aggregator, CSV, API and a person's correction all end in `ingest`.
It stores the scans, folds the state again, and writes what changed into the outbox, in one
transaction. A scan that is known already writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from carriers.updates import CarrierEvent, TrackingUpdate
from edd.rules import load_rules
from tracking import outbox
from tracking.derive import COLUMNS, Derived, derive
from tracking.details import with_update
from tracking.fold import MappedEvent
from tracking.guards import quarantine_reason
from tracking.models import CodeOverride, Event, Promise, Shipment, Watch
from tracking.orders import refresh_orders, refresh_statuses
from tracking.writing import insert_many, update_many

_EVENT_COLUMNS = (
    "merchant_id", "shipment_id", "leg", "key", "at", "raw_time", "zone_source", "utc_offset",
    "code", "sub_status", "description", "language", "city", "region", "country", "place_code",
    "attempt", "source", "received_at", "quarantined",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said about one parcel; `leg` 0 is the first carrier's."""

    shipment_id: int
    update: TrackingUpdate
    leg: int = 0


@dataclass(slots=True)
class Ingested:
    """What came of it: how many scans were new, and the parcels that were derived again."""

    new_events: int = 0
    derived: list[Derived] = field(default_factory=list)


@dataclass(slots=True)
class _Parcel:
    """One locked parcel with the scans it has."""

    shipment: Shipment
    events: dict[str, MappedEvent] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    update: TrackingUpdate | None = None
    has_new_details: bool = False


def ingest(*, heard: Sequence[Heard], source: str, now: datetime) -> Ingested:
    """Take in what carriers said about one merchant's parcels; in that merchant's scope.

    `source` is one of poll, push, api, csv, manual, store. Parcels that are gone are
    skipped. Safe to run twice and at the same time: parcels are locked in order.
    """
    if not heard:
        return Ingested()
    with transaction.atomic():
        parcels = _lock({one.shipment_id for one in heard})
        _load_events(parcels)
        overrides = _overrides(parcels)
        for one in heard:
            parcel = parcels.get(one.shipment_id)
            if parcel is not None:
                _add(parcel, one, overrides, source=source, now=now)
        touched = [
            parcel
            for parcel in parcels.values()
            if parcel.rows or parcel.has_new_details or _new_window(parcel)
        ]
        rows = [row for parcel in touched for row in parcel.rows]
        insert_many(Event, _EVENT_COLUMNS, rows)
        _keep_details(touched)
        derived = _save(touched, now=now)
        refresh_statuses({one.shipment.order_id for one in derived}, now=now)
        return Ingested(len(rows), derived)


def review(shipment_ids: Iterable[int], *, now: datetime, silent: bool = False) -> Ingested:
    """Derive these parcels again without news: time passed, or a mapping was corrected.

    `silent`: whatever comes out is written down, and nobody is told.
    """
    with transaction.atomic():
        parcels = _lock(set(shipment_ids))
        _load_events(parcels)
        derived = _save(list(parcels.values()), now=now, silent=silent)
        # Whole, with the search text: a new parcel comes this way and brings its number.
        refresh_orders({one.shipment.order_id for one in derived}, now=now)
        return Ingested(0, derived)


def event_key(event: CarrierEvent, *, leg: int = 0) -> str:
    """The scan's identity: leg, code, instant (or its text), place. Not the payload's hash:
    poll, webhook and a translated text differ, the scan does not."""
    when = event.at.isoformat() if event.at else event.raw_time
    if event.at is not None:
        when = str(event.at.timestamp())
    place = event.place.code or event.place.city.casefold()
    text = "|".join((str(leg), event.code, when, place))
    return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def _lock(ids: set[int]) -> dict[int, _Parcel]:
    shipments = (
        Shipment.objects.select_for_update(of=("self",))
        .select_related("order")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    return {shipment.pk: _Parcel(shipment) for shipment in shipments}


def _load_events(parcels: dict[int, _Parcel]) -> None:
    rows = Event.objects.filter(shipment_id__in=list(parcels), quarantined="").values_list(
        "shipment_id", "key", "at", "received_at", "sub_status", "attempt", "city"
    )
    for shipment_id, key, at, received_at, sub_status, attempt, city in rows:
        parcels[shipment_id].events[key] = MappedEvent(
            key, at or received_at, sub_status, attempt, city
        )


def _overrides(parcels: dict[int, _Parcel]) -> dict[tuple[str, str], str]:
    carriers = {parcel.shipment.carrier for parcel in parcels.values()}
    rows = CodeOverride.objects.filter(carrier__in=carriers).values_list(
        "carrier", "code", "sub_status"
    )
    return {(carrier, code): sub_status for carrier, code, sub_status in rows}


def _add(
    parcel: _Parcel,
    one: Heard,
    overrides: dict[tuple[str, str], str],
    *,
    source: str,
    now: datetime,
) -> None:
    """Map, guard and queue the scans that this parcel does not have yet."""
    if parcel.update is None or one.update.edd is not None:
        parcel.update = one.update
    shipment = parcel.shipment
    details = with_update(shipment.details, one.update)
    if details != shipment.details:
        shipment.details, parcel.has_new_details = details, True
    seen = {row[3] for row in parcel.rows}
    for event in one.update.events:
        key = event_key(event, leg=one.leg)
        if key in parcel.events or key in seen:
            continue
        seen.add(key)
        sub_status = overrides.get((shipment.carrier, event.code), event.sub_status)
        aside = quarantine_reason(event.at, placed_at=shipment.order.placed_at, now=now)
        if not aside:
            parcel.events[key] = MappedEvent(
                key, event.at or now, sub_status, event.attempt, event.place.city
            )
        parcel.rows.append(_row(shipment, one, event, key, sub_status, source, now, aside))


def _row(
    shipment: Shipment,
    one: Heard,
    event: CarrierEvent,
    key: str,
    sub_status: str,
    source: str,
    now: datetime,
    aside: str,
) -> tuple[Any, ...]:
    offset = event.at.utcoffset() if event.at else None
    place = event.place
    return (
        shipment.merchant_id, shipment.pk, one.leg, key, event.at, event.raw_time[:60],
        event.zone_source, int(offset.total_seconds() // 60) if offset else 0,
        event.code[:60], sub_status, event.description[:500], event.language[:10],
        place.city[:120], place.region[:120], place.country[:2], place.code[:40],
        event.attempt, source, now, aside,
    )  # fmt: skip


def _new_window(parcel: _Parcel) -> bool:
    """Whether the carrier's own date moved though it sent no scan."""
    window = parcel.update.edd if parcel.update else None
    shipment = parcel.shipment
    return window is not None and (window.first, window.last) != (
        shipment.carrier_first,
        shipment.carrier_last,
    )


def _keep_details(parcels: Sequence[_Parcel]) -> None:
    rows = [(one.shipment.pk, one.shipment.details) for one in parcels if one.has_new_details]
    update_many(Shipment, ("details",), rows)


def _save(parcels: Sequence[_Parcel], *, now: datetime, silent: bool = False) -> list[Derived]:
    if not parcels:
        return []
    rules = load_rules(parcels[0].shipment.merchant_id)
    derived = [
        derive(
            shipment=parcel.shipment,
            order=parcel.shipment.order,
            events=parcel.events.values(),
            rules=rules,
            carrier_window=parcel.update.edd if parcel.update else None,
            now=now,
            silent=silent,
        )
        for parcel in parcels
    ]
    update_many(Shipment, COLUMNS, [one.row() for one in derived])
    outbox.write([change for one in derived for change in one.changes], now=now)
    _keep_promises(derived, now=now)
    _tell_watch(derived)
    return derived


def _keep_promises(derived: Sequence[Derived], *, now: datetime) -> None:
    columns = (
        "merchant_id", "shipment_id", "made_at", "stage", "first", "last", "zone", "source", "why"
    )  # fmt: skip
    insert_many(
        Promise,
        columns,
        [
            (
                one.shipment.merchant_id,
                one.shipment.pk,
                now,
                str(one.state.status),
                made.first,
                made.last,
                made.zone,
                made.source,
                list(made.why),
            )
            for one in derived
            if (made := one.new_date) is not None
        ],
    )


def _tell_watch(derived: Sequence[Derived]) -> None:
    watches = dict(
        Watch.objects.filter(shipment_id__in=[one.shipment.pk for one in derived]).values_list(
            "shipment_id", "id"
        )
    )
    update_many(
        Watch,
        ("carrier_said_at", "review_at"),
        [
            (watches[one.shipment.pk], one.state.last_event_at, one.flags.review_at)
            for one in derived
            if one.shipment.pk in watches
        ],
    )
