"""Where parcels run late across shops, as far as counts show, and which shops know it already."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class Slowness(models.Model):
    """A carrier that is late to a country, or to a region of it, for several merchants at once.

    Counts over all merchants: nothing here is anybody's. `tracking.slowness_watch` writes it.
    """

    carrier = models.SlugField(max_length=40)
    to_country = models.CharField(max_length=2)
    #: As `edd.regions.region_key` has it; empty for the country as a whole.
    to_region = models.CharField(max_length=120, blank=True)
    #: The first day that was slow, and the last one on which it stood out.
    since = models.DateField()
    seen_on = models.DateField()
    #: Shares (0–1) of parcels that missed their promised day: now, and usually.
    late = models.FloatField()
    usual = models.FloatField()
    parcels = models.PositiveIntegerField()
    merchants = models.PositiveIntegerField()
    #: So many business days more, and no more parcels than usual would be late.
    days = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "to_country", "to_region"],
                name="slowness_open_once",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.carrier} to {self.to_country} {self.to_region} since {self.since}"


class SlownessDismissal(MerchantOwned):
    """A merchant has seen it and wants to hear no more of it."""

    slowness = models.ForeignKey(Slowness, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "slowness"], name="slowness_dismissed_once"
            ),
        ]
