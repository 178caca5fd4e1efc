"""Who is told what: the merchant's switches over our defaults."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from lib.vocabulary import ORDER_MILESTONES, Milestone
from merchants.models import Merchant
from notifications.channels import registry
from notifications.channels.registry import Kind
from notifications.models import ChannelSetting, Rule
from notifications.texts import ADDRESS, CASE
from tracking.models import Recipient

#: Many shops write these themselves; nobody wants to hear it twice.
_SHOP_WRITES: Final = frozenset({Milestone.PLACED, Milestone.CONFIRMED})

#: What is told beside milestones, and has a switch like theirs.
_OTHER_TOPICS: Final = frozenset({ADDRESS})
_PARCEL: Final = frozenset(Milestone) - frozenset(ORDER_MILESTONES)
_HEARS: Final[dict[str, frozenset[Milestone]]] = {
    Recipient.Role.BUYER: frozenset(Milestone),
    Recipient.Role.RECEIVER: _PARCEL,
    Recipient.Role.FRONT_DESK: frozenset(
        {Milestone.OUT_FOR_DELIVERY, Milestone.DELIVERED, Milestone.ATTEMPT_FAILED}
    ),
}


def channels_on(merchant: Merchant) -> list[Kind]:
    """The channels this merchant uses, of those that are set up; in the merchant's scope."""
    rows = ChannelSetting.objects.filter(merchant_id=merchant.pk)
    chosen = dict(rows.values_list("channel", "is_on"))
    return [kind for kind in registry.ready() if chosen.get(kind.slug, kind.is_on)]


def milestones_on(merchant: Merchant, *, channel: str = "email") -> frozenset[Milestone]:
    """The milestones this merchant tells by this channel; in the merchant's scope."""
    return frozenset(
        Milestone(topic) for topic in topics_on(merchant, channel=channel) - _OTHER_TOPICS
    )


def topics_on(merchant: Merchant, *, channel: str) -> frozenset[str]:
    """Milestones and questions that this channel tells; in the merchant's scope.

    Without a rule the channel's own are on, except that placed and confirmed wait until the
    merchant answered that the shop does not write them itself.
    """
    on: set[str] = {ADDRESS, *registry.CHANNELS[channel].tells}
    if merchant.sends_own_confirmations is not False:
        on -= _SHOP_WRITES
    for rule in Rule.objects.filter(merchant_id=merchant.pk, channel=channel):
        (on.add if rule.is_on else on.discard)(rule.milestone)
    return frozenset(on)


def hears(role: str, topic: str) -> bool:
    """Whether somebody in this role is told about this at all; a case is the buyer's, and so is
    the address, which the buyer typed."""
    if topic in {CASE, ADDRESS}:
        return role == Recipient.Role.BUYER
    return topic in _HEARS.get(role, frozenset())


def language_for(recipient: str, order: str, merchant: str, *, known: Collection[str]) -> str:
    """The first of the three languages that we can write: "ar-SA" counts as "ar"; else English."""
    for language in (recipient, order, merchant):
        base = language.replace("_", "-").partition("-")[0].lower()
        if base in known:
            return base
    return "en"
