"""A merchant decided something about dates: its open parcels are to be dated again."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned


class Redating(MerchantOwned):
    """Work that waits, one row a merchant; `tracking.redating` makes, moves and removes it."""

    wanted_at = models.DateTimeField()
    #: Parcels up to this id are done.
    after_id = models.BigIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="redating_once"),
        ]
        indexes = [models.Index(fields=["due_at"], name="redating_due")]

    def __str__(self) -> str:
        return f"redating after parcel {self.after_id}"
