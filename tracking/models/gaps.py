"""What everybody's parcels taught about silence: counts, of nobody in particular."""

from __future__ import annotations

from django.db import models


class GapCount(models.Model):
    """Scans and hours of one stage at one carrier, on one lane or ("") on all; all merchants'.

    No row of a merchant: sums over many parcels, with no number, name or place in them.
    `tracking.gap_history` is its only writer.
    """

    carrier = models.SlugField(max_length=40)
    #: "AE>SA": from country, to country.
    lane = models.CharField(max_length=5, blank=True)
    stage = models.CharField(max_length=40)
    #: `tracking.gaps.Counts`.
    counts = models.JSONField()
    counted_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "lane", "stage"], name="gap_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.lane} {self.stage}".replace("  ", " ")
