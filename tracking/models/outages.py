"""How carriers' feeds are doing, over all merchants. Counts only: nothing here is anybody's."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class CarrierPulse(models.Model):
    """What five minutes with one carrier were like: calls answered and failed, parcels with news.

    Refused credentials and "too fast" are neither: they are about an account.
    """

    carrier = models.SlugField(max_length=40)
    at = models.DateTimeField()
    answered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    news = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "at"], name="carrier_pulse_once")]
        indexes = [models.Index(fields=["at"], name="carrier_pulses_at")]

    def __str__(self) -> str:
        return f"{self.carrier} at {self.at:%H:%M}"


class Outage(models.Model):
    """A time in which a carrier's feed was dead for everybody. `tracking.outages` writes it."""

    class Kind(models.TextChoices):
        FAILING = "failing"
        SILENT = "silent"
        #: An operator said so.
        DECLARED = "declared"

    carrier = models.SlugField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: The last good moment before it, as far as we saw.
    since = models.DateTimeField()
    opened_at = models.DateTimeField(db_default=Now())
    #: An operator said that it is one: only an operator ends it.
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_hand = models.BooleanField(default=False)
    #: What was counted when it opened, for whoever asks why.
    seen = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["carrier"],
                name="outage_open_once",
                condition=models.Q(closed_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["-closed_at"], name="outages_closed")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.kind} since {self.since:%Y-%m-%d %H:%M}"
