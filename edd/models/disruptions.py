"""Days that somebody adds for a time: an operator for everybody, a merchant for its own parcels.

`edd.disruption_rows` is the only writer.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from edd.disruptions import MOST_DAYS
from merchants.models import User
from merchants.owned import MerchantOwned


class DisruptionFields(models.Model):
    """What both have. Empty carrier, service, country or region means any.

    Parcels are derived again when it is switched on, begins, changes or ends. `due_at` is when
    that goes on, `cursor` the last parcel that was looked at, `also` the scopes that an edit
    left and whose parcels are still to be derived. `version` grows with each edit.
    """

    days = models.PositiveSmallIntegerField()
    starts = models.DateField()
    #: The last day of it.
    ends = models.DateField()
    carrier = models.SlugField(max_length=40, blank=True)
    service = models.CharField(max_length=60, blank=True)
    from_country = models.CharField(max_length=2, blank=True)
    to_country = models.CharField(max_length=2, blank=True)
    #: A code or a name; compared by `edd.regions.region_key`.
    to_region = models.CharField(max_length=120, blank=True)
    #: A key of `edd.disruption_words.CAUSES`.
    cause = models.CharField(max_length=12, default="other")
    #: Somebody's own words by language; where one is missing, ours are shown.
    sentences = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    #: It never was: taken back before it began, or on its first day.
    withdrawn_at = models.DateTimeField(null=True)
    #: Over for so long that no parcel is on its way any more that was touched.
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(null=True)
    cursor = models.BigIntegerField(default=0)
    also = models.JSONField(default=list)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=MOST_DAYS), name="%(class)s_days"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="%(class)s_ordered"
            ),
            models.CheckConstraint(
                condition=models.Q(to_region="") | ~models.Q(to_country=""),
                name="%(class)s_region_in_country",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="%(class)s_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"+{self.days} days, {self.starts} to {self.ends}"


class OperatorDisruption(DisruptionFields):
    """Of all merchants. Belongs to nobody: it says how a carrier or a country does."""

    note = models.CharField(max_length=200, blank=True)

    class Meta(DisruptionFields.Meta):
        pass


class MerchantDisruption(DisruptionFields, MerchantOwned):
    """Of one merchant's parcels."""

    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(DisruptionFields.Meta):
        constraints = [*MerchantOwned.Meta.constraints, *DisruptionFields.Meta.constraints]
        indexes = [
            *DisruptionFields.Meta.indexes,
            models.Index(
                fields=["merchant"],
                name="merchantdisruption_live",
                condition=models.Q(settled_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
