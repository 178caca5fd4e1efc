"""What messages can be about: each trigger once, with what is done about it by default.

A trigger is found from a Change by its kind and key (`topics_of`); the words are in
`notifications.texts`, the merchant's decisions in `notifications.rules`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.vocabulary import Milestone
from lib.words import MILESTONE_LABELS
from notifications.texts import ADDRESS, CASE

BUYER: Final = "buyer"
RECEIVER: Final = "receiver"
FRONT_DESK: Final = "front_desk"

#: Chains of channels: every chain is told, within one the next where the one before fails.
LETTER: Final = (("email",), ("inbox",))
LOUD: Final = (("email",), ("inbox",), ("whatsapp", "sms"), ("webpush",))


class Phase(StrEnum):
    """Where on an order's way it happens; the order of the flows page."""

    ORDER = "order"
    ON_ITS_WAY = "on_its_way"
    DATES = "dates"
    AT_THE_DOOR = "at_the_door"
    TROUBLE = "trouble"
    AFTERWARDS = "afterwards"


PHASE_LABELS: Final[dict[Phase, Promise]] = {
    Phase.ORDER: _("At the shop"),
    Phase.ON_ITS_WAY: _("On its way"),
    Phase.DATES: _("The date"),
    Phase.AT_THE_DOOR: _("At the door"),
    Phase.TROUBLE: _("When something goes wrong"),
    Phase.AFTERWARDS: _("Afterwards"),
}


@dataclass(frozen=True, slots=True)
class Trigger:
    """One thing that can be told.

    `when` completes "When …"; `roles` may hear of it and do by default, the first alone where
    `is_buyers` (money, a case, the address). `lasts`: how long after it happened it is worth
    telling; a night or an outage that takes longer ends it. `is_urgent` passes the budget, and
    falls back to the next channel soon. `closes`: the parcel's story ends with it, it outdates
    whatever else waits about that parcel.
    """

    slug: str
    label: Promise | str
    when: Promise
    phase: Phase
    roles: Sequence[str] = (BUYER, RECEIVER)
    ways: Sequence[Sequence[str]] = LETTER
    is_on: bool = True
    is_urgent: bool = False
    is_marketing: bool = False
    #: About the parcel's way: of several, only the newest is told.
    is_news: bool = True
    closes: bool = False
    delay_minutes: int = 0
    still: bool = False
    lasts: timedelta = timedelta(days=2)


_DAY: Final = timedelta(hours=14)
_ALL: Final = (BUYER, RECEIVER, FRONT_DESK)
_MINE: Final = (BUYER,)
_M: Final = MILESTONE_LABELS

