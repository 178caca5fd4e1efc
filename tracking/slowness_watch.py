"""Slow carriers over all merchants: counted from promises and deliveries, opened, closed.

`tracking.slowness` judges. Of a wide country its regions are judged first; where the country is
slow beside them too, one row says so of all of it. A carrier whose feed is dead, or was a moment
ago, is not judged: what it does not tell looks like lateness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Count, DateField, DateTimeField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast, NullIf

from edd.calendars import Calendar, delivery_calendar
from edd.lanes import WIDE
from edd.regions import region_key
from lib.vocabulary import Status
from merchants.scope import every_merchant
from tracking.models import Shipment, Slowness
from tracking.outages import carriers_not_heard
from tracking.slowness import (
    FEWEST_MERCHANTS,
    FEWEST_PARCELS,
    HISTORY,
    RISE,
    WINDOWS,
    Slow,
    Tally,
    Wait,
    days_behind,
    is_over,
    judge,
)

#: A day is over everywhere, and its last scans have come, so long after its end in UTC.
SETTLES: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)
#: A country is slow as a whole where less than this share goes to regions that are not.
_BESIDE: Final = 1 / 3
#: What waits for its shopper, or was never to arrive, is not late by the carrier's doing.
_NOT_JUDGED: Final = (
    str(Status.AVAILABLE_FOR_PICKUP), str(Status.CANCELLED), str(Status.RETURNED),
)  # fmt: skip

_Days = dict[date, dict[int, Tally]]


class Lane(NamedTuple):
    """A carrier's way to a country."""

    carrier: str
    country: str


@dataclass(frozen=True, slots=True)
class Watched:
    """How many opened and closed."""

    opened: int = 0
    closed: int = 0


def open_slowness() -> QuerySet[Slowness]:
    """Those that last, the newest first."""
    return Slowness.objects.filter(closed_at__isnull=True).order_by("-since", "-pk")


def watch(*, now: datetime) -> Watched:
    """Judge everything that ran late in the last week, and what was slow before."""
    last = (now - SETTLES).date() - _DAY
    deaf = carriers_not_heard(now=now)
    known: dict[Lane, dict[str, Slowness]] = defaultdict(dict)
    for row in open_slowness():
        known[Lane(row.carrier, row.to_country)][row.to_region] = row
    opened = closed = 0
    with every_merchant("a carrier is as slow for one merchant as for the next: sums are kept"):
        for lane in sorted(_suspects(last) | known.keys()):
            if lane.carrier in deaf:
                continue
            regions = _history(lane, last)
            found = _judged(regions, last, is_wide=lane.country in WIDE)
            if "" in known[lane]:
                # The country as a whole is said to be slow; its regions are not said again.
                found = {region: slow for region, slow in found.items() if not region}
            for region, slow in found.items():
                _keep(lane, region, slow, last=last, now=now)
                opened += region not in known[lane]
            gone = [row for region, row in known[lane].items() if region not in found]
            closed += sum(_close_if_over(row, regions, last, now=now) for row in gone)
    return Watched(opened, closed)


def _close_if_over(row: Slowness, regions: dict[str, _Days], last: date, *, now: datetime) -> bool:
    days = regions.get(row.to_region, {}) if row.to_region else _merged(regions.values())
    if not is_over(days, row.usual, last=last, seen_on=row.seen_on):
        return False
    return bool(open_slowness().filter(pk=row.pk).update(closed_at=now))


def _judged(regions: dict[str, _Days], last: date, *, is_wide: bool) -> dict[str, Slow]:
    """What stands out, by region; under "" the country as a whole."""
    whole = judge(_merged(regions.values()), last=last)
    if not is_wide:
        return {"": whole} if whole else {}
    found = {
        region: slow
        for region, days in regions.items()
        if region and (slow := judge(days, last=last)) is not None
    }
    if whole is None or not found:
        return {"": whole} if whole else found
    beside = _merged(days for region, days in regions.items() if region not in found)
    everywhere = _recent(beside, last) < _BESIDE * _recent(_merged(regions.values()), last)
    return {"": whole} if everywhere or judge(beside, last=last) else found


def _recent(days: _Days, last: date) -> int:
    """Parcels promised for the last days that are judged."""
    some = (days.get(last - back * _DAY, {}) for back in range(max(WINDOWS)))
    return sum(tally.due for shops in some for tally in shops.values())


