"""The one door: whatever was learned about parcels becomes rows here, and nowhere else.

Poll, carrier webhook, aggregator, CSV, API and a person's correction all end in `ingest`.
It stores the scans, folds the state again, and writes what changed into the outbox, in one
transaction. A scan that is known already writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from edd.edition import VERSION
from edd.rules import load_rules
from edd.scoring import record
from tracking import outbox
from tracking.derive import COLUMNS, Derived, derive
from tracking.endings import keep_carrier_dates, note_endings
from tracking.gap_history import tables
from tracking.goods import read_skus
from tracking.legs import keep_legs
from tracking.models import Promise, Shipment, Watch
from tracking.order_changes import tell_dispatch
from tracking.orders import refresh_orders, refresh_statuses
from tracking.outages import carriers_not_heard
from tracking.reminders import foresee
from tracking.scans import Heard, Parcel, add, event_key, judge, lock, overrides, write
from tracking.shown import Where, Who, note_shown, seen
from tracking.verdicts import NOT_HELD
from tracking.writing import insert_many, update_many

__all__ = ["Heard", "Ingested", "event_key", "first_look", "ingest", "review", "write_first_look"]


@dataclass(slots=True)
class Ingested:
    """What came of it: how many scans were new, and the parcels that were derived again."""

    new_events: int = 0
    derived: list[Derived] = field(default_factory=list)


def ingest(*, heard: Sequence[Heard], source: str, now: datetime) -> Ingested:
    """Take in what carriers said about one merchant's parcels; in that merchant's scope.

    `source` is one of poll, push, api, csv, manual, store. Parcels that are gone are
    skipped. Safe to run twice and at the same time: parcels are locked in order.
    """
    if not heard:
        return Ingested()
    with transaction.atomic():
        parcels = lock({one.shipment_id for one in heard})
        readings = overrides(parcels.values())
        for one in heard:
            parcel = parcels.get(one.shipment_id)
            if parcel is not None:
                add(parcel, one, readings, source=source, now=now)
        touched = [
            parcel
            for parcel in parcels.values()
            if parcel.fresh or parcel.taken_back or parcel.has_new_details or _new_window(parcel)
        ]
        turned = _judge(touched)
        fresh = write(touched, turned)
        _keep_details(touched)
        keep_legs(
            (parcels[one.shipment_id].shipment, one) for one in heard if one.shipment_id in parcels
        )
        derived = _save(touched, now=now)
        refresh_statuses({one.shipment.order_id for one in derived}, now=now)
        tell_dispatch(derived, now=now)
        return Ingested(fresh, derived)


def review(
    shipment_ids: Iterable[int],
    *,
    now: datetime,
    silent: bool = False,
    tells_later: bool = False,
    news_since: datetime | None = None,
) -> Ingested:
    """Derive these parcels again without news: time passed, a mapping was corrected, or a
    person ruled about a scan.

    `silent`: whatever comes out is written down, and nobody is told; but with `tells_later` a
    flag that still holds is told by the next look. `news_since`: nobody is told of what is older.
    """
    with transaction.atomic():
        parcels = list(lock(set(shipment_ids)).values())
        write(parcels, _judge(parcels))
        derived = _save(
            parcels, now=now, silent=silent, tells_later=tells_later, news_since=news_since
        )
        # Whole, with the search text: a new parcel comes this way and brings its number.
        refresh_orders({one.shipment.order_id for one in derived}, now=now)
        tell_dispatch(derived, now=now)
        return Ingested(0, derived)


def _judge(parcels: Sequence[Parcel]) -> dict[int, dict[str, str]]:
    """The stored scans of each parcel that count now and did not, or the other way round."""
    return {parcel.shipment.pk: turned for parcel in parcels if (turned := judge(parcel))}


def _new_window(parcel: Parcel) -> bool:
    """Whether the carrier's own date moved though it sent no scan."""
    window = parcel.update.edd if parcel.update else None
    shipment = parcel.shipment
    return window is not None and (window.first, window.last) != (
        shipment.carrier_first,
        shipment.carrier_last,
    )


def _keep_details(parcels: Sequence[Parcel]) -> None:
    rows = [(one.shipment.pk, one.shipment.details) for one in parcels if one.has_new_details]
    update_many(Shipment, ("details",), rows)


def _save(
    parcels: Sequence[Parcel],
    *,
    now: datetime,
    silent: bool = False,
    tells_later: bool = False,
    news_since: datetime | None = None,
) -> list[Derived]:
    if not parcels:
        return []
    derived = _derive(
        parcels, now=now, silent=silent, tells_later=tells_later, news_since=news_since
    )
    update_many(Shipment, COLUMNS, [one.row() for one in derived])
    outbox.write([change for one in derived for change in one.changes], now=now)
    _keep_promises(derived, now=now)
    keep_carrier_dates(derived, now=now)
    note_endings(derived, now=now)
    foresee(derived, now=now)
    _tell_watch(derived)
    return derived


def _derive(
    parcels: Sequence[Parcel],
    *,
    now: datetime,
    silent: bool = False,
    tells_later: bool = False,
    news_since: datetime | None = None,
) -> list[Derived]:
    unheard = carriers_not_heard(now=now)
    rules = load_rules(parcels[0].shipment.merchant_id)
    read_skus(parcels, rules)
    return [
        derive(
            shipment=parcel.shipment,
            order=parcel.shipment.order,
            events=parcel.counted(),
            rules=rules,
            carrier_window=parcel.update.edd if parcel.update else None,
            now=now,
            silent=silent,
            tells_later=tells_later,
            news_since=news_since,
            unheard=parcel.shipment.carrier in unheard,
            skus=parcel.skus or (),
            history=tables(now=now),
            has_new_details=parcel.has_new_details,
        )
        for parcel in parcels
    ]


def first_look(
    shipments: Sequence[Shipment], skus: Sequence[Sequence[str]], *, now: datetime
) -> list[Derived]:
    """What follows of parcels that no scan is known of; sets their columns, saves nothing.

    `skus` are of each what is in it. They and their orders need not be in the database yet:
    `write_first_look` comes after.
    """
    parcels = [
        Parcel(shipment, skus=tuple(inside))
        for shipment, inside in zip(shipments, skus, strict=True)
    ]
    return _derive(parcels, now=now) if parcels else []


def write_first_look(derived: Sequence[Derived], *, now: datetime) -> None:
    """Write the changes and dates of parcels that are in the database now; not the watches."""
    changes = [
        replace(change, order_id=one.shipment.order_id, shipment_id=one.shipment.pk)
        for one in derived
        for change in one.changes
    ]
    outbox.write(changes, now=now)
    _keep_promises(derived, now=now)
    foresee(derived, now=now)


def _keep_promises(derived: Sequence[Derived], *, now: datetime) -> None:
    columns = (
        "merchant_id", "shipment_id", "made_at", "stage", "first", "last", "zone", "source", "why",
        "level", "version", "inputs",
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
                one.level,
                VERSION,
                record(made.chances) if made.chances else {},
            )
            for one in derived
            if (made := one.new_date) is not None
        ],
    )
    _note_checkout(derived, now=now)


def _note_checkout(derived: Sequence[Derived], *, now: datetime) -> None:
    """The shop's own promise before dispatch is what its checkout showed the buyer."""
    promised = [
        one.shipment
        for one in derived
        if one.new_date is not None
        and one.new_date.source == "merchant"
        and one.state.status in NOT_HELD
    ]
    if promised:
        looks = seen(promised, where=Where.CHECKOUT, who=Who.BUYER)
        note_shown(looks, merchant_id=promised[0].merchant_id, now=now)


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
