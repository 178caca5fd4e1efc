"""Parcels of all merchants as the columns that the learning takes: days, places, carriers.

Read in chunks through a cursor on the server, so that a million of them fit in memory. Dates
are local: of the warehouse for the order, of the destination for what the carrier does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from django.db import connection

from edd.calendars import Calendar, delivery_calendar, warehouse_calendar
from edd.learning.clocks import Clock, Ints, Spans, clock
from edd.learning.nodes import Whereabouts, column
from edd.learning.parcels import NUMBERS, Parcels
from edd.models import DateRules
from edd.windows.learned import place_of, weekdays_key

CHUNK: Final = 50_000
#: A parcel that was ordered longer ago and never came teaches nothing more.
OPEN_FOR: Final = timedelta(days=120)

_ORDINAL: Final = "({moment} AT TIME ZONE {zone})::date - DATE '0001-01-01' + 1"
_PLACED: Final = _ORDINAL.format(moment="o.placed_at", zone="m.zone")
_THERE: Final = "COALESCE(NULLIF(s.edd_zone, ''), m.zone)"
_HANDED: Final = _ORDINAL.format(moment="s.picked_up_at", zone=_THERE)
_CAME: Final = _ORDINAL.format(moment="came.at", zone=_THERE)

#: As `tracking.goods` names a warehouse.
_FROM: Final = "COALESCE(NULLIF({row}.ship_from->>'name', ''), {row}.ship_from->>'city')"
_KIND: Final = (
    f"LOWER(REGEXP_REPLACE(BTRIM(COALESCE({_FROM.format(row='s')}, {_FROM.format(row='o')}, '')),"
    " '\\s+', ' ', 'g'))"
)

#: A failed attempt ends the carrier's time as a delivery does: it was there.
_SELECT: Final = f"""
SELECT s.id, s.merchant_id, s.carrier, LEFT(LOWER(BTRIM(s.service)), 40),
       COALESCE(NULLIF(o.ship_from_country, ''), m.country), o.country, o.region,
       LEFT(REGEXP_REPLACE(UPPER(o.postcode), '[^A-Z0-9]', '', 'g'), 3),
       {_KIND},
       {_PLACED}, EXTRACT(HOUR FROM o.placed_at AT TIME ZONE m.zone)::int,
       COALESCE({_HANDED}, 0),
       COALESCE(EXTRACT(HOUR FROM s.picked_up_at AT TIME ZONE {_THERE})::int, 0),
       COALESCE({_CAME}, 0)
FROM tracking_shipment s
JOIN tracking_order o ON o.id = s.order_id
JOIN merchants_merchant m ON m.id = s.merchant_id
LEFT JOIN LATERAL (
    SELECT MIN(e.at) AS at FROM tracking_event e
    WHERE s.attempts > 0 AND e.shipment_id = s.id AND e.quarantined = ''
      AND e.sub_status LIKE 'attempt.%%'
) attempt ON TRUE
CROSS JOIN LATERAL (SELECT LEAST(attempt.at, s.delivered_at) AS at) came
WHERE s.carrier <> '' AND s.status <> 'cancelled' AND NOT (s.return_leg AND attempt.at IS NULL)
"""  # noqa: S608 - nothing in it comes from outside
_OPEN: Final = " AND s.delivered_at IS NULL AND s.created_at >= %s"
_DELIVERED: Final = " AND s.delivered_at >= %s"


class Row(NamedTuple):
    """One parcel as `_SELECT` gives it; days are ordinals, 0 where it has not happened."""

    shipment: int
    merchant: int
    carrier: str
    service: str
    origin: str
    country: str
    region: str
    prefix: str
    kind: str
    placed: int
    placed_hour: int
    handed: int
    handed_hour: int
    came: int


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some parcels as columns, with their ids and the calendars' names."""

    shipments: Sequence[int]
    parcels: Parcels
    #: `edd.windows.learned.weekdays_key` of each of the carriers' clocks.
    keys: Sequence[str]


def chunks(since: date, *, size: int = CHUNK, every: int = 1) -> Iterator[Chunk]:
    """All parcels that were on their way at `since` or later, in `every_merchant`.

    `every` takes each so many-th parcel only, by its id.
    """
    weeks = _Weeks(since)
    for rows in _rows(since, size, every):
        yield _chunk(rows, weeks)


