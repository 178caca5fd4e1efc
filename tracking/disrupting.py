"""Parcels that a disruption touches follow it: when it is switched on, begins, changes, ends.

A disruption is its own queue: `due_at` says when, and `cursor` how far a round has come, so that
a worker that dies costs one batch at most. What is done twice changes nothing the second time.
Whether anybody is told is decided where it always is: by what follows from the parcel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.db.models import Q, QuerySet

from edd.disruption_rows import REMEMBERED, SCOPE, Row, as_disruption, next_due
from edd.disruptions import Disruption
from edd.models import MerchantDisruption, OperatorDisruption
from edd.regions import region_key
from lib.vocabulary import TERMINAL, Status
from merchants.scope import every_merchant, merchant_scope
from tracking.ingest import review
from tracking.models import Shipment

BATCH: Final = 500
_AT_ONCE: Final = 20
#: Whoever dies holding a disruption loses it after this time.
LEASE: Final = timedelta(minutes=5)

#: Parcels that may have a date.
OPEN: Final = tuple(
    str(status) for status in Status if status not in TERMINAL and status is not Status.EXPIRED
)

_KINDS: Final[tuple[type[Row], ...]] = (OperatorDisruption, MerchantDisruption)


def open_parcels(scopes: Iterable[Mapping[str, Any]]) -> QuerySet[Shipment]:
    """Open parcels of these scopes, whatever region; in a merchant's scope or in everybody's."""
    found = Shipment.objects.filter(reduce(or_, (_in_scope(scope) for scope in scopes)))
    return found.filter(status__in=OPEN).select_related("order")


def is_there(shipment: Shipment, scopes: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the parcel goes to the region of one of these scopes that fit it otherwise."""
    order = shipment.order
    place = region_key(order.country, order.region or order.city)
    return any(
        not scope["to_region"]
        or (scope["to_country"], region_key(order.country, scope["to_region"]))
        == (order.country, place)
        for scope in scopes
    )


def scope_of(disruption: Disruption | Row) -> dict[str, Any]:
    """Which parcels it means."""
    return {name: getattr(disruption, name) for name in SCOPE}


def disruptions_of(parcels: Iterable[Shipment]) -> dict[int, Disruption]:
    """By parcel, what pushed its window back; no query where nothing did. In a merchant's scope."""
    held = [one for one in parcels if one.operator_disruption_id or one.own_disruption_id]
    if not held:
        return {}
    for_all = OperatorDisruption.objects.in_bulk(
        {one.operator_disruption_id for one in held if one.operator_disruption_id}
    )
    own = MerchantDisruption.objects.in_bulk(
        {one.own_disruption_id for one in held if one.own_disruption_id}
    )
    found: dict[int, Disruption] = {}
    for one in held:
        row: Row | None = for_all.get(one.operator_disruption_id or 0)
        row = row or own.get(one.own_disruption_id or 0)
        if row is not None:
            found[one.pk] = as_disruption(row)
    return found


class Swept(NamedTuple):
    """How many parcels a round derived again, and whether some are left for another."""

    parcels: int
    goes_on: bool


def sweep_round(*, now: datetime) -> Swept:
    """One batch of each disruption that is due, or of twenty of each kind."""
    derived, goes_on = 0, False
    for kind in _KINDS:
        with every_merchant("disruptions of all merchants wait in one queue"):
            due = kind.objects.filter(due_at__lte=now)
            rows: list[Row] = list(
                due.select_for_update(skip_locked=True).order_by("due_at")[:_AT_ONCE]
            )
            kind.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
        goes_on |= len(rows) == _AT_ONCE
        for row in rows:
            found = _batch(row, now=now)
            derived, goes_on = derived + found.parcels, goes_on or found.goes_on
    return Swept(derived, goes_on)


def _batch(row: Row, *, now: datetime) -> Swept:
    if row.settled_at is None and _is_long_over(row, now=now):
        row.settled_at = now
        _keep(row, settled_at=now)
    scopes = [scope_of(row), *row.also]
    with every_merchant("an operator's disruption touches parcels of all merchants"):
        rows = open_parcels(scopes).filter(pk__gt=row.cursor)
        if isinstance(row, MerchantDisruption):
            rows = rows.filter(merchant_id=row.merchant_id)
        parcels = list(rows.order_by("pk")[:BATCH])
    by_merchant: dict[int, list[int]] = defaultdict(list)
    for parcel in parcels:
        if is_there(parcel, scopes):
            by_merchant[parcel.merchant_id].append(parcel.pk)
    for merchant_id, ids in by_merchant.items():
        with merchant_scope(merchant_id):
            review(ids, now=now)
    is_full = len(parcels) == BATCH
    if is_full:
        _keep(row, cursor=parcels[-1].pk, due_at=now)
    else:
        due_at = None if row.settled_at else next_due(row, now=now)
        _keep(row, cursor=0, also=[], due_at=due_at)
    return Swept(sum(len(ids) for ids in by_merchant.values()), is_full)


def _keep(row: Row, **fields: Any) -> None:
    """How far it came; an edit meanwhile has begun anew, and its own word stays."""
    with every_merchant("disruptions of all merchants wait in one queue"):
        type(row).objects.filter(pk=row.pk, version=row.version).update(**fields)


def _is_long_over(row: Row, *, now: datetime) -> bool:
    return now.date() - row.ends > REMEMBERED


def _in_scope(scope: Mapping[str, Any]) -> Q:
    found = Q()
    if scope["carrier"]:
        found &= Q(carrier=scope["carrier"])
    if scope["service"]:
        found &= Q(service__iexact=scope["service"])
    if scope["to_country"]:
        found &= Q(order__country=scope["to_country"])
    if scope["from_country"]:
        origin = Q(order__ship_from_country=scope["from_country"])
        at_home = Q(order__ship_from_country="", merchant__country=scope["from_country"])
        found &= origin | at_home
    return found
