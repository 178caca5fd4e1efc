"""What messages cost a merchant, as far as it said: by channel and country, for each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from merchants.models import Merchant
from notifications.models import MessagePrice


@dataclass(frozen=True, slots=True)
class Price:
    """A sum in a currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Prices:
    """A merchant's price list, by (channel, country)."""

    rows: Mapping[tuple[str, str], Price]

    def cost(self, channel: str, country: str, parts: int) -> Price | None:
        """What so many parts cost; None where no price is known."""
        one = self.rows.get((channel, country)) or self.rows.get((channel, ""))
        return Price(one.amount * parts, one.currency) if one else None


def prices_of(merchant: Merchant) -> Prices:
    """The list; in the merchant's scope."""
    rows = MessagePrice.objects.filter(merchant_id=merchant.pk)
    return Prices({(row.channel, row.country): Price(row.amount, row.currency) for row in rows})
