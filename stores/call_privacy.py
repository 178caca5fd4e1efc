"""The personal data in what passes between us and a shop's API: exported, erased.

What was written back, what waits to be fetched, the raw answers of failed calls, and the exports
that were made for earlier demands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from inbox.privacy import naming
from lib.personal_data import Person
from stores.models import (
    Installation,
    PrivacyRequest,
    Pull,
    StoreConnection,
    StoreFailure,
    StoreWrite,
    WantedOrder,
)
from tracking.models import Order


def export_person(person: Person) -> list[dict[str, Any]]:
    """What the shops were told of the person's orders, as plain JSON values."""
    return [
        {
            "kind": row.kind,
            "said": row.values,
            "state": row.state,
            "created_at": row.created_at.isoformat(),
            "answer": row.answer,
        }
        for row in _writes(person).order_by("pk")
    ]


def erase_person(person: Person) -> int:
    """Empty what names the person; that something was said, or failed, stays.

    What still waits to be said is not said any more. Earlier exports of the same orders go.
    """
    writes = _forget_writes(_writes(person))
    failures = naming(StoreFailure.objects.exclude(raw=b""), "raw", person).update(raw=b"")
    return writes + failures + _forget_exports(person)


def forget_wanted(store: StoreConnection, person: Person) -> int:
    """These orders are not fetched any more, however often a webhook told of them."""
    wanted = WantedOrder.objects.filter(store=store, external_id__in=person.external_order_ids)
    return wanted.delete()[0]


def erase_connection(store: StoreConnection) -> dict[str, int]:
    """Everything that calls to this shop left here; how many rows, by holder.

    A shop that comes back is asked for its history anew.
    """
    Pull.objects.filter(store=store).delete()
    StoreConnection.objects.filter(pk=store.pk).update(swept_until=None)
    exports = PrivacyRequest.objects.filter(store=store, export__isnull=False)
    Installation.objects.filter(platform=store.platform, shop=store.external_id).delete()
    count = (
        _forget_writes(StoreWrite.objects.filter(store=store))
        + StoreFailure.objects.filter(store=store).exclude(raw=b"").update(raw=b"")
        + WantedOrder.objects.filter(store=store).delete()[0]
        + exports.update(export=None)
    )
    return {"calls": count}


def _writes(person: Person) -> QuerySet[StoreWrite]:
    return StoreWrite.objects.filter(order_id__in=person.order_ids)


def _forget_writes(rows: QuerySet[StoreWrite]) -> int:
    waiting = rows.filter(state=StoreWrite.State.WAITING)
    waiting.update(state=StoreWrite.State.SKIPPED, due_at=None)
    return rows.exclude(values={}).update(values={})


def _forget_exports(person: Person) -> int:
    """Exports hold orders by number; the same number at another shop is another order."""
    known = {
        (source, number)
        for source, number in Order.objects.filter(pk__in=person.order_ids).values_list(
            "source", "number"
        )
    }
    stale = [
        row.pk
        for row in PrivacyRequest.objects.filter(export__isnull=False).select_related("store")
        if any((row.store.source, number) in known for number in _numbers(row.export))
    ]
    return PrivacyRequest.objects.filter(pk__in=stale).update(export=None)


def _numbers(export: Mapping[str, Any] | None) -> list[str]:
    return [str(order.get("number")) for order in (export or {}).get("orders", [])]
