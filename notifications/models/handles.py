"""What people are called at channels that know them by neither e-mail nor phone."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned


class Handle(MerchantOwned):
    """One person's name at one channel (a LINE user id), as the shop told us.

    `person` is what a preference is kept under (`notifications.consent.person_of`).
    """

    person = models.CharField(max_length=254)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "person", "channel"], name="handle_once"),
        ]

    def __str__(self) -> str:
        return self.channel
