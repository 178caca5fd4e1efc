"""A carrier's code is placed: one correction, its parcels derived again, nobody told.

A merchant places it for its own parcels (`place_code`), an operator for all merchants that have
not placed it themselves (`place_for_all`). `preview` says beforehand what would change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from edd.rules import load_rules
from lib.vocabulary import SUB_STATUSES, UNKNOWN
from merchants.models import User
from merchants.scope import every_merchant, merchant_scope
from tracking.derive import derive
from tracking.goods import read_skus
from tracking.ingest import review
from tracking.models import CodeOverride, Event, OperatorOverride, Shipment
from tracking.scans import Parcel, judge, load

_BATCH: Final = 500
_LONGEST_CODE: Final = 60
#: A preview compares at most so many parcels, the newest; the rest is only counted.
MOST_COMPARED: Final = 1000


class NoSuchMeaning(ValueError):
    """The sub-status is not one of ours."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What a correction did: its version, how many scans read differently, how many parcels."""

    version: int
    scans: int
    parcels: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A parcel that would stand elsewhere: sub-statuses before and after."""

    shipment_id: int
    order_id: int
    order_number: str
    tracking_number: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a correction would do. `left_out`: parcels that were counted and not compared."""

    scans: int
    parcels: int
    moved: list[Moved] = field(default_factory=list)
    left_out: int = 0


def preview(*, carrier: str, code: str, sub_status: str, now: datetime) -> Preview:
    """What reading this code as `sub_status` would change; in a merchant's scope, writes nothing.

    Raises NoSuchMeaning.
    """
    _check(sub_status)
    found = _read_otherwise(carrier, code[:_LONGEST_CODE], sub_status)
    ids = sorted(set(found.values()), reverse=True)
    moved = []
    for start in range(0, min(len(ids), MOST_COMPARED), _BATCH):
        batch = ids[start : min(start + _BATCH, MOST_COMPARED)]
        moved += _moved(batch, code[:_LONGEST_CODE], sub_status, now=now)
    return Preview(len(found), len(ids), moved, max(0, len(ids) - MOST_COMPARED))


def place_code(
    *,
    merchant_id: int,
    carrier: str,
    code: str,
    sub_status: str,
    author: User | None,
    now: datetime,
) -> Placed:
    """Read this carrier's code as `sub_status` from now on, and in what is stored already.

    In the merchant's scope. The same answer twice changes nothing and keeps the version.
    `unknown` is allowed: the code is then kept and not interpreted. Raises NoSuchMeaning.
    Changes that follow are written with `announce` off, so nobody is messaged about the past.
    """
    _check(sub_status)
    code = code[:_LONGEST_CODE]
    with transaction.atomic():
        version = _write_override(merchant_id, carrier, code, sub_status, author, now=now)
        scans, parcels = _read_again(carrier, code, sub_status, now=now)
    return Placed(version, scans, parcels)


def place_for_all(
    *, carrier: str, code: str, sub_status: str, note: str = "", now: datetime
) -> Placed:
    """The same for every merchant that has not placed this code; out of any scope.

    Each merchant's parcels are one transaction: what is cut off is finished by saying it again.
    """
    _check(sub_status)
    code = code[:_LONGEST_CODE]
    row, is_new = OperatorOverride.objects.get_or_create(
        carrier=carrier,
        code=code,
        defaults={"sub_status": sub_status, "note": note, "changed_at": now},
    )
    if not is_new and row.sub_status != sub_status:
        row.sub_status, row.note, row.changed_at = sub_status, note, now
        row.version += 1
        row.save(update_fields=["sub_status", "note", "changed_at", "version"])
    scans = parcels = 0
    for merchant_id in merchants_with(carrier=carrier, code=code):
        with merchant_scope(merchant_id):
            here = _read_again(carrier, code, sub_status, now=now)
        scans, parcels = scans + here[0], parcels + here[1]
    return Placed(row.version, scans, parcels)


def merchants_with(*, carrier: str, code: str) -> list[int]:
    """Merchants with scans of this code that have no reading of their own."""
    with every_merchant("an operator's reading concerns all merchants"):
        own = CodeOverride.objects.filter(carrier=carrier, code=code[:_LONGEST_CODE])
        rows = (
            Event.objects.filter(shipment__carrier=carrier, code=code[:_LONGEST_CODE])
            .exclude(merchant_id__in=list(own.values_list("merchant_id", flat=True)))
            .values_list("merchant_id", flat=True)
            .distinct()
            .order_by("merchant_id")
        )
        return list(rows)


def _check(sub_status: str) -> None:
    if sub_status not in SUB_STATUSES and sub_status != UNKNOWN:
        raise NoSuchMeaning(f"there is no sub-status {sub_status!r}")


def _read_otherwise(carrier: str, code: str, sub_status: str) -> dict[int, int]:
    """Scans of this code that are read differently now: their ids and parcels'."""
    rows = Event.objects.filter(shipment__carrier=carrier, code=code)
    return dict(rows.exclude(sub_status=sub_status).values_list("pk", "shipment_id"))


def _read_again(carrier: str, code: str, sub_status: str, *, now: datetime) -> tuple[int, int]:
    """Correct what is stored and derive its parcels: how many scans, how many parcels."""
    found = _read_otherwise(carrier, code, sub_status)
    scans = Event.objects.filter(pk__in=found).update(sub_status=sub_status)
    parcels = sorted(set(found.values()))
    for start in range(0, len(parcels), _BATCH):
        review(parcels[start : start + _BATCH], now=now, silent=True)
    return scans, len(parcels)


def _moved(ids: list[int], code: str, sub_status: str, *, now: datetime) -> list[Moved]:
    """Derive these parcels as they would be, in memory, and say which stand elsewhere."""
    rows = list(Shipment.objects.select_related("order").filter(pk__in=ids).order_by("-pk"))
    parcels = {shipment.pk: Parcel(shipment) for shipment in rows}
    load(parcels)
    found = []
    rules = load_rules(rows[0].merchant_id)
    read_skus(parcels.values(), rules)
    for parcel in parcels.values():
        shipment, before = parcel.shipment, parcel.shipment.sub_status
        for key, scan in parcel.scans.items():
            if scan.code == code:
                parcel.scans[key] = scan._replace(sub_status=sub_status)
        judge(parcel)
        derive(
            shipment=shipment,
            order=shipment.order,
            events=parcel.counted(),
            rules=rules,
            carrier_window=None,
            now=now,
            silent=True,
            skus=parcel.skus or (),
        )
        if shipment.sub_status != before:
            found.append(
                Moved(
                    shipment.pk, shipment.order_id, shipment.order.number,
                    shipment.tracking_number, before, shipment.sub_status,
                )
            )  # fmt: skip
    return found


def _write_override(
    merchant_id: int,
    carrier: str,
    code: str,
    sub_status: str,
    author: User | None,
    *,
    now: datetime,
) -> int:
    """Make or change the row; returns its version."""
    row, is_new = CodeOverride.objects.select_for_update().get_or_create(
        merchant_id=merchant_id,
        carrier=carrier,
        code=code,
        defaults={"sub_status": sub_status, "author": author, "changed_at": now},
    )
    if not is_new and row.sub_status != sub_status:
        row.sub_status, row.author, row.changed_at = sub_status, author, now
        row.version += 1
        row.save(update_fields=["sub_status", "author", "changed_at", "version"])
    return row.version
