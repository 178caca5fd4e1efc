"""The guard's rows: what merchants' dates are corrected by, and the weekly look at them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from edd.calibration import EVERY, LOOKS_BACK, Calibrated, adjusted_level, correction
from edd.models import Calibration, DateRules, DateScore, Guarded
from edd.scoring import BINS


def load_calibrations(merchant_id: int) -> tuple[Calibrated, ...]:
    """What counts now: the newest of each carrier and level; one query, in its scope."""
    rows = (
        Calibration.objects.filter(merchant_id=merchant_id)
        .order_by("carrier", "level", "-since")
        .distinct("carrier", "level")
    )
    return tuple(Calibrated(row.carrier, row.level, row.adjusted) for row in rows)


def claim_guards(*, now: datetime, limit: int) -> list[int]:
    """Merchants whose week is over; in `every_merchant`. Taken means put off by a week: the
    guard writes in the same transaction, and a second run finds nothing to do."""
    due = list(
        Guarded.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=now)
        .order_by("due_at")[:limit]
    )
    Guarded.objects.filter(pk__in=[row.pk for row in due]).update(due_at=now + EVERY)
    return [row.merchant_id for row in due]


def guard(merchant_id: int, *, now: datetime) -> list[Calibration]:
    """Correct the merchant's level wherever recent parcels say so; in its scope."""
    rules = DateRules.objects.filter(merchant_id=merchant_id).values_list("level", flat=True)
    level = rules.first() or 90
    current = load_calibrations(merchant_id)
    made = []
    for carrier, histogram in _recent(merchant_id, now=now).items():
        found = correction(histogram, level=level, current=adjusted_level(level, carrier, current))
        if found is not None:
            made.append(
                Calibration(
                    merchant_id=merchant_id, carrier=carrier, level=level, since=now.date(),
                    adjusted=found.adjusted, before=found.before, came=found.came, n=found.n,
                )
            )  # fmt: skip
    return Calibration.objects.bulk_create(made, ignore_conflicts=True)


def _recent(merchant_id: int, *, now: datetime) -> dict[str, list[int]]:
    """Parcels by the level that their first date and that at hand-over needed: of each carrier,
    and ("") of all together. Later dates lean on scans and say little of the level."""
    rows = DateScore.objects.filter(
        merchant_id=merchant_id,
        week__gte=(now - LOOKS_BACK).date(),
        whose=DateScore.Whose.OURS,
        stage__in=("order", "handover"),
    ).exclude(needed=[])
    found: dict[str, list[int]] = defaultdict(lambda: [0] * BINS)
    for carrier, needed in rows.values_list("carrier", "needed"):
        for one in {carrier, ""}:
            found[one] = joined((found[one], needed))
    return dict(found)


def joined(histograms: Iterable[list[int]]) -> list[int]:
    """Several histograms of needed levels in one; those without a record add nothing."""
    whole = [0] * BINS
    for one in histograms:
        for place, count in enumerate(one):
            whole[place] += count
    return whole
