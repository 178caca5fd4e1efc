"""Orders of which a webhook told no more than the id: fetched fresh, several webhooks as one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Value
from django.db.models.functions import Least

from merchants.scope import every_merchant, merchant_scope
from stores.line import Line
from stores.models import ApiState, StoreConnection, WantedOrder
from stores.saving import save_all
from stores.shop import Shop
from stores.talk import ShopError, Talk
from stores.vocabulary import Ignored, OrderUpdate
from tracking.models import Order

_LEASE: Final = timedelta(minutes=2)
#: After the first, second … attempt. After the last, the next sweep by `updated_at` finds it.
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))


def want(store: StoreConnection, external_id: str, *, now: datetime) -> None:
    """Fetch this order soon; in the merchant's scope."""
    row, made = WantedOrder.objects.get_or_create(
        merchant_id=store.merchant_id,
        store=store,
        external_id=external_id[:100],
        defaults={"wanted_at": now, "due_at": now},
    )
    if not made:
        WantedOrder.objects.filter(pk=row.pk).update(
            asked_for=F("asked_for") + 1, wanted_at=now, due_at=Least(F("due_at"), Value(now))
        )


def due(*, now: datetime, limit: int) -> list[int]:
    """Wanted orders, claimed; call it in `every_merchant`."""
    found = list(
        WantedOrder.objects.select_for_update(skip_locked=True)
        .filter(due_at__lte=now)
        .order_by("due_at")
        .values_list("pk", flat=True)[:limit]
    )
    WantedOrder.objects.filter(pk__in=found).update(due_at=now + _LEASE, attempts=F("attempts") + 1)
    return found


def fetch(wanted_id: int, *, now: datetime) -> None:
    """Fetch and save one. A trouble with the shop is written down, not raised."""
    with every_merchant("a due row says whose it is"):
        wanted = (
            WantedOrder.objects.select_related("store", "store__merchant")
            .filter(pk=wanted_id)
            .first()
        )
    if wanted is None:
        return None
    store = wanted.store
    if not store.is_active or store.api_state in {ApiState.REFUSED, ApiState.NONE}:
        return _drop(wanted)
    line = Line(store, doing="order")

    def ask(shop: Shop) -> Talk[OrderUpdate | Ignored | None]:
        return line.adapter.order(shop, wanted.external_id)

    try:
        found = line.hold(ask, now=now)
    except ShopError as error:
        return _put_off(wanted, error, now=now)
    with merchant_scope(wanted.merchant_id):
        if found is None:
            found = _taken_back(store, wanted.external_id, now=now)
        if isinstance(found, OrderUpdate):
            saved = save_all(store, [found], now=now)
            if saved.created:
                StoreConnection.objects.filter(pk=store.pk).update(last_order_at=now)
        # Told of again meanwhile: what we saved may be the older version.
        mine = WantedOrder.objects.filter(pk=wanted.pk)
        if not mine.filter(asked_for=wanted.asked_for).delete()[0]:
            mine.update(due_at=now, attempts=0)
    return None


def _taken_back(store: StoreConnection, external_id: str, *, now: datetime) -> OrderUpdate | None:
    """What it means that the shop knows an order of ours no more: nobody will send it."""
    known = Order.objects.filter(source=store.source, external_id=external_id).first()
    if known is None or known.cancelled_at is not None:
        return None
    return OrderUpdate(external_id, known.number, cancelled_at=now, partial=True)


def _put_off(wanted: WantedOrder, error: ShopError, *, now: datetime) -> None:
    if wanted.attempts > len(_WAITS) or error.kind == "credentials":
        return _drop(wanted)
    wait = _WAITS[max(wanted.attempts, 1) - 1]
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    with merchant_scope(wanted.merchant_id):
        WantedOrder.objects.filter(pk=wanted.pk).update(due_at=now + wait, problem=str(error)[:300])
    return None


def _drop(wanted: WantedOrder) -> None:
    with merchant_scope(wanted.merchant_id):
        WantedOrder.objects.filter(pk=wanted.pk).delete()
