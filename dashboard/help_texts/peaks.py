"""Which peaks concern this shop: those of its own country and of where its parcels go."""

from __future__ import annotations

from datetime import date
from typing import Final

from edd.day_rules import day_rules
from help_texts.peaks import Peak
from help_texts.suggesting import untaken
from merchants.models import Merchant
from tracking.models import Order

#: The newest orders, whose countries count.
_ORDERS: Final = 500


def peaks_of(merchant: Merchant, *, today: date) -> list[Peak]:
    """The coming peaks without a banner; in the merchant's scope."""
    newest = Order.objects.order_by("-placed_at", "-pk").values_list("country", flat=True)[:_ORDERS]
    countries = {merchant.country, *newest} - {""}
    return untaken(countries, today=today, rules=day_rules(merchant.pk))
