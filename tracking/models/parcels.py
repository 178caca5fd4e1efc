"""The parcels: state, scans, and when to ask next."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from edd.models import MerchantDisruption, OperatorDisruption
from lib.vocabulary import Status
from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models.orders import Order, OrderItem


class Shipment(MerchantOwned):
    """One parcel. Its state columns are a fold over its events; `tracking.ingest` writes them.

    Unique by (carrier, number, generation): carriers recycle numbers, and a recycled one
    opens a new generation.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments")
    external_id = models.CharField(max_length=100, blank=True)
    carrier = models.SlugField(max_length=40)
    tracking_number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60)
    generation = models.PositiveSmallIntegerField(default=1)
    service = models.CharField(max_length=60, blank=True)
    #: Extra fields a carrier needs to answer (postcode, phone …).
    extra = models.JSONField(default=dict)
    shipped_by_store_at = models.DateTimeField(null=True)
    #: The shop took the fulfilment back: cancelled, as long as nobody has scanned it.
    withdrawn_at = models.DateTimeField(null=True)
    #: Where this parcel leaves from, where the shop says so; as `Order.ship_from`.
    ship_from = models.JSONField(default=dict, db_default={})
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    status = models.CharField(max_length=24, default=Status.PENDING)
    sub_status = models.CharField(max_length=40, default="pending.not_registered")
    status_at = models.DateTimeField(null=True)
    milestones = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknown_events = models.PositiveIntegerField(default=0)
    picked_up_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    last_place = models.CharField(max_length=120, blank=True)

    delayed = models.BooleanField(default=False)
    #: Late rather than not, before it is certain; and the chance of it, in per cent.
    will_be_late = models.BooleanField(default=False, db_default=False)
    late_risk = models.FloatField(null=True)
    stalled = models.BooleanField(default=False)
    action_required = models.BooleanField(default=False)
    return_leg = models.BooleanField(default=False)
    #: Flags that new rules raised while nobody was told: the next look tells those that hold.
    untold = models.JSONField(default=list, db_default=[])
    #: The shopper says that it did not come. `tracking.disputes` writes both columns.
    disputed = models.BooleanField(default=False)
    #: The failed attempt of which the shopper says that nobody came; null: none.
    disputed_attempt = models.PositiveSmallIntegerField(null=True)

    #: The window we show, and the one the shopper was told first ("was … now …"): the shop's own
    #: promise or the first we showed. It is frozen.
    edd_first = models.DateField(null=True)
    edd_last = models.DateField(null=True)
    edd_zone = models.CharField(max_length=50, blank=True)
    edd_source = models.CharField(max_length=20, blank=True)
    #: What the word is worth: estimated, guaranteed, appointment (`edd.vocabulary.Kind`).
    edd_kind = models.CharField(max_length=12, blank=True, default="", db_default="")
    promised_first = models.DateField(null=True)
    promised_last = models.DateField(null=True)
    #: The window that was announced last: `tracking.date_changes` counts from it.
    told_first = models.DateField(null=True)
    told_last = models.DateField(null=True)
    carrier_first = models.DateField(null=True)
    carrier_last = models.DateField(null=True)
    carrier_kind = models.CharField(max_length=12, blank=True, default="", db_default="")
    #: How long no scan is usual for it, as we may tell it; null where too little is known.
    #: `tracking.silence_limits.told`.
    usual_silence = models.JSONField(null=True)
    #: What pushed the window back, one of them at most: a disruption of all merchants, or its own.
    operator_disruption = models.ForeignKey(
        OperatorDisruption, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    own_disruption = models.ForeignKey(
        MerchantDisruption, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    #: What the carrier gave beside scans and dates: see `tracking.details`.
    details = models.JSONField(default=dict)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "carrier", "number_key", "generation"], name="shipment_once"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "order"], name="shipments_of_order"),
            models.Index(fields=["merchant", "number_key"], name="shipment_by_number"),
            models.Index(fields=["merchant", "status", "-id"], name="shipment_by_status"),
            models.Index(
                fields=["merchant"], name="shipments_disputed", condition=models.Q(disputed=True)
            ),
            # For the nights of learning, which look at all merchants' parcels.
            models.Index(
                fields=["delivered_at"],
                name="shipments_delivered",
                condition=models.Q(delivered_at__isnull=False),
            ),
            models.Index(
                fields=["created_at"],
                name="shipments_not_delivered",
                condition=models.Q(delivered_at__isnull=True),
            ),
        ]

    @property
    def is_late(self) -> bool:
        """Later than the shopper was told: for certain, or rather than not."""
        return self.delayed or self.will_be_late

    def __str__(self) -> str:
        return self.tracking_number


