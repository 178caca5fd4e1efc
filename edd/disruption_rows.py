"""Disruptions as rows: loaded for an estimate, switched on, changed, ended. The only writer.

Nothing here touches a parcel. Each change sets `due_at`, and `tracking.disrupting` derives the
parcels again: at once, when it begins, when it is over, and once more when the last parcels that
it held up must have come.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from edd.disruptions import By, Disruption
from edd.models import MerchantDisruption, OperatorDisruption
from merchants.models import User

Row = OperatorDisruption | MerchantDisruption

#: A parcel that was held up is still open for so long at most; then the disruption is settled.
REMEMBERED: Final = timedelta(days=60)
_DAY: Final = timedelta(days=1)
#: Somewhere on earth a date begins so long before it does in UTC, and so long after.
_EARLIEST: Final = timedelta(hours=14)
_LATEST: Final = timedelta(hours=12)

#: The fields that say which parcels are meant.
SCOPE: Final = ("carrier", "service", "from_country", "to_country", "to_region")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for; as `edd.disruptions.Disruption`."""

    days: int
    starts: date
    ends: date
    carrier: str = ""
    service: str = ""
    from_country: str = ""
    to_country: str = ""
    to_region: str = ""
    cause: str = "other"
    sentences: dict[str, str] = field(default_factory=dict)

    def as_disruption(self, *, number: int = 0, by: By = "merchant") -> Disruption:
        """The same for an estimate; `number` is that of the row which it would change."""
        return Disruption(id=number, by=by, **asdict(self))


def load_disruptions(merchant_id: int) -> tuple[Disruption, ...]:
    """All that an open parcel of this merchant may be touched by; two queries, in its scope.

    With those that are over and not yet settled: what was under way keeps its days.
    """
    live = {"settled_at__isnull": True, "withdrawn_at__isnull": True}
    return tuple(
        as_disruption(row)
        for rows in (
            OperatorDisruption.objects.filter(**live),
            MerchantDisruption.objects.filter(merchant_id=merchant_id, **live),
        )
        for row in rows.order_by("id")
    )


def as_disruption(row: Row) -> Disruption:
    """The plain value of a row."""
    return Disruption(
        id=row.pk,
        days=row.days,
        starts=row.starts,
        ends=row.ends,
        by="operator" if isinstance(row, OperatorDisruption) else "merchant",
        **{name: getattr(row, name) for name in SCOPE},
        cause=row.cause,
        sentences=row.sentences,
    )


def switch_on(
    wanted: Wanted, *, merchant_id: int, author: User | None, now: datetime
) -> MerchantDisruption:
    """A disruption of one merchant's parcels; in its scope."""
    return MerchantDisruption.objects.create(
        merchant_id=merchant_id, author=author, made_at=now, changed_at=now, due_at=now,
        **asdict(wanted),
    )  # fmt: skip


def switch_on_for_all(wanted: Wanted, *, note: str = "", now: datetime) -> OperatorDisruption:
    """A disruption of all merchants' parcels."""
    return OperatorDisruption.objects.create(
        note=note, made_at=now, changed_at=now, due_at=now, **asdict(wanted)
    )


def change(row: Row, wanted: Wanted, *, now: datetime) -> list[str]:
    """Make it say this; the names of the fields that differ. Nothing is written where none does."""
    fields = asdict(wanted)
    differs = [name for name, value in fields.items() if getattr(row, name) != value]
    if not differs:
        return []
    also = list(row.also)
    if set(differs) & set(SCOPE):
        also.append({name: getattr(row, name) for name in SCOPE})
    _write(row, now=now, also=also, settled_at=None, **fields)
    return differs


def end(row: Row, *, today: date, now: datetime) -> None:
    """Over since yesterday: parcels that were under way keep their days, no other gets any.

    One that has not run for a day yet never was, and nobody keeps anything of it.
    """
    if row.starts >= today:
        _write(row, now=now, withdrawn_at=now)
    elif row.ends >= today:
        _write(row, now=now, ends=today - _DAY)


def _write(row: Row, *, now: datetime, **fields: Any) -> None:
    """These fields, and its parcels are due from the first on."""
    fields |= {"version": row.version + 1, "changed_at": now, "due_at": now, "cursor": 0}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def next_due(row: Row, *, now: datetime) -> datetime | None:
    """When its parcels may stand otherwise again by time alone; None: never."""
    if row.withdrawn_at is not None:
        return None
    over = datetime.combine(row.ends + _DAY, time(), tzinfo=UTC) + _LATEST
    begins = datetime.combine(row.starts, time(), tzinfo=UTC)
    moments = (begins - _EARLIEST, begins + _LATEST, over, over + REMEMBERED)
    return min((moment for moment in moments if moment > now), default=None)
