"""What is said, to whom, and what became of it. A message is a row before it is sent."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from tracking.models import Change, Order, Recipient, Shipment


class Rule(MerchantOwned):
    """Whether a merchant tells about a milestone by a channel."""

    milestone = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, default="email")
    is_on = models.BooleanField(default=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "milestone", "channel"], name="rule_once"),
        ]


class Template(MerchantOwned):
    """A merchant's own words for a milestone, where they differ from ours."""

    milestone = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, default="email")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "milestone", "channel", "language"], name="template_once"
            ),
        ]


class Message(MerchantOwned):
    """One message to one person. Uniqueness lives here, not in an `if`."""

    class Purpose(models.TextChoices):
        AUTO = "auto"
        RESEND = "resend"
        TEST = "test"
        REPLAY = "replay"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        FAILED = "failed"
        UNCERTAIN = "uncertain"
        SKIPPED = "skipped"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="messages")
    shipment = models.ForeignKey(
        Shipment, null=True, on_delete=models.CASCADE, related_name="messages"
    )
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="messages")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, default="email")
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.AUTO)
    sequence = models.PositiveSmallIntegerField(default=1)
    milestone = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: Why it was skipped, failed or is uncertain, in words.
    reason = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: RFC 5322 Message-ID, the same on a second try, so that mailboxes can tell.
    message_id = models.CharField(max_length=120, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["change", "recipient", "channel", "purpose", "sequence"],
                name="message_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_due",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
            models.Index(fields=["merchant", "order", "created_at"], name="messages_of_order"),
        ]


class Suppression(MerchantOwned):
    """An address that must not be written to again, and why."""

    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    reason = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "channel", "address"], name="suppression_once"
            ),
        ]
