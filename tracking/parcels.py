"""A parcel enters: known again by carrier and number, never replacing another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from carriers import registry
from lib.folding import number_key
from tracking.candidates import Chosen, choose, entries
from tracking.ingest import review
from tracking.models import Order, OrderItem, Shipment, ShipmentItem, Watch
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
        chosen = choose(
            number=tracking_number,
            carrier=carrier,
            country=order.country,
            origin=order.ship_from_country,
            named=(extra or {}).get("carrier_name") or service,
        )
        shipment = _begin(
            Shipment(
                merchant_id=order.merchant_id,
                order=order,
                carrier=chosen.carrier,
                tracking_number=tracking_number.strip(),
                number_key=key,
                generation=_next_generation(chosen.carrier, key),
                external_id=external_id,
                service=service,
                extra=dict(extra or {}),
                shipped_by_store_at=shipped_at,
                created_at=now,
            ),
            chosen,
        )
    else:
        _merge(
            shipment, external_id=external_id, service=service, extra=extra, shipped_at=shipped_at
        )
        ask_with_more(shipment, now=now)
    _put_in(shipment, contents)
    if is_new:
        review([shipment.pk], now=now)
        shipment.refresh_from_db()
    else:
        refresh_order(order.pk, now=now)
    return shipment, is_new


def _next_generation(carrier: str, key: str) -> int:
    """1, or one more than the last parcel of this merchant that had the number."""
    same = Shipment.objects.filter(carrier=carrier, number_key=key)
    last = same.order_by("-generation").first()
    return last.generation + 1 if last else 1


def _put_in(shipment: Shipment, contents: Sequence[tuple[OrderItem, int]]) -> None:
    """Say what is in the parcel; a line that is known already gets its new quantity."""
    for item, quantity in contents:
        ShipmentItem.objects.update_or_create(
            merchant_id=shipment.merchant_id,
            shipment=shipment,
            item=item,
            defaults={"quantity": quantity},
        )


def _begin(shipment: Shipment, chosen: Chosen) -> Shipment:
    """Save the parcel and begin to watch it."""
    shipment.save(force_insert=True)
    carrier = registry.CARRIERS.get(shipment.carrier)
    Watch.objects.create(
        merchant_id=shipment.merchant_id,
        shipment=shipment,
        carrier=shipment.carrier,
        candidates=entries(chosen.candidates),
        # An own fleet only pushes. For a carrier without an adapter a hub may be asked.
        next_ask_at=None if carrier and not carrier.is_asked else shipment.created_at,
    )
    return shipment


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
