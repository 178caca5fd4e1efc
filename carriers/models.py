"""A merchant's own credentials for a carrier, and what went wrong when we asked."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lib.encryption import unseal
from merchants.owned import MerchantOwned


class CarrierAccount(MerchantOwned):
    """Credentials are per merchant: carriers limit, bill and block by key."""

    carrier = models.SlugField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    secrets = models.TextField(blank=True)
    #: Overrides the adapter's address: a vendor's test system, or the demonstration's server.
    base_url = models.URLField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    last_ok_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    #: The carrier asked us to wait, or refused the credentials: nothing is sent before this.
    paused_until = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "carrier", "name"], name="carrier_account_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.carrier

    @property
    def credentials(self) -> dict[str, str]:
        return unseal(self.secrets)


class CarrierFailure(MerchantOwned):
    """One failed call, as it came: what a merchant looks at when a carrier is silent."""

    account = models.ForeignKey(
        CarrierAccount, on_delete=models.CASCADE, related_name="failures_seen"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    message = models.CharField(max_length=300)
    http_status = models.PositiveSmallIntegerField(null=True)
    retry_after = models.FloatField(null=True)
    parcels = models.PositiveIntegerField(default=0)
    raw = models.BinaryField(default=b"")

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "account", "-at"], name="carrier_failures")]
