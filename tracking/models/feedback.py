"""How shoppers found a delivery and the shop, and what the shop does about it."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned
from tracking.models.orders import Order, Recipient
from tracking.models.parcels import Shipment


class Feedback(MerchantOwned):
    """One mark of one person: for a parcel's carrier, or for the shop that sold the order.

    `tracking.feedback` is its only writer. A recipient is one of each role of an order, so the
    role says who it was; whoever has the order's own link counts as the buyer.
    """

    class About(models.TextChoices):
        CARRIER = "carrier"
        SHOP = "shop"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="feedback")
    #: The parcel that was delivered; null for the shop, which is judged once an order.
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=7, choices=About.choices)
    role = models.CharField(max_length=12, choices=Recipient.Role.choices)
    #: 1 (very bad) to 5 (very good).
    mark = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "shipment", "about", "role"],
                name="feedback_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(mark__gte=1, mark__lte=5), name="feedback_mark"
            ),
        ]
        indexes = [models.Index(fields=["merchant", "given_at"], name="feedback_by_day")]

    def __str__(self) -> str:
        return f"{self.mark} for the {self.about} of order {self.order_id}"


class FeedbackPolicy(MerchantOwned):
    """Whether a low mark opens a case at a merchant's desk; no row means no."""

    opens_cases = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="feedback_policy_once"),
        ]

    def __str__(self) -> str:
        return f"feedback of merchant {self.merchant_id}"
