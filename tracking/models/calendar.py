"""What a shopper's calendar was told of a parcel."""

from __future__ import annotations

import uuid

from django.db import models

from merchants.owned import MerchantOwned
from tracking.models.parcels import Shipment


class CalendarEntry(MerchantOwned):
    """One event of an order's calendar as it was last given out: `tracking.calendar_entries`.

    `uid` stays; `sequence` rises with each change and never falls, as RFC 5545 (3.8.7.4) asks.
    """

    class What(models.TextChoices):
        DELIVERY = "delivery"
        PICKUP = "pickup"

    class State(models.TextChoices):
        TENTATIVE = "tentative"
        CONFIRMED = "confirmed"
        CANCELLED = "cancelled"

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices)
    changed_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "shipment", "what"], name="calendar_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of parcel {self.shipment_id}"
