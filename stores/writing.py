"""Saying things at the shop, each once: rows first, then the call.

What we write is never the answer to what the shop wrote: rows come from our own milestones, from
shoppers' and agents' corrections, and from nothing that a webhook brought. So there is no loop;
our own address coming back with the shop's next webhook is what we hold already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import F

from merchants.scope import every_merchant, merchant_scope
from stores.joining import partners_of
from stores.line import Line
from stores.models import ApiState, StoreConnection, StoreWrite
from stores.registry import STORES
from stores.shop import AddressChange, Note, ParcelNews, Shop, ShopChange, Tags, WriteKind
from stores.talk import ShopError, Talk
from stores.vocabulary import Address
from tracking.models import Order, Shipment

_KINDS: Final[dict[WriteKind, type[ShopChange]]] = {
    "parcel": ParcelNews,
    "address": AddressChange,
    "tags": Tags,
    "note": Note,
}
_LEASE: Final = timedelta(minutes=2)
#: After the first, second … failure that passes by itself.
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))


def store_of(order: Order) -> StoreConnection | None:
    """The connected shop that an order came from, when we may write there."""
    platform, _, number = order.source.partition(":")
    if platform not in STORES or not number.isdecimal():
        return None
    return StoreConnection.objects.filter(
        pk=int(number), is_active=True, api_state=ApiState.WORKING
    ).first()


def may_write(store: StoreConnection, kind: WriteKind) -> bool:
    """Whether the platform has a place for it, and the merchant wants it there."""
    return kind in STORES[store.platform].writes and kind in store.writes


def queue_write(
    *,
    order: Order,
    change: ShopChange,
    key: str,
    now: datetime,
    shipment: Shipment | None = None,
) -> StoreWrite | None:
    """Say this at the order's shop, once by `key`; in the merchant's scope.

    None where the order came from no shop that we may write to, where the platform has no place
    for it, or where the merchant does not want it. News of a parcel overtakes older news of it
    that still waits. A partner who packs the order is told of changes as well.
    """
    for partner, external_id in partners_of(order):
        if partner.is_active and partner.api_state == ApiState.WORKING:
            told = replace(change, order_id=external_id)
            _queue(partner, order, told, key=key, shipment=shipment, now=now)
    store = store_of(order)
    if store is None:
        return None
    return _queue(store, order, change, key=key, shipment=shipment, now=now)


def _queue(
    store: StoreConnection,
    order: Order,
    change: ShopChange,
    *,
    key: str,
    shipment: Shipment | None,
    now: datetime,
) -> StoreWrite | None:
    kind = next(name for name, cls in _KINDS.items() if isinstance(change, cls))
    if not may_write(store, kind):
        return None
    row, made = StoreWrite.objects.get_or_create(
        merchant_id=order.merchant_id,
        store=store,
        key=key[:120],
        defaults={
            "order": order,
            "shipment": shipment,
            "kind": kind,
            "values": _plain(change),
            "created_at": now,
            "due_at": now,
        },
    )
    if made and shipment is not None:
        older = StoreWrite.objects.filter(
            store=store, shipment=shipment, kind=kind, state=StoreWrite.State.WAITING, pk__lt=row.pk
        )
        older.update(state=StoreWrite.State.SKIPPED, due_at=None, done_at=now)
    return row


def due(*, now: datetime, limit: int) -> list[int]:
    """What is to be written, claimed; call it in `every_merchant`."""
    found = list(
        StoreWrite.objects.select_for_update(skip_locked=True)
        .filter(state=StoreWrite.State.WAITING, due_at__lte=now)
        .order_by("due_at")
        .values_list("pk", flat=True)[:limit]
    )
    StoreWrite.objects.filter(pk__in=found).update(due_at=now + _LEASE, attempts=F("attempts") + 1)
    return found


def write(write_id: int, *, now: datetime) -> None:
    """Write one; outside of transactions. What the shop answers is kept on the row."""
    with every_merchant("a due row says whose it is"):
        row = (
            StoreWrite.objects.select_related("store")
            .filter(pk=write_id, state=StoreWrite.State.WAITING)
            .first()
        )
    if row is None:
        return None
    if not row.store.is_active:
        return _end(row, StoreWrite.State.SKIPPED, problem="The shop was disconnected.", now=now)
    change = change_of(row)
    line = Line(row.store, doing="write")

    def say(shop: Shop) -> Talk[str]:
        return line.adapter.write(shop, change)

    try:
        answer = line.hold(say, now=now)
    except ShopError as error:
        return _failed(row, error, now=now)
    return _end(row, StoreWrite.State.DONE, answer=answer, now=now)


def change_of(row: StoreWrite) -> ShopChange:
    """What a row says, as the adapter takes it."""
    return _from_plain(row.kind, row.values)


def _failed(row: StoreWrite, error: ShopError, *, now: datetime) -> None:
    if error.kind in {"refused", "unreadable"} or row.attempts > len(_WAITS):
        return _end(row, StoreWrite.State.FAILED, problem=str(error), now=now)
    wait = _WAITS[max(row.attempts, 1) - 1]
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    with merchant_scope(row.merchant_id):
        StoreWrite.objects.filter(pk=row.pk).update(due_at=now + wait, problem=str(error)[:300])
    return None


def _end(
    row: StoreWrite,
    state: StoreWrite.State,
    *,
    answer: str = "",
    problem: str = "",
    now: datetime,
) -> None:
    with merchant_scope(row.merchant_id):
        StoreWrite.objects.filter(pk=row.pk).update(
            state=state, answer=answer[:300], problem=problem[:300], done_at=now, due_at=None
        )


def _plain(change: ShopChange) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(change).items()
    }


def _from_plain(kind: str, values: Mapping[str, Any]) -> ShopChange:
    if kind == "parcel":
        days = {name: values[name] and date.fromisoformat(values[name]) for name in _DAYS}
        return ParcelNews(**{**values, **days, "at": datetime.fromisoformat(values["at"])})
    if kind == "address":
        said = dict(values["address"])
        pin = said.get("pin")
        address = Address(**{**said, "pin": (pin[0], pin[1]) if pin else None})
        return AddressChange(values["order_id"], address)
    if kind == "tags":
        return Tags(values["order_id"], tuple(values["add"]), tuple(values["remove"]))
    return Note(values["order_id"], values["text"])


_DAYS: Final = ("first", "last")
