"""What is written back to shops."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from stores.models.connections import StoreConnection


class StoreWrite(MerchantOwned):
    """One thing to say at the shop, once: unique by `key`.

    `values` are those of the `stores.shop` class that `kind` names, and are put together when
    the row is made, so that what is said does not depend on when it is sent.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        #: The shop said no, or we gave up: `problem` says which.
        FAILED = "failed"
        #: Overtaken: newer news of the same parcel went out, or nobody wants it any more.
        SKIPPED = "skipped"

    store = models.ForeignKey(StoreConnection, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey("tracking.Order", on_delete=models.CASCADE, related_name="+")
    shipment = models.ForeignKey(
        "tracking.Shipment", null=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: The shop's own words where it took it; why not, where it did not.
    answer = models.CharField(max_length=300, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "store", "key"], name="store_write_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="store_write_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["merchant", "order"], name="store_writes_of_order"),
        ]
