"""A date moved: the change to write, and whether it moved far enough to be told.

Distance is counted from the window that was told last (`Shipment.told_first`, `told_last`), not
from the last one that was shown: many small moves add up, and are told once they do.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from edd.estimate import Estimate
from tracking.models import Change, Shipment
from tracking.outbox import NewChange

Window = tuple[date | None, date | None]


def date_changes(
    shipment: Shipment,
    was: Window,
    made: Estimate | None,
    *,
    announce_days: int,
    silent: bool,
    now: datetime,
) -> list[NewChange]:
    """The change of a parcel whose window moved from `was` to `made`; none where it did not.

    Sets what was told last; a `silent` move tells nothing. A first window is no change: whoever
    reads it is told it. `moved` in its data counts days from what was told, earlier ones negative.
    """
    if made is None:
        return []
    new = (made.first, made.last)
    if was[1] is None:
        shipment.told_first, shipment.told_last = new
        return []
    told = (shipment.told_first, shipment.told_last) if shipment.told_last else was
    today = now.astimezone(ZoneInfo(made.zone)).date()
    moved = moved_by(told, new, today=today)
    is_news = not silent and moved >= announce_days
    shipment.told_first, shipment.told_last = new if is_news else told
    return [
        NewChange(
            shipment.merchant_id,
            shipment.order_id,
            shipment.pk,
            Change.Kind.DATE,
            f"{made.first}/{made.last}#{shipment.version}",
            now,
            announce=is_news,
            data={
                "was": [str(day) for day in was],
                "now": [str(made.first), str(made.last)],
                "source": made.source,
                "moved": moved if _is_later(told, new) else -moved,
            },
        )
    ]


def _is_later(told: Window, new: tuple[date, date]) -> bool:
    """By its last day; where that stayed, by its first."""
    (first, last), (new_first, new_last) = told, new
    if last is not None and new_last != last:
        return new_last > last
    return first is not None and new_first > first


def moved_by(told: Window, new: tuple[date, date], *, today: date) -> int:
    """By how many days the first or the last day moved, whichever moved farther.

    Once the first day that was told has come, the last one alone decides: a window that
    starts later because days passed did not move.
    """
    (first, last), (new_first, new_last) = told, new
    by_last = abs((new_last - last).days) if last is not None else 0
    if first is None or first <= today:
        return by_last
    return max(by_last, abs((new_first - first).days))
