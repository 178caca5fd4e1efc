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


class OrderVersion(MerchantOwned):
    """Which version of an order we hold, by the shop's own clock.

    Webhooks overtake each other: what is older than this never overwrites. Only orders of
    shops that date their payloads have a row.
    """

    order = models.OneToOneField("tracking.Order", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField()
