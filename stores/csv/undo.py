"""Taking an import back: what it made and nobody touched since goes, the rest stays."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import F, QuerySet

from merchants.scope import merchant_scope
from stores.csv.holding import Hold
from stores.csv.standing import standings
from stores.models import ImportedOrder, OrderImport
from tracking.models import Link, Order, Shipment

_BATCH: Final = 300
_Outcome = ImportedOrder.Outcome
#: What comes with every order and parcel by itself. Whatever else hangs on one (a scan, a message,
#: a note, a case, an answer) says that somebody has had to do with it.
_OWN: Final = frozenset(
    {
        "tracking.OrderItem", "tracking.Recipient", "tracking.Shipment", "tracking.Change",
        "tracking.ShipmentItem", "tracking.Watch", "tracking.Promise", "tracking.Outbox",
        "tracking.AddressCheck", "tracking.Consent", "tracking.Refund", "tracking.ShownDate",
        "tracking.CarrierDate", "tracking.Judgement", "tracking.Reminder",
        "tracking.CashQuestion",
        "stores.ImportedOrder", "stores.OrderVersion",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reach:
    """What an undo would do, in orders."""

    removed: int
    kept: int


def reach(job: OrderImport) -> Reach:
    """Count before anybody decides; in the merchant's scope."""
    removed = kept = 0
    for made in _made(job, after=0):
        untouched = _untouched(made)
        removed += len(untouched)
        kept += len(made) - len(untouched)
    return Reach(removed, kept + _merged(job).count())


def request_undo(job: OrderImport, *, now: datetime) -> bool:
    """Queue the undo of an import that has ended. Returns whether there was one to queue."""
    ended = (OrderImport.State.DONE, OrderImport.State.FAILED)
    queued = OrderImport.objects.filter(pk=job.pk, state__in=ended).update(
        state=OrderImport.State.UNDOING, due_at=now, attempts=0, last_id=0, orders_removed=0,
        orders_kept=0,
    )  # fmt: skip
    return queued == 1


def undo_batch(job: OrderImport, hold: Hold) -> bool:
    """Remove the next orders in one transaction. Returns whether there may be more. Raises Lost."""
    with merchant_scope(job.merchant_id):
        made = next(_made(job, after=job.last_id), [])
        if not made:
            hold.keep(orders_kept=F("orders_kept") + _merged(job).count())
            return False
        ids = [one.order_id for one in made]
        # Nobody shall touch an order between our look and its removal.
        list(Order.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        untouched = _untouched(made)
        Link.objects.filter(merchant_id=job.merchant_id, order_id__in=untouched).delete()
        Order.objects.filter(pk__in=untouched).delete()
        job.last_id = made[-1].pk
        hold.keep(
            last_id=job.last_id,
            orders_removed=F("orders_removed") + len(untouched),
            orders_kept=F("orders_kept") + len(made) - len(untouched),
        )
    return True


def still_there(job: OrderImport) -> QuerySet[ImportedOrder]:
    """What this import made or changed and is there yet, with its order."""
    return (
        ImportedOrder.objects.filter(job=job)
        .exclude(outcome=_Outcome.SAME)
        .select_related("order")
        .order_by("pk")
    )


def _merged(job: OrderImport) -> QuerySet[ImportedOrder]:
    return ImportedOrder.objects.filter(job=job, outcome=_Outcome.MERGED)


def _made(job: OrderImport, *, after: int) -> Iterator[list[ImportedOrder]]:
    while True:
        made = ImportedOrder.objects.filter(job=job, outcome=_Outcome.NEW, pk__gt=after)
        batch = list(made.order_by("pk")[:_BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1].pk


def _untouched(made: Collection[ImportedOrder]) -> list[int]:
    """The ids of those orders that stand as the import left them, with nothing new about them."""
    ids = {one.order_id for one in made}
    now = standings(ids)
    touched = {one.order_id for one in made if now.get(one.order_id) != one.standing}
    jobs = {one.job_id for one in made}
    later = ImportedOrder.objects.filter(order_id__in=ids, outcome=_Outcome.MERGED)
    touched |= set(later.exclude(job_id__in=jobs).values_list("order_id", flat=True))
    parcels = dict(Shipment.objects.filter(order_id__in=ids).values_list("pk", "order_id"))
    touched |= _hung_on(Order, ids)
    touched |= {parcels[pk] for pk in _hung_on(Shipment, parcels)}
    return sorted(ids - touched)


def _hung_on(model: type[models.Model], ids: Collection[int]) -> set[int]:
    """Which of these rows something hangs on that did not come with them."""
    found: set[int] = set()
    for relation in model._meta.related_objects:
        related: Any = relation.related_model
        if related._meta.label in _OWN:
            continue
        column = relation.field.attname
        rows = related._default_manager.filter(**{f"{column}__in": list(ids)})
        found |= set(rows.values_list(column, flat=True))
    return found
