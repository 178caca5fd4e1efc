"""Dates that somebody was shown, those that carriers named, and how each of them was kept."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned
from tracking.models.orders import Order
from tracking.models.outcomes import Promise
from tracking.models.parcels import Shipment


class Verdict(models.TextChoices):
    """How a date was kept. In time is what was early or inside."""

    EARLY = "early"
    INSIDE = "inside"
    LATE = "late"


class ShownDate(MerchantOwned):
    """A date that somebody was shown: who, where, when. `tracking.shown` is its only writer.

    The same date in the same place to the same person counts up and keeps how it was when it
    was shown first. `first` and `last` are the whole window: days that pass fall off the front
    of a page's window without making it another date. What the date was made of stands in
    its `promise`.
    """

    class Where(models.TextChoices):
        """Where we show dates ourselves; a message's place is the slug of its channel."""

        PAGE = "page"
        CHECKOUT = "checkout"
        API = "api"
        DESK = "desk"
        DASHBOARD = "dashboard"

    class Who(models.TextChoices):
        """A recipient by role, or who else looks; nobody by name."""

        BUYER = "buyer"
        RECEIVER = "receiver"
        FRONT_DESK = "front_desk"
        #: Whoever has the order's own link.
        ANONYMOUS = "anonymous"
        AGENT = "agent"
        PROGRAM = "program"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+")
    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="shown", db_index=False
    )
    where = models.CharField(max_length=10)
    who = models.CharField(max_length=10, choices=Who.choices)
    #: The id of the `Recipient`; a plain number, taken off when the person is erased.
    recipient = models.BigIntegerField(null=True)
    first = models.DateField()
    last = models.DateField()
    zone = models.CharField(max_length=50)
    source = models.CharField(max_length=20)
    #: The parcel's status when it was shown first.
    stage = models.CharField(max_length=24)
    level = models.PositiveSmallIntegerField(null=True)
    version = models.PositiveSmallIntegerField(null=True)
    promise = models.ForeignKey(
        Promise, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
        related_name="+",
    )  # fmt: skip
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    #: Written once the parcel has come; `days_off` counts the days outside the window, negative
    #: before it, and is unknown of a parcel that never came.
    verdict = models.CharField(max_length=6, choices=Verdict.choices, blank=True, default="")
    days_off = models.SmallIntegerField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "shipment", "where", "who", "first", "last"],
                name="shown_date_once",
            ),
        ]


class CarrierDate(MerchantOwned):
    """A window that the carrier itself named, and when it was first heard.

    `was_held`: a courier had the parcel already; what a label says is no promise. The same
    window before and after is two rows, so that the first said after pick-up is always there.
    """

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="carrier_dates", db_index=False
    )
    first = models.DateField()
    last = models.DateField()
    was_held = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "shipment", "was_held", "first", "last"],
                name="carrier_date_once",
            ),
        ]


class Judgement(MerchantOwned):
    """How one parcel ended, and its turn to have its dates judged by that.

    `tracking.endings` writes it with the parcel's state, `tracking.judging` takes the turns.
    """

    shipment = models.OneToOneField(Shipment, on_delete=models.CASCADE, related_name="judgement")
    #: When a worker looks at it next; a claim pushes it ahead. None: nothing is to be done.
    due_at = models.DateTimeField(null=True)
    #: `tracking.verdicts.Ending`, and when; "" while the parcel is still awaited.
    ending = models.CharField(max_length=8, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(
                fields=["due_at"],
                name="judgement_due",
                condition=models.Q(due_at__isnull=False),
            )
        ]


class DateOutcome(MerchantOwned):
    """How one date was kept, frozen with all it is counted by. Sums: `edd.models.DateScore`."""

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="outcomes", db_index=False
    )
    week = models.DateField()
    whose = models.CharField(max_length=8)
    carrier = models.SlugField(max_length=40)
    lane = models.CharField(max_length=5)
    stage = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20, blank=True)
    first = models.DateField()
    last = models.DateField()
    verdict = models.CharField(max_length=6, choices=Verdict.choices)
    days_off = models.SmallIntegerField(null=True)
    #: The level, in per cent, that would have been kept (`edd.scoring.needed`).
    needed = models.FloatField(null=True)
    #: A customer had seen it, on a page or in a message, before the parcel came.
    told = models.BooleanField()

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "week"], name="outcomes_of_week"),
            models.Index(fields=["merchant", "shipment"], name="outcomes_of_shipment"),
        ]
