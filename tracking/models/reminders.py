"""What is to be looked at when its moment comes, of one parcel or one order."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned
from tracking.models.orders import Order
from tracking.models.parcels import Shipment


class Reminder(MerchantOwned):
    """A due time. `tracking.reminders` writes it when a date moves, and takes it when it is due.

    It says what was foreseen, not what is true: that is found out when the moment has come. There
    is one of a kind for each parcel (or order), and a date that moves overwrites it.
    """

    class What(models.TextChoices):
        ARRIVING_TOMORROW = "arriving_tomorrow"
        ARRIVING_TODAY = "arriving_today"
        PICKUP_DEADLINE = "pickup_deadline"
        NOT_DISPATCHED = "not_dispatched"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="reminders")
    shipment = models.ForeignKey(
        Shipment, null=True, on_delete=models.CASCADE, related_name="reminders"
    )
    what = models.CharField(max_length=20, choices=What.choices)
    #: The key of the change that comes of it: "arriving_today:2026-11-12".
    key = models.CharField(max_length=40)
    due_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "shipment", "what"],
                name="reminder_once",
                nulls_distinct=False,
            ),
        ]
        # One queue over all merchants.
        indexes = [models.Index(fields=["due_at"], name="reminders_due")]

    def __str__(self) -> str:
        return self.key
