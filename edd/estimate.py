"""When will it come: one parcel's delivery window, from rules and scans. Pure; takes `now`.

Three calendars take part: the warehouse's (cut-off, handling), the carrier's at the
destination, and each one's public holidays. Everything is a local calendar date at the
destination, never an instant, so no change of clocks shifts a date by a day.

Windows move in steps, not daily: a parcel that is late gets a new window that it can keep
for some days. So this function alone, without memory, never tells a shopper a new date
every morning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, Protocol
from zoneinfo import ZoneInfo

from edd.calendars import Calendar, delivery_calendar, warehouse_calendar
from edd.distribution import Distribution
from edd.handling import Handled, Handling, handled
from edd.lanes import Lane, Transit, transit_for
from lib.vocabulary import TERMINAL, Status

Source = Literal["merchant", "carrier", "engine", "configuration", "scan"]
"""Who says so: the shop's own promise, the carrier's date, what was learned, our tables and the
merchant's, or the last scan alone."""

#: Whose word counts first, unless the merchant orders them otherwise. "scan" is no choice: with
#: the courier, or after a failed attempt, nothing else is heard.
SOURCES: Final[tuple[Source, ...]] = ("merchant", "carrier", "engine", "configuration")

_DAY: Final = timedelta(days=1)
#: From this local hour on a parcel that is not with the courier yet comes tomorrow at the earliest.
_ROUNDS_LEAVE: Final = time(12)
#: Couriers ring no bells after this local hour.
_ROUNDS_END: Final = time(22)
#: A carrier's window wider or farther away than this is a placeholder, not a promise.
_WIDEST: Final = timedelta(days=21)
_FARTHEST: Final = timedelta(days=60)
#: A late parcel's window moves back by so many delivery days at a time.
_STEP: Final = 2
#: Beyond this many steps nothing is known any more; the window restarts at today.
_MOST_STEPS: Final = 15

_NO_DATE: Final = TERMINAL | {Status.RETURNING, Status.EXPIRED, Status.AVAILABLE_FOR_PICKUP}
_NOT_PICKED_UP: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})


