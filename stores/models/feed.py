"""What the watchdog of shops' webhooks knows of a feed, and the silences that it looked into."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from merchants.owned import MerchantOwned
from stores.models.connections import StoreConnection


class FeedModel(MerchantOwned):
    """How many orders one connection brings (`stores.feed.arrivals`), and when silence is odd.

    Counts only. The writer is `stores.feed.learning`, of the watch's moments `watching`.
    """

    store = models.OneToOneField(StoreConnection, on_delete=models.CASCADE, related_name="+")
    #: Decayed orders and exposure of the 168 local hours of a week, Monday 0:00 first.
    counts = ArrayField(models.FloatField(), size=168)
    hours = ArrayField(models.FloatField(), size=168)
    level_orders = models.FloatField()
    level_expected = models.FloatField()
    #: Hours learned in all, and the end of the last one: no hour is learned twice.
    learned = models.PositiveIntegerField(default=0)
    learned_until = models.DateTimeField()
    #: When it was last learned from the beginning.
    built_at = models.DateTimeField()
    #: A look explained the silence until then; so many in a row found nothing.
    explained_until = models.DateTimeField(null=True)
    vain = models.PositiveSmallIntegerField(default=0)
    #: When the silence that lasted at the last look will be improbable. None: not foreseeable.
    due_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        # Without the merchant: the queue of due silences runs across merchants.
        indexes = [models.Index(fields=["due_at"], name="feed_due")]


class Gap(MerchantOwned):
    """One silence that was looked into: what we expected, what came back, what was wrong.

    The writer is `stores.feed.gaps`.
    """

    class Cause(models.TextChoices):
        """What the platform had done to our webhook, as far as it is known."""

        UNKNOWN = "unknown"
        SWITCHED_OFF = "switched_off"
        REMOVED = "removed"

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="gaps")
    silent_since = models.DateTimeField()
    suspected_at = models.DateTimeField()
    #: Of this silence, if all were well; None where an ordinary sweep found orders first.
    probability = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    #: Orders that no webhook had brought.
    found = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=12, choices=Cause.choices, default=Cause.UNKNOWN)
    webhook_repaired = models.BooleanField(default=False)
    #: Why the shop's API refused, and how often it was asked in vain.
    problem = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    #: Whether the owner must hear of it, and when that happened.
    tells = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "store"],
                condition=models.Q(closed_at__isnull=True),
                name="gap_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "store", "-suspected_at"], name="gap_recent"),
            # Without the merchant: the queue of what is to be told runs across merchants.
            models.Index(
                fields=["suspected_at"],
                condition=models.Q(tells=True, told_at__isnull=True),
                name="gap_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store_id} silent since {self.silent_since:%Y-%m-%d %H:%M}"
