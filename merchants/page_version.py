"""Pages of a shop that browsers and the cache keep end with what they show of the shop."""

from __future__ import annotations

from django.db.models import F

from merchants.models import Merchant


def pages_changed(merchant_id: int) -> None:
    """Call it in the transaction that changes what a shop's pages show beside the look."""
    Merchant.objects.filter(pk=merchant_id).update(page_version=F("page_version") + 1)