def how_many(since: date) -> int:
    """How many parcels `chunks` gives."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM tracking_shipment WHERE delivered_at >= %s"
            " OR (delivered_at IS NULL AND created_at >= %s)",
            [_midnight(since), _midnight(since - OPEN_FOR)],
        )
        return int(cursor.fetchone()[0])


def _midnight(day: date) -> datetime:
    """An instant, not a date: only `timestamptz` itself is compared along an index under
    row-level security."""
    return datetime.combine(day, time(), tzinfo=UTC)


def _rows(since: date, size: int, every: int) -> Iterator[list[Row]]:
    sample = f" AND s.id %% {int(every)} = 0" if every > 1 else ""
    statement = f"{_SELECT}{_DELIVERED}{sample} UNION ALL {_SELECT}{_OPEN}{sample}"
    with connection.chunked_cursor() as cursor, connection.cursor() as planner:
        # All rows are read: the plan for the first few of them would be another one.
        planner.execute("SET LOCAL cursor_tuple_fraction = 1.0")
        cursor.execute(statement, [_midnight(since), _midnight(since - OPEN_FOR)])
        while found := cursor.fetchmany(size):
            yield [Row(*row) for row in found]


class _Weeks:
    """Calendars of warehouses and carriers, each made once, over the days that may be asked."""

    def __init__(self, since: date) -> None:
        self._first = date(since.year - 2, 1, 1)
        self._last = date(since.year + 2, 12, 31)
        self._rules = {
            row.merchant_id: (
                frozenset(row.rest_days),
                frozenset(date.fromisoformat(day) for day in row.closures),
            )
            for row in DateRules.objects.all()
        }

    def warehouse(self, merchant: int, country: str) -> Clock:
        rest, closures = self._rules.get(merchant, (frozenset(), frozenset()))
        return self._clock(warehouse_calendar(country, rest_days=rest, closures=closures))

    def carrier(self, country: str, carrier: str) -> Clock:
        return self._clock(delivery_calendar(country, carrier))

    def _clock(self, calendar: Calendar) -> Clock:
        return clock(calendar, self._first, self._last)

    def bounds(self) -> tuple[int, int]:
        return self._first.toordinal(), self._last.toordinal()


def _chunk(rows: Sequence[Row], weeks: _Weeks) -> Chunk:
    first, last = weeks.bounds()
    rows = [row for row in rows if first < row.placed < last and row.came < last]
    placed = _ints([row.placed for row in rows])
    handed = np.minimum(_ints([row.handed for row in rows]), last)
    came = _ints([row.came for row in rows])
    # A clock that is wrong, or another zone: nothing happens before what it follows.
    handed = np.where(handed > 0, np.maximum(handed, placed), np.where(came > 0, came, 0))
    came = np.where(came > 0, np.maximum(came, handed), 0)
    stores, roads = _Places(), _Places()
    stores_of = _ints([stores.place((row.merchant, row.origin)) for row in rows])
    roads_of = _ints([roads.place((row.country, row.carrier)) for row in rows])
    packing = Spans(placed, handed, stores_of, [weeks.warehouse(*one) for one in stores.values])
    road = Spans(handed, came, roads_of, [weeks.carrier(*one) for one in roads.values])
    return Chunk(
        [row.shipment for row in rows],
        Parcels(
            placed=placed,
            placed_hour=_ints([row.placed_hour for row in rows]),
            handed=handed,
            handed_hour=_ints([row.handed_hour for row in rows]),
            came=came,
            where=_where(rows),
            numbers={name: np.full(len(rows), usual) for name, usual in NUMBERS.items()},
            ship_by=np.zeros(len(rows), dtype=np.int64),
            processing=packing,
            transit=road,
        ),
        [weekdays_key(*one) for one in roads.values],
    )


def _where(rows: Sequence[Row]) -> Whereabouts:
    nothing = column([""] * len(rows))
    return Whereabouts(
        merchant=column([str(row.merchant) for row in rows]),
        kind=column([row.kind for row in rows]),
        origin=column([row.origin for row in rows]),
        origin_prefix=nothing,
        destination=column([place_of(row.country, row.region) for row in rows]),
        prefix=column([row.prefix for row in rows]),
        carrier=column([row.carrier for row in rows]),
        service=column([row.service for row in rows]),
    )


class _Places:
    """Values by the place at which each was seen first."""

    def __init__(self) -> None:
        self._places: dict[tuple[Any, str], int] = {}

    def place(self, value: tuple[Any, str]) -> int:
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> list[tuple[Any, str]]:
        return list(self._places)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
