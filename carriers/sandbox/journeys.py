"""A scenario with dates: pure, and the same every time for the same parcel.

A journey is laid around the moment its parcel was registered. Steps that already
happened are dated backwards from there, in daytime hours of the place they happened
at, so that dates and silences look like a carrier's. The rest is played live: step
after step, `live_gap_seconds` apart, in real time. Nothing here reads a clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from carriers.sandbox.places import Spot, route
from carriers.sandbox.scenarios import KINDS, SCENARIOS, Scenario, Step

#: Local hours (from, to) in which scans of the past happen, and of those with hours of their own.
_DAY: Final = (7, 21)
_AT_THE_DOOR: Final = (9, 21)
_HOURS: Final = {
    # Late vans too: a shopper who is told at two in the night hears of the evening's.
    "out_for_delivery": (6, 18),
    "delivered": _AT_THE_DOOR,
    "attempt_failed": _AT_THE_DOOR,
    "refused": _AT_THE_DOOR,
}


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One dated scan.

    `at` is aware, in the zone of `spot`; `shown_at` when the carrier's API first lists it.
    `estimate` is the promised local day at the destination from this scan on, or None
    where the scan changes nothing. `again` marks the second telling of a scan, in the
    destination's language.
    """

    name: str
    kind: str
    at: datetime
    shown_at: datetime
    spot: Spot
    live: bool = False
    estimate: date | None = None
    again: bool = False

    @property
    def sub_status(self) -> str:
        """What an adapter should make of it (`lib.vocabulary`)."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Journey:
    """All that will happen to one parcel, past and future, oldest first.

    `listing` is the same steps in the order in which the carrier's API lists them (oldest
    first, or in no order for a shuffled scenario).
    """

    number: str
    scenario: str
    origin: Spot
    destination: Spot
    steps: tuple[JourneyStep, ...]
    listing: tuple[JourneyStep, ...]
    #: When a shopper's wish was agreed to, and for which local day at the destination.
    agreed: tuple[datetime, date] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What the carrier's API tells about a parcel at one moment."""

    journey: Journey
    steps: tuple[JourneyStep, ...]
    estimate: date | None

    @property
    def latest(self) -> JourneyStep | None:
        """The newest scan by its own time."""
        return max(self.steps, key=lambda step: step.at, default=None)


