"""What a message costs this merchant: by what its own messages cost lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Count, Sum
from django.db.models.functions import Greatest

from notifications.models import Message

#: Prices change: what is older says nothing.
_LATELY: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Price:
    """For one part, or one message where a channel has no parts."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Prices:
    """By channel and country, and by channel alone where a country is new."""

    by_country: Mapping[tuple[str, str], Price]
    by_channel: Mapping[str, Price]

    def of(self, channel: str, country: str) -> Price | None:
        """None where nothing is known."""
        return self.by_country.get((channel, country)) or self.by_channel.get(channel)


def prices(*, now: datetime) -> Prices:
    """The mean of the last three months; in the merchant's scope."""
    rows = (
        Message.objects.filter(created_at__gte=now - _LATELY, cost__isnull=False)
        .values_list("channel", "order__country", "cost_currency")
        .annotate(paid=Sum("cost"), parts=Sum(Greatest("segments", 1)), n=Count("pk"))
        .order_by("n")
    )
    by_country: dict[tuple[str, str], Price] = {}
    by_channel: dict[str, Price] = {}
    # The currency with the most messages comes last, and counts.
    for channel, country, currency, paid, parts, _n in rows:
        price = Price(paid / parts, currency)
        by_country[channel, country] = price
        by_channel[channel] = price
    return Prices(by_country, by_channel)
