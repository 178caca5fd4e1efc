"""The milestone rail: the order's three, the parcel's four, and the two incidents among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lib import formats
from lib.vocabulary import RAIL, Milestone, Status
from lib.words import MILESTONE_LABELS, STATUS_LABELS
from storefront_pages.story import Parcel, Story

Step = dict[str, str]

#: Where the way ends otherwise: the status takes the place of what will not come.
_ENDS: Final[dict[Status, str]] = {
    Status.RETURNING: "current",
    Status.RETURNED: "done",
    Status.LOST_OR_DESTROYED: "incident",
    Status.CANCELLED: "current",
    Status.EXPIRED: "incident",
}
#: Where "late" is a step of its own: the parcel is not with the courier yet.
_LATE_ON_THE_WAY: Final = frozenset({Status.PICKED_UP, Status.IN_TRANSIT, Status.CUSTOMS})


def rail(story: Story) -> list[Step]:
    """Steps for `components/rail.html`, in the active language."""
    parcel = story.speaker
    reached = _reached(story, parcel)
    status = story.status
    furthest = max((RAIL.index(name) for name in reached), default=0)
    steps = [
        _step(story, name, reached.get(name), _state(index, furthest, status))
        for index, name in enumerate(RAIL)
    ]
    if status in _ENDS:
        end = _named(str(STATUS_LABELS[status]), _ENDS[status])
        return [*(step | {"state": "done"} for step in steps[: furthest + 1]), end]
    if parcel is not None:
        _mark_incident(story, parcel, steps, furthest)
    return steps


def _reached(story: Story, parcel: Parcel | None) -> Mapping[Milestone, datetime]:
    order = story.order
    found = {Milestone.PLACED: order.placed_at}
    if order.confirmed_at:
        found[Milestone.CONFIRMED] = order.confirmed_at
    if order.packed_at:
        found[Milestone.PACKED] = order.packed_at
    if parcel is not None:
        for name, moment in parcel.shipment.milestones.items():
            found[Milestone(name)] = datetime.fromisoformat(moment)
    return {name: moment for name, moment in found.items() if name in RAIL}


def _state(index: int, furthest: int, status: Status) -> str:
    if index < furthest or status is Status.DELIVERED:
        return "done"
    return "current" if index == furthest else "next"


def _mark_incident(story: Story, parcel: Parcel, steps: list[Step], furthest: int) -> None:
    """A failed attempt stands in for "out for delivery"; late and problems follow the last step."""
    out = RAIL.index(Milestone.OUT_FOR_DELIVERY)
    if parcel.status is Status.ATTEMPT_FAILED:
        moment = parcel.shipment.status_at
        steps[out] = _step(story, Milestone.ATTEMPT_FAILED, moment, "incident")
        for step in steps[:out]:
            step["state"] = "done"
    elif parcel.status is Status.AVAILABLE_FOR_PICKUP:
        steps[out] = _named(str(STATUS_LABELS[parcel.status]), "current")
        for step in steps[:out]:
            step["state"] = "done"
    elif parcel.status is Status.EXCEPTION:
        steps[furthest]["state"] = "done"
        steps.insert(furthest + 1, _named(str(STATUS_LABELS[parcel.status]), "incident"))
    elif parcel.shipment.delayed and parcel.status in _LATE_ON_THE_WAY:
        steps[furthest]["state"] = "done"
        steps.insert(furthest + 1, _step(story, Milestone.DELAYED, None, "incident"))
    elif parcel.shipment.will_be_late and parcel.status in _LATE_ON_THE_WAY:
        steps[furthest]["state"] = "done"
        steps.insert(furthest + 1, _named(_("Probably late"), "incident"))


def _step(story: Story, name: Milestone, moment: datetime | None, state: str) -> Step:
    local = story.local(moment) if moment else None
    return {
        "key": name.value,
        "label": str(MILESTONE_LABELS[name]),
        "date": formats.weekday_date(local.date(), story.tag) if local else "",
        "iso": local.date().isoformat() if local else "",
        "state": state,
    }


def _named(label: str, state: str) -> Step:
    return {"key": "", "label": label, "date": "", "iso": "", "state": state}
