"""Dates that were said and are not shown: not hidden, but explained. Pure."""

from __future__ import annotations

from datetime import date

from edd.vocabulary import Estimate, Parcel


def unused_dates(parcel: Parcel, shown: Estimate) -> tuple[str, ...]:
    """Reason codes, for `edd.reasons.explain`, of what shop and carrier said otherwise."""
    found = []
    promise, window = parcel.promise, parcel.carrier_window
    if promise is not None and shown.source != "merchant":
        found.append(f"shop_promised:{_span(promise.first or promise.last, promise.last)}")
    if window is not None and shown.source != "carrier":
        name = "carrier_differs" if parcel.is_held else "carrier_at_label"
        found.append(f"{name}:{_span(window.first, window.last)}")
    return tuple(found)


def _span(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}..{last}"
