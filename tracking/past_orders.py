"""One merchant's own past, as the columns that the dates engine is tried on.

Left out: what was cancelled or sent back, and what the carrier stopped telling of, because
nobody knows what became of it. What was lost never came.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import DateField, DateTimeField, OuterRef, Q, QuerySet, Subquery

from edd.backtest.orders import Growing, Kept, Orders, Told, assemble, words
from edd.calendars import Calendar, delivery_calendar, warehouse_calendar
from edd.learning.clocks import Ints
from edd.learning.nodes import Column, Whereabouts
from edd.learning.parcels import NUMBERS
from edd.vocabulary import Rules
from edd.zones import destination_zone
from lib.vocabulary import Milestone, Status
from merchants.scope import merchant_scope
from tracking.models import Change, Promise, Shipment

#: Parcels; of more only the newest are taken.
MOST: Final = 100_000
_PAGE: Final = 2_000
_LEFT_OUT: Final = (Status.CANCELLED, Status.RETURNING, Status.RETURNED, Status.EXPIRED)

Heard = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class PastOrders:
    """The orders; the date that the carrier gave first (an ordinal, 0: none); the countries they
    went to; and whether older ones were left out."""

    orders: Orders
    carrier_said: Ints
    countries: Column
    is_cut: bool = False


def past_orders(
    merchant_id: int,
    rules: Rules,
    *,
    since: datetime,
    heard: Heard = lambda count: None,
    most: int = MOST,
) -> PastOrders | None:
    """The parcels of orders placed since then; None without any. Enters the scope itself, page
    by page: `heard`, told now and then how many were read, may write what others see.
    """
    rows = _Rows(rules)
    page = _next(merchant_id, _kept(since), most)
    while page:
        for row in page:
            rows.add(row)
        heard(len(rows))
        page = _next(merchant_id, _after(page[-1], since), most - len(rows))
    return rows.done(is_cut=len(rows) >= most) if len(rows) else None


def count_parcels(*, since: datetime) -> int:
    """How many parcels `past_orders` would find, without its limit; in the merchant's scope."""
    return _kept(since).count()


def _kept(since: datetime) -> QuerySet[Shipment]:
    found = Shipment.objects.filter(
        order__placed_at__gte=since,
        order__cancelled_at=None,
        withdrawn_at=None,
        return_leg=False,
    )
    return found.exclude(status__in=_LEFT_OUT)


def _after(last: dict[str, Any], since: datetime) -> QuerySet[Shipment]:
    """What is older than the last one of a page."""
    placed = last["order__placed_at"]
    older = Q(order__placed_at__lt=placed) | Q(order__placed_at=placed, pk__lt=last["pk"])
    return _kept(since).filter(older, order__placed_at__lte=placed)


def _next(merchant_id: int, found: QuerySet[Shipment], most: int) -> list[dict[str, Any]]:
    with merchant_scope(merchant_id):
        return list(_described(found)[: max(min(most, _PAGE), 0)])


_COLUMNS: Final = (
    "carrier", "service", "status", "picked_up_at", "delivered_at", "promised_last",
    "order__placed_at", "order__country", "order__region", "order__city", "order__postcode",
    "order__ship_from_country", "order__ship_from", "ship_from",
    "first_attempt_at", "carrier_said",
)  # fmt: skip


def _described(found: QuerySet[Shipment]) -> QuerySet[Shipment, dict[str, Any]]:
    attempt = Change.objects.filter(
        order=OuterRef("order"),
        shipment=OuterRef("pk"),
        kind=Change.Kind.MILESTONE,
        key=f"{Milestone.ATTEMPT_FAILED}:1",
    )
    # `carrier_last` moves until the end; what the carrier said first is what it is held to.
    said = Promise.objects.filter(shipment=OuterRef("pk"), source="carrier").order_by("made_at")
    with_ends = found.annotate(
        first_attempt_at=Subquery(attempt.values("at")[:1], output_field=DateTimeField()),
        carrier_said=Subquery(said.values("last")[:1], output_field=DateField()),
    )
    rows: QuerySet[Shipment, dict[str, Any]] = with_ends.values("pk", *_COLUMNS)
    return rows.order_by("-order__placed_at", "-pk")


