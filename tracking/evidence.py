"""Whether a carrier's answer is about this parcel, or about another with the same number. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from carriers.updates import CarrierEvent, TrackingUpdate
from lib.vocabulary import Status

#: A parcel may be sent a little before its order is written down, not long before.
BEFORE_ORDER: Final = timedelta(days=2)
#: The shop did not say when it was ordered: then it is the moment we heard of it.
BEFORE_KNOWN: Final = timedelta(days=60)
_NOT_TOLD: Final = timedelta(minutes=1)
_AHEAD: Final = timedelta(hours=36)
_AT_DOOR: Final = frozenset({Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED, Status.DELIVERED})


class Said(StrEnum):
    """What a candidate's answer amounts to."""

    NOT_ASKED = ""
    NOT_FOUND = "not_found"
    #: Scans, but of another parcel: from before the order, or to another country.
    OTHER_PARCEL = "other_parcel"
    #: Scans that may well be its own; nothing confirms that they go to the right country.
    MAY_BE = "may_be"
    FITS = "fits"
    #: It could not be asked.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of the parcel: when its order was placed and heard of, and where it goes."""

    placed_at: datetime
    heard_at: datetime
    country: str


def weigh(update: TrackingUpdate | None, way: Way, *, now: datetime) -> tuple[Said, str]:
    """What the answer says about whose parcel it is, and why in one sentence."""
    if update is None or update.not_found or not update.events:
        return Said.NOT_FOUND, ""
    is_told = way.placed_at < way.heard_at - _NOT_TOLD
    oldest = way.placed_at - (BEFORE_ORDER if is_told else BEFORE_KNOWN)
    times = [event.at for event in update.events if event.at is not None]
    if times and max(times) < oldest:
        return Said.OTHER_PARCEL, "Its last scan is older than the order"
    if times and min(times) > now + _AHEAD:
        return Said.OTHER_PARCEL, "Its scans are in the future"
    elsewhere = _goes_elsewhere(update, way.country)
    if elsewhere:
        return Said.OTHER_PARCEL, f"It goes to {elsewhere}, the order to {way.country}"
    countries = {event.place.country for event in update.events} | {update.destination.country}
    if way.country and way.country in countries:
        return Said.FITS, f"Scans after the order, in {way.country}"
    return Said.MAY_BE, "Scans after the order; none names the destination's country"


def _goes_elsewhere(update: TrackingUpdate, country: str) -> str:
    """Another country than the order's that the parcel goes to; "" where nothing says so."""
    if not country:
        return ""
    if update.destination.country:
        return update.destination.country if update.destination.country != country else ""
    at_door = [event for event in update.events if _is_at_door(event)]
    if any(event.place.country == country for event in at_door):
        return ""
    return at_door[-1].place.country if at_door else ""


def _is_at_door(event: CarrierEvent) -> bool:
    return event.status in _AT_DOOR and event.place.country != ""
