"""What agents write down about an order, and the cases that shoppers and agents open."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.models import User
from merchants.owned import MerchantOwned
from notifications.models import Answer
from tracking.models import Order, Shipment


class Note(MerchantOwned):
    """One remark of one agent, for colleagues only: never shown to the shopper.

    Notes are added, not edited; `helpdesk.notes` is the only writer.
    """

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "order", "at"], name="notes_of_order")]

    def __str__(self) -> str:
        return f"note on order {self.order_id}"


class Case(MerchantOwned):
    """Something that somebody must see to, until it has an outcome that the shopper was told.

    `helpdesk.cases` is the only writer of it and of its entries. `opened_by` is None where the
    shopper opened it (or the agent has left the team; `by_shopper` tells them apart).
    """

    class Kind(models.TextChoices):
        CONCERN = "concern"
        NOT_RECEIVED = "not_received"
        ADDRESS = "address"
        OTHER = "other"

    class State(models.TextChoices):
        OPEN = "open"
        #: An agent has done what can be done now and waits for the carrier or the shopper.
        WAITING = "waiting"
        CLOSED = "closed"

    class Outcome(models.TextChoices):
        RESENT = "resent"
        REFUNDED = "refunded"
        FOUND = "found"
        CLAIM = "claim"
        NOTHING_WRONG = "nothing_wrong"
        OTHER = "other"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="cases")
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    by_shopper = models.BooleanField(default=False)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=13, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(fields=["merchant", "order", "opened_at"], name="cases_of_order"),
            models.Index(
                fields=["merchant", "opened_at"],
                name="cases_open",
                condition=~models.Q(state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on order {self.order_id}"


class CaseEntry(MerchantOwned):
    """One line of a case's story: a note for colleagues, words to or from the shopper, a state.

    A state's line with words is what the shopper was told with it (an outcome).
    """

    class Kind(models.TextChoices):
        NOTE = "note"
        TO_SHOPPER = "to_shopper"
        FROM_SHOPPER = "from_shopper"
        STATE = "state"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=Case.State.choices, blank=True)
    #: What the shopper wrote by WhatsApp, SMS or e-mail, where the line comes from there; of an
    #: agent's words the one that they answer.
    answer = models.ForeignKey(Answer, null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        indexes = [models.Index(fields=["merchant", "case", "at"], name="entries_of_case")]

    def __str__(self) -> str:
        return f"{self.kind} in case {self.case_id}"
