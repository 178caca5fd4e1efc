"""Which version of an order we hold."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class OrderVersion(MerchantOwned):
    """Which version of an order we hold, by the shop's own clock.

    Webhooks overtake each other: what is older than this never overwrites. Only orders of
    shops that date their payloads have a row.
    """

    order = models.OneToOneField("tracking.Order", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
