"""Which version of an order we hold."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class OrderVersion(MerchantOwned):
    """Which version of an order we hold, by the shop's own clock; see `stores.stamps`.

    Webhooks overtake each other: what is older than what we hold never overwrites it. Only
    orders of which something is dated, or stands in for what was not said, have a row.
    """

    order = models.OneToOneField("tracking.Order", on_delete=models.CASCADE, related_name="+")
    #: The newest whole version; null when only parts were told.
    said_at = models.DateTimeField(null=True)
    #: What was said by another version than that: a part's name to its rank.
    stamps = models.JSONField(default=dict, db_default={})
    #: What parcels hold of lines that are not known yet: number → {line's external id: count}.
    waiting = models.JSONField(default=dict, db_default={})
