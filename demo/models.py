"""The demonstration's own table; not installed in production."""

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
