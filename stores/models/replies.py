"""Answers that a program may ask for again."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class ApiReply(MerchantOwned):
    """What became of one request with an `Idempotency-Key`; `stores.replies` writes it.

    `fingerprint` recognises the body, so that a used key cannot hide another one.
    """

    errand = models.CharField(max_length=20)
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    #: The order that was made, or the whole answer; neither while the work is going on.
    order_id = models.BigIntegerField(null=True)
    body = models.JSONField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "errand", "key"], name="api_reply_once"),
        ]
        indexes = [models.Index(fields=["at"], name="api_replies_at")]

    def __str__(self) -> str:
        return f"{self.errand} {self.key}"
