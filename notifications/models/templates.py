"""A merchant's own words."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


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
