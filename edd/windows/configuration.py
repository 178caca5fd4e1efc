"""A window from tables: the merchant's rules and lane days, else what is usual. Pure.

Before the carrier has it, the warehouse's cut-off and handling come first; afterwards the last scan
sharpens the lane's days, and whatever holds the parcel up widens them.
"""

from __future__ import annotations

from datetime import date, time
from typing import Final

from edd.calendars import Calendar, slow_share, working_days
from edd.dispatch import Dispatch, dispatch_of, handled_as
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


def soonest(parcel: Parcel, rules: Rules, days: Days) -> date:
    """The first day that is possible at all; days that are only usual on a lane rule out none."""
    _, is_own = _transit(parcel, rules)
    if is_own:
        return configured(parcel, rules, days).first
    if parcel.is_held:
        return days.earliest()
    return max(days.earliest(), days.calendar.next_working(_next_dispatch(parcel, rules, days)))


def _before_pickup(parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    """Cut-off and handling in the warehouse's calendar, then the lane in the carrier's."""
    way_out = dispatch_of(parcel, rules)
    planned, missed = _planned_dispatch(parcel, rules, way_out)
    transit, is_own = _transit(parcel, rules)
    leaves = max(planned, _next_dispatch(parcel, rules, days))
    assumed = _assume_dispatch(planned, leaves, transit, way_out.pickup, days.calendar)
    surely, _ = _planned_dispatch(parcel, rules, way_out.cautious())
    first = max(days.hopeful.add_working_days(leaves, transit.fastest), days.earliest())
    last = days.cautious.add_working_days(max(assumed, surely), transit.slowest)
    last, disrupted = _disrupted(last, parcel, rules, days, since=assumed)
    why = [f"cut_off_missed:{missed:%H:%M}"] if missed else []
    why += [handled_as(parcel, rules).reason, f"leaves:{leaves}"]
    why += [_lane_reason(transit, is_own=is_own)]
    why += [f"not_picked_up:{planned}"] if leaves > planned else []
    why += disrupted
    why += _rests(days.calendar, leaves, last)
    return days.estimate(first, last, "configuration", tuple(why))


def _transit(parcel: Parcel, rules: Rules) -> tuple[Transit, bool]:
    """Days on this parcel's lane, and whether the merchant said so."""
    origin = parcel.from_country or rules.country
    return transit_for(rules.lanes, parcel.carrier, parcel.service, origin, parcel.to_country)


def _next_dispatch(parcel: Parcel, rules: Rules, days: Days) -> date:
    """The next day on which the carrier can still be handed something."""
    return dispatch_of(parcel, rules).possible(days.now.astimezone(clock_of(rules.zone)))


def _planned_dispatch(parcel: Parcel, rules: Rules, way_out: Dispatch) -> tuple[date, time | None]:
    """The day the merchant meant to hand it over, and the cut-off that the order missed."""
    placed = parcel.placed_at.astimezone(clock_of(rules.zone))
    missed = way_out.cut_off_on(placed.date()) if way_out.is_missed(placed) else None
    return way_out.planned(placed, handled_as(parcel, rules).days), missed


def _still_fits(planned: date, leaves: date, transit: Transit, carrier: Calendar) -> bool:
    """Whether a usual journey from `leaves` arrives in the window planned from `planned`."""
    usual = (transit.fastest + transit.slowest + 1) // 2
    promised = carrier.cautious().add_working_days(planned, transit.slowest)
    return carrier.add_working_days(leaves, usual) <= promised


def _assume_dispatch(
    planned: date, leaves: date, transit: Transit, pickup: Calendar, carrier: Calendar
) -> date:
    """The dispatch day the window is built on: the planned one while a usual journey still fits."""
    assumed = planned
    for _ in range(MOST_STEPS):
        if _still_fits(assumed, leaves, transit, carrier):
            return assumed
        assumed = pickup.add_working_days(assumed, STEP)
    return max(assumed, leaves)


def _in_transit(parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    """The lane's days from pick-up, sharpened by where it is and widened by what holds it."""
    transit, is_own = _transit(parcel, rules)
    assert parcel.picked_up_at is not None
    picked_up = min(days.of(parcel.picked_up_at), days.today)
    calendar = days.calendar
    first = days.hopeful.add_working_days(picked_up, transit.fastest)
    # Picked up a little late, most parcels still arrive in time: no new date is told for that.
    planned, _ = _planned_dispatch(parcel, rules, dispatch_of(parcel, rules))
    in_time = picked_up > planned and _still_fits(planned, picked_up, transit, calendar)
    last = days.cautious.add_working_days(planned if in_time else picked_up, transit.slowest)
    why = [f"picked_up:{picked_up}", _lane_reason(transit, is_own=is_own)]
    if (left := _LEFT_FROM.get(parcel.sub_status)) is not None:
        # The place tells more than the lane: so many delivery days are left from this scan.
        first = days.hopeful.add_working_days(days.last_scan, left.fastest)
        last = days.cautious.add_working_days(days.last_scan, left.slowest)
        why = [f"{parcel.sub_status}:{days.last_scan}"]
    held = _HOLDS.get(parcel.sub_status, _HOLDS_STATUS.get(parcel.status, 0))
    if held:
        first = max(first, calendar.add_working_days(days.last_scan, 1))
        last = days.cautious.add_working_days(max(last, first), held)
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
    """How many days between two dates the carrier rests, how many may rest, how many are slow."""
    count = min((end - start).days, 90) + 1
    if count < 1:
        return []
    rests = count - int(working_days(calendar, start, count).sum())
    hoped = working_days(calendar.hopeful(), start, count)
    unsure = int((hoped & ~working_days(calendar.cautious(), start, count)).sum())
    slow = sum(slow_share(calendar.country, start + DAY * n) < 1 for n in range(count))
    found = {"rests": rests, "unsure": unsure, "slow": slow}
    return [f"{name}:{days}" for name, days in found.items() if days]
