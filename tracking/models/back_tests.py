"""Runs of the dates engine on a merchant's own past."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned


class BackTest(MerchantOwned):
    """One run over past orders: those that are stored, or a file's. `tracking.back_tests` and
    `tracking.back_testing` are its only writers.

    What is open has a `due_at` and is claimed by a worker, who holds it as long as `claim` is
    his. A run that was interrupted begins anew: it changes nothing but this row.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    class Doing(models.TextChoices):
        READING = "reading"
        WALKING = "walking"
        SCORING = "scoring"

    asked_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    #: So many months of orders are scored; what is older only teaches.
    months = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=200, blank=True)
    #: The file, gzipped, until the run has ended; null for the stored orders.
    upload = models.BinaryField(null=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    doing = models.CharField(max_length=8, choices=Doing.choices, default=Doing.READING)
    #: In per cent.
    progress = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    claim = models.PositiveIntegerField(default=0)
    #: Why it failed: a code of `edd.backtest.reading.Unreadable` or of `tracking.back_testing`,
    #: and what its sentence names.
    problem = models.CharField(max_length=20, blank=True)
    about = models.JSONField(default=dict)
    #: `edd.backtest.report.report`, and which orders it is about.
    results = models.JSONField(default=dict)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant"],
                name="back_test_one_at_work",
                condition=Q(state__in=("waiting", "running")),
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-created_at"], name="back_tests_recent"),
            models.Index(
                fields=["due_at"], name="back_tests_due", condition=Q(due_at__isnull=False)
            ),
            # For whoever deletes an account.
            models.Index(
                fields=["asked_by"],
                name="back_tests_asked_by",
                condition=Q(asked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"back-test {self.pk} of {self.months} months: {self.state}"
