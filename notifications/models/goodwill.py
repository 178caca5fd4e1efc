"""Vouchers for waiting: the merchant's rules, and every code that was ever given."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from merchants.owned import MerchantOwned
from tracking.models import Order


class VoucherRule(MerchantOwned):
    """Who waited longer than `least_days` beyond the promised day gets a voucher.

    `pattern` makes codes ("SORRY-####": each # is a letter or digit); "" takes them from what was
    uploaded. `most` codes are given in `period_days` days, and `most_each` to one shopper in a
    year.
    """

    name = models.CharField(max_length=80)
    #: What it is worth, as the shopper reads it: "10 % off your next order".
    worth = models.CharField(max_length=120)
    least_days = models.PositiveSmallIntegerField(default=3)
    pattern = models.CharField(max_length=40, blank=True)
    most = models.PositiveIntegerField(default=100)
    period_days = models.PositiveSmallIntegerField(default=30)
    most_each = models.PositiveSmallIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    #: Since when nobody could be given one, because no code was left or the cap was met.
    stopped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Voucher(MerchantOwned):
    """One code. Given once, ever: the row says to whom."""

    rule = models.ForeignKey(VoucherRule, on_delete=models.CASCADE, related_name="vouchers")
    code = models.CharField(max_length=60)
    order = models.ForeignKey(Order, null=True, on_delete=models.SET_NULL, related_name="+")
    #: As in `Preference.person`.
    person = models.CharField(max_length=254, blank=True)
    days_late = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta(MerchantOwned.Meta):
        constraints = [
            *MerchantOwned.Meta.constraints,
            models.UniqueConstraint(fields=["merchant", "code"], name="voucher_code_once"),
            models.UniqueConstraint(
                fields=["merchant", "rule", "order"],
                name="voucher_once_an_order",
                condition=models.Q(order__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "rule", "given_at"], name="vouchers_given"),
            models.Index(fields=["merchant", "person"], name="vouchers_of_person"),
        ]

    def __str__(self) -> str:
        return self.code
