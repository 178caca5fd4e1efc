"""A strike, a storm, a peak: days that somebody adds for a time, because no history knows. Pure.

A disruption touches a parcel when the parcel is expected to be on its way on one of its days. So an
order that was placed before the beginning and is still open counts, one that comes before it
does not, and what leaves after the end does not either. What was under way keeps its days when
the disruption is over: it was held up all the same.

Of several that touch one parcel the one with the most days counts, never their sum: they are
mostly the same strike, said twice. Of two with the same days the merchant's own counts, because
its sentence is the one that the merchant chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NamedTuple, Protocol

from edd.calendars import Calendar
from edd.regions import region_key

By = Literal["operator", "merchant"]
"""Who said so: for everybody, or one merchant for its own parcels."""

#: More days than this are no delay: then parcels should not be sent.
MOST_DAYS: Final = 30

_ADDED: Final = "disrupted"
_WHICH: Final = "by_disruption"


@dataclass(frozen=True, slots=True)
class Disruption:
    """So many business days more for parcels on their way from `starts` to `ends`, both included.

    An empty carrier, service, country or region means any. A region needs its country; it is
    compared by `edd.regions.region_key`. `sentences` are somebody's own words by language; where
    a language has none, `edd.disruption_words` has.
    """

    id: int
    days: int
    starts: date
    ends: date
    by: By
    carrier: str = ""
    service: str = ""
    from_country: str = ""
    to_country: str = ""
    to_region: str = ""
    cause: str = "other"
    sentences: Mapping[str, str] = field(default_factory=dict, hash=False)

    def fits(
        self, *, carrier: str, service: str, from_country: str, to_country: str, to_region: str
    ) -> bool:
        """Whether such a parcel is meant, whenever it travels."""
        own = (self.carrier, self.service.casefold(), self.from_country, self.to_country)
        theirs = (carrier, service.casefold(), from_country, to_country)
        if any(mine and mine != other for mine, other in zip(own, theirs, strict=True)):
            return False
        if not self.to_region:
            return True
        return region_key(to_country, self.to_region) == region_key(to_country, to_region)


class Added(NamedTuple):
    """Business days to add, and the disruption that says so; 0 and None where none does."""

    days: int
    which: Disruption | None


class Journey(Protocol):
    """What of a parcel decides; `edd.vocabulary.Parcel` has it all."""

    @property
    def carrier(self) -> str: ...

    @property
    def service(self) -> str: ...

    @property
    def to_country(self) -> str: ...

    @property
    def to_region(self) -> str: ...


class Reference(NamedTuple):
    """Which disruption a reason names."""

    by: By
    id: int
    cause: str


def added_days(
    disruptions: Iterable[Disruption],
    *,
    carrier: str,
    service: str = "",
    from_country: str,
    to_country: str,
    to_region: str,
    day_from: date,
    day_to: date,
) -> Added:
    """The most business days that any disruption adds to this journey.

    `day_from` is the day it left or is to leave, `day_to` the last day on which it is expected
    without any disruption; for a parcel that is still open not before today, because it is on
    its way today. Local dates at the destination, both included.
    """
    touching = [
        one
        for one in disruptions
        if one.starts <= day_to
        and day_from <= one.ends
        and one.fits(
            carrier=carrier,
            service=service,
            from_country=from_country,
            to_country=to_country,
            to_region=to_region,
        )
    ]
    most = max(touching, key=lambda one: (one.days, one.by == "merchant", one.id), default=None)
    return Added(most.days, most) if most else Added(0, None)


def push_back(
    last: date,
    disruptions: Iterable[Disruption],
    journey: Journey,
    *,
    origin: str,
    since: date,
    today: date,
    calendar: Calendar,
) -> tuple[date, tuple[str, ...]]:
    """The last day of a window with the days that disruptions add, and the reason codes.

    `since` is `day_from` of `added_days`, `calendar` the carrier's at the destination. A parcel
    that was overdue already when the disruption began is expected so many days after its beginning:
    the day does not move on with every morning that it stays out. What is overdue even so is the
    caller's to move on.
    """
    days, which = added_days(
        disruptions,
        carrier=journey.carrier,
        service=journey.service,
        from_country=origin,
        to_country=journey.to_country,
        to_region=journey.to_region,
        day_from=since,
        day_to=max(last, today),
    )
    if which is None:
        return last, ()
    return calendar.add_working_days(max(last, which.starts), days), reasons(which)


def reasons(which: Disruption) -> tuple[str, ...]:
    """The `why` codes of an estimate that this disruption moved."""
    return f"{_ADDED}:{which.days}", f"{_WHICH}:{which.by}/{which.id}/{which.cause}"


def named_in(why: Iterable[str]) -> Reference | None:
    """The disruption that an estimate's reasons name; None where none moved it."""
    for code in why:
        name, _, value = code.partition(":")
        if name == _WHICH:
            return reference(value)
    return None


def reference(value: str) -> Reference:
    """The reference in a reason's value, as `reasons` wrote it."""
    by, number, cause = value.split("/", 2)
    return Reference("operator" if by == "operator" else "merchant", int(number), cause)
