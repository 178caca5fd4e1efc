"""What an order as a whole says: its search keys, and its status from its parcels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

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
    order.number_key = number_key(order.number)[:60]
    order.name_key = fold(order.customer_name)[:200]
    order.email_key = order.customer_email.strip().lower()[:254]
    order.phone_key = digits(order.customer_phone)[-40:]
    order.search_text = _search_text(order, numbers)


def order_status(statuses: Iterable[str]) -> Status:
    """The status that speaks for several parcels; pending without parcels."""
    found = set(statuses)
    return next((status for status in _SPEAKS_FIRST if status in found), Status.PENDING)


def refresh_order(order_id: int, *, now: datetime) -> None:
    refresh_orders([order_id], now=now)


def refresh_orders(order_ids: Iterable[int], *, now: datetime) -> None:
    """Derive status, attention and search text of these orders from their parcels."""
    parcels: dict[int, list[Shipment]] = defaultdict(list)
    ids = list(order_ids)
    for shipment in Shipment.objects.filter(order_id__in=ids):
        parcels[shipment.order_id].append(shipment)
    rows: list[tuple[Any, ...]] = []
    for order in Order.objects.filter(pk__in=ids):
        mine = parcels[order.pk]
        status = Status.CANCELLED if order.cancelled_at and not mine else None
        status = status or order_status(parcel.status for parcel in mine)
        attention = any(
            parcel.delayed or parcel.stalled or parcel.action_required or parcel.disputed
            for parcel in mine
        )
        text = _search_text(order, [parcel.number_key for parcel in mine])
        rows.append((order.pk, str(status), attention, text, now))
    update_many(Order, ("status", "needs_attention", "search_text", "updated_at"), rows)


def _search_text(order: Order, numbers: Iterable[str]) -> str:
    parts = (
        order.number,
        number_key(order.number),
        order.customer_name,
        order.ship_to_name,
        order.customer_email,
        order.customer_phone,
        digits(order.customer_phone),
        order.city,
        *numbers,
    )
    return " ".join(dict.fromkeys(folded for part in parts if (folded := fold(part))))
