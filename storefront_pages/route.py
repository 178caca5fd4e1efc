"""The stops of a parcel that we can place: where it was sent from, its scans, where it goes.

A place that the gazetteer does not know is left out. Of the destination only the city counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from lib.gazetteer import City, locate
from lib.vocabulary import SUB_STATUSES, TERMINAL, Status
from storefront_pages.hiding import scan_time, untold_scans
from storefront_pages.story import Parcel, Story

#: The newest stops of a long way; more are no help on a small drawing.
MOST_STOPS: Final = 12
#: Scans of these are about the label: the parcel need not have been anywhere.
_ON_PAPER: Final = frozenset({Status.PENDING, Status.INFO_RECEIVED})
_GOING_BACK: Final = frozenset({Status.RETURNING, Status.RETURNED})


class Part(StrEnum):
    """What a stop is of the way."""

    ORIGIN = "origin"
    PASSED = "passed"
    HERE = "here"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Stop:
    """One place of the way; `at` is its newest scan, on the clock there, where there was one."""

    city: City
    part: Part
    at: datetime | None = None


def route_of(story: Story, parcel: Parcel, *, hides_origin: bool = False) -> list[Stop]:
    """The stops in their order, at most one of them `HERE`; empty where there are fewer than two.

    With `hides_origin` nothing outside the country of destination is among them.
    """
    stops = list(_been(story, parcel))
    if stops and stops[-1].at is not None:
        stops[-1] = replace(stops[-1], part=Part.HERE)
    target = _target(story, parcel)
    if target is not None and (not stops or stops[-1].city != target):
        stops.append(Stop(target, Part.AHEAD))
    if hides_origin:
        stops = [stop for stop in stops if stop.city.country == story.order.country]
    return stops[-MOST_STOPS:] if len({stop.city for stop in stops}) > 1 else []


def _been(story: Story, parcel: Parcel) -> Iterator[Stop]:
    """Where it was, the oldest first, several scans at one place as one stop."""
    origin = _origin(story, parcel)
    last = None if origin is None else Stop(origin, Part.ORIGIN)
    for city, at in _scanned(story, parcel):
        if last is not None and last.city == city:
            last = replace(last, at=at)
            continue
        if last is not None:
            yield last
        last = Stop(city, Part.PASSED, at)
    if last is not None:
        yield last


def _scanned(story: Story, parcel: Parcel) -> Iterator[tuple[City, datetime | None]]:
    placed_at, untold = None, untold_scans(story, parcel)
    for event in reversed(parcel.events):
        row = SUB_STATUSES.get(event.sub_status)
        if event.at is None or event.key in untold or (row and row.status in _ON_PAPER):
            continue
        place = locate(event.city, event.country, region=event.region, code=event.place_code)
        if place is not None:
            placed_at = event.at
            yield place, scan_time(story, event, untold=untold)
    came_at = parcel.shipment.delivered_at
    if parcel.status is Status.DELIVERED and came_at and (not placed_at or placed_at < came_at):
        # The scan that delivered it names no place that we know.
        arrived = _destination(story)
        if arrived is not None:
            yield arrived, story.local(came_at)


def _target(story: Story, parcel: Parcel) -> City | None:
    """Where it goes now; None where its way is over."""
    if parcel.status in TERMINAL | {Status.EXPIRED}:
        return None
    back = parcel.status in _GOING_BACK or parcel.shipment.return_leg
    return _origin(story, parcel) if back else _destination(story)


def _destination(story: Story) -> City | None:
    order = story.order
    return locate(order.city, order.country, region=order.region)


def _origin(story: Story, parcel: Parcel) -> City | None:
    """The parcel's own ship-from place, else its order's."""
    order = story.order
    said: Mapping[str, Any] = parcel.shipment.ship_from or order.ship_from
    country = str(said.get("country") or order.ship_from_country)
    return locate(str(said.get("city", "")), country, region=str(said.get("region", "")))
