"""Credentials for carriers, what went wrong when we asked, and whom hubs serve."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lib.encryption import unseal
from merchants.owned import MerchantOwned


class PlatformAccount(models.Model):
    """The operator's own account with a carrier, which merchants may use in fair shares.

    Not a merchant's: `manage.py platform_accounts` keeps it. A merchant that uses it has a
    `CarrierAccount` of its own that points here and holds no secrets.
    """

    carrier = models.SlugField(max_length=40, unique=True)
    secrets = models.TextField()
    base_url = models.URLField(blank=True)
    is_active = models.BooleanField(default=True)
    calls_per_second = models.FloatField(null=True)
    calls_per_day = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    #: One merchant's 429 or 401 is everybody's.
    paused_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.carrier

    @property
    def credentials(self) -> dict[str, str]:
        return unseal(self.secrets)


class Courier(models.Model):
    """A carrier that a hub serves: facts of the hub, nobody's in particular.

    `slug` is ours, and the same for every hub; `code` the hub's own word.
    """

    hub = models.SlugField(max_length=40)
    code = models.CharField(max_length=80)
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    countries = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "code"], name="courier_once")]
        indexes = [models.Index(fields=["slug"], name="courier_by_slug")]

    def __str__(self) -> str:
        return self.name


class CarrierAccount(MerchantOwned):
    """Credentials are per merchant: carriers limit, bill and block by key."""

    carrier = models.SlugField(max_length=40)
    name = models.CharField(max_length=80, blank=True)
    secrets = models.TextField(blank=True)
    #: The operator's account that this merchant uses instead of secrets of its own.
    platform = models.ForeignKey(
        PlatformAccount, null=True, on_delete=models.CASCADE, related_name="+"
    )
    #: What the carrier granted this account beyond (or below) its usual limits.
    calls_per_second = models.FloatField(null=True)
    calls_per_day = models.PositiveIntegerField(null=True)
    #: Overrides the adapter's address: a vendor's test system, or the demonstration's server.
    base_url = models.URLField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    last_ok_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    #: The carrier asked us to wait, refused the credentials, or has been silent for long:
    #: nothing is sent before this, and then one call first.
    paused_until = models.DateTimeField(null=True)
    #: When it last pushed news by itself: what it pushes is polled rarely.
    last_push_at = models.DateTimeField(null=True)

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
