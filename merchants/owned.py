"""The base of every merchant-owned table: the merchant column, the policy, the guarded manager."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django_rls_tenants import RLSConstraint, RLSManager, RLSProtectedModel


def rls() -> RLSConstraint:
    """The row-level security policy of one table, FORCEd, for a bigint merchant."""
    return RLSConstraint(
        field="merchant", name="%(app_label)s_%(class)s_rls", tenant_pk_type="bigint"
    )


class MerchantOwned(RLSProtectedModel):
    """A row of one merchant. PostgreSQL refuses it to any other merchant's scope.

    A query without a scope raises; see `merchants.scope` for the doors.
    """

    merchant = models.ForeignKey(
        "merchants.Merchant", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    objects: ClassVar[models.Manager[Self]] = RLSManager()

    class Meta:
        abstract = True
        constraints = [rls()]
