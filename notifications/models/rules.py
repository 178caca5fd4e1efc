"""What is told when, to whom, by which channels: a merchant's decisions over our defaults."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class Rule(MerchantOwned):
    """One sentence of what is told. `notifications.rules` reads it; defaults stand in code.

    `base` is the slug of the default that this row replaces, "" for a rule of the merchant's own.
    `ways` is a list of chains of channel slugs: every chain is told, and within one the next
    channel is used where the one before does not reach. `conditions` maps a condition's name
    (`notifications.conditions`) to what it allows.
    """

    base = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=80, blank=True)
    trigger = models.CharField(max_length=40)
    is_on = models.BooleanField(default=True)
    roles = models.JSONField(default=list)
    ways = models.JSONField(default=list)
    conditions = models.JSONField(default=dict)
    delay_minutes = models.PositiveIntegerField(default=0)
    #: Told only where the parcel is still in that state once the delay is over.
    still = models.BooleanField(default=False)
    #: Of a date that moved: by how many days at least. 0 takes the merchant's threshold.
    least_days = models.PositiveSmallIntegerField(default=0)
    #: Told in the night as well.
    at_night = models.BooleanField(default=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "base"],
                name="rule_replaces_once",
                condition=~models.Q(base=""),
            ),
        ]
        indexes = [models.Index(fields=["merchant", "trigger"], name="rules_of_trigger")]

    def __str__(self) -> str:
        return self.name or self.base or self.trigger


class Calm(MerchantOwned):
    """How much a merchant's customers are left in peace; no row takes the columns' defaults.

    Hours are local at the recipient's place; equal ones mean no quiet hours.
    """

    quiet_from = models.TimeField(default="21:00")
    quiet_to = models.TimeField(default="08:00")
    #: The hours in Ramadan, where its nights are awake; null: as always.
    ramadan_from = models.TimeField(null=True, blank=True)
    ramadan_to = models.TimeField(null=True, blank=True)
    #: How many messages that are not urgent an order's reader gets in 24 hours; 0: no limit.
    most_a_day = models.PositiveSmallIntegerField(default=3)
    #: Not told what the reader saw on the page after it happened.
    skip_seen = models.BooleanField(default=True)
    #: News that are older than this when we learn them are not told any more.
    oldest_hours = models.PositiveSmallIntegerField(default=48)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="calm_once"),
        ]


class ChannelSetting(MerchantOwned):
    """Whether a merchant uses a channel at all, through whom, and under which name it sends.

    `provider` is a slug of `notifications.channels.providers`; "" is the operator's own.
    """

    channel = models.CharField(max_length=10)
    is_on = models.BooleanField()
    #: An SMS sender id or number, a WhatsApp number, an e-mail address; empty takes the operator's.
    sender = models.CharField(max_length=254, blank=True)
    provider = models.CharField(max_length=30, blank=True)
    #: What the provider's form asks for and is no secret.
    config = models.JSONField(default=dict)
    #: What it asks for and is one, sealed (`lib.encryption`).
    secrets = models.TextField(blank=True)
    #: When it was last tried, and what was wrong then; in words.
    checked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "channel"], name="channel_setting_once"),
        ]
