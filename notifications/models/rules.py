"""What is told when, and by which channels: a merchant's decisions over our defaults."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


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
