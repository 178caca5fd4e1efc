"""What came of it: changes (the outbox), the dates we gave, and corrected mappings."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models.orders import Order
from tracking.models.parcels import Shipment


class Change(MerchantOwned):
    """Something happened that somebody may want to know. A row before it is a message.

    kind "milestone" (key: the milestone, or "attempt_failed:<n>"), "status" (key: sub-status
    and event), "date" (key: ordinal of the move), "flag" (key: flag, raised or cleared, when),
    "order" (a fact of the order: "cancelled", "case:…"), "due" (key: what was reached, and which
    day it is about).
    `announce` is False for what is only filled in: implied milestones and imported history.
    """

    class Kind(models.TextChoices):
        MILESTONE = "milestone"
        STATUS = "status"
        DATE = "date"
        FLAG = "flag"
        ORDER = "order"
        DUE = "due"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="changes")
    shipment = models.ForeignKey(
        Shipment, null=True, on_delete=models.CASCADE, related_name="changes"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    announce = models.BooleanField(default=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "order", "shipment", "kind", "key"],
                name="change_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Outbox(MerchantOwned):
    """One consumer's turn at one change. Written with the change, in the same transaction."""

    consumer = models.CharField(max_length=20)
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="turns")
    due_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["consumer", "change"], name="outbox_once"),
        ]
        indexes = [
            models.Index(
                fields=["consumer", "due_at"],
                name="outbox_due",
                condition=models.Q(done_at__isnull=True),
            )
        ]


class Promise(MerchantOwned):
    """A date that a parcel was given, frozen with what it was made of.

    Shown it may have been to nobody: that is `ShownDate`. `level` is what the merchant asked
    for in per cent, `version` the calculation's `edd.edition.VERSION`, `inputs` what was known
    of the chances (`edd.scoring.record`; empty where nothing was learned).
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="promises")
    made_at = models.DateTimeField()
    stage = models.CharField(max_length=24)
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=50)
    source = models.CharField(max_length=20)
    why = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField(default=90, db_default=90)
    version = models.PositiveSmallIntegerField(default=0, db_default=0)
    inputs = models.JSONField(default=dict, db_default={})

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "shipment", "made_at"], name="promises_made")]


class OperatorOverride(models.Model):
    """The operator's correction of one carrier code, for all merchants; theirs come first.

    Belongs to nobody: it says what a carrier means, as an adapter's table does.
    """

    carrier = models.SlugField(max_length=40)
    code = models.CharField(max_length=60)
    sub_status = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "code"], name="operator_override_once")
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.code} is {self.sub_status}"


class CodeOverride(MerchantOwned):
    """A merchant's correction of one carrier code; applied in `tracking.ingest`."""

    carrier = models.SlugField(max_length=40)
    code = models.CharField(max_length=60)
    sub_status = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "carrier", "code"], name="code_override_once"
            ),
        ]
