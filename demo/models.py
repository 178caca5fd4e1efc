"""The demonstration's own tables; not installed in production."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now


class CapturedMail(models.Model):
    """A mail that the demonstration sent to nobody: readable on the mailbox page."""

    at = models.DateTimeField(db_default=Now())
    sender = models.CharField(max_length=254)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120)

    # Declared because the type checker sees the settings without the demonstration.
    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.subject


class WooOrder(models.Model):
    """An order of the WooCommerce shop that the demonstration plays; its key is its number."""

    placed_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    #: As the shop's REST API gives it, but for the times above.
    values = models.JSONField()
    #: In full; `values` has their summary.
    refunds = models.JSONField(default=list)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class WooKey(models.Model):
    """A pair of keys that somebody agreed to."""

    fingerprint = models.CharField(max_length=64, unique=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        return f"key {self.pk}"


class WooHook(models.Model):
    """A webhook of that shop."""

    topic = models.CharField(max_length=40)
    delivery_url = models.CharField(max_length=500)
    secret = models.CharField(max_length=200)
    status = models.CharField(max_length=20, default="active")

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.topic


class WooWritten(models.Model):
    """What Homeward wrote into that shop."""

    at = models.DateTimeField(db_default=Now())
    order = models.ForeignKey(WooOrder, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    words = models.TextField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"
