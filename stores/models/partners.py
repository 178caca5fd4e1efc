"""Which order of a shop a fulfilment partner's order is about."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from stores.models.connections import StoreConnection


class PartnerOrder(MerchantOwned):
    """A partner's order that joined a shop's: decided once, so that it never moves elsewhere."""

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=100)
    order = models.ForeignKey("tracking.Order", on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "store", "external_id"], name="partner_order_once"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "order"], name="partners_of_order")]
