"""A merchant places a carrier's code: one correction, its parcels derived again, nobody told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from lib.vocabulary import SUB_STATUSES, UNKNOWN
from merchants.models import User
from tracking.ingest import review
from tracking.models import CodeOverride, Event

_BATCH: Final = 500
_LONGEST_CODE: Final = 60


class NoSuchMeaning(ValueError):
    """The sub-status is not one of ours."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What a correction did: its version, how many scans read differently, how many parcels."""

    version: int
    scans: int
    parcels: int


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
    if sub_status not in SUB_STATUSES and sub_status != UNKNOWN:
        raise NoSuchMeaning(f"there is no sub-status {sub_status!r}")
    code = code[:_LONGEST_CODE]
    with transaction.atomic():
        version = _write_override(merchant_id, carrier, code, sub_status, author, now=now)
        wrong = Event.objects.filter(shipment__carrier=carrier, code=code).exclude(
            sub_status=sub_status
        )
        found = dict(wrong.values_list("pk", "shipment_id"))
        scans = Event.objects.filter(pk__in=found).update(sub_status=sub_status)
        parcels = sorted(set(found.values()))
        for start in range(0, len(parcels), _BATCH):
            review(parcels[start : start + _BATCH], now=now, silent=True)
    return Placed(version, scans, len(parcels))


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
