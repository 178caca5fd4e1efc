"""What texts may be where: the operator's corrections, and a merchant's registered texts."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from notifications.sms_rules import SmsRule


class OperatorSmsRule(models.Model):
    """A row of `notifications.sms_rules` as the operator knows it, for all merchants.

    Not a merchant's: `manage.py sms_rules` keeps it.
    """

    country = models.CharField(max_length=2)
    provider = models.CharField(max_length=30, default="*")
    kind = models.CharField(max_length=10)
    first = models.TimeField(null=True)
    last = models.TimeField(null=True)
    may_link = models.BooleanField(default=True)
    sender = models.CharField(max_length=12, default="any")
    prefix = models.CharField(max_length=10, blank=True)
    stop = models.CharField(max_length=6, default="reply")
    is_registered = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["country", "provider", "kind"], name="operator_sms_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.provider} {self.kind}"

    def as_rule(self) -> SmsRule:
        return SmsRule(
            first=self.first, last=self.last, may_link=self.may_link, sender=self.sender,
            prefix=self.prefix, stop=self.stop, is_registered=self.is_registered, note=self.note,
        )  # fmt: skip


class RegisteredText(MerchantOwned):
    """A text that a country's registry knows (India's DLT): it goes out as it stands there.

    `body` has {#var#} where a value stands, as the registry writes it; `values` names the
    placeholder of our own for each, in their order.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REFUSED = "refused"

    country = models.CharField(max_length=2)
    topic = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    entity_id = models.CharField(max_length=40)
    header = models.CharField(max_length=12)
    template_id = models.CharField(max_length=40)
    body = models.CharField(max_length=1000)
    values = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "country", "topic", "language"], name="registered_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.topic} {self.language}"
