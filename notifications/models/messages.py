"""What is said, to whom, and what became of it. A message is a row before it is sent."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from notifications.models.people import PushSubscription
from tracking.models import Change, Order, Recipient, Shipment

#: What merchants' programs are told of; what was settled before they could be is left alone.
REPORTED_STATES: Final = ("sent", "delivered", "failed")
BEFORE_REPORTS: Final = "before"


class Message(MerchantOwned):
    """One message to one person. Uniqueness lives here, not in an `if`."""

    class Purpose(models.TextChoices):
        AUTO = "auto"
        RESEND = "resend"
        TEST = "test"
        REPLAY = "replay"
        #: Answers somebody who wrote to us: a newer message never replaces it.
        ANSWER = "answer"

    class State(models.TextChoices):
        #: It has no text yet: what is true then is written when `due_at` comes.
        PLANNED = "planned"
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
    #: What it is about (`notifications.triggers`), and the rule that wanted it.
    topic = models.CharField(max_length=40)
    rule = models.CharField(max_length=40, blank=True, default="", db_default="")
    language = models.CharField(max_length=10)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    #: Of a WhatsApp message that opens a conversation: the approved template's `sid` and its
    #: `variables`, which together say what `text` says.
    content = models.JSONField(null=True)
    #: The path of the order's page for this recipient, on our own host.
    link = models.CharField(max_length=120, blank=True)
    #: The delivery window that the text tells (`notifications.told.window_of`); null: none.
    window = models.JSONField(null=True)
    #: Of a web push: the browser it goes to.
    subscription = models.ForeignKey(PushSubscription, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: Why it was skipped, failed or is uncertain, in words; for counting, its code
    #: (`notifications.reasons.Unsent`).
    reason = models.CharField(max_length=300, blank=True)
    reason_code = models.CharField(max_length=24, blank=True, default="", db_default="")
    #: Channels to be tried next where this one does not reach, and until when it has time to.
    then = models.JSONField(default=list, db_default=[])
    receipt_by = models.DateTimeField(null=True)
    falls_back_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Ids of earlier changes that this one tells as well: they waited for the same moment.
    also = models.JSONField(default=list, db_default=[])
    #: Parts that it was billed as, and what they cost the merchant, in `cost_currency`.
    segments = models.PositiveSmallIntegerField(default=0, db_default=0)
    cost = models.DecimalField(max_digits=10, decimal_places=5, null=True)
    cost_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    #: When a worker looks at it next: to send it, or, once it is claimed, because the claim has
    #: run out; None when nobody will. A claim pushes it ahead.
    due_at = models.DateTimeField(db_default=Now(), null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: How often a send ended without anybody knowing whether the provider had taken it.
    cut_offs = models.PositiveSmallIntegerField(default=0)
    #: RFC 5322 Message-ID, the same on a second try, so that mailboxes can tell.
    message_id = models.CharField(max_length=120, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    #: The state that merchants' webhooks heard last (`notifications.webhooks.messages`).
    reported = models.CharField(max_length=10, blank=True, default="", db_default="")

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["change", "recipient", "channel", "topic", "purpose", "sequence"],
                name="message_once",
            ),
            # One message of theirs settles the doubt about one of ours.
            models.UniqueConstraint(
                fields=["channel", "provider_id"],
                name="message_of_provider_once",
                condition=models.Q(channel__in=["sms", "whatsapp"]) & ~models.Q(provider_id=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "merchant", "due_at"],
                name="message_due",
                condition=models.Q(
                    state__in=["waiting", "sending", "uncertain"], due_at__isnull=False
                ),
            ),
            models.Index(
                fields=["due_at"], name="message_planned", condition=models.Q(state="planned")
            ),
            models.Index(
                fields=["receipt_by"],
                name="message_receipt_by",
                condition=models.Q(receipt_by__isnull=False),
            ),
            models.Index(fields=["provider_id"], name="message_by_provider_id"),
            models.Index(
                fields=["id"],
                name="message_unreported",
                condition=models.Q(state__in=REPORTED_STATES)
                & ~models.Q(reported=models.F("state"))
                & ~models.Q(reported=BEFORE_REPORTS),
            ),
            models.Index(fields=["merchant", "created_at"], name="messages_recent"),
            models.Index(fields=["merchant", "channel", "to"], name="messages_to"),
            models.Index(fields=["merchant", "order", "created_at"], name="messages_of_order"),
        ]
