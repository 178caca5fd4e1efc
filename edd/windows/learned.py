"""What was learned: the whole distribution of one parcel, and the window it gives. Pure.

Before the hand-over the warehouse's clock comes first, where enough parcels of this merchant
are known; else the planned day. From the hand-over on the state of the parcel tells most: where
it was scanned last, and how long ago.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from edd.calendars import Calendar
from edd.calibration import adjusted_level
from edd.dispatch import Dispatch, dispatch_of, handled_as
from edd.disruptions import added_days, reasons
from edd.distribution import Distribution, mix
from edd.learning import nodes
from edd.learning.asking import STATE, Asked, Known, Spoken, clock_of
from edd.learning.knobs import DAYS
from edd.learning.states import begins, state_of
from edd.learning.tables import Floats, chances
from edd.vocabulary import Estimate, Parcel, Rules
from edd.windows.days import Days
from edd.windows.days import clock_of as zone_of
from lib.vocabulary import Status

#: A carrier at least has to be known: all parcels of all carriers together say nothing.
_LEAST_ROAD: Final = 1
#: And a merchant at least: how quickly others pack says nothing about this one.
_LEAST_PACKING: Final = 2
#: Where hardly any parcel was open so long, a fourth of them comes on each business day. That
#: guess is worth so many parcels.
_FALLBACK: Final = 0.25
_FALLBACK_WEIGHT: Final = 3.0
_FALLBACK_DAYS: Final = 45
#: The share of parcels that a disruption does not touch.
_COMES_THROUGH: Final = 0.1
#: Of fewer parcels than this the date is widened, and it is said.
_FEW: Final = 30.0
#: A window that was shown stays while its last day is missed by no more than so many times the
#: share that the level leaves, and is later than the new one by so many days at most.
_STAYS_RISK: Final = 2.0
_STAYS_DAYS: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """A parcel's distribution, and in reason codes whom it was learned from."""

    chances: Distribution
    why: tuple[str, ...]
    parcels: float


def learned(parcel: Parcel, rules: Rules, days: Days) -> Estimate | None:
    """The window at the merchant's level; None where too little is known."""
    found = learnt(parcel, rules, days)
    return None if found is None else window_of(found, parcel, rules, days)


def window_of(found: Learnt, parcel: Parcel, rules: Rules, days: Days) -> Estimate:
    """The window of a distribution, or the shown one where that still holds."""
    level = adjusted_level(rules.level, parcel.carrier, rules.calibrations) / 100
    why = found.why
    if found.parcels < _FEW:
        level += (1 - level) / 2
        why = (*why, f"learned_wide:{found.parcels:.0f}")
    first, last = found.chances.window(level)
    if parcel.shown is not None:
        first, last = _kept(parcel.shown, (first, last), found.chances, level, days)
    made = days.estimate(first, last, "engine", (*why, f"level:{rules.level}"))
    return replace(made, chances=found.chances)


def _kept(
    shown: tuple[date, date],
    new: tuple[date, date],
    chances: Distribution,
    level: float,
    days: Days,
) -> tuple[date, date]:
    """No new date each morning: what was shown stays as long as it can be kept well enough."""
    first, last = shown
    risk = chances.risk_after(last)
    holds = last >= days.earliest() and risk <= _STAYS_RISK * (1 - level) + 1e-9
    if not holds or last - new[1] > _STAYS_DAYS or first > new[1]:
        return new
    return max(first, min(new[0], last)) if first < days.earliest() else first, last


def learnt(parcel: Parcel, rules: Rules, days: Days) -> Learnt | None:
    """The distribution of the day it comes, given all that is known of it today."""
    known = rules.known
    if known is None:
        return None
    asked = _asked(parcel, rules)
    found = (
        _on_the_road(parcel, asked, known, days)
        if parcel.is_held
        else _before_pickup(parcel, asked, rules, known, days)
    )
    if found is None:
        return None
    found = _disrupted(found, parcel, rules, days)
    with_courier = parcel.status is Status.OUT_FOR_DELIVERY
    begins_on = days.today if with_courier else days.earliest()
    return replace(found, chances=_still_open(found, begins_on, days.calendar))


