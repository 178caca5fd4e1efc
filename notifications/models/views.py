"""When a shopper's page was opened, and whether somebody was really looking."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned
from tracking.models import Order, Recipient


class PageView(MerchantOwned):
    """One visit to an order's page through one person's link; looks close together are one visit.

    No address, no browser's name and no cookie: only a coarse kind of device is kept.
    """

    class Proof(models.TextChoices):
        """How we know that somebody looked."""

        #: It was fetched, which programs that check links do as well.
        NONE = ""
        #: The page itself said that it stood before somebody's eyes.
        BEACON = "beacon"
        #: Somebody filled in one of its forms.
        DEED = "deed"

    class Device(models.TextChoices):
        UNKNOWN = ""
        PHONE = "phone"
        TABLET = "tablet"
        COMPUTER = "computer"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="page_views")
    #: Whose link it was; null: the order's own, which is nobody's in particular.
    recipient = models.ForeignKey(
        Recipient, null=True, on_delete=models.CASCADE, related_name="page_views"
    )
    opened_at = models.DateTimeField()
    #: The last moment of the visit at which somebody looked; null while it was only fetched.
    seen_at = models.DateTimeField(null=True)
    proof = models.CharField(max_length=6, blank=True, choices=Proof.choices, default=Proof.NONE)
    device = models.CharField(
        max_length=8, blank=True, choices=Device.choices, default=Device.UNKNOWN
    )

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.CheckConstraint(
                name="page_view_seen_by_proof",
                condition=models.Q(seen_at__isnull=True, proof="")
                | (models.Q(seen_at__isnull=False) & ~models.Q(proof="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "order", "recipient", "-seen_at"], name="page_views_of_order"
            ),
            # Old visits of all merchants are forgotten together.
            models.Index(fields=["opened_at"], name="page_views_by_age"),
        ]