_TABLE: Final = (
    Trigger(
        Milestone.PLACED, _M[Milestone.PLACED], _("an order is placed"), Phase.ORDER, _MINE,
        lasts=timedelta(days=1),
    ),
    Trigger(
        ADDRESS, _("Address not complete"), _("an address lacks something"), Phase.ORDER, _MINE,
        LOUD, is_news=False,
    ),
    Trigger(
        "cod_confirm", _("Confirm a cash order"), _("a cash order needs a yes before it is sent"),
        Phase.ORDER, _MINE, LOUD, is_urgent=True, is_news=False,
    ),
    Trigger(
        Milestone.CONFIRMED, _M[Milestone.CONFIRMED], _("an order is confirmed"), Phase.ORDER,
        _MINE,
    ),
    Trigger(
        Milestone.PACKED, _M[Milestone.PACKED], _("an order is packed"), Phase.ORDER, _MINE,
    ),
    Trigger(
        "not_dispatched", _("Not sent in time"), _("an order is not sent by its day"),
        Phase.ORDER, _MINE, is_news=False,
    ),
    Trigger(
        "on_hold", _("On hold at the shop"), _("the shop holds an order back"), Phase.ORDER, _MINE,
        delay_minutes=60, still=True, is_news=False,
    ),
    Trigger(
        "out_of_stock", _("Out of stock"), _("something is out of stock"), Phase.ORDER, _MINE,
        is_news=False,
    ),
    Trigger(
        "cancelled", pgettext_lazy("an order", "Cancelled"), _("an order is cancelled"),
        Phase.ORDER, _MINE, is_news=False,
    ),
    Trigger(
        Milestone.SHIPPED, _M[Milestone.SHIPPED], _("a parcel leaves the shop"), Phase.ON_ITS_WAY,
        ways=LOUD,
    ),
    Trigger(
        "partly_dispatched", _("Part of the order sent"), _("only a part of an order is sent"),
        Phase.ON_ITS_WAY, _MINE, delay_minutes=120, still=True, is_news=False,
    ),
    Trigger(
        Milestone.IN_TRANSIT, _M[Milestone.IN_TRANSIT], _("a parcel is on its way"),
        Phase.ON_ITS_WAY,
    ),
    Trigger(
        "customs_action", _("Customs needs something"), _("customs needs something from the buyer"),
        Phase.ON_ITS_WAY, _MINE, LOUD, is_urgent=True, lasts=timedelta(days=5),
    ),
    Trigger(
        "date_earlier", _("Comes earlier"), _("a parcel will come earlier than we said"),
        Phase.DATES, lasts=timedelta(days=1),
    ),
    Trigger(
        "date_later", _("Comes later"), _("a parcel will come later than we said"), Phase.DATES,
        ways=LOUD, lasts=timedelta(days=1),
    ),
    Trigger(
        "will_be_late", _("Will probably be late"),
        _("a parcel will probably come later than we said"), Phase.DATES, ways=LOUD,
        lasts=timedelta(days=1),
    ),
    Trigger(
        Milestone.DELAYED, _M[Milestone.DELAYED], _("a parcel is late"), Phase.DATES, ways=LOUD,
    ),
    Trigger(
        "arriving_tomorrow", _("Comes tomorrow"), _("a parcel comes tomorrow"), Phase.AT_THE_DOOR,
        _ALL, is_on=False, lasts=timedelta(hours=6),
    ),
    Trigger(
        "arriving_today", _("Comes today"), _("a parcel comes today"), Phase.AT_THE_DOOR, _ALL,
        is_on=False, lasts=timedelta(hours=8),
    ),
    Trigger(
        Milestone.OUT_FOR_DELIVERY, _M[Milestone.OUT_FOR_DELIVERY],
        _("a parcel is out for delivery"), Phase.AT_THE_DOOR, _ALL, LOUD, is_urgent=True,
        lasts=_DAY,
    ),
    Trigger(
        Milestone.DELIVERED, _M[Milestone.DELIVERED], _("a parcel is delivered"),
        Phase.AT_THE_DOOR, _ALL, LOUD, closes=True,
    ),
    Trigger(
        "all_delivered", _("Everything delivered"), _("the last parcel of an order is delivered"),
        Phase.AT_THE_DOOR, _MINE, is_on=False, is_news=False,
    ),
    Trigger(
        "pickup_ready", _("Ready to collect"), _("a parcel is ready to collect"),
        Phase.AT_THE_DOOR, ways=LOUD, is_urgent=True,
    ),
    Trigger(
        "pickup_deadline", _("Last days to collect"), _("the last day to collect is near"),
        Phase.AT_THE_DOOR, ways=LOUD, is_urgent=True,
    ),
    Trigger(
        Milestone.ATTEMPT_FAILED, _M[Milestone.ATTEMPT_FAILED],
        _("the carrier could not deliver a parcel"), Phase.TROUBLE, _ALL, LOUD, is_urgent=True,
    ),
    Trigger(
        "address_problem", _("The carrier cannot find the address"),
        _("the carrier cannot find an address"), Phase.TROUBLE, _MINE, LOUD, is_urgent=True,
    ),
    Trigger(
        "stalled", _("No news for long"), _("a parcel is silent for longer than its way explains"),
        Phase.TROUBLE, _MINE, lasts=timedelta(days=1),
    ),
    Trigger(
        "returning", _("On its way back"), _("a parcel goes back to the shop"), Phase.TROUBLE,
        _MINE, closes=True,
    ),
    Trigger(
        "returned", _("Back at the shop"), _("a parcel is back at the shop"), Phase.TROUBLE,
        _MINE, closes=True,
    ),
    Trigger(
        "lost", pgettext_lazy("a parcel", "Lost"), _("a parcel is lost"), Phase.TROUBLE, _MINE,
        closes=True, lasts=timedelta(days=5),
    ),
    Trigger(
        CASE, _("An answer to a question"), _("something happens to a shopper’s question"),
        Phase.TROUBLE, _MINE, LOUD, is_urgent=True, is_news=False, lasts=timedelta(days=7),
    ),
    Trigger(
        "goodwill", _("A voucher for waiting"), _("a delay earns a voucher"), Phase.AFTERWARDS,
        _MINE, is_news=False, lasts=timedelta(days=7),
    ),
    Trigger(
        "refund", pgettext_lazy("money", "Refund"), _("money is given back"), Phase.AFTERWARDS,
        _MINE, is_news=False, lasts=timedelta(days=7),
    ),
    Trigger(
        "feedback", _("How was it?"), _("a parcel was delivered, some time ago"),
        Phase.AFTERWARDS, _MINE, is_on=False, is_news=False, delay_minutes=24 * 60, still=True,
        lasts=timedelta(days=3),
    ),
    Trigger(
        "replenishment", _("Time to order again?"), _("a delivery was long ago"),
        Phase.AFTERWARDS, _MINE, is_on=False, is_marketing=True, is_news=False,
        delay_minutes=30 * 24 * 60, still=True, lasts=timedelta(days=3),
    ),
)  # fmt: skip

