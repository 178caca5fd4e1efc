"""The facts behind a heading, read from rows: one builder for mail, page and desk."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from carriers.registry import name_of
from edd.zones import destination_zone
from lib.headlines import HeadlineState
from lib.vocabulary import Milestone, Status
from tracking.models import Order, Shipment

#: The status a milestone is told as; where the parcel is in one of these already, its own.
_TOLD_AS: Final[dict[Milestone, tuple[Status, ...]]] = {
    Milestone.SHIPPED: (Status.PICKED_UP,),
    Milestone.IN_TRANSIT: (Status.IN_TRANSIT, Status.CUSTOMS),
    Milestone.DELAYED: (Status.IN_TRANSIT, Status.CUSTOMS),
    Milestone.OUT_FOR_DELIVERY: (Status.OUT_FOR_DELIVERY,),
    Milestone.DELIVERED: (Status.DELIVERED,),
    Milestone.ATTEMPT_FAILED: (Status.ATTEMPT_FAILED,),
}


def order_milestone(order: Order) -> Milestone:
    """The furthest of the order's own milestones."""
    if order.packed_at:
        return Milestone.PACKED
    return Milestone.CONFIRMED if order.confirmed_at else Milestone.PLACED


def zone_of(order: Order, shipment: Shipment | None) -> ZoneInfo:
    """The clock of the destination."""
    stored = shipment.edd_zone if shipment else ""
    return ZoneInfo(stored or destination_zone(order.country, order.region, order.city))


def heading_state(
    order: Order,
    shipment: Shipment | None,
    *,
    language: str,
    now: datetime,
    told: Milestone | None = None,
) -> HeadlineState:
    """The state of a parcel (or of an order without one), as of `now` at the destination.

    `told` is the milestone that a message is about: the heading then speaks of that, even
    if the parcel has moved on since the rows were read.
    """
    zone = zone_of(order, shipment)
    today = now.astimezone(zone).date()
    if shipment is None:
        milestone = told or order_milestone(order)
        return HeadlineState(Status.PENDING, today, order_milestone=milestone)
    status, sub_status = Status(shipment.status), shipment.sub_status
    if told in _TOLD_AS and status not in _TOLD_AS[told]:
        status, sub_status = _TOLD_AS[told][0], ""
    is_late = shipment.is_late if told is None else told is Milestone.DELAYED
    scanned = shipment.status_at.astimezone(zone).date() if shipment.status_at else None
    return HeadlineState(
        status=status,
        today=today,
        sub_status=sub_status,
        order_milestone=order_milestone(order),
        carrier=name_of(shipment.carrier, language=language),
        first=shipment.edd_first,
        last=shipment.edd_last,
        was_first=shipment.promised_first,
        was_last=shipment.promised_last,
        is_late=is_late,
        is_likely=is_late and not shipment.delayed,
        kind=shipment.edd_kind if shipment.edd_source == "carrier" else "",
        delivered_at=shipment.delivered_at.astimezone(zone) if shipment.delivered_at else None,
        attempt_on=scanned if status is Status.ATTEMPT_FAILED else None,
    )
