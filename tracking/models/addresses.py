"""What an order's address lacks, what the shopper answered, and what a merchant wants asked."""

from __future__ import annotations

from django.db import models

from merchants.models import User
from merchants.owned import MerchantOwned
from tracking.models.orders import Order


class AddressCheck(MerchantOwned):
    """The check of one order's address. `tracking.address_check` is its only writer.

    `missing` is a list of {need, level, problem, costs} (`lib.addresses`). `answer` holds what
    was filled in last: {"was": {column: value}, "now": {column: value}, "street": [line1, city]};
    by it our own address is known again when the shop says it.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="address_check")
    score = models.PositiveSmallIntegerField()
    missing = models.JSONField(default=list)
    #: Something is missing that a courier must have.
    lacks_must = models.BooleanField(default=False)
    checked_at = models.DateTimeField()
    #: When the shopper was asked by message; once.
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    #: Who corrected it; null for the shopper.
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.JSONField(default=dict)
    answers = models.PositiveSmallIntegerField(default=0)

    class Meta(MerchantOwned.Meta):
        indexes = [
            models.Index(
                fields=["merchant", "order"],
                name="addresses_incomplete",
                condition=models.Q(lacks_must=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} of 100 for order {self.order_id}"


class AddressPolicy(MerchantOwned):
    """What a merchant wants of addresses; no row means that nothing was changed."""

    #: Whether shoppers are asked at all, by page and message.
    asks = models.BooleanField(default=True)
    #: Levels that differ from ours: {country: {need: level}}.
    levels = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant"], name="address_policy_once"),
        ]
