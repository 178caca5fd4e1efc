"""Every inbound webhook, stored raw before it is understood, and the doors it comes through."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import Merchant
from merchants.owned import MerchantOwned


class Door(models.Model):
    """A webhook address. A door table: the token is how the merchant becomes known.

    `external_id` finds the merchant for a platform's app-wide hooks (Shopify's shop domain).
    """

    token = models.CharField(max_length=40, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    slug = models.SlugField(max_length=40)
    connection_id = models.BigIntegerField()
    external_id = models.CharField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "slug", "external_id"], name="door_by_external_id")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"


class Outcome(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"
    FAILED = "failed"


class Delivery(MerchantOwned):
    """One verified request: raw body and headers, its unique key, and what became of it.

    A duplicate delivery is a duplicate key. `merchant` is None only for an app-wide topic
    whose shop we do not know.
    """

    merchant = models.ForeignKey(
        Merchant, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10)
    slug = models.SlugField(max_length=40)
    connection_id = models.BigIntegerField(null=True)
    topic = models.CharField(max_length=60, blank=True)
    unique_key = models.CharField(max_length=100)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    received_at = models.DateTimeField(db_default=Now())
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    problem = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now(), null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        verbose_name_plural = "deliveries"
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "kind", "slug", "connection_id", "unique_key"],
                name="delivery_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_due",
                condition=models.Q(outcome="waiting"),
            ),
            models.Index(fields=["merchant", "slug", "-received_at"], name="delivery_recent"),
        ]
