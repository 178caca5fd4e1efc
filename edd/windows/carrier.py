"""The carrier's own date, where it can be believed. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from edd.vocabulary import Estimate, Parcel, Rules
from edd.windows.days import Days
from lib.vocabulary import Status

#: A carrier's window wider or farther away than this is a placeholder, not a promise.
_WIDEST: Final = timedelta(days=21)
_FARTHEST: Final = timedelta(days=60)


def carriers_own(parcel: Parcel, rules: Rules, days: Days) -> Estimate | None:
    """The carrier's window, where it is a promise and can still be kept.

    Before the first scan the carrier only knows that a label was made; its date then counts
    from a handover that nobody has seen.
    """
    window = parcel.carrier_window
    if window is None or not parcel.is_held or not window.first <= window.last:
        return None
    after_visit = parcel.status is Status.ATTEMPT_FAILED and window.last <= days.last_scan
    too_wide = window.last - window.first > _WIDEST or window.last - days.today > _FARTHEST
    if window.last < days.today or after_visit or too_wide:
        return None
    first = max(window.first, days.today)
    said = days.estimate(first, window.last, "carrier", (f"carrier_{window.kind}:",))
    return replace(said, kind=window.kind)
