"""What everybody's parcels taught about silence: counts, of nobody in particular."""

from __future__ import annotations

from django.db import models


class GapCount(models.Model):
    """Scans and hours of one stage at one carrier, on one lane or ("") on all, with one service
    or ("") with any; all merchants'.

    No row of a merchant: sums over many parcels, with no number, name or place in them.
    `tracking.gap_history` is its only writer.
    """

    carrier = models.SlugField(max_length=40)
    #: "AE>SA": from country, to country.
    lane = models.CharField(max_length=5, blank=True)
    stage = models.CharField(max_length=40)
    #: As `tracking.gaps.service_key` spells it.
    service = models.CharField(max_length=40, blank=True, db_default="")
    #: How many scans are in `counts`: what has too few is not loaded.
    scans = models.FloatField(db_default=0)
    #: `tracking.gap_givers.Givers`: that several merchants filled it, and not which.
    givers = models.JSONField(default=dict, db_default={})
    #: `tracking.gaps.Counts`.
    counts = models.JSONField()
    counted_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "lane", "stage", "service"], name="gap_count_once"
            )
        ]

    def __str__(self) -> str:
        parts = (self.carrier, self.lane, self.service, self.stage)
        return " ".join(part for part in parts if part)