def build(
    scenario: str,
    *,
    number: str,
    registered_at: datetime,
    origin: Spot,
    destination: Spot,
    played_until: int | str | None = None,
    live_gap_seconds: float = 20.0,
) -> Journey:
    """Date a scenario's steps.

    `played_until` names (or counts, from 0) the last step that already happened: None
    means all of them, -1 none. The others occur at `registered_at` + n * `live_gap_seconds`.
    Raises ValueError for an unknown scenario or step, a naive time or a gap not above 0.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"scenario must be one of {', '.join(SCENARIOS)}, not {scenario!r}")
    if registered_at.tzinfo is None:
        raise ValueError("registered_at must have a time zone")
    if not live_gap_seconds > 0:
        raise ValueError(f"live_gap_seconds must be above 0, not {live_gap_seconds!r}")
    story = SCENARIOS[scenario]
    abroad = origin.country != destination.country
    steps = tuple(step for step in story.steps if abroad or not step.abroad_only)
    past = _count_past(steps, played_until)
    # Not a secret: the seed makes the same parcel travel the same way after a restart.
    dice = random.Random(f"{scenario}:{number}")  # noqa: S311
    places = route(origin, destination)
    spots = [places[step.role] for step in steps]
    quiet = timedelta(minutes=dice.randint(20, 95), seconds=dice.randint(0, 59))
    if story.silent_hours is not None and past == len(steps):
        quiet += timedelta(hours=story.silent_hours)
    moments = _past_moments(steps[:past], spots, registered_at - quiet, dice)
    promise = _promise(story, steps, spots, moments, registered_at)
    gap = timedelta(seconds=live_gap_seconds)
    live = [registered_at + (n + 1) * gap for n in range(len(steps) - past)]
    dated = [
        _dated(step, spot, at, destination, promise, live=index >= past)
        for index, (step, spot, at) in enumerate(zip(steps, spots, [*moments, *live], strict=True))
    ]
    told = _as_told(steps, dated, registered_at, gap)
    listing = list(told)
    if story.shuffled:
        dice.shuffle(listing)
    return Journey(number, scenario, origin, destination, tuple(told), tuple(listing))


def visible(journey: Journey, now: datetime) -> View:
    """What the API shows at `now`: the scans it lists, in its order, and the promised day."""
    shown = tuple(step for step in journey.listing if step.shown_at <= now)
    estimate: date | None = None
    for told_at, day in _estimates(journey):
        if told_at <= now:
            estimate = day
    return View(journey, shown, estimate)


def _estimates(journey: Journey) -> list[tuple[datetime, date]]:
    """The promised days in the order in which they are told."""
    told = [(s.shown_at, s.estimate) for s in journey.steps if s.estimate is not None]
    if journey.agreed is None:
        return told
    moment = journey.agreed[0]
    before = [one for one in told if one[0] <= moment]
    return [*before, journey.agreed, *(one for one in told if one[0] > moment)]


def resumed(journey: Journey, *, at: datetime, day: date, gap_seconds: float) -> Journey:
    """The journey after the shopper was heard at `at`: out for delivery a gap later, then
    delivered. What was still to come is replaced; `day` is told, and played in real time."""
    gap, home = timedelta(seconds=gap_seconds), journey.destination
    told = tuple(step for step in journey.listing if step.shown_at <= at)
    names = {step.name for step in told}
    ahead = []
    for place, kind in enumerate(("out_for_delivery", "delivered"), start=1):
        moment = (at + place * gap).astimezone(home.tzinfo)
        name = f"{kind}_as_asked" if kind in names else kind
        estimate = moment.date() if kind == "out_for_delivery" else None
        ahead.append(JourneyStep(name, kind, moment, moment, home, True, estimate))
    steps = tuple(step for step in journey.steps if step.shown_at <= at)
    return replace(journey, steps=(*steps, *ahead), listing=(*told, *ahead), agreed=(at, day))


def _count_past(steps: tuple[Step, ...], played_until: int | str | None) -> int:
    if played_until is None:
        return len(steps)
    names = [step.name for step in steps]
    if isinstance(played_until, str):
        if played_until not in names:
            raise ValueError(
                f"played_until must be one of {', '.join(names)}, not {played_until!r}"
            )
        return names.index(played_until) + 1
    if isinstance(played_until, bool) or not -1 <= played_until < len(steps):
        raise ValueError(f"played_until must be from -1 to {len(steps) - 1}, not {played_until!r}")
    return played_until + 1


def _past_moments(
    steps: tuple[Step, ...], spots: list[Spot], latest: datetime, dice: random.Random
) -> list[datetime]:
    """Moments of the back-dated steps, walking backwards so that none can reach the future."""
    moments: list[datetime] = []
    moment = latest
    for step, spot in zip(reversed(steps), reversed(spots[: len(steps)]), strict=True):
        before = moments[-1] if moments else latest
        moments.append(_in_hours(moment, step.kind, spot, before, dice))
        moment = moments[-1] - timedelta(hours=step.hours, minutes=dice.randint(1, 40))
    moments.reverse()
    return moments


def _in_hours(
    moment: datetime, kind: str, spot: Spot, before: datetime, dice: random.Random
) -> datetime:
    """The moment itself or one within the local hours of such scans; always before `before`.

    A van leaves on the morning of the day it delivers, so the small hours become that
    morning where there is still time; every other scan falls back to the evening before.
    """
    first, last = _HOURS.get(kind, _DAY)
    local = moment.astimezone(spot.tzinfo).replace(microsecond=0)
    if first <= local.hour < last:
        return local.astimezone(UTC)
    minute, second = dice.randint(0, 59), dice.randint(0, 59)
    if local.hour < first:
        morning = local.replace(hour=first, minute=minute, second=second).astimezone(UTC)
        if kind == "out_for_delivery" and morning < before:
            return morning
        local -= timedelta(days=1)
    return local.replace(hour=last - 1, minute=minute, second=second).astimezone(UTC)


def _promise(
    story: Scenario,
    steps: tuple[Step, ...],
    spots: list[Spot],
    moments: list[datetime],
    registered_at: datetime,
) -> date | None:
    """The day promised at pickup: where the plan has a step still ahead, as if nothing ran live."""
    if story.promise is None:
        return None
    name, days = story.promise
    planned = registered_at
    for index, step in enumerate(steps):
        if index < len(moments):
            planned = moments[index]
        else:
            planned += timedelta(hours=step.hours)
        if step.name == name:
            return planned.astimezone(spots[index].tzinfo).date() + timedelta(days=days)
    raise AssertionError(f"the promise names no step: {name}")


def _dated(
    step: Step, spot: Spot, at: datetime, destination: Spot, promise: date | None, *, live: bool
) -> JourneyStep:
    estimate = promise if step.kind == "picked_up" else None
    if step.estimate is not None:
        estimate = at.astimezone(destination.tzinfo).date() + timedelta(days=step.estimate)
    if step.postpones is not None and promise is not None:
        estimate = promise + timedelta(days=step.postpones)
    at = at.astimezone(spot.tzinfo)
    return JourneyStep(step.name, step.kind, at, at, spot, live, estimate)


def _as_told(
    steps: tuple[Step, ...], dated: list[JourneyStep], registered_at: datetime, gap: timedelta
) -> list[JourneyStep]:
    """The steps as the API tells them: tardy ones later than they happened, repeats twice."""
    told: list[JourneyStep] = []
    tardy = 0
    for step, scan in zip(steps, dated, strict=True):
        shown_at = scan.at
        if step.tardy:
            tardy += 1
            shown_at = max(scan.at, registered_at) + tardy * gap
        told.append(replace(scan, shown_at=shown_at))
        if step.repeated:
            told.append(replace(scan, shown_at=shown_at, again=True))
    return told
