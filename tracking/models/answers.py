"""What shoppers asked of couriers: before one comes, and after an attempt that failed."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models.orders import Order
from tracking.models.parcels import Shipment


class DeliveryAnswer(MerchantOwned):
    """A shopper's answer to one failed attempt: a wish, or the statement that nobody came; or what
    is to be done because nobody will be there (`attempt` is then the last one before it, from 0).

    `tracking.answers` writes it, `tracking.answer_sending` hands it to the carrier. One of each
    kind an attempt, until one is refused. `by_hand`: a person passes it on, because the carrier
    has no API for it, or because the API did not work.
    """

    class Kind(models.TextChoices):
        WISH = "wish"
        NOBODY_CAME = "nobody_came"
        AWAY = "away"

    class State(models.TextChoices):
        RECEIVED = "received"
        SENT = "sent"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        #: The parcel moved on before anybody could act on it.
        OVERTAKEN = "overtaken"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="answers")
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="answers")
    attempt = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField(null=True)
    part_of_day = models.CharField(max_length=10, blank=True)
    address = models.CharField(max_length=255, blank=True)
    landmark = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=500, blank=True)
    #: Where it may be left, and with whom.
    safe_place = models.CharField(max_length=255, blank=True)
    neighbour = models.CharField(max_length=255, blank=True)
    #: A point on the map, "25.197200, 55.274400".
    pin = models.CharField(max_length=80, blank=True)
    #: Of "nobody came": whether somebody called; null where that was not asked.
    called = models.BooleanField(null=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    by_hand = models.BooleanField(default=False)
    #: Names the instruction to the carrier, so that it is acted on once.
    key = models.UUIDField(unique=True)
    created_at = models.DateTimeField(db_default=Now())
    #: When to hand it over or to ask about it; null when a person or nobody acts next.
    due_at = models.DateTimeField(null=True)
    #: When the team was told by mail that a person must pass it on.
    mailed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    #: The carrier may have it though we do not know: it is asked before anything is sent again.
    is_uncertain = models.BooleanField(default=False)
    problem = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True)
    carrier_words = models.CharField(max_length=300, blank=True)
    handled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["merchant", "shipment", "attempt", "kind"],
                name="answer_once",
                condition=~models.Q(state="refused"),
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "order"], name="answers_of_order"),
            models.Index(
                fields=["due_at"], name="answers_due", condition=models.Q(due_at__isnull=False)
            ),
            models.Index(
                fields=["merchant"],
                name="answers_by_hand",
                condition=models.Q(by_hand=True, state__in=["received", "sent"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for attempt {self.attempt} of parcel {self.shipment_id}"
