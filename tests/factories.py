"""Rows for tests, made the way the product makes them, with defaults that read well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from merchants.models import Brand, Membership, Merchant, Role, User
from merchants.scope import merchant_scope
from tracking.models import Order, OrderItem, Recipient, Shipment
from tracking.orders import fill_keys
from tracking.parcels import add_parcel

#: The instant that tests call now: a Thursday noon in Dubai.
NOW = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)


def merchant(**fields: Any) -> Merchant:
    values: dict[str, Any] = {
        "slug": "noor",
        "name": "Noor Home",
        "country": "AE",
        "zone": "Asia/Dubai",
        "currency": "AED",
        "languages": ["en", "ar"],
        "sends_own_confirmations": False,
        # Invented orders end at a moment that the clock of the machine has left behind.
        "links_last_days": 30_000,
    }
    made = Merchant.objects.create(**(values | fields))
    with merchant_scope(made.pk):
        Brand.objects.create(merchant=made)
    return made


def user(merchant: Merchant, *, role: Role = Role.OWNER, email: str = "owner@noor.example") -> User:
    made = User.objects.create_user(email=email, password="correct horse battery", name="Owner")
    Membership.objects.create(merchant=merchant, user=made, role=role)
    return made


def order(merchant: Merchant, **fields: Any) -> Order:
    """An order placed two days ago; call it in the merchant's scope."""
    placed_at = fields.pop("placed_at", NOW - timedelta(days=2))
    number = fields.pop("number", f"#{1000 + Order.objects.count() + 1}")
    values: dict[str, Any] = {
        "source": "api",
        "external_id": number,
        "number": number,
        "placed_at": placed_at,
        "announce_from": placed_at,
        "currency": merchant.currency,
        "customer_name": "Sara Al Mansoori",
        "customer_email": "sara@shopper.example",
        "customer_phone": "+971 50 123 4567",
        "country": "AE",
        "city": "Dubai",
        "ship_from_country": "AE",
    }
    made = Order(merchant=merchant, **(values | fields))
    fill_keys(made)
    made.save()
    Recipient.objects.create(
        merchant=merchant,
        order=made,
        name=made.customer_name,
        email=made.customer_email,
        phone=made.customer_phone,
        language=made.language,
    )
    OrderItem.objects.create(merchant=merchant, order=made, title="Brass lamp", quantity=1)
    return made


def shipment(merchant: Merchant, **fields: Any) -> Shipment:
    """A parcel of a new order with the sandbox carrier; fields of either may be given."""
    parcel = {
        name: fields.pop(name)
        for name in ("carrier", "tracking_number", "external_id", "service", "now")
        if name in fields
    }
    of = fields.pop("order", None) or order(merchant, **fields)
    values: dict[str, Any] = {
        "carrier": "sandbox",
        "tracking_number": f"1Z{Shipment.objects.count() + 1:016d}",
        "now": NOW,
    }
    made, _ = add_parcel(order=of, **(values | parcel))
    return made
