"""A merchant's shop, connected: its secrets, its health, and when it is asked next."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from lib.encryption import unseal
from merchants.owned import MerchantOwned


class ApiState(models.TextChoices):
    """Whether we may ask the shop: never (webhooks by hand), soon, now, or no more."""

    NONE = "none"
    SETTING_UP = "setting_up"
    WORKING = "working"
    #: The shop refuses our credentials: somebody must connect it again.
    REFUSED = "refused"


def _first_writes() -> list[str]:
    """What is written back unless the merchant decides otherwise."""
    return ["parcel", "address"]


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
    #: When the last order came that we did not have, whatever way it came.
    last_order_at = models.DateTimeField(null=True)
    #: How long after a change at the shop we knew of it, smoothed over the last webhooks.
    lag_seconds = models.FloatField(null=True)

    #: Whether its buyers may be written to; marketplaces mostly forbid it.
    may_message = models.BooleanField(default=True, db_default=True)

    #: Connected through our own app: the platform vouches that the shop is this merchant's, and
    #: signs with our app's secret.
    is_installed = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)

    api_state = models.CharField(
        max_length=12, choices=ApiState.choices, default=ApiState.NONE, db_default="none"
    )
    api_failures = models.PositiveSmallIntegerField(default=0)
    api_problem = models.CharField(max_length=300, blank=True)
    api_problem_at = models.DateTimeField(null=True)
    #: The step of setting up that is due: `stores.setting_up`.
    setup_at = models.DateTimeField(null=True)
    #: Disconnected, and our webhooks there are still to be removed: `stores.leaving`.
    leaving_at = models.DateTimeField(null=True)
    leaving_tries = models.PositiveSmallIntegerField(default=0)
    #: Nothing is asked before: the shop told us to wait, or did not answer.
    paused_until = models.DateTimeField(null=True)
    #: Somebody renews the access token; a refresh token is good for one use.
    refreshing_until = models.DateTimeField(null=True)

    #: Our webhooks there: [{"topic", "id", "active"}], as of `hooks_checked_at`.
    hooks = models.JSONField(default=list)
    hooks_checked_at = models.DateTimeField(null=True)
    #: The shop is asked what changed since; everything before `swept_until` is here.
    next_sweep_at = models.DateTimeField(null=True)
    swept_until = models.DateTimeField(null=True)
    #: What is written back to the shop: of "parcel", "address", "tags", "note".
    writes = models.JSONField(default=_first_writes)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "platform"], name="store_by_platform"),
            models.Index(
                fields=["next_sweep_at"],
                name="store_sweep_due",
                condition=models.Q(is_active=True, next_sweep_at__isnull=False),
            ),
            models.Index(
                fields=["setup_at"],
                name="store_setup_due",
                condition=models.Q(is_active=True, setup_at__isnull=False),
            ),
            models.Index(
                fields=["leaving_at"],
                name="store_leaving_due",
                condition=models.Q(leaving_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """How orders name where they came from."""
        return f"{self.platform}:{self.pk}"

    @property
    def credentials(self) -> dict[str, str]:
        return unseal(self.secrets)