TRIGGERS: Final[Mapping[str, Trigger]] = {str(one.slug): one for one in _TABLE}


class Told(Protocol):
    """A Change, written or not yet."""

    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


_STATUS: Final[Mapping[str, str]] = {
    "pickup.ready": "pickup_ready",
    "pickup.last_days": "pickup_deadline",
    "customs.information_required": "customs_action",
    "customs.duties_unpaid": "customs_action",
    "exception.address": "address_problem",
    "exception.address_id_missing": "address_problem",
    "exception.recipient_moved": "address_problem",
    "returning.started": "returning",
    "returned.received": "returned",
    "lost.declared": "lost",
    "lost.destroyed": "lost",
}
_ORDER: Final[Mapping[str, str]] = {
    "case": CASE,
    "address": ADDRESS,
    **{
        slug: slug
        for slug in (
            "cancelled", "on_hold", "out_of_stock", "partly_dispatched", "all_delivered",
            "refund", "cod_confirm", "goodwill",
        )
    },
}  # fmt: skip
_DUE: Final = frozenset(
    {"arriving_tomorrow", "arriving_today", "pickup_deadline", "not_dispatched"}
)


def is_told(kind: str, key: str) -> bool:
    """Whether a change of this kind and key pulls any trigger, whatever its data."""
    if kind in {"milestone", "date"}:
        return True
    return bool(topics_of(_Bare(kind, key)))


@dataclass(frozen=True, slots=True)
class _Bare:
    kind: str
    key: str
    data: dict[str, Any] = field(default_factory=dict)


def topics_of(change: Told) -> tuple[str, ...]:
    """The triggers that this change pulls; none for what nobody is ever told.

    "attempt_failed:2" is the second failed attempt. A delivery also starts the clocks of what is
    asked some time after it. A first delay that is only likely is `will_be_late`.
    """
    kind, data = change.kind, change.data
    moved = int(data.get("moved", 0)) if kind == "date" else 0
    return _topics(kind, change.key, moved, kind == "milestone" and bool(data.get("is_likely")))


@lru_cache(maxsize=4096)
def _topics(kind: str, key: str, moved: int, is_likely: bool) -> tuple[str, ...]:
    word = key.partition(":")[0]
    if kind == "milestone":
        if word == Milestone.DELIVERED:
            return (word, "feedback", "replenishment")
        return ("will_be_late",) if is_likely else (word,)
    if kind == "date":
        return ("date_later" if moved > 0 else "date_earlier",) if moved else ()
    if kind == "status":
        found = _STATUS.get(key.partition("@")[0])
        return (found,) if found else ()
    if kind == "flag":
        return ("stalled",) if key.startswith("stalled:raised") else ()
    if kind == "due":
        return (word,) if word in _DUE else ()
    if kind == "order" and (word != "address" or key == "address:asked"):
        return (_ORDER[word],) if word in _ORDER else ()
    return ()
