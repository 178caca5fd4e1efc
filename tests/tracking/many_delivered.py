"""Parcels that came, in numbers: what the nights of learning look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from merchants.models import Merchant
from merchants.scope import merchant_scope
from tracking.models import Event, Order, Shipment


def delivered(
    merchant: Merchant,
    count: int,
    *,
    now: datetime,
    packed: int = 1,
    road: int = 3,
    carrier: str = "aramex",
    scans: bool = False,
    open_too: int = 0,
) -> list[Shipment]:
    """`count` parcels that came and `open_too` that did not, one a day and more.

    Ordered at noon UTC, handed over `packed` calendar days later, on the road for `road` days.
    """
    with merchant_scope(merchant.pk):
        orders, parcels = [], []
        for place in range(count + open_too):
            placed = now.replace(hour=9) - timedelta(days=5 + packed + road + place % 60)
            handed, came = placed + timedelta(days=packed), placed + timedelta(days=packed + road)
            number = f"{merchant.pk}-{carrier}-{place}"
            order = Order(
                merchant=merchant, source="api", external_id=number, number=number,
                number_key=number, placed_at=placed, announce_from=placed, country="SA",
                city="Riyadh", postcode="12271", ship_from_country="AE",
            )  # fmt: skip
            orders.append(order)
            is_open = place >= count
            parcels.append(
                Shipment(
                    merchant=merchant, order=order, carrier=carrier, tracking_number=number,
                    number_key=number, picked_up_at=handed, created_at=placed,
                    delivered_at=None if is_open else came, edd_zone="Asia/Riyadh",
                    status="in_transit" if is_open else "delivered",
                    sub_status="transit.generic" if is_open else "delivered.generic",
                )
            )  # fmt: skip
        Order.objects.bulk_create(orders)
        Shipment.objects.bulk_create(parcels)
        Shipment.objects.filter(pk__in=[one.pk for one in parcels]).update(
            created_at=now - timedelta(days=30)
        )
        if scans:
            _scan(parcels)
        return parcels


def _scan(parcels: list[Shipment]) -> None:
    Event.objects.bulk_create(
        Event(
            merchant_id=one.merchant_id, shipment=one, key=f"{name}", at=at, code=name,
            sub_status=name, source="poll", received_at=at,
        )
        for one in parcels
        if one.picked_up_at and one.delivered_at
        for name, at in (
            ("picked_up.accepted", one.picked_up_at),
            ("out.on_vehicle", one.delivered_at - timedelta(hours=4)),
            ("delivered.generic", one.delivered_at),
        )
    )  # fmt: skip
