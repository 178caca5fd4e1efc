"""Words about days beside the usual: the operator's for all merchants, and a merchant's own."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class _DayFields(models.Model):
    """`edd.calendars.DayRule` as columns. Empty text means "any", no date an open end."""

    class Kind(models.TextChoices):
        REST = "rest"
        HALF = "half"
        WORKS = "works"

    class Part(models.TextChoices):
        WAREHOUSE = "warehouse"
        PICKUP = "pickup"
        DELIVERY = "delivery"

    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=60, blank=True)
    carrier = models.SlugField(max_length=40, blank=True)
    service = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=10, choices=Part.choices, blank=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    #: ISO weekday (1 = Monday) of a rule about weeks; 0: about the days from first to last.
    weekday = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name = models.CharField(max_length=80, blank=True)
    #: A rest that may not come is not certain.
    certain = models.BooleanField(default=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


def _says_when(prefix: str) -> models.CheckConstraint:
    """A rule without a weekday needs both its days, in order."""
    dated = models.Q(first__isnull=False, last__gte=models.F("first"))
    weekly = models.Q(weekday__range=(1, 7))
    return models.CheckConstraint(
        condition=models.Q(models.Q(weekday=0) & dated) | weekly, name=f"{prefix}_says_when"
    )


class OperatorDayRule(_DayFields):
    """The operator's word about days, for all merchants: a decree, a strike, a confirmed Eid.

    Belongs to nobody: it says what happens in a country, as the `holidays` package does.
    """

    class Meta:
        constraints = [_says_when("operator_day_rule")]

    def __str__(self) -> str:
        return f"{self.country or 'anywhere'} {self.kind} {self.name}"


class MerchantDayRule(MerchantOwned, _DayFields):
    """A merchant's own word: closures of the warehouse, what its carriers do."""

    class Meta(MerchantOwned.Meta, _DayFields.Meta):
        constraints = [*MerchantOwned.Meta.constraints, _says_when("merchant_day_rule")]  # type: ignore[misc]  # two abstract bases, each with a Meta
        indexes = [models.Index(fields=["merchant", "id"], name="day_rules_of_merchant")]

    def __str__(self) -> str:
        return f"{self.country or 'anywhere'} {self.kind} {self.name}"
