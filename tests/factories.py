"""Rows for tests, made the way the product makes them, with defaults that read well."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from merchants.models import Brand, Membership, Merchant, Role, User
from merchants.scope import merchant_scope

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
    }
    made = Merchant.objects.create(**(values | fields))
    with merchant_scope(made.pk):
        Brand.objects.create(merchant=made)
    return made


def user(merchant: Merchant, *, role: Role = Role.OWNER, email: str = "owner@noor.example") -> User:
    made = User.objects.create_user(email=email, password="correct horse battery", name="Owner")
    Membership.objects.create(merchant=merchant, user=made, role=role)
    return made
