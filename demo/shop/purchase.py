"""Buying: the order as Shopify's `orders/create` webhook tells it, posted to the merchant's hook.

https://shopify.dev/docs/api/admin-rest/latest/resources/order
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from demo.shop.posting import post_webhook
from demo.shop.visit import Line
from lib.signing import new_token
from merchants.models import Merchant
from merchants.scope import merchant_scope
from stores.connect import connect_store
from stores.models import StoreConnection

PLATFORM: Final = "shopify"
CARD, CASH = "card", "cash"
_GATEWAYS: Final = {CARD: "shopify_payments", CASH: "Cash on Delivery (COD)"}


@dataclass(frozen=True, slots=True)
class Buyer:
    """What was typed at the checkout, checked; `payment` is CARD or CASH."""

    name: str
    email: str
    phone: str
    country: str
    city: str
    line1: str
    landmark: str
    postcode: str
    language: str
    payment: str


def buy(
    *, merchant: Merchant, lines: list[Line], buyer: Buyer, language: str, now: datetime
) -> str:
    """Place the order with the shop, which tells Homeward. Returns the shop's id of it.

    `language` is the one that the shop's pages, and so the names of the goods, are in.
    Raises `posting.NotTaken`.
    """
    order_id = 10**12 + secrets.randbelow(9 * 10**12)
    payload = order_payload(
        merchant=merchant, order_id=order_id, lines=lines, buyer=buyer, language=language, now=now
    )
    post_webhook(shop_connection(merchant), "orders/create", payload)
    return str(order_id)


def shop_connection(merchant: Merchant) -> StoreConnection:
    """The merchant's Shopify connection; in the demonstration everybody gets one."""
    with merchant_scope(merchant.pk):
        found = (
            StoreConnection.objects.filter(platform=PLATFORM, is_active=True).order_by("pk").first()
        )
    return found or connect_store(
        merchant=merchant,
        platform=PLATFORM,
        name="Demonstration shop",
        secret=f"whsec-{new_token()}",
        external_id=f"{merchant.slug}-demonstration.myshopify.com",
    )


def order_payload(
    *,
    merchant: Merchant,
    order_id: int,
    lines: list[Line],
    buyer: Buyer,
    language: str,
    now: datetime,
) -> dict[str, Any]:
    """The body of `orders/create`."""
    # Numbers of the demonstration are told apart from the seeded ones by their prefix.
    number = order_id % 100_000
    moment = now.isoformat(timespec="seconds")
    address = _address(buyer)
    return {
        "id": order_id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order_id}",
        "name": f"#D{number:05d}",
        "order_number": number,
        "email": buyer.email,
        "contact_email": buyer.email,
        "phone": buyer.phone,
        "created_at": moment,
        "processed_at": moment,
        "updated_at": moment,
        "cancelled_at": None,
        "closed_at": None,
        "test": False,
        **_money(merchant, lines, buyer),
        "fulfillment_status": None,
        "customer_locale": f"{buyer.language}-{buyer.country}",
        "tags": "",
        "note": None,
        "customer": {**_names(buyer.name), "email": buyer.email, "phone": buyer.phone},
        "billing_address": address,
        "shipping_address": address,
        "line_items": [
            _line(line, order_id * 10 + position, language) for position, line in enumerate(lines)
        ],
        "shipping_lines": [{"title": "Standard", "code": "standard", "price": "0.00"}],
        "fulfillments": [],
    }


def _money(merchant: Merchant, lines: list[Line], buyer: Buyer) -> dict[str, Any]:
    """What it costs, and whether it is paid: cash is owed until the door."""
    total = sum((line.total for line in lines), Decimal(0))
    is_cash = buyer.payment == CASH
    return {
        "currency": merchant.currency,
        "presentment_currency": merchant.currency,
        "subtotal_price": str(total),
        "total_price": str(total),
        "total_outstanding": str(total) if is_cash else "0.00",
        "financial_status": "pending" if is_cash else "paid",
        "payment_gateway_names": [_GATEWAYS[buyer.payment]],
    }


def _line(line: Line, line_id: int, language: str) -> Mapping[str, Any]:
    name = line.product.name(language)
    return {
        "id": line_id,
        "title": name,
        "name": name,
        "sku": line.product.slug.upper(),
        "quantity": line.quantity,
        "current_quantity": line.quantity,
        "price": str(line.product.price),
        "requires_shipping": True,
        "fulfillment_status": None,
    }


def _names(name: str) -> dict[str, str]:
    first, _, last = name.partition(" ")
    return {"first_name": first, "last_name": last}


def _address(buyer: Buyer) -> dict[str, Any]:
    """Shopify has no field for a landmark; shops of the Gulf ask for it in the second line."""
    return {
        **_names(buyer.name),
        "name": buyer.name,
        "company": None,
        "address1": buyer.line1,
        "address2": buyer.landmark or None,
        "city": buyer.city,
        "province": None,
        "province_code": None,
        "zip": buyer.postcode or None,
        "country_code": buyer.country,
        "phone": buyer.phone,
    }
