"""A merchant's own rules for dates: cut-off, handling, working week, days on a lane."""

from __future__ import annotations

from datetime import time

from django.db import models

from merchants.owned import MerchantOwned


class DateRules(MerchantOwned):
    """How long the merchant needs before the courier comes. One row a merchant."""

    cut_off = models.TimeField(default=time(14, 0))
    #: The warehouse's clock, an IANA name; empty: the shop's own.
    zone = models.CharField(max_length=50, blank=True, default="", db_default="")
    handling_days = models.PositiveSmallIntegerField(default=1)
    #: ISO weekdays the warehouse rests (1 = Monday); empty: the country's own weekend.
    rest_days = models.JSONField(default=list)
    #: Days without dispatch beside the public holidays, as ISO dates.
    closures = models.JSONField(default=list)
    #: In per cent: so many parcels are to come by the last day we show.
    level = models.PositiveSmallIntegerField(default=90, db_default=90)
    #: Whose word counts first; names of `edd.estimate.Source`. Empty: `edd.estimate.SOURCES`.
    sources = models.JSONField(default=list, db_default=[])
    #: A date that moves by fewer days than this is told to nobody; the page shows it all the same.
    announce_days = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta(MerchantOwned.Meta):
        verbose_name_plural = "date rules"
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="date_rules_once"),
            models.CheckConstraint(
                condition=models.Q(level__in=(80, 90, 95)), name="date_rules_level"
            ),
        ]


class HandlingRule(MerchantOwned):
    """Handling of one warehouse or one class of goods, where it differs from the rest.

    A warehouse is known by the name the shop gives its ship-from place (its city where it has
    none), a class of goods by an order's tag or the beginning of a SKU. `edd.handling` says
    which counts.
    """

    class Kind(models.TextChoices):
        WAREHOUSE = "warehouse"
        TAG = "tag"
        SKU = "sku"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Folded (`edd.handling.folded`), because only plain `=` is compared.
    match = models.CharField(max_length=100)
    handling_days = models.PositiveSmallIntegerField()
    #: None: as in `DateRules`.
    cut_off = models.TimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "kind", "match"], name="handling_rule_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.match}: {self.handling_days} days"


class LaneDays(MerchantOwned):
    """Business days in transit that this merchant knows for a carrier and lane.

    Empty carrier, service or country means "any"; the most specific row wins.
    """

    carrier = models.SlugField(max_length=40, blank=True)
    service = models.CharField(max_length=60, blank=True)
    from_country = models.CharField(max_length=2, blank=True)
    to_country = models.CharField(max_length=2, blank=True)
    fastest = models.PositiveSmallIntegerField()
    slowest = models.PositiveSmallIntegerField()

    class Meta(MerchantOwned.Meta):
        verbose_name_plural = "lane days"
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "carrier", "service", "from_country", "to_country"],
                name="lane_days_once",
            ),
            models.CheckConstraint(
                condition=models.Q(slowest__gte=models.F("fastest")), name="lane_days_ordered"
            ),
        ]

    def __str__(self) -> str:
        lane = f"{self.from_country or '*'}→{self.to_country or '*'}"
        who = " ".join(part for part in (self.carrier, self.service) if part)
        return f"{who or '*'} {lane}: {self.fastest}–{self.slowest} days"
