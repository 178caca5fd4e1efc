"""What a merchant chose about answers; the only writer of AnswerRules."""

from __future__ import annotations

from datetime import datetime

from merchants.models import Merchant
from notifications.models import AnswerRules


def rules_of(merchant_id: int) -> AnswerRules:
    """The merchant's choices; the default, not saved, where nothing was chosen. In the scope."""
    found = AnswerRules.objects.filter(merchant_id=merchant_id).first()
    return found or AnswerRules(merchant_id=merchant_id)


def save_rules(
    *, merchant: Merchant, replies_by_itself: bool, takes_mail: bool, now: datetime
) -> None:
    """Keep the choices; they count from the next answer, and the next mail, on."""
    AnswerRules.objects.update_or_create(
        merchant=merchant,
        defaults={
            "replies_by_itself": replies_by_itself,
            "takes_mail": takes_mail,
            "changed_at": now,
        },
    )
