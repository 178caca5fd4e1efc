"""How dates were kept, in sums, and what was corrected because of it."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class DateScore(MerchantOwned):
    """Dates of one kind that were judged in one week: sums, so that a report costs a few rows.

    `tracking.score_sums` changes them with the outcomes, in one transaction.
    """

    class Whose(models.TextChoices):
        OURS = "ours"
        CARRIER = "carrier"

    #: The Monday of the week in which the parcel came, where it came.
    week = models.DateField()
    whose = models.CharField(max_length=8, choices=Whose.choices)
    carrier = models.SlugField(max_length=40)
    #: "AE>SA": from country, to country.
    lane = models.CharField(max_length=5)
    #: `tracking.verdicts.Moment`: order, handover or way.
    stage = models.CharField(max_length=8)
    #: In per cent: so many were to come by the last day; 0 for the carrier's own dates.
    level = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20, blank=True)
    n = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    inside = models.PositiveIntegerField()
    arrived = models.PositiveIntegerField()
    days_off = models.PositiveIntegerField()
    #: Of these a customer had seen the date, on a page or in a message.
    told = models.PositiveIntegerField()
    told_in_time = models.PositiveIntegerField()
    #: Counts by needed level (`edd.scoring.bin_of`); [] where no distribution was recorded.
    needed = models.JSONField(default=list)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=[
                    "merchant", "week", "whose", "carrier", "lane", "stage", "level", "source",
                ],
                name="date_score_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.in_time} of {self.n}, {self.carrier} {self.lane}, {self.week}"


class Calibration(MerchantOwned):
    """What is asked for instead of a level, since when, and because of what. Never changed:
    the newest of a carrier and level counts. Carrier "": all that have none of their own."""

    carrier = models.SlugField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField()
    adjusted = models.FloatField()
    #: What was asked for before, in per cent.
    before = models.FloatField()
    since = models.DateField()
    #: The share of `n` recent parcels that came in time under what was asked for before.
    came = models.FloatField()
    n = models.PositiveIntegerField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "carrier", "level", "since"], name="calibration_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adjusted:g} instead of {self.level}, since {self.since}"


class Guarded(MerchantOwned):
    """When the guard looks at a merchant's dates next."""

    due_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        verbose_name_plural = "guarded"
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="guarded_once"),
        ]
        indexes = [models.Index(fields=["due_at"], name="guard_due")]