def _disrupted(found: Learnt, parcel: Parcel, rules: Rules, days: Days) -> Learnt:
    """Later by what a disruption adds; a few come through all the same.

    Asked of the whole journey, not of what is left of it: the days are added once, and not again
    each morning.
    """
    last = found.chances.quantile(rules.level / 100)
    added = added_days(
        rules.disruptions,
        carrier=parcel.carrier,
        service=parcel.service,
        from_country=parcel.from_country or rules.country,
        to_country=parcel.to_country,
        to_region=parcel.to_region,
        day_from=found.chances.start,
        day_to=max(last, days.today),
    )
    if added.which is None:
        return found
    later = (days.calendar.add_working_days(last, added.days) - last).days
    chances = mix(
        ((_COMES_THROUGH, found.chances), (1 - _COMES_THROUGH, found.chances.later(later)))
    )
    return replace(found, chances=chances, why=(*found.why, *reasons(added.which)))


def _still_open(found: Learnt, begins_on: date, calendar: Calendar) -> Distribution:
    """Given that it did not come so far, later than nearly all did: then few have a say."""
    open_share = found.chances.risk_after(begins_on - timedelta(days=1))
    left = found.chances.not_before(begins_on)
    own = _say(open_share, found.parcels)
    if own > 0.99:
        return left
    days = [begins_on + timedelta(days=place) for place in range(_FALLBACK_DAYS)]
    hazard = np.array([_FALLBACK if calendar.is_working(day) else 0.0 for day in days])
    return mix(((own, left), (1 - own, Distribution(begins_on, chances(hazard)))))


def _say(open_share: float, parcels: float) -> float:
    """The share that the counts have beside the fallback: all, as long as nothing was late.

    `open_share` of the `parcels` that were counted took as long as this one already has.
    """
    few = _FALLBACK_WEIGHT / (open_share * parcels + _FALLBACK_WEIGHT)
    return 1.0 - (1.0 - open_share) * few


def _asked(parcel: Parcel, rules: Rules) -> Asked:
    origin = parcel.from_country or rules.country
    return Asked(
        merchant=str(rules.merchant),
        kind=parcel.warehouse,
        origin=origin,
        origin_prefix="",
        destination=place_of(parcel.to_country, parcel.to_region),
        prefix=parcel.to_prefix,
        carrier=parcel.carrier,
        service=parcel.service.strip().casefold()[:40],
    )


def place_of(country: str, region: str) -> str:
    """A country, or its region where one is known: "AE", "BR-SP"."""
    code = region.strip().upper().removeprefix(f"{country}-")
    return f"{country}-{code}" if 0 < len(code) <= 3 else country


def weekdays_key(country: str, carrier: str) -> str:
    """Under which name the days of the week of a carrier in a country are kept."""
    return f"{country}/{carrier}"


def _on_the_road(parcel: Parcel, asked: Asked, known: Known, days: Days) -> Learnt | None:
    assert parcel.picked_up_at is not None
    picked_up = min(days.of(parcel.picked_up_at), days.today)
    in_state = _in_state(parcel, asked, known, days)
    if in_state is not None:
        return in_state
    hour = parcel.picked_up_at.astimezone(days.clock).hour
    placed = min(days.of(parcel.placed_at), picked_up)
    spoken = known.transit(asked, placed, picked_up, days.calendar, hour)
    if spoken is None or spoken.depth < _LEAST_ROAD:
        return None
    return _learnt(known, parcel, days.calendar, picked_up, spoken, (f"picked_up:{picked_up}",))


