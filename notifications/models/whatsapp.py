"""The templates that WhatsApp must approve before a conversation may be opened with them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class WhatsAppTemplate(MerchantOwned):
    """One text as it was handed in. `notifications.whatsapp` is the only writer.

    `body` has {{1}}, {{2}} …, `variables` says what each of them stands for, in that order.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        PAUSED = "paused"
        DISABLED = "disabled"

    class Category(models.TextChoices):
        UTILITY = "UTILITY"
        MARKETING = "MARKETING"

    topic = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    #: It is to be handed in, for the first time or with new words.
    is_wanted = models.BooleanField(default=False)
    #: What WhatsApp knows it by: lower-case letters, digits and underscores. Both are empty until
    #: it was handed in.
    name = models.CharField(max_length=120, blank=True)
    content_sid = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=10, choices=Category.choices)
    body = models.TextField(blank=True)
    variables = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    #: The category that WhatsApp moved it to, or will, in place of ours; "" for none.
    recategorised_to = models.CharField(max_length=10, blank=True)
    #: Why it was refused, paused or disabled, in WhatsApp's word.
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    synced_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "topic", "language"], name="whatsapp_template_once"
            ),
        ]
        indexes = [
            models.Index(fields=["name"], name="whatsapp_template_name"),
        ]
