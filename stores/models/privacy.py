"""Platforms' privacy demands, and what was done."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from stores.models.connections import StoreConnection


class PrivacyRequest(MerchantOwned):
    """A platform's demand to export or erase a person, answered by machine."""

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    delivery_id = models.BigIntegerField()
    received_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    #: What was found or erased, as counts; an export's content is in `export`.
    result = models.JSONField(default=dict)
    export = models.JSONField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "-received_at"], name="privacy_recent")]
