"""Connecting that has begun on a platform's page. A door table: a token names the merchant."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import Merchant


class ConnectAttempt(models.Model):
    """A merchant was sent to a shop to agree, and the shop will answer to `token`.

    Only the token's fingerprint is kept. It is good once, until `expires_at`.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    platform = models.SlugField(max_length=40)
    shop = models.CharField(max_length=255, blank=True)
    store_name = models.CharField(max_length=120, blank=True)
    #: An existing connection that is connected again.
    connection_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.platform}: begun {self.created_at:%Y-%m-%d %H:%M}"


class Installation(models.Model):
    """A shop that installed our app before a merchant of ours claimed it. Tokens are sealed.

    Belongs to nobody until `code` (shown to the merchant, typed in the app's settings at the
    platform) says whose it is; then the row is gone.
    """

    platform = models.SlugField(max_length=40)
    shop = models.CharField(max_length=255)
    secrets = models.TextField()
    code = models.CharField(max_length=40, blank=True)
    arrived_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "shop"], name="installation_once")
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.shop}"
