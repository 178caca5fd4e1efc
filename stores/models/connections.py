"""A merchant's shop, connected."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lib.encryption import unseal
from merchants.owned import MerchantOwned


class StoreConnection(MerchantOwned):
    """One storefront and its secrets; what it sent last and what was refused."""

    platform = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    #: The platform's own name for the shop, e.g. Shopify's `shop.myshopify.com`.
    external_id = models.CharField(max_length=255, blank=True)
    secrets = models.TextField(blank=True)
    #: The shop's own statuses that mean one of ours: {"processing": "confirmed", …}.
    status_map = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    last_received_at = models.DateTimeField(null=True)
    last_rejected_at = models.DateTimeField(null=True)
    rejected = models.PositiveIntegerField(default=0)
    last_problem = models.CharField(max_length=300, blank=True)
    last_problem_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "platform"], name="store_by_platform")]

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """How orders name where they came from."""
        return f"{self.platform}:{self.pk}"

    @property
    def credentials(self) -> dict[str, str]:
        return unseal(self.secrets)
