"""What a schedule must know about the parcels that were just asked about; reads, never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from redis.exceptions import RedisError

from carriers import registry
from carriers.accounts import limits_of, pace_key
from carriers.models import CarrierAccount
from carriers.pacing import calls_used
from lib.vocabulary import Status
from tracking.gap_history import lane_of
from tracking.gap_tables import GapTables
from tracking.gaps import stage_of
from tracking.models import Event, Shipment
from tracking.schedule import Asking, after_answer, pace

#: An account that pushed nothing for longer may have been cut off: its parcels are asked about.
PUSHES_WITHIN: Final = timedelta(days=2)

_COLUMNS: Final = (
    "id", "merchant_id", "carrier", "service", "status", "sub_status", "last_event_at",
    "created_at", "edd_first", "edd_last", "edd_zone", "order__ship_from_country",
    "order__country", "watch__asked_at", "watch__asked_that_day", "watch__registered_with",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Followed:
    """One parcel as it stands after the answer, and how often it was asked about before."""

    merchant: int
    carrier: str
    lane: str
    service: str
    status: Status
    stage: str
    heard_at: datetime
    zone: str
    first: date | None
    last: date | None
    asked_at: datetime | None
    asked_that_day: int
    #: Minutes east of UTC at the last scan, where that may be another clock than `zone`.
    offset: int | None = None
    pushed: bool = False

    def asked_today(self, *, now: datetime) -> int:
        """Calls of this UTC day, one made at `now` among them."""
        before = self.asked_at is not None and self.asked_at.date() == now.date()
        return min((self.asked_that_day if before else 0) + 1, 32_000)


def followed(shipment_ids: Iterable[int], *, now: datetime) -> dict[int, Followed]:
    """How these parcels stand: one query for all, one more where the last scan says something,
    and one where somebody may push."""
    rows = list(
        Shipment.objects.filter(pk__in=list(shipment_ids)).values_list(*_COLUMNS, named=True)
    )
    scans = _last_scans(
        [
            row.id
            for row in rows
            if row.last_event_at
            and _needs_scan(row.carrier, row.order__ship_from_country, row.order__country)
        ]
    )
    pushing = _pushing(rows, now=now)
    found = {}
    for row in rows:
        status = Status(row.status)
        offset, source = scans.get(row.id, (None, ""))
        found[row.id] = Followed(
            merchant=row.merchant_id,
            carrier=row.carrier,
            lane=lane_of(row.order__ship_from_country, row.order__country),
            service=row.service,
            status=status,
            stage=stage_of(row.sub_status, status) or status.value,
            heard_at=row.last_event_at or row.created_at,
            zone=row.edd_zone,
            first=row.edd_first,
            last=row.edd_last,
            asked_at=row.watch__asked_at,
            asked_that_day=row.watch__asked_that_day,
            offset=offset,
            pushed=_is_pushed(row, source, pushing),
        )
    return found


def _pushing(rows: Iterable[Any], *, now: datetime) -> dict[int, str]:
    """Accounts that pushed anything lately, with their carriers; one that fell silent is polled."""
    if not any(row.watch__registered_with or _pushes(row.carrier) for row in rows):
        return {}
    lately = CarrierAccount.objects.filter(is_active=True, last_push_at__gte=now - PUSHES_WITHIN)
    return dict(lately.values_list("pk", "carrier"))


def _is_pushed(row: Any, source: str, pushing: Mapping[int, str]) -> bool:
    """Whether news of this parcel come by themselves: it is registered with an account that
    pushes, or its carrier pushes all parcels, or pushed this one."""
    if row.watch__registered_with in pushing:
        return True
    if row.carrier not in pushing.values():
        return False
    return source == "push" or not registry.get(row.carrier).registers


def _pushes(slug: str) -> bool:
    known = registry.CARRIERS.get(slug)
    return known is not None and known.push


def _needs_scan(carrier: str, origin: str, destination: str) -> bool:
    """Abroad the last place keeps another clock; and only a scan says whether it was pushed."""
    return origin not in {"", destination} or _pushes(carrier)


def _last_scans(shipment_ids: list[int]) -> dict[int, tuple[int, str]]:
    """Offset and source of each parcel's newest scan."""
    if not shipment_ids:
        return {}
    newest = (
        Event.objects.filter(shipment_id__in=shipment_ids, quarantined="", at__isnull=False)
        .order_by("shipment_id", "-at")
        .distinct("shipment_id")
    )
    return {
        pk: (offset, source)
        for pk, offset, source in newest.values_list("shipment_id", "utc_offset", "source")
    }


def next_ask(
    parcel: Followed,
    tables: GapTables,
    *,
    now: datetime,
    found: bool,
    tries: int,
    stretch: float = 1.0,
) -> datetime | None:
    """When to ask again after a readable answer; None once nothing more is expected."""
    carrier = registry.CARRIERS.get(parcel.carrier)
    return after_answer(
        Asking(
            status=parcel.status,
            now=now,
            heard_at=parcel.heard_at,
            hazard=tables.find(
                parcel.carrier,
                parcel.lane,
                parcel.stage,
                parcel.service,
                merchant=parcel.merchant,
            ),
            offset=_offset(parcel, now),
            first=parcel.first,
            last=parcel.last,
            pushed=parcel.pushed,
            found=found,
            tries=tries,
            asked_today=parcel.asked_today(now=now),
            daily_cap=carrier.limits.per_parcel_per_day if carrier else None,
            pressure=settings.POLL_PRESSURE,
            pace=stretch,
            factor=settings.POLL_INTERVAL_FACTOR,
        )
    )


def _offset(parcel: Followed, now: datetime) -> timedelta:
    if parcel.offset is not None:
        return timedelta(minutes=parcel.offset)
    return now.astimezone(ZoneInfo(parcel.zone or "UTC")).utcoffset() or timedelta()


def paces(accounts: Mapping[int, CarrierAccount], *, now: datetime) -> dict[int, float]:
    """How far each account must stretch its parcels' intervals, by its calls of today."""
    found = {}
    for account_id, row in accounts.items():
        allowed = limits_of(row, registry.CARRIERS[row.carrier]).per_day
        if allowed is not None:
            with suppress(RedisError):  # an answer is not lost because calls cannot be counted
                used = calls_used(pace_key(row), now=now).day
                found[account_id] = pace(used=used, allowed=allowed, now=now)
    return found
