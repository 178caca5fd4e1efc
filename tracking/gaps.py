"""How long after one scan the next one comes: counting it. Pure, knows no rows.

What is counted is person-time, as in a life table: for each stage, the hours that parcels
spent at each age since their last scan and each local hour, and the scans that ended them.
A parcel that is still waiting counts the hours that it waited, so silence is not forgotten.
Counts can be added up and let fade, and say nothing about any one parcel.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from lib.vocabulary import TERMINAL, Status, status_of

#: Where the classes of age begin, in hours since the last scan. Fine at first: scans of one
#: sorting come close together; coarse later, when only the day counts.
AGES: Final = (
    0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 48, 60, 72,
    96, 120, 144, 168, 192, 216, 240, 288, 336, 408, 480, 720,
)  # fmt: skip
HOURS: Final = 24
CELLS: Final = len(AGES) * HOURS
DAYS: Final = 7
#: Older silence teaches nothing: the parcel is given up (`tracking.flags.EXPIRES_AFTER`).
LONGEST: Final = timedelta(days=45)

#: Statuses are stages, and so are these: a parcel on the road and one at the last depot wait
#: for different things.
_OWN_STAGES: Final = frozenset(
    {"transit.departed_facility", "transit.arrived_facility", "transit.at_delivery_depot"}
)
_EPOCH: Final = datetime(2001, 1, 1, tzinfo=UTC)  # a Monday
_HOUR: Final = timedelta(hours=1)


def stage_of(sub_status: str, status: Status | None = None) -> str | None:
    """The stage that a scan begins; None where nothing more is expected or known.

    `status` is asked where the sub-status is unknown.
    """
    if sub_status in _OWN_STAGES:
        return sub_status
    found = status_of(sub_status) or status
    return None if found is None or found in TERMINAL else found.value


def status_stage(stage: str) -> str:
    """The status that a stage belongs to."""
    return Status.IN_TRANSIT.value if stage in _OWN_STAGES else stage


#: A service's name is cut here; carriers' own are shorter.
SERVICE_LENGTH: Final = 40


def service_key(service: str) -> str:
    """One spelling of a service's name: folded, single spaces, at most SERVICE_LENGTH long."""
    folded = unicodedata.normalize("NFKC", service).casefold()
    return " ".join(folded.split())[:SERVICE_LENGTH].rstrip()


def local_hours(moment: datetime, offset: timedelta) -> float:
    """Hours since a Monday's midnight on the clock at `offset` east of UTC."""
    return (moment - _EPOCH + offset) / _HOUR


@dataclass(frozen=True, slots=True)
class Gap:
    """The time after one scan: until the next (`closed`) or as far as we have seen.

    `since` cuts off what was counted before; instants are aware, `offset` is the place's.
    """

    stage: str
    begins: datetime
    ends: datetime
    closed: bool
    offset: timedelta = timedelta()
    since: datetime | None = None


@dataclass(slots=True)
class Counts:
    """Scans and hours of one stage, by age × local hour, and by weekday (Monday first)."""

    scans: array[float] = field(default_factory=lambda: array("d", bytes(8 * CELLS)))
    hours: array[float] = field(default_factory=lambda: array("d", bytes(8 * CELLS)))
    day_scans: array[float] = field(default_factory=lambda: array("d", bytes(8 * DAYS)))
    day_hours: array[float] = field(default_factory=lambda: array("d", bytes(8 * DAYS)))

    @property
    def total(self) -> float:
        return sum(self.day_scans)

    def add(self, gap: Gap) -> None:
        """Count one gap. Of a gap that ends before it begins nothing is counted."""
        begins = local_hours(gap.begins, gap.offset)
        ends = local_hours(min(gap.ends, gap.begins + LONGEST), gap.offset)
        at = begins if gap.since is None else max(begins, local_hours(gap.since, gap.offset))
        place = bisect_right(AGES, at - begins) - 1
        while at < ends:
            while place + 1 < len(AGES) and at - begins >= AGES[place + 1]:
                place += 1
            hour = int(at)
            until = min(hour + 1.0, ends)
            if place + 1 < len(AGES):
                until = min(until, max(begins + AGES[place + 1], at + 1e-6))
            self.hours[place * HOURS + hour % HOURS] += until - at
            self.day_hours[hour // HOURS % DAYS] += until - at
            at = until
        if gap.closed and gap.ends <= gap.begins + LONGEST and ends > begins:
            place = bisect_right(AGES, ends - begins) - 1
            self.scans[place * HOURS + int(ends) % HOURS] += 1
            self.day_scans[int(ends) // HOURS % DAYS] += 1

    def fade(self, share: float) -> None:
        """Let what was counted weigh only `share` of what it did."""
        for counts in (self.scans, self.hours, self.day_scans, self.day_hours):
            for place, value in enumerate(counts):
                counts[place] = value * share

    def join(self, other: Counts) -> None:
        for mine, theirs in self._beside(other):
            for place, value in enumerate(theirs):
                mine[place] += value

    def _beside(self, other: Counts) -> Iterable[tuple[array[float], array[float]]]:
        return (
            (self.scans, other.scans),
            (self.hours, other.hours),
            (self.day_scans, other.day_scans),
            (self.day_hours, other.day_hours),
        )

    def as_json(self) -> dict[str, Any]:
        """Only what is not zero: most cells of most stages are."""
        return {
            "scans": _sparse(self.scans),
            "hours": _sparse(self.hours),
            "day_scans": [round(value, 4) for value in self.day_scans],
            "day_hours": [round(value, 4) for value in self.day_hours],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` gave. Raises KeyError, ValueError for anything else."""
        counts = cls(
            day_scans=array("d", data["day_scans"]), day_hours=array("d", data["day_hours"])
        )
        for name, cells in (("scans", counts.scans), ("hours", counts.hours)):
            for place, value in data[name].items():
                cells[int(place)] = value
        return counts


def _sparse(cells: array[float]) -> dict[str, float]:
    return {str(place): round(value, 4) for place, value in enumerate(cells) if value >= 0.0001}


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan of a parcel, as the learner needs it."""

    at: datetime
    sub_status: str
    offset: timedelta = timedelta()


def gaps_of(scans: Iterable[Seen], *, since: datetime | None, until: datetime) -> list[Gap]:
    """The gaps of one parcel between `since` and `until`; scans in any order.

    Scans of the same instant are one; the last of them says the stage.
    """
    by_instant = {scan.at: scan for scan in sorted(scans, key=lambda scan: scan.at)}
    ordered = list(by_instant.values())
    gaps = []
    for place, scan in enumerate(ordered):
        after = ordered[place + 1].at if place + 1 < len(ordered) else None
        stage = stage_of(scan.sub_status)
        closed = after is not None and after < until
        ends = after if after is not None and closed else until
        if stage is not None and ends > scan.at and (since is None or ends >= since):
            gaps.append(Gap(stage, scan.at, ends, closed, scan.offset, since))
    return gaps
