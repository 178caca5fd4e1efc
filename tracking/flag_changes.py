"""Flags raised or cleared: the changes to write, and which of them are news. Pure.

A parcel that is imported late, or silent for weeks when it comes to us, tells nothing old. What
new rules raise silently is told by the next look that is not silent, as long as it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lib.vocabulary import Milestone, Status
from tracking.models import Change, Shipment
from tracking.outbox import NewChange

FLAGS: Final = ("delayed", "will_be_late", "stalled", "action_required")
_LATE: Final = ("delayed", "will_be_late")
#: Elsewhere the status itself is the news: an attempt, a problem, a way back.
_TOLD_AS_LATE: Final = frozenset(
    {
        Status.PENDING,
        Status.INFO_RECEIVED,
        Status.PICKED_UP,
        Status.IN_TRANSIT,
        Status.CUSTOMS,
        Status.OUT_FOR_DELIVERY,
    }
)


@dataclass(frozen=True, slots=True)
class FlagNews:
    """What decides whether a flag is news: nothing that began before `announce_from` is.

    `heard_at` is the newest scan (now without any), `stalls_at` when the silence became too long,
    `late_at` when the promised day was over. `silent`: nobody is told just now; `tells_later`:
    but by the next look. `unheard`: the carrier's feed is dead, and what waits goes on waiting.
    """

    announce_from: datetime
    heard_at: datetime
    stalls_at: datetime
    late_at: datetime | None
    silent: bool = False
    tells_later: bool = False
    unheard: bool = False

    @property
    def tells_waiting(self) -> bool:
        """Whether what was raised silently is told now."""
        return not self.silent and not self.unheard

    def is_told(self, name: str) -> bool:
        """Whether a flag that is raised now is news, and told."""
        began = self.heard_at
        if name == "stalled":
            began = self.stalls_at
        elif name == "delayed" and self.late_at is not None:
            began = max(self.heard_at, self.late_at)
        return not self.silent and began >= self.announce_from


def flag_changes(
    shipment: Shipment, was: Mapping[str, bool], news: FlagNews, *, now: datetime
) -> list[NewChange]:
    """The changes of a parcel whose flags stand as they are now; keeps what waits to be told.

    Late, or likely so, is a milestone too the first time (its key).
    """
    waiting = {name for name in shipment.untold if getattr(shipment, name)}
    found = []
    for name in FLAGS:
        is_now = bool(getattr(shipment, name))
        if is_now and (not was[name] or (name in waiting and news.tells_waiting)):
            found.append(_flag(shipment, f"{name}:raised", announce=news.is_told(name), now=now))
        # What was likely and is certain now was not taken back.
        elif was[name] and not is_now and not (name == "will_be_late" and shipment.delayed):
            told = not news.silent and name not in shipment.untold
            found.append(_flag(shipment, f"{name}:cleared", announce=told, now=now))
    found += _milestone(shipment, was, news, now=now)
    if news.tells_waiting:
        waiting = set()
    elif news.silent and news.tells_later:
        waiting |= {name for name in FLAGS if getattr(shipment, name) and not was[name]}
    shipment.untold = sorted(waiting)
    return found


def _milestone(
    shipment: Shipment, was: Mapping[str, bool], news: FlagNews, *, now: datetime
) -> list[NewChange]:
    """The first time that it is late. What is told later is written when it is told."""
    was_late = any(was[name] and name not in shipment.untold for name in _LATE)
    is_waiting = any(name in shipment.untold for name in _LATE) and not news.tells_waiting
    if not shipment.is_late or was_late or is_waiting or (news.silent and news.tells_later):
        return []
    told = shipment.status in _TOLD_AS_LATE and any(
        news.is_told(name) for name in _LATE if getattr(shipment, name)
    )
    change = _change(shipment, Change.Kind.MILESTONE, Milestone.DELAYED.value, told, now=now)
    return [replace(change, data={"is_likely": not shipment.delayed})]


def _flag(shipment: Shipment, what: str, *, announce: bool, now: datetime) -> NewChange:
    key = f"{what}:{now.isoformat(timespec='seconds')}"
    return _change(shipment, Change.Kind.FLAG, key, announce, now=now)


def _change(shipment: Shipment, kind: str, key: str, announce: bool, *, now: datetime) -> NewChange:
    return NewChange(shipment.merchant_id, shipment.order_id, shipment.pk, kind, key, now, announce)
