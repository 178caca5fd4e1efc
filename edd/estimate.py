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

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from edd.distribution import Distribution
from edd.handling import Handling
from edd.lateness import is_doubtful
from edd.vocabulary import SOURCES, Estimate, Parcel, Rules, Source, Window
from edd.windows.carrier import carriers_own
from edd.windows.configuration import configured
from edd.windows.days import Days
from edd.windows.learned import learned
from edd.windows.merchant import promised_by_shop
from edd.windows.scan import comes_today, next_visit, waits_for_visit, with_courier
from lib.vocabulary import TERMINAL, Status

__all__ = ["SOURCES", "Estimate", "Handling", "Parcel", "Rules", "Source", "Window", "estimate"]

_NO_DATE: Final = TERMINAL | {Status.RETURNING, Status.EXPIRED, Status.AVAILABLE_FOR_PICKUP}

#: Who can say a window; None: has nothing to say, or nothing that can be believed.
SPEAKERS: Final[dict[Source, Callable[[Parcel, Rules, Days], Estimate | None]]] = {
    "merchant": promised_by_shop,
    "carrier": carriers_own,
    "engine": learned,
    "configuration": configured,
}


def estimate(parcel: Parcel, rules: Rules, *, now: datetime) -> Estimate | None:
    """The window as far as it can be known at `now`; it never starts in the past.

    None once there is nothing to wait for at the door: delivered, returned or on the way
    back, lost, cancelled, silent for good, or waiting at a pick-up point.

    Where what was learned says that the day told first will rather be missed, nobody who still
    holds on to that day is heard.
    """
    if parcel.status in _NO_DATE:
        return None
    days = Days(parcel, rules, now)
    said = {
        source: window
        for source, speak in SPEAKERS.items()
        if (window := speak(parcel, rules, days)) is not None
    }
    chances = next((one.chances for one in said.values() if one.chances is not None), None)
    shown = _shown(parcel, rules, days, said, _doubted_until(parcel, chances))
    return replace(shown, chances=chances)


def _shown(
    parcel: Parcel,
    rules: Rules,
    days: Days,
    said: Mapping[Source, Estimate],
    doubted_until: date | None,
) -> Estimate:
    """The window of the first who has something to say that can be believed."""
    if parcel.is_held and with_courier(parcel):
        return comes_today(days)
    waits = parcel.is_held and waits_for_visit(parcel)
    # After a visit in vain only the carrier knows more than the scan.
    heard = [name for name in rules.sources if name in said and (name == "carrier" or not waits)]
    believed = (
        said[name] for name in heard if doubted_until is None or said[name].last > doubted_until
    )
    return next(believed, next_visit(parcel, days) if waits else _otherwise(said, doubted_until))


def _otherwise(said: Mapping[Source, Estimate], doubted_until: date | None) -> Estimate:
    """What is known where nobody of the merchant's choice speaks."""
    if doubted_until is not None and "engine" in said:
        return said["engine"]
    return said["configuration"]


def _doubted_until(parcel: Parcel, chances: Distribution | None) -> date | None:
    """The day told first, where it will rather be missed."""
    if chances is None or parcel.told_last is None:
        return None
    risk = chances.risk_after(parcel.told_last)
    return parcel.told_last if is_doubtful(risk, was=parcel.was_doubted) else None