class Window(Protocol):
    """A carrier's own delivery window: local calendar dates at the destination."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """What one merchant configured. `zone` is the warehouse's, and so is `country`."""

    zone: str = "UTC"
    cut_off: time = time(14)
    handling_days: int = 1
    rest_days: tuple[int, ...] = ()
    closures: tuple[date, ...] = ()
    lanes: tuple[Lane, ...] = ()
    country: str = ""
    level: int = 90
    sources: tuple[Source, ...] = SOURCES
    announce_days: int = 1
    handling: tuple[Handling, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is known of one parcel. Instants are aware; `to_zone` is an IANA name."""

    placed_at: datetime
    status: Status
    carrier: str
    service: str
    from_country: str
    to_country: str
    to_zone: str
    picked_up_at: datetime | None = None
    last_event_at: datetime | None = None
    carrier_window: Window | None = None
    sub_status: str = ""
    #: What handling may depend on, folded (`edd.handling.folded`); empty: nobody said.
    warehouse: str = ""
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A delivery window, both days included, in local dates of `zone`.

    `why` holds `reason:value` codes for `edd.reasons.explain`. `chances` is the whole
    distribution wherever something was learned, whoever's date is shown; `chances.risk_after`
    of a promise is the risk (0–1) that it will be broken.
    """

    first: date
    last: date
    zone: str
    source: Source
    why: tuple[str, ...]
    chances: Distribution | None = None


def estimate(parcel: Parcel, rules: Rules, *, now: datetime) -> Estimate | None:
    """The window as far as it can be known at `now`; it never starts in the past.

    None once there is nothing to wait for at the door: delivered, returned or on the way
    back, lost, cancelled, silent for good, or waiting at a pick-up point.
    """
    if parcel.status in _NO_DATE:
        return None
    days = _Days(parcel, now)
    if parcel.status in _NOT_PICKED_UP or parcel.picked_up_at is None:
        return _before_pickup(parcel, rules, days, now)
    if parcel.status is Status.OUT_FOR_DELIVERY and parcel.sub_status not in _MOVED_VISIT:
        return _out_for_delivery(days)
    promised = _carriers_own(parcel, days)
    if promised is not None:
        return promised
    if parcel.status in _BY_SCAN:
        return _by_scan(parcel, days)
    return _in_transit(parcel, rules, days)


class _Days:
    """The destination's calendar, its today, and the first day a courier can still come."""

    def __init__(self, parcel: Parcel, now: datetime) -> None:
        self.zone = parcel.to_zone or "UTC"
        self._clock = _zone(self.zone)
        self.calendar = delivery_calendar(parcel.to_country, parcel.carrier, parcel.service)
        local = now.astimezone(self._clock)
        self.today = local.date()
        self.hour = local.time()
        self.last_scan = self.of(parcel.last_event_at) if parcel.last_event_at else self.today
        # A scan from the future is a carrier's clock that is wrong; today is the latest we believe.
        self.last_scan = min(self.last_scan, self.today)

    def of(self, moment: datetime) -> date:
        """The local date of an instant."""
        return moment.astimezone(self._clock).date()

    def earliest(self) -> date:
        """The first day on which a parcel that is still on the road can be handed over."""
        too_late = self.hour >= _ROUNDS_LEAVE
        return self.calendar.next_working(self.today + _DAY if too_late else self.today)

    def estimate(
        self, first: date, last: date, source: Source, why: Iterator[str] | tuple[str, ...]
    ) -> Estimate:
        return Estimate(first, max(first, last), self.zone, source, tuple(why))


def _before_pickup(parcel: Parcel, rules: Rules, days: _Days, now: datetime) -> Estimate:
    """Cut-off and handling in the warehouse's calendar, then the lane in the carrier's."""
    own = _handled(parcel, rules)
    planned, missed = _planned_dispatch(parcel, rules, own)
    origin = parcel.from_country or rules.country
    warehouse = _warehouse(origin, rules.rest_days, rules.closures)
    local_now = now.astimezone(_zone(rules.zone))
    gone_today = local_now.time() >= own.cut_off
    possible = warehouse.next_working(local_now.date() + _DAY if gone_today else local_now.date())
    transit, configured = transit_for(
        rules.lanes, parcel.carrier, parcel.service, origin, parcel.to_country
    )
    leaves = max(planned, possible)
    assumed = _assume_dispatch(planned, leaves, transit, warehouse, days.calendar)
    first = max(days.calendar.add_working_days(leaves, transit.fastest), days.earliest())
    last = days.calendar.add_working_days(assumed, transit.slowest)
    why = ["cut_off_missed:" + f"{own.cut_off:%H:%M}"] if missed else []
    why += [own.reason, f"leaves:{leaves}"]
    why += [_lane_reason(transit, configured=configured)]
    why += [f"not_picked_up:{planned}"] if leaves > planned else []
    why += _rests(days.calendar, leaves, last)
    return days.estimate(first, last, "configuration", tuple(why))


def _handled(parcel: Parcel, rules: Rules) -> Handled:
    return handled(parcel, rules.handling, days=rules.handling_days, cut_off=rules.cut_off)


def _planned_dispatch(parcel: Parcel, rules: Rules, own: Handled) -> tuple[date, bool]:
    """The day the merchant meant to hand it over, and whether the order missed the cut-off."""
    warehouse = _warehouse(parcel.from_country or rules.country, rules.rest_days, rules.closures)
    placed = parcel.placed_at.astimezone(_zone(rules.zone))
    missed = placed.time() >= own.cut_off
    started = warehouse.next_working(placed.date() + _DAY if missed else placed.date())
    return warehouse.add_working_days(started, own.days), missed


def _still_fits(planned: date, leaves: date, transit: Transit, carrier: Calendar) -> bool:
    """Whether a usual journey from `leaves` arrives in the window planned from `planned`."""
    usual = (transit.fastest + transit.slowest + 1) // 2
    promised = carrier.add_working_days(planned, transit.slowest)
    return carrier.add_working_days(leaves, usual) <= promised


def _assume_dispatch(
    planned: date, leaves: date, transit: Transit, warehouse: Calendar, carrier: Calendar
) -> date:
    """The dispatch day the window is built on: the planned one while a usual journey still fits."""
    assumed = planned
    for _ in range(_MOST_STEPS):
        if _still_fits(assumed, leaves, transit, carrier):
            return assumed
        assumed = warehouse.add_working_days(assumed, _STEP)
    return max(assumed, leaves)


def _in_transit(parcel: Parcel, rules: Rules, days: _Days) -> Estimate:
    """The lane's days from pick-up, sharpened by where it is and widened by what holds it."""
    transit, configured = transit_for(
        rules.lanes,
        parcel.carrier,
        parcel.service,
        parcel.from_country or rules.country,
        parcel.to_country,
    )
    assert parcel.picked_up_at is not None
    picked_up = min(days.of(parcel.picked_up_at), days.today)
    calendar = days.calendar
    first = calendar.add_working_days(picked_up, transit.fastest)
    # Picked up a little late, most parcels still arrive in time: no new date is told for that.
    planned, _ = _planned_dispatch(parcel, rules, _handled(parcel, rules))
    in_time = picked_up > planned and _still_fits(planned, picked_up, transit, calendar)
    last = calendar.add_working_days(planned if in_time else picked_up, transit.slowest)
    why = [f"picked_up:{picked_up}", _lane_reason(transit, configured=configured)]
    if (left := _LEFT_FROM.get(parcel.sub_status)) is not None:
        # The place tells more than the lane: so many delivery days are left from this scan.
        first = calendar.add_working_days(days.last_scan, left.fastest)
        last = calendar.add_working_days(days.last_scan, left.slowest)
        why = [f"{parcel.sub_status}:{days.last_scan}"]
    held = _HOLDS.get(parcel.sub_status, _HOLDS_STATUS.get(parcel.status, 0))
    if held:
        first = max(first, calendar.add_working_days(days.last_scan, 1))
        last = calendar.add_working_days(max(last, first), held)
        why.append(f"held:{held}")
    first, last, moved = _not_past(first, last, days.earliest(), calendar)
    why += [f"moved_back:{moved}"] if moved else []
    why += _rests(calendar, picked_up, last)
    return days.estimate(first, last, "configuration", tuple(why))


#: Delivery days left from a scan of this kind.
_LEFT_FROM: Final = {
    "transit.at_delivery_depot": Transit(0, 1),
    "transit.arrived_destination_country": Transit(1, 4),
    "customs.cleared": Transit(1, 3),
}
#: Delivery days added by what holds a parcel up, after the window it would have had.
_HOLDS: Final = {
    "customs.cleared": 0,
    "customs.information_required": 4,
    "customs.duties_unpaid": 4,
    "customs.delay": 3,
    "customs.prohibited": 5,
    "delay.weather": 2,
    "delay.disaster_strike": 4,
    "delay.missorted": 3,
    "delay.generic": 2,
    "delay.carrier_operational": 2,
    "delay.capacity": 2,
}
_HOLDS_STATUS: Final = {Status.CUSTOMS: 2}
_MOVED_VISIT: Final = frozenset(
    {"out.appointment_scheduled", "out.rescheduled", "out.reschedule_needed"}
)
#: Statuses whose next visit follows from the scan: delivery days from it, first and last.
_BY_SCAN: Final = {
    Status.ATTEMPT_FAILED: Transit(1, 2),
    Status.OUT_FOR_DELIVERY: Transit(1, 3),
    Status.EXCEPTION: Transit(1, 5),
}


def _out_for_delivery(days: _Days) -> Estimate:
    """Today while the rounds last; a parcel that did not arrive comes on the next delivery day."""
    same_day = days.last_scan == days.today
    if same_day and days.hour < _ROUNDS_END:
        return days.estimate(days.today, days.today, "scan", ("out_for_delivery:today",))
    day = days.calendar.next_working(days.last_scan + _DAY)
    first, last, _ = _not_past(day, day, days.earliest(), days.calendar)
    return days.estimate(first, last, "scan", (f"out_for_delivery:{days.last_scan}",))


def _by_scan(parcel: Parcel, days: _Days) -> Estimate:
    left = _BY_SCAN[parcel.status]
    # Counted from the scan's own day, whether or not that was a delivery day.
    start = days.calendar.next_working(days.last_scan + _DAY)
    first = days.calendar.add_working_days(start, left.fastest - 1)
    last = days.calendar.add_working_days(start, left.slowest - 1)
    first, last, _ = _not_past(first, last, days.earliest(), days.calendar)
    return days.estimate(first, last, "scan", (f"{parcel.status.value}:{days.last_scan}",))


def _carriers_own(parcel: Parcel, days: _Days) -> Estimate | None:
    """The carrier's window, where it is a promise and can still be kept."""
    window = parcel.carrier_window
    if window is None or not window.first <= window.last:
        return None
    after_visit = parcel.status is Status.ATTEMPT_FAILED and window.last <= days.last_scan
    too_wide = window.last - window.first > _WIDEST or window.last - days.today > _FARTHEST
    if window.last < days.today or after_visit or too_wide:
        return None
    first = max(window.first, days.today)
    return days.estimate(first, window.last, "carrier", ("carrier_says:" + parcel.carrier,))


def _not_past(
    first: date, last: date, earliest: date, calendar: Calendar
) -> tuple[date, date, int]:
    """The window moved back in steps until it can be kept; and by how many steps."""
    steps = 0
    while last < earliest and steps < _MOST_STEPS:
        first = calendar.next_working(last + _DAY)
        last = calendar.add_working_days(last, _STEP)
        steps += 1
    if last < earliest:
        first, last = earliest, calendar.add_working_days(earliest, _STEP)
    return max(first, earliest), last, steps


def _lane_reason(transit: Transit, *, configured: bool) -> str:
    name = "lane_configured" if configured else "lane_usual"
    return f"{name}:{transit.fastest}-{transit.slowest}"


def _rests(calendar: Calendar, start: date, end: date) -> list[str]:
    """How many days between two dates the carrier rests."""
    span = min((end - start).days, 90)
    rests = sum(not calendar.is_working(start + _DAY * n) for n in range(span + 1))
    return [f"rests:{rests}"] if rests else []


@lru_cache(maxsize=256)
def _warehouse(country: str, rest_days: tuple[int, ...], closures: tuple[date, ...]) -> Calendar:
    return warehouse_calendar(country, rest_days=rest_days, closures=closures)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
