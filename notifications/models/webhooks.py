"""Merchants' webhooks: where news goes, each piece of news on its way, and every try."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models import Change, Order

#: In `WebhookEndpoint.events`: everything, also what we learn to tell later.
EVERYTHING: Final = "*"


class WebhookEndpoint(MerchantOwned):
    """An address of a merchant's program; `notifications.webhooks.endpoints` writes it.

    How it does (`failures` and below) is noted by `notifications.webhooks.outcomes` alone.
    """

    class Stopped(models.TextChoices):
        """Why we switched it off ourselves."""

        GONE = "gone"
        FAILING = "failing"

    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    #: Slugs of `notifications.webhooks.events.EVENTS`, or EVERYTHING alone.
    events = models.JSONField(default=list)
    is_on = models.BooleanField(default=True)
    #: Sealed: `current`, and during a change `previous`, which signs until `previous_until`.
    secrets = models.TextField()
    previous_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    #: It is gone for everybody; its rows are deleted bit by bit (`webhooks.retention`).
    removed_at = models.DateTimeField(null=True)

    stopped_for = models.CharField(max_length=10, choices=Stopped.choices, blank=True)
    #: When the owners were told that we stopped it; null: not yet.
    told_at = models.DateTimeField(null=True)
    #: What happened between these two was not sent. The second is null while it is off; both are
    #: once the gap was filled, or was left alone.
    missed_from = models.DateTimeField(null=True)
    missed_until = models.DateTimeField(null=True)

    #: Failed tries in a row, and since when; a success starts both anew.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    #: Nothing is sent before: it asked for it, or it fails again and again.
    paused_until = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    last_problem = models.CharField(max_length=300, blank=True)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "is_on"], name="webhook_endpoints_on"),
            models.Index(
                fields=["told_at"],
                name="webhook_endpoints_untold",
                condition=~models.Q(stopped_for="") & models.Q(told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url


class WebhookDelivery(MerchantOwned):
    """One piece of news for one endpoint. A row before it is sent; kept for thirty days.

    `due_at` is the claim as well: it is pushed ahead when the row is taken, and whoever notes an
    outcome names the moment that its claim left there.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    #: Null for a test; of a message, the one that it tells.
    change = models.ForeignKey(Change, null=True, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="+")
    #: The header `webhook-id`: the same on every try and every replay.
    webhook_id = models.CharField(max_length=40)
    event = models.CharField(max_length=40)
    #: The exact bytes that are signed; empty until they are written, and once they were erased.
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    #: When this round of tries began: a replay begins a new one.
    began_at = models.DateTimeField()
    #: Tries of this round.
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Why it failed, or what the last try met, in words.
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["endpoint", "change", "webhook_id"], name="webhook_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "due_at"],
                name="webhooks_due",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["due_at"],
                name="webhooks_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["id"],
                name="webhooks_unwritten",
                condition=models.Q(state="waiting", body=""),
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_of_endpoint"),
            models.Index(fields=["endpoint", "state", "-id"], name="webhooks_by_state"),
            models.Index(fields=["created_at"], name="webhooks_old"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.webhook_id}"


class WebhookAttempt(MerchantOwned):
    """One try as it went: what was sent, what came back. `status` is null without an answer."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    is_success = models.BooleanField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    request_headers = models.JSONField(default=dict)
    response_headers = models.JSONField(default=dict)
    #: As text, cut.
    response_body = models.TextField(blank=True)

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["endpoint", "at"], name="webhook_tries_at")]
