"""A merchant's past, written straight into the tables: scans are not what is tested here."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from merchants.models import Merchant
from tests.edd.backtest.files import later
from tests.factories import NOW
from tracking.models import Order, Shipment

DUBAI = ZoneInfo("Asia/Dubai")


def past(merchant: Merchant, *, weeks: int = 20, a_day: int = 3, seed: int = 1) -> None:
    """Delivered parcels of each working day before NOW; in scope."""
    chance = random.Random(seed)
    today = NOW.date()
    days = [today - timedelta(days=n) for n in range(7 * weeks, 0, -1)]
    placed = [day for day in days if day.weekday() < 5 for _ in range(a_day)]
    orders = [_order(merchant, number, day) for number, day in enumerate(placed)]
    Order.objects.bulk_create(orders)
    Shipment.objects.bulk_create(
        [
            _parcel(merchant, order, day, chance.choice((1, 2, 2, 3)))
            for order, day in zip(orders, placed, strict=True)
        ]
    )


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=DUBAI)


def _order(merchant: Merchant, number: int, day: date) -> Order:
    return Order(
        merchant=merchant, source="api", external_id=f"P{number}", number=f"P{number}",
        number_key=f"p{number}", placed_at=at(day, 9), announce_from=at(day, 9), country="AE",
        ship_from_country="AE",
    )  # fmt: skip


def _parcel(merchant: Merchant, order: Order, day: date, road: int) -> Shipment:
    handed = later(day, 1)
    came = later(handed, road)
    is_here = came < NOW.date()
    values: dict[str, Any] = {
        "status": "delivered" if is_here else "in_transit",
        "delivered_at": at(came, 12) if is_here else None,
    }
    return Shipment(
        merchant=merchant, order=order, carrier="sandbox", tracking_number=order.number,
        number_key=order.number_key, created_at=at(day, 9), picked_up_at=at(handed, 16),
        promised_first=day, promised_last=day + timedelta(days=4), **values,
    )  # fmt: skip
