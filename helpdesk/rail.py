"""The steps of one order's progress, as `components/rail.html` takes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from helpdesk.reader import Reader
from lib.vocabulary import RAIL, Milestone, Status
from tracking.models import Order, Shipment

_STOPPED: Final = frozenset(
    {Status.RETURNING, Status.RETURNED, Status.LOST_OR_DESTROYED, Status.CANCELLED}
)


def steps(order: Order, parcels: Sequence[Shipment], reader: Reader) -> list[dict[str, str]]:
    """The seven milestones with their days; the failed attempt stands where the parcel stopped.

    With several parcels the one that speaks for the order is shown.
    """
    parcel = next((p for p in parcels if p.status == order.status), parcels[0] if parcels else None)
    reached = _reached(order, parcel)
    furthest = max((n for n, name in enumerate(RAIL) if name in reached), default=0)
    delivered = Milestone.DELIVERED in reached
    made = []
    for index, name in enumerate(RAIL):
        at = reached.get(name)
        # A milestone that was jumped over happened, nobody knows when.
        state = "done" if index < furthest or delivered else "next"
        if index == furthest and not delivered:
            state = "done" if parcel is not None and parcel.status in _STOPPED else "current"
        made.append(_step(name.value, at, state, reader))
    if parcel is not None and parcel.status == Status.ATTEMPT_FAILED:
        made[RAIL.index(Milestone.OUT_FOR_DELIVERY)] = _step(
            Milestone.ATTEMPT_FAILED.value, parcel.status_at, "incident", reader
        )
    return made


def _reached(order: Order, parcel: Shipment | None) -> dict[Milestone, datetime]:
    reached = {Milestone.PLACED: order.placed_at}
    if order.confirmed_at:
        reached[Milestone.CONFIRMED] = order.confirmed_at
    if order.packed_at:
        reached[Milestone.PACKED] = order.packed_at
    if parcel is not None:
        for name in RAIL:
            if name.value in parcel.milestones:
                reached[name] = datetime.fromisoformat(parcel.milestones[name.value])
    return reached


def _step(key: str, at: datetime | None, state: str, reader: Reader) -> dict[str, str]:
    return {
        "key": key,
        "state": state,
        "date": reader.day(at.astimezone(reader.zone).date()) if at else "",
        "iso": reader.iso(at) if at else "",
    }
