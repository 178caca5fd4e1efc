"""Who may see and do what on an order's page: one table, which everything asks.

How much somebody has proved (`Tier`) and whose page it is (`Holder`) decide together; `may` is the
only question. `docs/access.md` shows the table to people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from tracking.models import Recipient


class Tier(IntEnum):
    """What was proved, least first."""

    #: Somebody knows an order's or a parcel's number. The merchant switches this on, or nobody is.
    NUMBER = 0
    #: The link of a message: opaque, revocable, it ends some time after delivery.
    LINK = 1
    #: The number, and the e-mail, phone or postcode of the order.
    LOOKED_UP = 2
    #: A code that went to an address of the order, entered in this browser a moment ago.
    CODE = 3


class Holder(StrEnum):
    """Whose page it is."""

    BUYER = "buyer"
    RECEIVER = "receiver"
    #: The receiver of a present: neither what it is, nor what it cost.
    GIFTED = "gifted"
    #: Takes parcels for others.
    FRONT_DESK = "front_desk"


class Part(StrEnum):
    """What a page may show, or let somebody do."""

    STATUS = "status"
    CITY = "city"
    FIRST_NAME = "first_name"
    DATES = "dates"
    TIMELINE = "timeline"
    ITEMS = "items"
    TO_PAY = "to_pay"
    #: The courier's name, phone and live map, on the day.
    COURIER = "courier"
    #: Where it waits to be collected, and until when.
    PICKUP_POINT = "pickup_point"
    #: What opens a locker.
    LOCKER_CODE = "locker_code"
    #: Where the courier left it.
    LEFT_AT = "left_at"
    SIGNED_BY = "signed_by"
    PHOTO = "photo"
    FULL_NAME = "full_name"
    ADDRESS = "address"
    #: The number that the courier calls.
    DOOR_PHONE = "door_phone"
    #: The buyer's own.
    PHONE = "phone"
    EMAIL = "email"
    #: What we wrote to the holder of the page.
    MESSAGES = "messages"
    #: What was told to the shop, and what became of it.
    CASES = "cases"
    #: Another day, before a courier comes or after a failed attempt; "nobody came".
    ANSWER_ATTEMPT = "answer_attempt"
    #: "I did not receive it", and other words to the shop.
    CONCERN = "concern"
    #: What the address lacks; nothing that is known can be changed by it.
    COMPLETE_ADDRESS = "complete_address"
    #: How the carrier and the shop did.
    FEEDBACK = "feedback"
    #: Somebody else who receives it, and is told.
    SHARE = "share"
    CONFIRM_CASH = "confirm_cash"
    CHOOSE_CHANNELS = "choose_channels"
    #: A number for text messages, proved by a code of its own.
    ADD_PHONE = "add_phone"
    #: Another address or phone before dispatch, where the merchant allows it.
    CHANGE_ADDRESS = "change_address"
    #: Anything at all once the order's links have ended.
    AFTER_THE_END = "after_the_end"


_ANY: Final = frozenset(Tier)
_LINK: Final = _ANY - {Tier.NUMBER}
_CODE: Final = frozenset({Tier.CODE})
_NOT_BY_LINK: Final = frozenset({Tier.LOOKED_UP, Tier.CODE})

_ALL: Final = frozenset(Holder)
_BUYER: Final = frozenset({Holder.BUYER})
_HOME: Final = _ALL - {Holder.FRONT_DESK}
_KNOWING: Final = _ALL - {Holder.GIFTED}
_AT_HOME_KNOWING: Final = _HOME & _KNOWING

#: The table: with which proof, and on whose page.
POLICY: Final[Mapping[Part, tuple[frozenset[Tier], frozenset[Holder]]]] = {
    Part.STATUS: (_ANY, _ALL),
    Part.CITY: (_ANY, _ALL),
    Part.FIRST_NAME: (_LINK, _ALL),
    Part.DATES: (_LINK, _ALL),
    Part.TIMELINE: (_LINK, _ALL),
    Part.ITEMS: (_LINK, _BUYER),
    Part.TO_PAY: (_LINK, _KNOWING),
    Part.COURIER: (_LINK, _ALL),
    Part.PICKUP_POINT: (_LINK, _ALL),
    Part.LEFT_AT: (_LINK, _ALL),
    Part.LOCKER_CODE: (_CODE, _HOME),
    Part.SIGNED_BY: (_CODE, _ALL),
    Part.PHOTO: (_CODE, _ALL),
    Part.FULL_NAME: (_CODE, _HOME),
    Part.ADDRESS: (_CODE, _HOME),
    Part.DOOR_PHONE: (_CODE, _HOME),
    Part.PHONE: (_CODE, _BUYER),
    Part.EMAIL: (_CODE, _BUYER),
    Part.MESSAGES: (_LINK, _ALL),
    Part.CASES: (_LINK, _HOME),
    Part.ANSWER_ATTEMPT: (_LINK, _ALL),
    Part.CONCERN: (_LINK, _HOME),
    Part.COMPLETE_ADDRESS: (_LINK, _HOME),
    Part.FEEDBACK: (_LINK, _ALL),
    Part.SHARE: (_LINK, _BUYER),
    Part.CONFIRM_CASH: (_LINK, _BUYER),
    Part.CHOOSE_CHANNELS: (_LINK, _ALL),
    Part.ADD_PHONE: (_LINK, _ALL),
    Part.CHANGE_ADDRESS: (_CODE, _AT_HOME_KNOWING),
    Part.AFTER_THE_END: (_NOT_BY_LINK, _ALL),
}


@dataclass(frozen=True, slots=True)
class Access:
    """What one visitor may: how much is proved, on whose page."""

    tier: Tier = Tier.LINK
    holder: Holder = Holder.BUYER

    def may(self, part: Part) -> bool:
        """Whether the table grants it."""
        tiers, holders = POLICY[part]
        return self.tier in tiers and self.holder in holders

    @property
    def key(self) -> str:
        """Tells pages of different rights apart, in ETags and in the cache."""
        return f"{self.tier.value}-{self.holder.value}"

    @property
    def may_be_kept(self) -> bool:
        """Whether a finished page may lie in the cache: not where it has the address in it."""
        return self.tier is not Tier.CODE


#: What a message's link shows to the buyer.
BY_LINK: Final = Access()


def holder_of(role: str, *, is_gift: bool) -> Holder:
    """Whose page a recipient's link opens; "" is the order's own link, the buyer's."""
    if role == Recipient.Role.RECEIVER:
        return Holder.GIFTED if is_gift else Holder.RECEIVER
    return Holder(role or Holder.BUYER)
