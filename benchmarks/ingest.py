"""Scans into rows: the raw insert loop, then `tracking.ingest` with all that it derives.

The limit writes the same scans, as wide as we store them, into a table that has one unique
index and nothing else: no policy, no foreign key, nothing derived.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from psycopg2.extras import execute_values

from benchmarks import seeding
from benchmarks.measuring import Line, against, clocked, say
from benchmarks.sizes import Size
from carriers.updates import CarrierEvent, Place, TrackingUpdate
from merchants.scope import merchant_scope
from tests import factories
from tests.factories import NOW
from tracking.ingest import Heard, event_key, ingest
from tracking.models import Event

PARCELS_A_BATCH = 250
EVENTS_A_PARCEL = 4

#: Two visits of a carrier: what is heard first, and what is heard of the same parcel later.
_STORY = (
    ("picked_up.accepted", "OR", "Origin scan", "Dubai", "AE"),
    ("transit.departed_facility", "DP", "Departed from facility", "Dubai", "AE"),
    ("transit.arrived_facility", "AR", "Arrived at facility", "Sharjah", "AE"),
    ("transit.at_delivery_depot", "DS", "Destination scan", "Abu Dhabi", "AE"),
    ("out.on_vehicle", "OD", "Out for delivery today", "Abu Dhabi", "AE"),
    ("attempt.nobody_home", "48", "The receiver was not available", "Abu Dhabi", "AE"),
    ("out.on_vehicle", "OD", "Out for delivery today", "Abu Dhabi", "AE"),
    ("delivered.generic", "KB", "Delivered", "Abu Dhabi", "AE"),
)


def run(size: Size) -> list[Line]:
    merchant = factories.merchant()
    say(f"seeding {PARCELS_A_BATCH * size.ingest_batches:,} parcels a repeat")
    _make_raw_table()
    fresh: list[float] = []
    grown: list[float] = []
    limit: list[float] = []
    cpu: list[float] = []
    ids = seeding.parcels(merchant, PARCELS_A_BATCH * size.ingest_batches * size.repeats)
    seeding.settle("tracking_shipment", "tracking_order", "tracking_watch")
    share = PARCELS_A_BATCH * size.ingest_batches
    for turn in range(size.repeats):
        batches = _batches(ids[turn * share : (turn + 1) * share])
        limit.append(_raw(batches, merchant.pk, visit=0))
        rate, used = _ours(batches, merchant.pk, visit=0)
        fresh.append(rate)
        cpu.append(used)
        grown.append(_ours(batches, merchant.pk, visit=1)[0])
        say(f"pass {turn + 1} of {size.repeats}: raw {limit[-1]:,.0f}, ours {fresh[-1]:,.0f} and"
            f" {grown[-1]:,.0f} events/s")  # fmt: skip
    return [
        against(
            "ingest: first scans of a parcel", fresh, limit, "events/s", least=0.06,
            cpu_ms_an_event=min(cpu) * 1000,
        ),
        against("ingest: four more scans of it", grown, limit, "events/s", least=0.06),
    ]  # fmt: skip


def _batches(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + PARCELS_A_BATCH] for start in range(0, len(ids), PARCELS_A_BATCH)]


def _update(shipment_id: int, visit: int) -> TrackingUpdate:
    """What the carrier says on its first visit, or on its second: the old scans and four new."""
    return TrackingUpdate(
        tracking_number=str(shipment_id),
        events=tuple(
            CarrierEvent(
                code=code,
                sub_status=sub_status,
                description=description,
                at=_at(shipment_id, step),
                raw_time=_at(shipment_id, step).isoformat(),
                zone_source="carrier",
                place=Place(city=city, country=country),
            )
            for step, (sub_status, code, description, city, country) in enumerate(
                _STORY[: EVENTS_A_PARCEL * (visit + 1)]
            )
        ),
    )


def _at(shipment_id: int, step: int) -> datetime:
    return NOW - timedelta(days=2) + timedelta(hours=5 * step, seconds=shipment_id % 3600)


def _ours(batches: list[list[int]], merchant_id: int, *, visit: int) -> tuple[float, float]:
    """Events a second through the one door, and processor seconds an event."""
    heard = [
        [Heard(shipment_id, _update(shipment_id, visit)) for shipment_id in batch]
        for batch in batches
    ]
    new = 0
    with clocked() as took:
        for batch in heard:
            with merchant_scope(merchant_id):
                new += ingest(heard=batch, source="poll", now=NOW).new_events
    if new != EVENTS_A_PARCEL * PARCELS_A_BATCH * len(batches):
        raise RuntimeError(f"{new} scans were new")
    return new / took.seconds, took.cpu / new


def insert_rate(scans: int) -> float:
    """Rows a second of the plain insert loop, for about as many scans."""
    _make_raw_table()
    parcels = list(range(1, max(scans // EVENTS_A_PARCEL, 1) + 1))
    return _raw(_batches(parcels), 1, visit=0)


_COLUMNS = (
    "merchant_id", "shipment_id", "leg", "key", "at", "raw_time", "zone_source", "utc_offset",
    "code", "sub_status", "description", "language", "city", "region", "country", "place_code",
    "attempt", "source", "received_at", "quarantined",
)  # fmt: skip


def _raw(batches: list[list[int]], merchant_id: int, *, visit: int) -> float:
    """Rows a second of the plain loop."""
    rows = [
        [
            (
                merchant_id, shipment_id, 0, event_key(event), event.at, event.raw_time,
                event.zone_source, 0, event.code, event.sub_status, event.description,
                event.language, event.place.city, event.place.region, event.place.country,
                event.place.code, event.attempt, "poll", NOW, "",
            )
            for shipment_id in batch
            for event in _update(shipment_id, visit).events
        ]
        for batch in batches
    ]  # fmt: skip
    statement = f"INSERT INTO bench_raw ({', '.join(_COLUMNS)}) VALUES %s ON CONFLICT DO NOTHING"
    connection.ensure_connection()
    link = connection.connection
    with clocked() as took:
        for batch in rows:
            with link.cursor() as cursor:
                execute_values(cursor, statement, batch, page_size=1000)
            link.commit()
    return sum(map(len, rows)) / took.seconds


def _make_raw_table() -> None:
    """As wide as our own. Not a temporary table: that would escape the write-ahead log."""
    seeding.as_owner(
        "DROP TABLE IF EXISTS bench_raw",
        f"CREATE TABLE bench_raw (LIKE {Event._meta.db_table} INCLUDING DEFAULTS)",
        "ALTER TABLE bench_raw DROP COLUMN id",
        "CREATE UNIQUE INDEX ON bench_raw (shipment_id, key)",
        f"GRANT ALL ON bench_raw TO {connection.settings_dict['USER']}",
    )