def _promised(first: date, last: date) -> QuerySet[Shipment]:
    """Parcels on their way or arrived, promised for these days; `came_on` is their day there."""
    there = Func(
        NullIf(F("edd_zone"), Value("")),
        F("delivered_at"),
        function="timezone",
        output_field=DateTimeField(),
    )
    rows: QuerySet[Shipment] = (
        Shipment.objects.filter(
            promised_last__range=(first, last), picked_up_at__isnull=False, return_leg=False
        )
        .exclude(Q(carrier="") | Q(status__in=_NOT_JUDGED))
        .annotate(came_on=Cast(there, DateField()))
    )
    return rows


_LATE: Final = Q(came_on__isnull=True) | Q(came_on__gt=F("promised_last"))


def _suspects(last: date) -> set[Lane]:
    """Lanes where enough was late lately to look at their history: nearly always none."""
    rows = (
        _promised(last - (max(WINDOWS) - 1) * _DAY, last)
        .values("carrier", "order__country", "order__region")
        .annotate(due=Count("pk"), late=Count("pk", filter=_LATE))
        .order_by()
    )
    places: dict[tuple[str, str, str], Tally] = defaultdict(Tally)
    for row in rows:
        country = row["order__country"]
        tally = Tally(row["due"], row["late"])
        places[row["carrier"], country, ""] += tally
        if country in WIDE:
            places[row["carrier"], country, region_key(country, row["order__region"])] += tally
    return {
        Lane(carrier, country)
        for (carrier, country, _), tally in places.items()
        if tally.late >= FEWEST_MERCHANTS and tally.late >= RISE * FEWEST_PARCELS / 2
        and tally.share >= RISE / 2
    }  # fmt: skip


def _history(lane: Lane, last: date) -> dict[str, _Days]:
    """By region, day and merchant; all under "" where the country is not wide."""
    rows = (
        _promised(last - HISTORY * _DAY, last)
        .filter(carrier=lane.carrier, order__country=lane.country)
        .values_list("order__region", "promised_last", "merchant_id")
        .annotate(due=Count("pk"), late=Count("pk", filter=_LATE))
        .order_by()
    )
    found: dict[str, _Days] = {}
    for region, day, merchant, due, late in rows:
        key = region_key(lane.country, region) if lane.country in WIDE else ""
        shops = found.setdefault(key, {}).setdefault(day, {})
        shops[merchant] = shops.get(merchant, Tally()) + Tally(due, late)
    return found


def _merged(parts: Iterable[_Days]) -> _Days:
    found: _Days = {}
    for days in parts:
        for day, shops in days.items():
            here = found.setdefault(day, {})
            for merchant, tally in shops.items():
                here[merchant] = here.get(merchant, Tally()) + tally
    return found


def _keep(lane: Lane, region: str, slow: Slow, *, last: date, now: datetime) -> None:
    seen: dict[str, Any] = {
        "seen_on": last, "late": slow.late, "usual": slow.usual, "parcels": slow.parcels,
        "merchants": slow.merchants, "days": _days(lane, region, slow, last),
    }  # fmt: skip
    Slowness.objects.update_or_create(
        carrier=lane.carrier, to_country=lane.country, to_region=region, closed_at=None,
        defaults=seen, create_defaults=seen | {"since": slow.since, "opened_at": now},
    )  # fmt: skip


def _days(lane: Lane, region: str, slow: Slow, last: date) -> int:
    """How many business days would have kept the promises made for the slow days."""
    calendar = delivery_calendar(lane.country, lane.carrier)
    rows = (
        _promised(min(slow.since, last - 2 * _DAY), last)
        .filter(carrier=lane.carrier, order__country=lane.country)
        .values_list("order__region", "promised_last", "came_on")
    )
    waits = [
        Wait(_working_days(calendar, promised, came or last), came is None)
        for name, promised, came in rows
        if not region or region_key(lane.country, name) == region
    ]
    return days_behind(waits, usual=slow.usual)


def _working_days(calendar: Calendar, promised: date, came: date) -> int:
    """Days of delivery between the promised day and the one on which it came; 0 for in time."""
    span = (came - promised).days
    return sum(calendar.is_working(promised + n * _DAY) for n in range(1, span + 1))
