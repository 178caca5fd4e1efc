"""Who is told what: the merchant's switches over our defaults."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lib.vocabulary import ORDER_MILESTONES, Milestone
from merchants.models import Merchant
from notifications.models import Rule
from tracking.models import Recipient

#: Many shops write these themselves; nobody wants to hear it twice.
_SHOP_WRITES: Final = frozenset({Milestone.PLACED, Milestone.CONFIRMED})

_PARCEL: Final = frozenset(Milestone) - frozenset(ORDER_MILESTONES)
_HEARS: Final[dict[str, frozenset[Milestone]]] = {
    Recipient.Role.BUYER: frozenset(Milestone),
    Recipient.Role.RECEIVER: _PARCEL,
    Recipient.Role.FRONT_DESK: frozenset(
        {Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERED, Milestone.ATTEMPT_FAILED}
    ),
}


def milestones_on(merchant: Merchant, *, channel: str = "email") -> frozenset[Milestone]:
    """The milestones this merchant tells by this channel; in the merchant's scope.

    Without a rule all nine are on, except that placed and confirmed wait until the
    merchant answered that the shop does not write them itself.
    """
    on = set(Milestone)
    if merchant.sends_own_confirmations is not False:
        on -= _SHOP_WRITES
    for rule in Rule.objects.filter(merchant_id=merchant.pk, channel=channel):
        milestone = Milestone(rule.milestone)
        (on.add if rule.is_on else on.discard)(milestone)
    return frozenset(on)


def hears(role: str, milestone: Milestone) -> bool:
    """Whether somebody in this role is told about this milestone at all."""
    return milestone in _HEARS.get(role, frozenset())


def language_for(recipient: str, order: str, merchant: str, *, known: Collection[str]) -> str:
    """The first of the three languages that we can write: "ar-SA" counts as "ar"; else English."""
    for language in (recipient, order, merchant):
        base = language.replace("_", "-").partition("-")[0].lower()
        if base in known:
            return base
    return "en"
