"""A merchant's own words, and how they were before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class Template(MerchantOwned):
    """A merchant's own words for a topic, where they differ from ours; written in Liquid."""

    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, default="email")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)
    #: Why it could not be used when it was last needed, in words; ours went out instead.
    problem = models.CharField(max_length=300, blank=True)
    problem_at = models.DateTimeField(null=True)
    #: When the shop's owners were last told of a problem of this one.
    problem_told_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "topic", "channel", "language"], name="template_once"
            ),
        ]


class TemplateVersion(MerchantOwned):
    """A template as it was saved once; an empty body means that ours was restored."""

    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "topic", "channel", "language", "version"],
                name="template_version_once",
            ),
        ]
