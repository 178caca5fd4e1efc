"""What agents write down about an order."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models import Order


class Note(MerchantOwned):
    """One remark of one agent, for colleagues only: never shown to the shopper.

    Notes are added, not edited; `helpdesk.notes` is the only writer.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "order", "at"], name="notes_of_order")]

    def __str__(self) -> str:
        return f"note on order {self.order_id}"
