"""When a page may offer something: never to somebody who waits for an answer or a late parcel."""

from __future__ import annotations

from typing import Final

from lib.vocabulary import Status
from selling.models import Promotion
from storefront_pages.story import Parcel, Story

Stage = Promotion.Stage

#: Everything else went wrong, came to an end that nobody wanted, or needs somebody.
_CALM: Final = frozenset(
    {
        Status.PENDING,
        Status.INFO_RECEIVED,
        Status.PICKED_UP,
        Status.IN_TRANSIT,
        Status.CUSTOMS,
        Status.OUT_FOR_DELIVERY,
        Status.AVAILABLE_FOR_PICKUP,
        Status.DELIVERED,
    }
)
_NOT_SENT: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})
_AT_THE_DOOR: Final = frozenset({Status.OUT_FOR_DELIVERY, Status.AVAILABLE_FOR_PICKUP})


def may_offer(story: Story) -> bool:
    """Whether nothing is wrong with this order and nothing is asked of its shopper."""
    order = story.order
    if order.cancelled_at or order.hold or story.outages or story.disruptions:
        return False
    if any(case.is_open for case in story.cases) or _is_asked(story) or _is_overdue(story):
        return False
    return all(_is_calm(parcel) for parcel in story.parcels)


def stage_of(story: Story) -> Stage:
    """Where on its way the order is, as rules of promotions tell it."""
    status = story.status
    if status is Status.DELIVERED:
        return Stage.DELIVERED
    if not story.parcels or status in _NOT_SENT:
        return Stage.BEFORE
    return Stage.AT_THE_DOOR if status in _AT_THE_DOOR else Stage.ON_ITS_WAY


def _is_calm(parcel: Parcel) -> bool:
    shipment = parcel.shipment
    if parcel.status not in _CALM or shipment.return_leg:
        return False
    if parcel.denial or (parcel.wish and parcel.status is not Status.DELIVERED):
        return False
    is_ready = parcel.status is Status.AVAILABLE_FOR_PICKUP  # to collect it is no trouble
    asks = shipment.action_required and not is_ready
    return not (shipment.is_late or shipment.stalled or shipment.disputed or asks)


def _is_asked(story: Story) -> bool:
    """Whether the page asks the shopper for something before the order can go on."""
    if any(parcel.status not in _NOT_SENT for parcel in story.parcels):
        return False
    address, cash = story.address, story.cash
    lacks = address is not None and address.asks and address.musts and not address.answered
    return bool(lacks) or (cash is not None and cash.confirmed is not True)


def _is_overdue(story: Story) -> bool:
    """Whether the last day that the shop or we named has passed."""
    if story.status is Status.DELIVERED:
        return False
    days = [story.order.promised_last, *(one.shipment.edd_last for one in story.parcels
            if one.status is not Status.DELIVERED)]  # fmt: skip
    return any(day is not None and day < story.today for day in days)