class ShipmentItem(MerchantOwned):
    """How many of an order's line are in this parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="contents")
    item = models.ForeignKey(OrderItem, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(default=1)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "shipment", "item"], name="shipment_item_once"
            ),
        ]


class Leg(MerchantOwned):
    """A further carrier of the same parcel, under its own number."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="legs")
    position = models.PositiveSmallIntegerField()
    carrier = models.SlugField(max_length=40)
    tracking_number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60, db_default="")
    #: As of a `Watch`: the account that follows this leg for us, and its own id for it.
    registered_with = models.BigIntegerField(null=True)
    registration = models.CharField(max_length=80, blank=True, db_default="")

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "shipment", "position"], name="leg_once"),
        ]
        indexes = [models.Index(fields=["merchant", "number_key"], name="leg_by_number")]


class Ruling(models.TextChoices):
    """What a person decided about a scan that was set aside."""

    RELEASED = "released"
    REJECTED = "rejected"


class Event(MerchantOwned):
    """One scan as the carrier gave it, with our reading of its code.

    `key` is (leg, code, instant or raw time, place): the same scan from poll, webhook or a
    translated text is one row. `sub_status` already has the merchant's overrides applied.
    """

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    leg = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=40)
    at = models.DateTimeField(null=True)
    raw_time = models.CharField(max_length=60, blank=True)
    zone_source = models.CharField(max_length=10, default="assumed")
    #: Minutes east of UTC at the scan, so that a page shows the local hour.
    utc_offset = models.SmallIntegerField(default=0)
    code = models.CharField(max_length=60)
    sub_status = models.CharField(max_length=40)
    description = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10, default="en")
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    place_code = models.CharField(max_length=40, blank=True)
    attempt = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    #: The call or the webhook that brought it: `RawAnswer` and `inbox.Delivery`. Plain numbers:
    #: both are forgotten before the scan is.
    poll_id = models.UUIDField(null=True)
    push_id = models.BigIntegerField(null=True)
    #: Why it does not count (`lib.vocabulary.Doubt`); empty when it does.
    quarantined = models.CharField(max_length=20, blank=True)
    #: What a person decided about a doubt, for good; `tracking.quarantine` writes these four.
    ruling = models.CharField(
        max_length=10, choices=Ruling.choices, blank=True, default="", db_default=""
    )
    ruled_for = models.CharField(max_length=20, blank=True, default="", db_default="")
    ruled_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    ruled_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["shipment", "key"], name="event_once"),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "code"],
                name="events_unknown",
                condition=models.Q(sub_status="unknown"),
            ),
            # Few rows: those that were set aside, whatever became of them.
            models.Index(
                fields=["merchant", "-id"],
                name="events_doubted",
                condition=~models.Q(quarantined="") | ~models.Q(ruling=""),
            ),
            # For whoever deletes an account.
            models.Index(
                fields=["ruled_by"],
                name="events_ruled_by",
                condition=models.Q(ruled_by__isnull=False),
            ),
        ]


class Watch(MerchantOwned):
    """When to ask next about one parcel: the only table that an unchanged poll writes."""

    shipment = models.OneToOneField(Shipment, on_delete=models.CASCADE, related_name="watch")
    carrier = models.SlugField(max_length=40)
    next_ask_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    #: Calls on the UTC day of `asked_at`: some carriers limit them by parcel.
    asked_that_day = models.PositiveSmallIntegerField(db_default=0)
    answered_at = models.DateTimeField(null=True)
    #: The carrier's newest scan, whenever we learned of it.
    carrier_said_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=16, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=32, blank=True)
    #: Who may carry it, while that is not certain: see `tracking.undecided`. Empty: settled.
    candidates = models.JSONField(default=list)
    #: The account that follows the parcel for us, and its own id for it (hubs, push).
    registered_with = models.BigIntegerField(null=True)
    registration = models.CharField(max_length=80, blank=True)
    #: When time alone may raise a flag (a promise passes, a silence becomes too long).
    review_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(
                fields=["next_ask_at"],
                name="watch_due",
                condition=models.Q(next_ask_at__isnull=False),
            ),
            models.Index(
                fields=["review_at"],
                name="watch_review",
                condition=models.Q(review_at__isnull=False),
            ),
        ]
