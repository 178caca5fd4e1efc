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


class ChannelSetting(MerchantOwned):
    """Whether a merchant uses a channel at all, and under which name or number it sends."""

    channel = models.CharField(max_length=10)
    is_on = models.BooleanField()
    #: An SMS sender id or number, a WhatsApp number; empty takes the operator's.
    sender = models.CharField(max_length=40, blank=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "channel"], name="channel_setting_once"),
        ]


class Preference(MerchantOwned):
    """How one shopper wants to hear from one merchant, for this order and those to come.

    `person` is the folded e-mail address, or the phone number's digits where there is none;
    no row means that nothing was chosen.
    """

    person = models.CharField(max_length=254)
    #: Slugs of the channels that the shopper wants; a channel that is not here is not used.
    channels = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True)
    is_muted = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "person"], name="preference_once"),
        ]


class PushSubscription(MerchantOwned):
    """One browser that wants to hear of one order (W3C Push API: endpoint and its two keys)."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField()
    #: SHA-256 of the endpoint: endpoints are long, and only equality matters.
    endpoint_key = models.CharField(max_length=64)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())
    #: The push service said that the browser is gone.
    gone_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "endpoint_key"], name="push_subscription_once"
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
    #: The path of the order's page for this recipient, on our own host.
    link = models.CharField(max_length=120, blank=True)
    #: The delivery window that the text tells (`notifications.told.window_of`); null: none.
    window = models.JSONField(null=True)
    #: Of a web push: the browser it goes to.
    subscription = models.ForeignKey(PushSubscription, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    #: Why it was skipped, failed or is uncertain, in words.
    reason = models.CharField(max_length=300, blank=True)
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

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["change", "recipient", "channel", "purpose", "sequence"],
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
                fields=["channel", "due_at"],
                name="message_due",
                condition=models.Q(
                    state__in=["waiting", "sending", "uncertain"], due_at__isnull=False
                ),
            ),
            models.Index(fields=["provider_id"], name="message_by_provider_id"),
            models.Index(fields=["merchant", "channel", "to"], name="messages_to"),
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
