"""Which of a parcel's dates count, and how each was kept. Pure; reads no clock.

**Come** is the first delivery attempt, the delivery, or the day it lay ready at a pick-up point,
whichever was first, as a local date at the destination: from then on it was not the carrier who
let the shopper wait. An attempt at which nobody came, says the shopper, is none, and a delivery
that the shopper disputes is none until the case is closed.

**In time** is on or before the last day that was said. A lost parcel breaks every date that has
passed. One that went back without an attempt breaks those that had passed by then, the others
are not judged. What was called off, and what fell silent, is not judged at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from lib.vocabulary import Status
from tracking.fold import ParcelState

#: We hear of a pick-up some hours after it; what is said within this is said at hand-over.
_HEARD_WITHIN: Final = timedelta(days=1)
NOT_HELD: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})


class Ending(StrEnum):
    """How the waiting for a parcel ended."""

    ARRIVED = "arrived"
    LOST = "lost"
    RETURNED = "returned"
    #: Called off: no date of it is judged.
    VOID = "void"


class Moment(StrEnum):
    """When in a parcel's life a date was said."""

    ORDER = "order"
    HANDOVER = "handover"
    WAY = "way"


Kept = Literal["early", "inside", "late"]


@dataclass(frozen=True, slots=True)
class Given:
    """A date that was said: by us, or by the carrier. `was_held`: a courier had the parcel."""

    key: int
    made_at: datetime
    was_held: bool
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of the waiting: `day` is the local date of `at` at the destination."""

    ending: Ending
    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Judged:
    """How a date was kept; `days_off` are the days outside the window, negative before it,
    None where the parcel never came."""

    verdict: Kept
    days_off: int | None


def ending_of(
    state: ParcelState, *, disputed: bool, denied_attempt: int | None
) -> tuple[Ending, datetime] | None:
    """How the waiting ended and when, by the scans; None while the parcel is awaited."""
    came = [one.at for one in state.attempts if one.number != denied_attempt][:1]
    if state.delivered_at is not None and not disputed:
        came.append(state.delivered_at)
    if state.status is Status.AVAILABLE_FOR_PICKUP and state.status_at is not None:
        came.append(state.status_at)
    if came:
        return Ending.ARRIVED, min(came)
    if state.status_at is None:
        return None
    if state.status is Status.LOST_OR_DESTROYED:
        return Ending.LOST, state.status_at
    if state.status in {Status.RETURNING, Status.RETURNED}:
        return Ending.RETURNED, state.status_at
    return (Ending.VOID, state.status_at) if state.status is Status.CANCELLED else None


def judge(first: date, last: date, ended: Ended) -> Judged | None:
    """How this window was kept; None where it is not judged."""
    if ended.ending is Ending.VOID:
        return None
    if ended.ending is not Ending.ARRIVED:
        return Judged("late", None) if last < ended.day else None
    if ended.day < first:
        return Judged("early", (ended.day - first).days)
    if ended.day <= last:
        return Judged("inside", 0)
    return Judged("late", (ended.day - last).days)


def counted(
    given: Sequence[Given], *, picked_up_at: datetime | None, ended: Ended
) -> list[tuple[Moment, Given]]:
    """The dates that are judged, each with its moment: the first, that in force at hand-over,
    and every further one. Nothing that was said after the end: it was no promise any more.

    `given` is in the order of `made_at`. Where the pick-up moved nothing, the date that stood
    then is judged at hand-over as well.
    """
    before = [one for one in given if one.made_at < ended.at]
    if not before:
        return []
    found = [(Moment.ORDER, before[0])] if not before[0].was_held else []
    handover = _at_handover(before, picked_up_at)
    if handover is not None:
        found.append((Moment.HANDOVER, handover))
    taken = {one.key for _moment, one in found}
    return found + [(Moment.WAY, one) for one in before if one.key not in taken]


def _at_handover(given: Sequence[Given], picked_up_at: datetime | None) -> Given | None:
    if picked_up_at is None:
        return None
    heard = picked_up_at + _HEARD_WITHIN
    at_once = next((one for one in given if one.was_held and one.made_at <= heard), None)
    standing = [one for one in given if one.made_at < picked_up_at]
    first = next((one for one in given if one.was_held), None)
    return at_once or (standing[-1] if standing else first)


def carriers_promise(given: Sequence[Given], *, ended: Ended) -> Given | None:
    """The carrier's own date that is judged: the first said once it had the parcel."""
    return next((one for one in given if one.was_held and one.made_at < ended.at), None)


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())
