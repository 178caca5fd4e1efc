"""The WooCommerce shop opens: its history, with two parcels that are still on their way."""

from __future__ import annotations

import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from demo.models import WooOrder
from demo.shop.posting import NotTaken, post
from demo.woo.orders import Sold, history, shipped

log = logging.getLogger("homeward.demo")

#: Carriers that the sandbox plays, by the names that shops give them, and how their numbers begin.
_MOVING: Final = (("aramex", "Aramex", "44"), ("smsa", "SMSA Express", "2912"))


def open_shop(*, now: datetime) -> None:
    """Write the shop's history down, once."""
    if WooOrder.objects.exists():
        return
    sold = history(now=now)
    recent = [one for one in sold if one.values["status"] == "processing"]
    for order, (carrier, name, prefix) in zip(recent, _MOVING, strict=False):
        _hand_over(order, carrier, name, prefix, now=now)
    WooOrder.objects.bulk_create(
        WooOrder(
            pk=one.number, placed_at=one.placed_at, changed_at=one.changed_at,
            values=one.values, refunds=one.refunds,
        )
        for one in sold
    )  # fmt: skip


def _hand_over(order: Sold, carrier: str, name: str, prefix: str, *, now: datetime) -> None:
    """A parcel at the sandbox carrier; without one the order waits to be packed."""
    number = f"{prefix}{secrets.randbelow(9 * 10**7) + 10**7}"
    parcel = {
        "carrier": carrier,
        "number": number,
        "scenario": "happy",
        "origin": {"city": "Dubai", "country": "AE"},
        "destination": {
            "city": order.values["shipping"]["city"],
            "country": order.values["shipping"]["country"],
        },
        "played_until": 3,
        "live_gap_seconds": 60,
        "registered_at": now.isoformat(),
    }
    url = f"{settings.SANDBOX_URL}/control/parcels"
    try:
        post(url, json.dumps(parcel).encode(), {"content-type": "application/json"})
    except NotTaken as problem:
        log.warning("the demonstration's parcel was not taken: %s", problem)
        return
    at = order.placed_at + timedelta(hours=6)
    shipped(order.values, carrier=name, number=number, at=at)
