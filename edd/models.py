"""A merchant's own rules for dates: cut-off, handling, working week, days on a lane."""

from __future__ import annotations

from datetime import time

from django.db import models

from merchants.owned import MerchantOwned


class DateRules(MerchantOwned):
    """How long the merchant needs before the courier comes. One row a merchant."""

    cut_off = models.TimeField(default=time(14, 0))
    handling_days = models.PositiveSmallIntegerField(default=1)
    #: ISO weekdays the warehouse rests (1 = Monday); empty: the country's own weekend.
    rest_days = models.JSONField(default=list)
    #: Days without dispatch beside the public holidays, as ISO dates.
    closures = models.JSONField(default=list)

    class Meta(MerchantOwned.Meta):
        verbose_name_plural = "date rules"
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="date_rules_once"),
        ]


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
