"""Handing an order to the courier: a parcel at the sandbox carrier, and the shop's webhook."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from carriers.models import CarrierAccount
from carriers.registry import get
from demo.catalogue import SHOPS
from demo.shop.posting import NotTaken, post, post_webhook
from demo.shop.purchase import shop_connection
from lib.encryption import seal
from merchants.models import Merchant
from merchants.scope import merchant_scope
from tracking.models import Order, OrderItem

COURIER: Final = "sandbox"
SECONDS_BETWEEN_SCANS: Final = 12
#: Where a warehouse stands, for merchants of whom we know only the country.
_CITIES: Final = {
    "AE": "Dubai", "SA": "Riyadh", "KW": "Kuwait City", "GB": "London", "DE": "Berlin",
    "FR": "Paris", "US": "New York", "IN": "Mumbai",
}  # fmt: skip


def hand_over(
    *, merchant: Merchant, order: Order, scenario: str, gap_seconds: float, now: datetime
) -> str:
    """Give the order to the courier as one parcel; returns its tracking number.

    Its scans come every `gap_seconds` from now on. Call it outside of every transaction.
    Raises NotTaken where the courier or our own hook does not answer.
    """
    number = f"1ZHW{secrets.randbelow(10**14):014d}"
    with merchant_scope(merchant.pk):
        _follow_sandbox(merchant)
        items = list(OrderItem.objects.filter(order=order).order_by("position"))
    _register(merchant, order, number, scenario, gap_seconds, now)
    payload = fulfilment_payload(order=order, items=items, number=number, now=now)
    post_webhook(shop_connection(merchant), "fulfillments/create", payload)
    return number


def _follow_sandbox(merchant: Merchant) -> None:
    """An account with the sandbox carrier, at the address where it listens today."""
    if not settings.SANDBOX_URL:
        raise NotTaken("no sandbox carrier is running")
    address = f"{settings.SANDBOX_URL}/{COURIER}"
    CarrierAccount.objects.update_or_create(
        merchant=merchant,
        carrier=COURIER,
        name="",
        defaults={"base_url": address, "is_active": True, "paused_until": None},
        create_defaults={
            "base_url": address,
            "secrets": seal(
                {
                    secret.name: f"demo-{secret.name}"
                    for secret in get(COURIER).secrets
                    if not secret.optional
                }
            ),
        },
    )


def _register(
    merchant: Merchant, order: Order, number: str, scenario: str, gap_seconds: float, now: datetime
) -> None:
    own_city = next((shop.city for shop in SHOPS if shop.slug == merchant.slug), "")
    city = own_city or _CITIES.get(merchant.country, merchant.country)
    parcel = {
        "carrier": COURIER,
        "number": number,
        "scenario": scenario,
        "origin": {"city": city, "country": merchant.country},
        "destination": {"city": order.city or order.country, "country": order.country},
        "played_until": -1,
        "live_gap_seconds": gap_seconds,
        "registered_at": now.isoformat(),
    }
    post(
        f"{settings.SANDBOX_URL}/control/parcels",
        json.dumps(parcel).encode(),
        {"content-type": "application/json"},
    )


def fulfilment_payload(
    *, order: Order, items: list[OrderItem], number: str, now: datetime
) -> dict[str, Any]:
    """The body of `fulfillments/create`: one parcel with everything.

    https://shopify.dev/docs/api/admin-rest/latest/resources/fulfillment
    """
    moment = now.isoformat(timespec="seconds")
    return {
        "id": 10**12 + secrets.randbelow(9 * 10**12),
        "order_id": int(order.external_id),
        "name": f"{order.number}.1",
        "email": order.customer_email,
        "status": "success",
        "service": "manual",
        "created_at": moment,
        "updated_at": moment,
        "shipment_status": None,
        "tracking_company": get(COURIER).name,
        "tracking_number": number,
        "tracking_numbers": [number],
        "tracking_url": None,
        "destination": {
            "name": order.ship_to_name,
            "address1": order.line1,
            "address2": order.line2 or None,
            "city": order.city,
            "zip": order.postcode or None,
            "country_code": order.country,
        },
        "line_items": [
            {"id": int(item.external_id), "name": item.title, "sku": item.sku,
             "quantity": item.quantity}
            for item in items
        ],
    }  # fmt: skip