def _in_state(parcel: Parcel, asked: Asked, known: Known, days: Days) -> Learnt | None:
    """From the day on which the present state began, as far as enough parcels were in it."""
    if not parcel.stage:
        return None
    clock = clock_of(days.calendar, days.today.year)
    scan, today = days.last_scan.toordinal(), days.today.toordinal()
    if scan < clock.first:
        return None
    silent = int(clock.between(np.array([scan]), np.array([today]))[0])
    spoken = known.table(
        STATE, nodes.STATE, asked.facts() | {"state": state_of(parcel.stage, silent)}
    )
    if spoken is None or spoken.depth < _LEAST_ROAD:
        return None
    start = days.calendar.add_working_days(days.last_scan, begins(silent))
    start = start if begins(silent) else days.last_scan
    return _learnt(
        known, parcel, days.calendar, start, spoken, (f"learned_state:{days.last_scan}",)
    )


def _before_pickup(
    parcel: Parcel, asked: Asked, rules: Rules, known: Known, days: Days
) -> Learnt | None:
    leaves, packed_by, why = _packing(parcel, asked, rules, days, dispatch_of(parcel, rules))
    placed = days.of(parcel.placed_at)
    likely = leaves[int(np.argmax(np.cumsum(packed_by) >= 0.5))]
    road = known.transit(asked, min(placed, likely), likely, days.calendar)
    if road is None or road.depth < _LEAST_ROAD:
        return None
    start = leaves[0]
    clock = clock_of(days.calendar, start.year)
    offsets = clock.between(
        np.full(len(leaves), start.toordinal()), np.array([day.toordinal() for day in leaves])
    )
    mass = np.convolve(np.bincount(offsets, packed_by), road.mass)
    return _learnt(known, parcel, days.calendar, start, replace(road, mass=mass), why)


def _packing(
    parcel: Parcel, asked: Asked, rules: Rules, days: Days, way_out: Dispatch
) -> tuple[list[date], Floats, tuple[str, ...]]:
    """The days on which it may still be handed over, with the chance of each."""
    zone = zone_of(rules.zone)
    local, possible = parcel.placed_at.astimezone(zone), way_out.possible(days.now.astimezone(zone))
    assert rules.known is not None
    spoken = rules.known.processing(asked, local.date(), local.hour, way_out.warehouse)
    # A rule for these goods knows better than what all the merchant's parcels took.
    if handled_as(parcel, rules).rule or spoken is None or spoken.depth < _LEAST_PACKING:
        leaves = max(way_out.planned(local, handled_as(parcel, rules).days), possible)
        return [leaves], np.ones(1), (f"leaves:{leaves}",)
    clock = clock_of(way_out.warehouse, local.date().year)
    steps = [date.fromordinal(day) for day in clock.steps(local.date().toordinal(), DAYS).tolist()]
    begin = next((place for place, day in enumerate(steps) if day >= possible), len(steps) - 1)
    open_share = max(1.0 - float(spoken.mass[:begin].sum()), 0.0)
    own, left = _say(open_share, spoken.parcels), spoken.mass[begin:]
    guess = chances(np.full(len(left), _FALLBACK))
    packed_by = (own * left / max(float(left.sum()), 1e-9)) + (1 - own) * guess / guess.sum()
    packed_by /= packed_by.sum()
    likely = steps[begin + int(np.argmax(np.cumsum(packed_by) >= 0.5))]
    why = (f"learned_packing:{spoken.parcels:.0f}", f"leaves:{likely}")
    return steps[begin:], packed_by, why


def _learnt(
    known: Known,
    parcel: Parcel,
    calendar: Calendar,
    start: date,
    spoken: Spoken,
    why: tuple[str, ...],
) -> Learnt:
    key = weekdays_key(parcel.to_country, parcel.carrier)
    mass = known.by_calendar_day(key, calendar, start, spoken.mass)
    node = spoken.node.partition("/")[0]
    return Learnt(
        Distribution(start, mass), (*why, f"learned_{node}:{spoken.parcels:.0f}"), spoken.parcels
    )
