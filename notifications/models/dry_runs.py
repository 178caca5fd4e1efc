"""Tries of rules on the past."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned


class DryRun(MerchantOwned):
    """One try of a merchant's rules on the last 30 days; nobody is written to.
    `notifications.dry_run.asking` is its only writer.

    What is open has a `due_at` and is claimed by a worker, who holds it as long as `claim` is
    his. A run that was interrupted begins anew: it changes nothing but this row.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    asked_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    #: The rule that is tried (`notifications.dry_run.plain`); empty: the rules as they are.
    ruling = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    #: In per cent.
    progress = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    claim = models.PositiveIntegerField(default=0)
    #: Why it failed: "too_long", "gave_up".
    problem = models.CharField(max_length=20, blank=True)
    #: `notifications.dry_run.running.results`.
    results = models.JSONField(default=dict)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant"],
                name="dry_run_one_at_work",
                condition=Q(state__in=("waiting", "running")),
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-created_at"], name="dry_runs_recent"),
            models.Index(fields=["due_at"], name="dry_runs_due", condition=Q(due_at__isnull=False)),
            # For whoever deletes an account.
            models.Index(
                fields=["asked_by"],
                name="dry_runs_asked_by",
                condition=Q(asked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"dry run {self.pk}: {self.state}"
