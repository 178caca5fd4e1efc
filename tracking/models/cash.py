"""Cash on delivery: whether the shopper is asked before dispatch, and what the answer was."""

from __future__ import annotations

from django.db import models

from merchants.owned import MerchantOwned
from tracking.models.orders import Order


class CashPolicy(MerchantOwned):
    """Whether a merchant has orders to be paid at the door confirmed; no row means no."""

    asks = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="cash_policy_once"),
        ]


class CashQuestion(MerchantOwned):
    """The question put to the shopper of one order. `tracking.cash` is its only writer.

    `confirmed` is None until it is answered; `answers` counts them, for each may be taken back
    until the order is packed.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="cash_question")
    asked_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    answers = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"cash of order {self.order_id}"
