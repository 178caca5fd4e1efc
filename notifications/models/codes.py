"""Codes that prove who reads an order's page."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from notifications.models.messages import Message
from tracking.models import Order, Recipient


class PageCode(MerchantOwned):
    """One code that was asked for on one link's page. `notifications.page_codes` writes it.

    The code itself is nowhere: it follows from `nonce` and the server's key. `to` is the address it
    went to, which of the purpose PHONE is the number to be proved.
    """

    class Purpose(models.TextChoices):
        #: See more of the page, and change what it lets one change.
        OPEN = "open"
        #: Be told at this number.
        PHONE = "phone"

    link_id = models.BigIntegerField()
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="page_codes")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="page_code")
    purpose = models.CharField(max_length=5, choices=Purpose.choices)
    to = models.CharField(max_length=254)
    nonce = models.CharField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "link_id", "-id"], name="page_codes_of_link"),
            models.Index(fields=["merchant", "expires_at"], name="page_codes_over"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} code of order {self.order_id}"
