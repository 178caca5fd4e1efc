"""What a shopper may choose to hear of: the triggers, in the few groups that a person tells apart.

Everything can be switched off here but two things: an answer to what the shopper asked is always
given, and offers are off until somebody wants them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib.vocabulary import Milestone
from notifications.texts import ADDRESS, CASE


@dataclass(frozen=True, slots=True)
class Group:
    """Topics with one switch. `help` says what is in it; `warning` what is missed without it."""

    slug: str
    label: Promise
    help: Promise
    topics: frozenset[str]
    warning: Promise | str = ""


#: Never muted by kind: what the shopper asked is answered.
ALWAYS: Final = frozenset({CASE})
#: Told after an explicit yes alone.
OFFERS: Final = frozenset({"replenishment"})

GROUPS: Final = (
    Group(
        "day",
        _("Delivery day"),
        _("It comes tomorrow or today, it is with the courier, it can be collected, it is there."),
        frozenset(
            {
                "arriving_tomorrow", "arriving_today", Milestone.OUT_FOR_DELIVERY,
                Milestone.DELIVERED, "all_delivered", "pickup_ready", "pickup_deadline",
                Milestone.ATTEMPT_FAILED, "cod_confirm",
            }
        ),
        _("Without these, nobody tells you that the courier is on the way or could not deliver."),
    ),
    Group(
        "trouble",
        _("Delays and problems"),
        _("It comes later or earlier, it is held up, something is needed from you."),
        frozenset(
            {
                Milestone.DELAYED, "will_be_late", "date_earlier", "date_later", "stalled",
                "not_dispatched", "on_hold", "out_of_stock", "customs_action", "address_problem",
                ADDRESS, "returning", "returned", "lost", "cancelled",
            }
        ),
        _("Without these, a parcel that needs something from you may go back to the shop."),
    ),
    Group(
        "steps",
        _("Steps on the way"),
        _("Your order is in, packed, sent and on its way."),
        frozenset(
            {
                Milestone.PLACED, Milestone.CONFIRMED, Milestone.PACKED, Milestone.SHIPPED,
                "partly_dispatched", Milestone.IN_TRANSIT,
            }
        ),
    ),
    Group(
        "after",
        _("After delivery"),
        _("Money that comes back, a voucher, how it was."),
        frozenset({"refund", "goodwill", "feedback"}),
    ),
)  # fmt: skip


def topics_without(wanted: Collection[str]) -> set[str]:
    """The topics of all groups whose switch is not among these slugs."""
    return {str(topic) for one in GROUPS if one.slug not in wanted for topic in one.topics}


def is_wanted(group: Group, muted: Iterable[str]) -> bool:
    """Whether anything of the group is still told."""
    return bool(group.topics - set(muted))
