"""What an order as a whole says: its search keys, and its status from its parcels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Greatest

from lib.folding import digits, fold, number_key
from lib.vocabulary import Status
from tracking.models import Order, Shipment
from tracking.writing import update_many

#: The parcel that needs attention most speaks for the order.
_SPEAKS_FIRST: Final = (
    Status.EXCEPTION,
    Status.ATTEMPT_FAILED,
    Status.LOST_OR_DESTROYED,
    Status.RETURNING,
    Status.RETURNED,
    Status.EXPIRED,
    Status.AVAILABLE_FOR_PICKUP,
    Status.OUT_FOR_DELIVERY,
    Status.CUSTOMS,
    Status.IN_TRANSIT,
    Status.PICKED_UP,
    Status.INFO_RECEIVED,
    Status.PENDING,
    Status.DELIVERED,
    Status.CANCELLED,
)


def fill_keys(order: Order, *, numbers: Iterable[str] = ()) -> None:
    """Set the folded columns from what people typed; saves nothing."""
    _fill_columns(order)
    order.search_text = _search_text(order, numbers)


def _fill_columns(order: Order) -> None:
    order.number_key = number_key(order.number)[:60]
    order.name_key = fold(order.customer_name)[:200]
    order.email_key = order.customer_email.strip().lower()[:254]
    order.phone_key = digits(order.customer_phone)[-40:]


def order_status(statuses: Iterable[str]) -> Status:
    """The status that speaks for several parcels; pending without parcels."""
    found = set(statuses)
    return next((status for status in _SPEAKS_FIRST if status in found), Status.PENDING)


def refresh_order(order_id: int, *, now: datetime) -> None:
    refresh_orders([order_id], now=now)


def refresh_orders(order_ids: Iterable[int], *, now: datetime) -> None:
    """Derive status, attention and search text of these orders from their parcels."""
    ids = sorted(order_ids)
    _lock(ids)
    parcels = _parcels(ids)
    rows: list[tuple[Any, ...]] = []
    for order in Order.objects.filter(pk__in=ids):
        status, attention, text = _derived(order, parcels[order.pk])
        rows.append((order.pk, str(status), attention, text, now))
    update_many(Order, ("status", "needs_attention", "search_text", "updated_at"), rows)


def settle(order: Order, parcels: Iterable[Shipment]) -> None:
    """Keys and the same for an order whose parcels are at hand; saves nothing."""
    _fill_columns(order)
    mine = [
        _Parcel(
            parcel.status,
            parcel.number_key,
            parcel.is_late or parcel.stalled or parcel.action_required or parcel.disputed,
            parcel.withdrawn_at is not None and parcel.status == Status.CANCELLED,
        )
        for parcel in parcels
    ]
    status, order.needs_attention, order.search_text = _derived(order, mine)
    order.status = str(status)


def refresh_statuses(order_ids: Iterable[int], *, now: datetime) -> None:
    """Derive status and attention again after scans: they change nothing that is searched for.

    For orders that have parcels; reads no order.
    """
    ids = sorted(order_ids)
    _lock(ids)
    rows = [
        (order_id, str(status), attention, now)
        for order_id, mine in _parcels(ids).items()
        for status, attention in [_standing(mine)]
        if not all(parcel.is_withdrawn for parcel in mine)
    ]
    update_many(Order, ("status", "needs_attention", "updated_at"), rows)


def touch(order_id: int, *, now: datetime) -> None:
    """Say that something about the order changed; its page is written anew. Never backwards."""
    later = Greatest(F("updated_at") + timedelta(microseconds=1), Value(now))
    Order.objects.filter(pk=order_id).update(updated_at=later)


class _Parcel(NamedTuple):
    """What an order looks at in a parcel."""

    status: str
    number_key: str
    needs_attention: bool
    #: The shop took it back and nobody holds it: it says nothing about the order.
    is_withdrawn: bool = False


def _lock(order_ids: list[int]) -> None:
    """Keep others from deriving these orders meanwhile: two parcels of one order may be told of
    at the same moment, and whoever comes second must see what the first one wrote."""
    rows = Order.objects.select_for_update(no_key=True).filter(pk__in=order_ids).order_by("pk")
    list(rows.values_list("pk"))


def _parcels(order_ids: list[int]) -> dict[int, list[_Parcel]]:
    found: dict[int, list[_Parcel]] = defaultdict(list)
    rows = Shipment.objects.filter(order_id__in=order_ids).values_list(
        "order_id", "status", "number_key", "withdrawn_at",
        "delayed", "will_be_late", "stalled", "action_required", "disputed",
    )  # fmt: skip
    for order_id, status, number, withdrawn_at, *flags in rows:
        is_withdrawn = withdrawn_at is not None and status == Status.CANCELLED
        found[order_id].append(_Parcel(status, number, any(flags), is_withdrawn))
    return found


def _derived(order: Order, parcels: list[_Parcel]) -> tuple[Status, bool, str]:
    status, attention = _standing(parcels)
    if order.cancelled_at and all(parcel.is_withdrawn for parcel in parcels):
        status = Status.CANCELLED
    return status, attention, _search_text(order, [parcel.number_key for parcel in parcels])


def _standing(parcels: list[_Parcel]) -> tuple[Status, bool]:
    return (
        order_status(parcel.status for parcel in parcels if not parcel.is_withdrawn),
        any(parcel.needs_attention for parcel in parcels),
    )


def _search_text(order: Order, numbers: Iterable[str]) -> str:
    parts = (
        order.number,
        number_key(order.number),
        order.customer_name,
        order.ship_to_name,
        order.customer_email,
        order.customer_phone,
        digits(order.customer_phone),
        digits(order.ship_to_phone),
        order.city,
        order.district,
        order.makani,
        order.national_address,
        order.what3words,
        *numbers,
    )
    return " ".join(dict.fromkeys(folded for part in parts if (folded := fold(part))))
