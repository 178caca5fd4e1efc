"""How many quotes were given before purchase: counts, and nobody among them."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class QuoteCount(MerchantOwned):
    """So many quotes of one day (UTC) for one node with one date.

    The node is country, region, carrier and service, each as it was asked for. The writer is
    `edd.quote_counts`.
    """

    day = models.DateField()
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=10, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=60, blank=True)
    promised_last = models.DateField()
    level = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20)
    quotes = models.PositiveBigIntegerField()
    #: The last batch that was added, so that none is added twice.
    batch = models.UUIDField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=[
                    "merchant", "day", "country", "region", "carrier", "service",
                    "promised_last", "level", "source",
                ],
                name="quote_count_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.day}: {self.quotes} for {self.country} by {self.promised_last}"
