"""A phone number that somebody gave on the order's page, and proved by a code."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import F
from django.db.models.functions import Greatest

from tracking.models import Consent, Order, Recipient

#: Where a consent was given, as the dashboard shows it.
SOURCE: Final = "order page"


def take_phone(*, recipient: Recipient, order: Order, number: str, now: datetime) -> None:
    """Tell this person at this number (E.164) from now on, and keep that they agreed to it.

    In a transaction, in the merchant's scope. An older word of the shop changes neither; a newer
    number of the order's replaces it.
    """
    Recipient.objects.filter(pk=recipient.pk).update(phone=number, has_own_phone=True)
    row, made = Consent.objects.get_or_create(
        merchant_id=order.merchant_id,
        order=order,
        channel=Consent.Channel.SMS,
        purpose=Consent.Purpose.TRACKING,
        defaults={"given": True, "source": SOURCE, "at": now},
    )
    if not made:
        Consent.objects.filter(pk=row.pk).update(
            given=True, source=SOURCE, at=Greatest(F("at"), now)
        )