class _Rows:
    """The columns while they are read. Every day is the local one of the place it belongs to."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._days = {
            name: array("q")
            for name in ("placed", "hour", "handed", "handed_hour", "came", "promised", "said")
        }
        self._words = {
            name: Growing[str]()
            for name in ("kind", "origin", "destination", "country", "prefix", "carrier", "service")
        }
        self._warehouses = Growing[str]()
        self._couriers = Growing[tuple[str, str, str]]()

    def __len__(self) -> int:
        return len(self._warehouses)

    def add(self, row: dict[str, Any]) -> None:
        """Take one parcel in."""
        home = row["order__ship_from_country"] or self._rules.country
        origin = row["ship_from"] or row["order__ship_from"]
        to, region = row["order__country"], row["order__region"]
        here = self._zone(home)
        there = ZoneInfo(destination_zone(to, region, row["order__city"]))
        placed, hour = _local(row["order__placed_at"], here)
        handed, handed_hour = _local(row["picked_up_at"], here)
        self._add_days(
            placed=placed,
            hour=hour,
            handed=handed,
            handed_hour=handed_hour,
            came=_came(row, there),
            promised=row["promised_last"].toordinal() if row["promised_last"] else 0,
            said=row["carrier_said"].toordinal() if row["carrier_said"] else 0,
        )
        self._add_words(
            kind=str(origin.get("name", "")).casefold(),
            origin=_place(home, str(origin.get("region", ""))),
            destination=_place(to, region),
            country=to,
            prefix=row["order__postcode"].replace(" ", "")[:3].upper(),
            carrier=row["carrier"],
            service=row["service"].casefold(),
        )
        self._warehouses.add(home)
        self._couriers.add((row["carrier"], to, row["service"]))

    def _zone(self, country: str) -> ZoneInfo:
        own = country in {"", self._rules.country}
        return ZoneInfo(self._rules.zone if own else destination_zone(country))

    def _add_days(self, **days: int) -> None:
        for name, day in days.items():
            self._days[name].append(day)

    def _add_words(self, **found: str) -> None:
        for name, word in found.items():
            self._words[name].add(word)

    def done(self, *, is_cut: bool) -> PastOrders:
        """Everything, oldest first."""
        order = np.lexsort((self._day("hour"), self._day("placed")))
        day = {name: self._day(name)[order] for name in self._days}
        column = {name: words(one, order) for name, one in self._words.items()}
        same = Column(np.zeros(len(order), dtype=np.int64), [""])
        told = Told(
            placed=day["placed"],
            placed_hour=day["hour"],
            handed=day["handed"],
            handed_hour=day["handed_hour"],
            came=day["came"],
            promised=day["promised"],
            ship_by=np.zeros(len(order), dtype=np.int64),
            where=Whereabouts(
                merchant=same,
                kind=column["kind"],
                origin=column["origin"],
                origin_prefix=same,
                destination=column["destination"],
                prefix=column["prefix"],
                carrier=column["carrier"],
                service=column["service"],
            ),
            numbers={name: np.full(len(order), usual) for name, usual in NUMBERS.items()},
        )
        orders = assemble(
            told,
            warehouse=Kept(
                self._warehouses.codes(order), [self._warehouse(c) for c in self._warehouses.values]
            ),
            courier=Kept(
                self._couriers.codes(order),
                [delivery_calendar(to, who, how) for who, to, how in self._couriers.values],
            ),
        )
        return PastOrders(orders, day["said"], column["country"], is_cut)

    def _warehouse(self, country: str) -> Calendar:
        """The merchant's own days at home; elsewhere the country's."""
        if country != self._rules.country:
            return warehouse_calendar(country)
        return warehouse_calendar(
            country, rest_days=self._rules.rest_days, closures=self._rules.closures
        )

    def _day(self, name: str) -> Ints:
        return np.array(self._days[name], dtype=np.int64)


def _local(moment: datetime | None, zone: ZoneInfo) -> tuple[int, int]:
    """The day (an ordinal) and the hour; zeros where it has not happened."""
    if moment is None:
        return 0, 0
    there = moment.astimezone(zone)
    return there.toordinal(), there.hour


def _came(row: dict[str, Any], zone: ZoneInfo) -> int:
    """The day of the first attempt or of the delivery; 0 for what never came."""
    if row["status"] == Status.LOST_OR_DESTROYED:
        return 0
    ends = [end for end in (row["first_attempt_at"], row["delivered_at"]) if end is not None]
    return _local(min(ends), zone)[0] if ends else 0


def _place(country: str, region: str) -> str:
    """ "AE", or "US-CA" where the region is known."""
    part = region.strip().upper().removeprefix(f"{country}-")
    return f"{country}-{part}" if part else country
