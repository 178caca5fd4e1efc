"""A window from tables: the merchant's rules and lane days, else what is usual. Pure.

Before the carrier has it, the warehouse's cut-off and handling come first; afterwards the last scan
sharpens the lane's days, and whatever holds the parcel up widens them.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from edd.calendars import Calendar, warehouse_calendar
from edd.disruptions import push_back
from edd.lanes import Transit, transit_for
from edd.vocabulary import Estimate, Parcel, Rules
from edd.windows.days import DAY, MOST_STEPS, STEP, Days, clock_of, not_past
from lib.vocabulary import Status

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


def configured(parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    """The window that configuration alone gives; it always gives one."""
    if parcel.is_held:
        return _in_transit(parcel, rules, days)
    return _before_pickup(parcel, rules, days)


def _before_pickup(parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    """Cut-off and handling in the warehouse's calendar, then the lane in the carrier's."""
    planned, missed = _planned_dispatch(parcel, rules)
    origin = parcel.from_country or rules.country
    warehouse = _warehouse(origin, rules.rest_days, rules.closures)
    local_now = days.now.astimezone(clock_of(rules.zone))
    gone_today = local_now.time() >= rules.cut_off
    possible = warehouse.next_working(local_now.date() + DAY if gone_today else local_now.date())
    transit, is_own = transit_for(
        rules.lanes, parcel.carrier, parcel.service, origin, parcel.to_country
    )
    leaves = max(planned, possible)
    assumed = _assume_dispatch(planned, leaves, transit, warehouse, days.calendar)
    first = max(days.calendar.add_working_days(leaves, transit.fastest), days.earliest())
    last = days.calendar.add_working_days(assumed, transit.slowest)
    last, disrupted = _disrupted(last, parcel, rules, days, since=assumed)
    why = ["cut_off_missed:" + f"{rules.cut_off:%H:%M}"] if missed else []
    why += [f"handling:{rules.handling_days}", f"leaves:{leaves}"]
    why += [_lane_reason(transit, is_own=is_own)]
    why += [f"not_picked_up:{planned}"] if leaves > planned else []
    why += disrupted
    why += _rests(days.calendar, leaves, last)
    return days.estimate(first, last, "configuration", tuple(why))


def _planned_dispatch(parcel: Parcel, rules: Rules) -> tuple[date, bool]:
    """The day the merchant meant to hand it over, and whether the order missed the cut-off."""
    warehouse = _warehouse(parcel.from_country or rules.country, rules.rest_days, rules.closures)
    placed = parcel.placed_at.astimezone(clock_of(rules.zone))
    missed = placed.time() >= rules.cut_off
    started = warehouse.next_working(placed.date() + DAY if missed else placed.date())
    return warehouse.add_working_days(started, rules.handling_days), missed


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
    for _ in range(MOST_STEPS):
        if _still_fits(assumed, leaves, transit, carrier):
            return assumed
        assumed = warehouse.add_working_days(assumed, STEP)
    return max(assumed, leaves)


def _in_transit(parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    """The lane's days from pick-up, sharpened by where it is and widened by what holds it."""
    transit, is_own = transit_for(
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
    planned, _ = _planned_dispatch(parcel, rules)
    in_time = picked_up > planned and _still_fits(planned, picked_up, transit, calendar)
    last = calendar.add_working_days(planned if in_time else picked_up, transit.slowest)
    why = [f"picked_up:{picked_up}", _lane_reason(transit, is_own=is_own)]
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
    # A scan that says where it is came after whatever happened before it.
    pushed, disrupted = _disrupted(
        last, parcel, rules, days, since=days.last_scan if left else picked_up
    )
    first, last, moved = not_past(first, last, days.earliest(), calendar)
    why += disrupted
    why += [f"moved_back:{moved}"] if last > pushed else []
    last = max(last, pushed)
    why += _rests(calendar, picked_up, last)
    return days.estimate(first, last, "configuration", tuple(why))


def _disrupted(
    last: date, parcel: Parcel, rules: Rules, days: Days, *, since: date
) -> tuple[date, tuple[str, ...]]:
    """The last day with what a disruption adds to a journey that began on `since`, and why."""
    return push_back(
        last,
        rules.disruptions,
        parcel,
        origin=parcel.from_country or rules.country,
        since=since,
        today=days.today,
        calendar=days.calendar,
    )


def _lane_reason(transit: Transit, *, is_own: bool) -> str:
    name = "lane_configured" if is_own else "lane_usual"
    return f"{name}:{transit.fastest}-{transit.slowest}"


def _rests(calendar: Calendar, start: date, end: date) -> list[str]:
    """How many days between two dates the carrier rests."""
    span = min((end - start).days, 90)
    rests = sum(not calendar.is_working(start + DAY * n) for n in range(span + 1))
    return [f"rests:{rests}"] if rests else []


@lru_cache(maxsize=256)
def _warehouse(country: str, rest_days: tuple[int, ...], closures: tuple[date, ...]) -> Calendar:
    return warehouse_calendar(country, rest_days=rest_days, closures=closures)
