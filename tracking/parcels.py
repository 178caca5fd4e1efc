"""A parcel enters: known again by carrier and number, never replacing another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lib.folding import number_key
from tracking.entering import NewParcel, enter, prepare
from tracking.models import Order, OrderItem, Shipment, ShipmentItem
from tracking.needed_fields import ask_with_more
from tracking.orders import refresh_order


def add_parcel(
    *,
    order: Order,
    carrier: str,
    tracking_number: str,
    now: datetime,
    external_id: str = "",
    service: str = "",
    extra: Mapping[str, str] | None = None,
    shipped_at: datetime | None = None,
    contents: Sequence[tuple[OrderItem, int]] = (),
) -> tuple[Shipment, bool]:
    """Follow this parcel from now on. Returns it, and whether it is new.

    `carrier` is a slug, or "" to recognise it from the number, the order, and `service` or
    `extra["carrier_name"]`, what the shop calls it. A number that the order already has is
    merged: what was not known is filled in, nothing is taken away. A number that another order
    of this merchant has opens a new generation (carriers recycle them).
    """
    key = number_key(tracking_number)
    mine = Shipment.objects.filter(order_id=order.pk, number_key=key).order_by("pk")
    shipment = (mine.filter(carrier=carrier) if carrier else mine).first()
    is_new = shipment is None
    if shipment is None:
        shipment = _enter(
            NewParcel(
                order=order,
                tracking_number=tracking_number,
                carrier=carrier,
                external_id=external_id,
                service=service,
                extra=extra or {},
                shipped_at=shipped_at,
                skus=_skus(order, contents),
            ),
            now=now,
        )
    else:
        _merge(
            shipment, external_id=external_id, service=service, extra=extra, shipped_at=shipped_at
        )
        ask_with_more(shipment, now=now)
    _put_in(shipment, contents)
    refresh_order(order.pk, now=now)
    return shipment, is_new


def _skus(order: Order, contents: Sequence[tuple[OrderItem, int]]) -> list[str]:
    """Of what is in the parcel; of all lines where nobody said what is."""
    inside = [item for item, _ in contents] or OrderItem.objects.filter(order=order)
    return [item.sku for item in inside if item.sku]


def _enter(parcel: NewParcel, *, now: datetime) -> Shipment:
    entering = prepare([parcel], now=now)
    enter(entering, now=now)
    return entering[0].shipment


def _put_in(shipment: Shipment, contents: Sequence[tuple[OrderItem, int]]) -> None:
    """Say what is in the parcel; a line that is known already gets its new quantity."""
    for item, quantity in contents:
        ShipmentItem.objects.update_or_create(
            merchant_id=shipment.merchant_id,
            shipment=shipment,
            item=item,
            defaults={"quantity": quantity},
        )


def _merge(
    shipment: Shipment,
    *,
    external_id: str,
    service: str,
    extra: Mapping[str, str] | None,
    shipped_at: datetime | None,
) -> None:
    """Fill what was empty; a known value stays."""
    updates: dict[str, object] = {}
    if external_id and not shipment.external_id:
        updates["external_id"] = external_id
    if service and not shipment.service:
        updates["service"] = service
    if extra and dict(extra) != shipment.extra:
        updates["extra"] = {**dict(extra), **shipment.extra}
    if shipped_at and not shipment.shipped_by_store_at:
        updates["shipped_by_store_at"] = shipped_at
    if updates:
        for name, value in updates.items():
            setattr(shipment, name, value)
        Shipment.objects.filter(pk=shipment.pk).update(**updates)
