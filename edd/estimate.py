"""When will it come: one parcel's delivery window, from rules and scans. Pure; takes `now`.

Several may say so: the shop, the carrier, what was learned, our tables. The merchant orders
them, and the first that has something to say is shown. What the last scan alone tells is no
choice: with the courier, nobody else is heard.

Everything is a local calendar date at the destination, never an instant, so no change of
clocks shifts a date by a day. Windows move in steps, not daily: a parcel that is late gets a
new window that it can keep for some days. So this function alone, without memory, never tells
a shopper a new date every morning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from edd.vocabulary import SOURCES, Estimate, Handling, Parcel, Rules, Source, Window
from edd.windows.carrier import carriers_own
from edd.windows.configuration import configured
from edd.windows.days import Days
from edd.windows.learned import learned, learnt
from edd.windows.scan import comes_today, next_visit, waits_for_visit, with_courier
from lib.vocabulary import TERMINAL, Status

__all__ = ["SOURCES", "Estimate", "Handling", "Parcel", "Rules", "Source", "Window", "estimate"]

_NO_DATE: Final = TERMINAL | {Status.RETURNING, Status.EXPIRED, Status.AVAILABLE_FOR_PICKUP}

#: Who can say a window; None: has nothing to say, or nothing that can be believed.
SPEAKERS: Final[dict[Source, Callable[[Parcel, Rules, Days], Estimate | None]]] = {
    "carrier": carriers_own,
    "engine": learned,
    "configuration": configured,
}


def estimate(parcel: Parcel, rules: Rules, *, now: datetime) -> Estimate | None:
    """The window as far as it can be known at `now`; it never starts in the past.

    None once there is nothing to wait for at the door: delivered, returned or on the way
    back, lost, cancelled, silent for good, or waiting at a pick-up point.
    """
    if parcel.status in _NO_DATE:
        return None
    days = Days(parcel, rules, now)
    made = _said(parcel, rules, days)
    if made.chances is not None:
        return made
    found = learnt(parcel, rules, days)
    return made if found is None else replace(made, chances=found.chances)


def _said(parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    if parcel.is_held and with_courier(parcel):
        return comes_today(days)
    for source in rules.sources:
        speak = SPEAKERS.get(source)
        made = speak(parcel, rules, days) if speak and _is_heard(source, parcel) else None
        if made is not None:
            return made
    if parcel.is_held and waits_for_visit(parcel):
        return next_visit(parcel, days)
    return configured(parcel, rules, days)


def _is_heard(source: Source, parcel: Parcel) -> bool:
    """A label's date is a guess; after a visit in vain only the carrier knows more than it."""
    if not parcel.is_held:
        return source != "carrier"
    return source == "carrier" or not waits_for_visit(parcel)
