"""What each source says of one parcel's date, and why it is the one that counts or is not. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from edd.estimate import Estimate, Parcel, Rules, Source, estimate

Verdict = Literal["used", "outranked", "scan", "nothing", "not_counted"]
"""It is the date that is shown; another source comes first in the merchant's order; the last scan
leaves no room for anybody's date; it names none; it names one that cannot be believed (yet)."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One source's window, both days included; None where it names none."""

    source: Source
    verdict: Verdict
    first: date | None = None
    last: date | None = None


def opinions(parcel: Parcel, rules: Rules, made: Estimate, *, now: datetime) -> list[Opinion]:
    """The sources in the merchant's order; `made` is what came of all of them at `now`."""
    return [_opinion(source, parcel, rules, made, now) for source in rules.sources]


def _opinion(
    source: Source, parcel: Parcel, rules: Rules, made: Estimate, now: datetime
) -> Opinion:
    if source == made.source:
        return Opinion(source, "used", made.first, made.last)
    given = parcel.carrier_window if source == "carrier" else None
    said = (given.first, given.last) if given is not None else (None, None)
    if made.source == "scan":
        return Opinion(source, "scan", *said)
    alone = parcel if source == "carrier" else replace(parcel, carrier_window=None)
    found = estimate(alone, replace(rules, sources=(source,)), now=now)
    if found is not None and found.source == source:
        return Opinion(source, "outranked", found.first, found.last)
    return Opinion(source, "nothing" if given is None else "not_counted", *said)
